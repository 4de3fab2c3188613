//! What a session's export as CSV comes to when it is replayed: the alarms that it had live.
//!
//! Method: a session is played through a ward in-process as the engine does it, its inputs and
//! transitions are folded into a chart, written as CSV and replayed by the command.

use std::time::Duration;

use super::*;
use crate::domain::act::{Act, Actor, Deed, Disposition, Done, Symptoms, VisitDeed};
use crate::domain::alarm::occurrence::{Subject, Transition};
use crate::domain::alarm::{AlarmKind, Priority};
use crate::domain::chart::SessionChart;
use crate::domain::device::Message;
use crate::domain::ids::{
    BedId, BedIndex, CommandId, DeviceId, ReadingId, SessionId, SourceIndex, Uuid,
};
use crate::domain::input::{DoseEvent, Input, LinkChange, SessionStart};
use crate::domain::metric::Metric;
use crate::domain::reading::{Measured, Origin, Quantity, Reading, ValueSource};
use crate::domain::record::RecordedInput;
use crate::domain::role::Role;
use crate::domain::session::checks::Checks;
use crate::domain::session::dose::{DoseChange, DoseOrder};
use crate::domain::session::hand::HandReading;
use crate::domain::session::start::{Patient, StartOrder, TurnOver};
use crate::domain::time::{MonoTime, Stamp, WallTime};
use crate::domain::ward::{Reply, Ward};
use crate::shell::lane::ExportFormat;
use crate::shell::report::{self, Facts};
use crate::{app, config};

const SESSION: SessionId = Uuid::from_bits(7);
const BED: BedIndex = BedIndex(0);
const DOSE_S: u64 = 600;

/// A bed that lives through the session, and everything that it was told and has said.
struct Live {
    ward: Ward,
    beds: Vec<BedId>,
    inputs: Vec<RecordedInput>,
    transitions: Vec<Transition>,
    next_reading: u64,
}

fn at(second: u64) -> Stamp {
    let start = Stamp {
        mono: MonoTime::from_micros(9_000_000_000),
        wall: WallTime::from_micros(1_795_507_200_000_000),
    };
    start.plus(Duration::from_secs(second))
}

impl Live {
    fn new() -> Self {
        let config = config::load(&from_root("config/monitor.toml")).expect("it is shipped");
        let plan = app::plan(&config, Origin::Patient);
        let beds = plan.beds.iter().map(|bed| bed.id.clone()).collect();
        let ward = Ward::new(plan, at(0));
        Self { ward, beds, inputs: Vec::new(), transitions: Vec::new(), next_reading: 1 }
    }

    fn step(&mut self, second: u64, input: Input, readings: usize) -> Reply {
        let now = at(second);
        while let Some(due) = self.ward.next_deadline().filter(|due| *due <= now.mono) {
            let before = self.ward.now();
            let then = before.plus(due.since(before.mono));
            self.ward.step(&Input::Tick, then, &mut self.transitions);
        }
        let reply = self.ward.step(&input, now, &mut self.transitions);
        let first_reading = ReadingId(self.next_reading);
        self.next_reading += readings as u64;
        self.inputs.push(RecordedInput { now, first_reading, input });
        reply
    }

    fn message(&mut self, second: u64, device: &str, readings: Vec<Reading>) {
        let count = readings.len();
        let message = Message { readings, ..Message::default() };
        let device = DeviceId::try_new(device).expect("a valid name");
        let source = SourceIndex(0);
        self.step(second, Input::Message { bed: BED, source, device, message }, count);
    }

    /// A determination at `since`, told with every poll until the next one.
    fn cuff(&mut self, second: u64, since: u64, (sys, dia): (i32, i32)) {
        let ago = u32::try_from(second - since).expect("it is small");
        let reading = |metric, value| Reading {
            measured: Measured::SecondsAgo(ago),
            ..Reading::new(metric, Ok(Quantity(value)), ValueSource::Nibp)
        };
        let pair = vec![reading(Metric::NibpSys, sys), reading(Metric::NibpDia, dia)];
        self.message(second, "cuff", pair);
    }

    fn oximeter(&mut self, second: u64, spo2: i32) {
        let reading = |metric, value| Reading::new(metric, Ok(Quantity(value)), ValueSource::Pleth);
        let pulse = 70 + i32::try_from(second % 5).expect("it is small");
        let values = vec![reading(Metric::SpO2, spo2), reading(Metric::PulseRate, pulse)];
        self.message(second, "oximeter", values);
    }
}

