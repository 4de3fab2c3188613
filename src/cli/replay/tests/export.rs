//! What a session's export as CSV comes to when it is replayed: the alarms that it had live.
//!
//! Method: a session is played through a ward in-process as the engine does it, its inputs and
//! transitions are folded into a chart, written as CSV and replayed by the command.

use std::time::Duration;

use super::*;
use crate::domain::alarm::AlarmKind;
use crate::domain::alarm::occurrence::{Subject, Transition};
use crate::domain::chart::SessionChart;
use crate::domain::device::Message;
use crate::domain::ids::{BedId, BedIndex, DeviceId, ReadingId, SessionId, SourceIndex, Uuid};
use crate::domain::input::{DoseEvent, Input, LinkChange, SessionStart};
use crate::domain::metric::Metric;
use crate::domain::reading::{Measured, Origin, Quantity, Reading, ValueSource};
use crate::domain::record::RecordedInput;
use crate::domain::time::{MonoTime, Stamp, WallTime};
use crate::domain::ward::Ward;
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

    fn step(&mut self, second: u64, input: Input, readings: usize) {
        let now = at(second);
        while let Some(due) = self.ward.next_deadline().filter(|due| *due <= now.mono) {
            let before = self.ward.now();
            let then = before.plus(due.since(before.mono));
            self.ward.step(&Input::Tick, then, &mut self.transitions);
        }
        self.ward.step(&input, now, &mut self.transitions);
        let first_reading = ReadingId(self.next_reading);
        self.next_reading += readings as u64;
        self.inputs.push(RecordedInput { now, first_reading, input });
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