/// A high pressure that its repeat confirms and a later one ends; a desaturation.
fn lived() -> Live {
    let mut live = Live::new();
    let (source, change) = (SourceIndex(0), LinkChange::Online);
    live.step(0, Input::Link { bed: None, source, device: None, change }, 0);
    let start = SessionStart {
        id: SESSION,
        initials: "A.B.".into(),
        drug: "ketamine".into(),
        route: "iv".into(),
        age_years: None,
        responsible: None,
    };
    live.step(0, Input::SessionStarted { bed: BED, start }, 0);
    let pressures = [
        (20, (124, 78)),
        (300, (128, 80)),
        (900, (186, 104)),
        (960, (190, 106)),
        (1300, (140, 84)),
    ];
    for second in 1..1500 {
        if second == DOSE_S {
            let dose = DoseEvent::Started { at: at(second) };
            live.step(second, Input::Dose { bed: BED, dose }, 0);
        }
        live.oximeter(second, if (1100..1160).contains(&second) { 84 } else { 97 });
        let newest = pressures.iter().rfind(|(since, _)| *since <= second);
        if let Some((since, pair)) = newest.filter(|_| second.is_multiple_of(5)) {
            live.cuff(second, *since, *pair);
        }
    }
    live
}

/// Second, change, family, rule and priority of each transition of a physiological alarm.
fn told(live: &Live) -> Vec<String> {
    let line = |transition: &Transition| {
        let Subject::Alarm { change, occurrence } = &transition.subject else { return None };
        let rule = occurrence.rule.as_ref().map_or("-", |rule| rule.as_str());
        let since = transition.at.mono.since(at(0).mono).as_secs();
        let family = occurrence.family;
        let priority = occurrence.priority.name();
        (family.kind() == AlarmKind::Physiological)
            .then(|| format!("{since} {} {} {rule} {priority}", change.name(), family.name()))
    };
    live.transitions.iter().filter_map(line).collect()
}

#[tokio::test]
async fn a_session_that_was_exported_replays_to_the_same_alarms() {
    let live = lived();
    let chart = SessionChart::fold(SESSION, &live.beds, &live.inputs, &live.transitions);
    let facts = Facts {
        chart: &chart.expect("it has a start"),
        site: "clinic",
        timezone: "UTC",
        preset: None,
        configuration: "",
        chain: (0, ""),
        generated: at(2000).wall,
    };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("session.csv").display().to_string();
    std::fs::write(&file, report::write(&facts, ExportFormat::Csv).text).unwrap();
    let ended = replay(&[&file, "--dose-at", &DOSE_S.to_string(), "--format", "jsonl"]).await;
    assert_eq!((ended.exit, ended.errors.as_str()), (success(), ""));
    let lines = ended.out.lines().map(|line| serde_json::from_str(line).expect("JSON"));
    let text = |value: &serde_json::Value| value.as_str().unwrap_or("-").to_owned();
    let physiological = lines.filter(|it: &serde_json::Value| it["kind"] == "physiological");
    let replayed: Vec<String> = physiological
        .filter(|line| line["event"] == "alarm")
        .map(|line| {
            let words = ["change", "family", "rule", "priority"].map(|key| text(&line[key]));
            format!("{:.0} {}", line["time_s"].as_f64().expect("a number"), words.join(" "))
        })
        .collect();
    let expected = told(&live);
    assert_eq!(replayed, expected);
    for word in
        ["raised bp-high B2", "confirmed bp-high B2 high", "raised spo2-low", "ended bp-high"]
    {
        assert!(expected.iter().any(|line| line.contains(word)), "{word}: {expected:#?}");
    }
}

/// Does a deed by name; it is not refused.
fn done(live: &mut Live, second: u64, command: u128, deed: Deed) -> Done {
    let by = Actor::new("lead", Role::Lead);
    let reason = Some("as planned".into());
    let entered = if let Deed::Visit(VisitDeed::EnterReading { reading, .. }) = &deed {
        &*reading.values
    } else {
        &[]
    };
    let readings = entered.len();
    let command = CommandId::from_bits(command);
    let act = Act { command, by, reason, deed };
    let before = live.ward.next_reading();
    live.next_reading = before.0;
    let Reply::Acted(answer) = live.step(second, Input::Act(act), readings) else {
        panic!("an act gets an answer");
    };
    answer.unwrap_or_else(|refused| panic!("at {second} s: {refused:?}"))
}

fn order() -> StartOrder {
    let patient = Patient {
        reference: "P-17".into(),
        initials: "A.B.".into(),
        birth_year: Some(1980),
        weight_g: Some(70_000),
    };
    let (drug, route, preset) = ("ketamine".into(), "iv".into(), None);
    let turn_over = TurnOver::NewPatient;
    StartOrder { id: SESSION, patient, drug, route, preset, turn_over }
}

/// Every HIGH that was told is taken.
fn acknowledge(live: &mut Live, second: u64) {
    let newest: std::collections::BTreeMap<_, _> = live
        .transitions
        .iter()
        .filter_map(|it| match &it.subject {
            Subject::Alarm { occurrence, .. } => Some((occurrence.id, occurrence.clone())),
            Subject::Session { .. } => None,
        })
        .collect();
    for (id, it) in newest.into_iter().filter(|(_, it)| it.priority == Priority::High) {
        let deed = Deed::Acknowledge { occurrence: id, revision: it.revision };
        done(live, second, id.as_bits(), deed);
    }
}

#[test]
fn a_visit_of_named_people_is_whole_in_its_chart() {
    // Goal: what the ward tells of each deed is what the chart looks for.
    let mut live = Live::new();
    done(&mut live, 10, 1, Deed::Visit(VisitDeed::StartSession { bed: BED, order: order() }));
    let by_hand = |second: u64, sys: i32| {
        Deed::Visit(VisitDeed::EnterReading {
            bed: BED,
            session: None,
            reading: HandReading {
                method: "aneroid".into(),
                taker: None,
                taken: at(second).wall,
                values: vec![(Metric::NibpSys, Quantity(sys)), (Metric::NibpDia, Quantity(80))],
                arm: None,
                cuff_size: None,
            },
        })
    };
    let mut ids = Vec::new();
    for (second, sys) in [(60, 124), (150, 126)] {
        let deed = by_hand(second, sys);
        let Done::ReadingsEntered { readings, .. } = done(&mut live, second, second.into(), deed)
        else {
            panic!("not entered");
        };
        ids.push(readings[0]);
    }
    let deed = Deed::Visit(VisitDeed::AcceptReadings { session: SESSION, readings: ids.clone() });
    done(&mut live, 200, 4, deed);
    let dose = DoseOrder { micrograms: Some(40_000), ..DoseOrder::default() };
    done(&mut live, 300, 5, Deed::Visit(VisitDeed::GiveDose { session: SESSION, dose }));
    let change = DoseChange::Pause { at: None };
    let dose = CommandId::from_bits(5);
    done(&mut live, 400, 6, Deed::Visit(VisitDeed::ChangeDose { session: SESSION, dose, change }));
    let change = DoseChange::End { at: None, given_micrograms: Some(20_000) };
    done(&mut live, 500, 7, Deed::Visit(VisitDeed::ChangeDose { session: SESSION, dose, change }));
    done(&mut live, 600, 600, by_hand(600, 150));
    let wrong = ReadingId(live.ward.next_reading().0 - 2);
    done(&mut live, 700, 9, Deed::VoidReading { reading: wrong });
    let drug = "ondansetron".into();
    let intervene = VisitDeed::Intervene { session: SESSION, drug, dose: None };
    done(&mut live, 800, 10, Deed::Visit(intervene));
    let (symptoms, moaas, note) = (Symptoms::default(), Some(5), None);
    done(&mut live, 900, 11, Deed::Observe { session: SESSION, symptoms, moaas, note });
    acknowledge(&mut live, 950);
    let (disposition, checks) = (Disposition::Admitted, Checks::ALL);
    done(&mut live, 1000, 12, Deed::EndSession { session: SESSION, disposition, checks });

    let chart = SessionChart::fold(SESSION, &live.beds, &live.inputs, &live.transitions);
    let chart = chart.expect("it has a start");
    assert_eq!((chart.started, chart.ended), (at(10), Some(at(1000))));
    let dose = &chart.doses[0];
    let pauses = [(at(400), Some(at(500)))];
    assert_eq!(
        (dose.micrograms, dose.ended, &*dose.pauses),
        (Some(20_000), Some(at(500)), &pauses[..])
    );
    assert_eq!(chart.baselines[0].readings, ids);
    let stand: Vec<i32> = chart.pressures().iter().map(|pressure| pressure.sys).collect();
    assert_eq!(stand, [124, 126], "the third is void");
    assert_eq!(chart.values.len(), 6);
    let signals_lost = chart.alarms.iter().find(|it| it.occurrence.priority == Priority::High);
    let taken = signals_lost.and_then(|it| it.occurrence.acknowledged.as_ref());
    assert_eq!(taken.map(|it| (&*it.by, it.at)), Some(("lead", at(950))));
    assert_eq!((chart.interventions.len(), chart.observations.len()), (1, 1));
    assert_eq!(chart.disposition, Some((disposition, checks)));
}
