//! A visit written down by hand as the journal would hold it: 84 mg of esketamine in three devices,
//! pressures by a cuff and by hand, an alarm that is taken, a void reading, a move to another bed.

use std::sync::Arc;
use std::time::Duration;

use crate::domain::act::{Act, Actor, Deed, Disposition, Symptom, Symptoms, VisitDeed};
use crate::domain::alarm::occurrence::{
    Acknowledged, ActNote, Change, EndReason, Occurrence, Presence, SessionChange, Signal, Subject,
    Transition,
};
use crate::domain::alarm::rule::Phase;
use crate::domain::alarm::{AlarmFamily, Priority};
use crate::domain::chart::SessionChart;
use crate::domain::device::Message;
use crate::domain::ids::{
    BedId, BedIndex, CommandId, DeviceId, ReadingId, RuleId, Seq, SessionId, SourceIndex, Uuid,
};
use crate::domain::input::Input;
use crate::domain::metric::Metric;
use crate::domain::reading::{Measured, Origin, Quantity, Reading, ValueSource};
use crate::domain::record::RecordedInput;
use crate::domain::role::Role;
use crate::domain::session::checks::Checks;
use crate::domain::session::dose::DoseOrder;
use crate::domain::session::hand::{Arm, CuffSize, HandReading};
use crate::domain::session::start::{Patient, StartOrder, TurnOver};
use crate::domain::time::{MonoTime, Stamp, WallTime};

pub(crate) const SESSION: SessionId = Uuid::from_bits(0x0199_8e3f_0000_7000_8000_0000_0000_0001);
pub(crate) const KIM: &str = "kim <b>";

/// The visit as it grows: inputs and what came of them.
pub(crate) struct Visit {
    pub(crate) inputs: Vec<RecordedInput>,
    pub(crate) transitions: Vec<Transition>,
    next_reading: u64,
    next_command: u128,
    phase: Phase,
    pub(crate) bed: u32,
}

/// So many seconds after 2026-11-24T14:00:00Z.
pub(crate) fn at(second: u64) -> Stamp {
    let start = Stamp {
        mono: MonoTime::from_micros(3_600_000_000),
        wall: WallTime::from_micros(1_795_528_800_000_000),
    };
    start.plus(Duration::from_secs(second))
}

pub(crate) fn beds() -> Vec<BedId> {
    ["bay-1", "bay-2"].map(|name| BedId::try_new(name).expect("a valid name")).to_vec()
}

impl Visit {
    pub(crate) const fn new() -> Self {
        Self {
            inputs: Vec::new(),
            transitions: Vec::new(),
            next_reading: 1,
            next_command: 1,
            phase: Phase::Intake,
            bed: 0,
        }
    }

    pub(crate) fn chart(&self) -> SessionChart {
        SessionChart::fold(SESSION, &beds(), &self.inputs, &self.transitions)
            .expect("it has a start")
    }

    pub(crate) fn input(&mut self, second: u64, input: Input, readings: usize) -> u64 {
        let first = self.next_reading;
        self.next_reading += readings as u64;
        let (now, first_reading) = (at(second), ReadingId(first));
        self.inputs.push(RecordedInput { now, first_reading, input });
        first
    }

    /// A refused act; returns its command and the number of its first reading.
    pub(crate) fn refused(
        &mut self,
        second: u64,
        deed: Deed,
        reason: Option<&str>,
    ) -> (CommandId, u64) {
        let command = CommandId::from_bits(self.next_command);
        self.next_command += 1;
        let entered = if let Deed::Visit(VisitDeed::EnterReading { reading, .. }) = &deed {
            &*reading.values
        } else {
            &[]
        };
        let readings = entered.len();
        let (by, reason) = (Actor::new(KIM, Role::Nurse), reason.map(Into::into));
        let first = self.input(second, Input::Act(Act { command, by, reason, deed }), readings);
        (command, first)
    }

    /// An act that was done.
    pub(crate) fn act(
        &mut self,
        second: u64,
        deed: Deed,
        (change, new, reason): (SessionChange, Option<&str>, Option<&str>),
    ) -> (CommandId, u64) {
        let told = self.refused(second, deed, reason);
        let note = ActNote {
            by: KIM.into(),
            ordered_by: None,
            reason: reason.map(Into::into),
            what: None,
            old: None,
            new: new.map(Into::into),
        };
        self.told(second, change, Some(note));
        told
    }

    pub(crate) fn told(&mut self, second: u64, change: SessionChange, note: Option<ActNote>) {
        let bed = beds().remove(self.bed as usize);
        let (session, phase) = (Some(SESSION), Some(self.phase));
        self.push(
            second,
            Subject::Session { change, bed, session, phase, note: note.map(Box::new) },
        );
    }

    pub(crate) fn phase(&mut self, second: u64, phase: Phase) {
        self.phase = phase;
        self.told(second, SessionChange::PhaseChanged, None);
    }

    pub(crate) fn push(&mut self, second: u64, subject: Subject) {
        let seq = Seq(self.transitions.len() as u64 + 1);
        self.transitions.push(Transition { seq, at: at(second), subject });
    }

    pub(crate) fn start(&mut self, second: u64) {
        self.start_by(second, ("esketamine", "nasal"));
    }

    pub(crate) fn start_by(&mut self, second: u64, (drug, route): (&str, &str)) {
        let patient = Patient {
            reference: "K-17 </style>\"&".into(),
            initials: "A<B".into(),
            birth_year: Some(1980),
            weight_g: Some(82_500),
        };
        let (id, drug, route) = (SESSION, drug.into(), route.into());
        let preset = Some("esketamine-nasal".into());
        let turn_over = TurnOver::NewPatient;
        let order = StartOrder { id, patient, drug, route, preset, turn_over };
        let deed = Deed::Visit(VisitDeed::StartSession { bed: BedIndex(self.bed), order });
        self.act(second, deed, (SessionChange::Started, None, None));
    }

    /// One determination of the cuff; returns the number of its systolic reading.
    pub(crate) fn cuff(&mut self, second: u64, seconds_ago: u32, (sys, dia): (i32, i32)) -> u64 {
        let reading = |metric, value| Reading {
            measured: Measured::SecondsAgo(seconds_ago),
            origin: Origin::Simulated,
            ..Reading::new(metric, Ok(Quantity(value)), ValueSource::Nibp)
        };
        let readings = vec![
            reading(Metric::NibpSys, sys),
            reading(Metric::NibpDia, dia),
            reading(Metric::PulseRate, 71),
        ];
        self.message(second, "cuff", readings)
    }

    pub(crate) fn oximeter(&mut self, second: u64, spo2: i32) -> u64 {
        let reading = |metric, value| Reading::new(metric, Ok(Quantity(value)), ValueSource::Pleth);
        let readings = vec![reading(Metric::SpO2, spo2), reading(Metric::PulseRate, 72)];
        self.message(second, "oximeter", readings)
    }

    pub(crate) fn message(&mut self, second: u64, device: &str, readings: Vec<Reading>) -> u64 {
        let device = DeviceId::try_new(device).expect("a valid name");
        let count = readings.len();
        let message = Message { readings, ..Message::default() };
        let (bed, source) = (BedIndex(self.bed), SourceIndex(0));
        self.input(second, Input::Message { bed, source, device, message }, count)
    }

    pub(crate) fn by_hand(&mut self, second: u64, minutes_ago: u64, pair: (i32, i32)) -> u64 {
        let reading = HandReading {
            method: "aneroid".into(),
            taker: Some("lee".into()),
            taken: at(second).wall.minus(Duration::from_secs(minutes_ago * 60)),
            values: vec![(Metric::NibpSys, Quantity(pair.0)), (Metric::NibpDia, Quantity(pair.1))],
            arm: Some(Arm::Left),
            cuff_size: Some(CuffSize::Large),
        };
        let deed = Deed::Visit(VisitDeed::EnterReading {
            bed: BedIndex(self.bed),
            session: None,
            reading,
        });
        self.act(second, deed, (SessionChange::ReadingEntered, None, None)).1
    }

    pub(crate) fn device(&mut self, second: u64, number: u8) -> CommandId {
        let dose = DoseOrder {
            micrograms: Some(28_000),
            device_number: Some(number),
            lot: Some("L<9>".into()),
            started: None,
            ended: None,
        };
        let deed = Deed::Visit(VisitDeed::GiveDose { session: SESSION, dose });
        self.act(second, deed, (SessionChange::Dosed, Some("28 mg"), None)).0
    }

    pub(crate) fn observe(&mut self, second: u64, symptoms: &[Symptom], moaas: u8) {
        let symptoms = Symptoms::of(symptoms);
        let note = Some("calm & <quiet>".into());
        let deed = Deed::Observe { session: SESSION, symptoms, moaas: Some(moaas), note };
        self.act(second, deed, (SessionChange::Observed, Some("seen"), None));
    }

    pub(crate) fn alarm(&mut self, second: u64, change: Change, it: Occurrence) {
        self.push(second, Subject::Alarm { change, occurrence: Box::new(it) });
    }

    pub(crate) fn end(&mut self, second: u64) {
        let checks = Checks { escort: false, ..Checks::ALL };
        let disposition = Disposition::HomeEscorted;
        let deed = Deed::EndSession { session: SESSION, disposition, checks };
        self.phase = Phase::Ended;
        self.act(second, deed, (SessionChange::Ended, None, Some("escort waits")));
    }
}

/// A pressure alarm as it is first told, at MEDIUM.
pub(crate) fn occurrence(second: u64) -> Occurrence {
    Occurrence {
        id: Uuid::of_onset(at(second).wall, &["bp-high"]),
        revision: 1,
        bed: Some(beds().remove(0)),
        session: Some(SESSION),
        origin: Origin::Simulated,
        outage: false,
        family: AlarmFamily::BpHigh,
        subject: None,
        rule: RuleId::try_new("B2").ok(),
        priority: Priority::Medium,
        highest: Priority::Medium,
        presence: Presence::Present,
        frozen: false,
        restored: false,
        confirm_until: None,
        signal: Signal::Active,
        escalation: 0,
        text: "Systolic 186 ≥ 180 mmHg".to_owned(),
        lines: Vec::new(),
        metric: Some(Metric::NibpSys),
        value: Some(Quantity(186)),
        limit: Some(180),
        baseline: Some(124),
        reading: None,
        phase: Some(Phase::Active),
        since_dose: None,
        onset: at(second),
        asked: at(second),
        next_step: None,
        ended: None,
        ended_by: None,
        acknowledged: None,
    }
}

/// The whole visit.
pub(crate) fn visit() -> Visit {
    let mut visit = Visit::new();
    let walk_in = visit.cuff(0, 5, (126, 80));
    visit.cuff(20, 2, (200, 90));
    visit.start(60);
    let second = visit.cuff(120, 5, (122, 78));
    visit.phase(120, Phase::Baseline);
    let readings = vec![ReadingId(walk_in), ReadingId(second)];
    let deed = Deed::Visit(VisitDeed::AcceptReadings { session: SESSION, readings });
    visit.act(180, deed, (SessionChange::BaselineAccepted, Some("S 124 D 79"), None));
    visit.device(600, 1);
    visit.phase(600, Phase::Active);
    visit.device(920, 2);
    visit.device(1240, 3);
    for second in (600..3000).step_by(5).filter(|second| !(1500..1600).contains(second)) {
        visit.oximeter(second, if second == 2000 { 93 } else { 97 });
    }
    visit.inputs.sort_by_key(|input| input.now.mono);
    visit.cuff(3000, 5, (186, 104));
    raised_and_taken(&mut visit);
    let wrong = visit.by_hand(3100, 0, (220, 100));
    let deed = Deed::VoidReading { reading: ReadingId(wrong) };
    visit.act(3160, deed, (SessionChange::ReadingVoided, None, Some("patient moved")));
    visit.by_hand(3600, 7, (138, 84));
    visit.observe(3700, &[Symptom::Dissociation], 4);
    visit.observe(5000, &[], 5);
    let drug = Arc::from("ondansetron");
    let deed =
        Deed::Visit(VisitDeed::Intervene { session: SESSION, drug, dose: Some("4 mg".into()) });
    visit.act(5100, deed, (SessionChange::Intervened, None, Some("nausea")));
    visit.bed = 1;
    let deed = Deed::Visit(VisitDeed::MoveSession { session: SESSION, bed: BedIndex(1) });
    let moved = (SessionChange::Moved, Some("bay-2"), Some("monitor broken"));
    visit.act(5200, deed, moved);
    // The bed that is left tells of it, too.
    let mut left = visit.transitions.last().cloned().expect("it was told");
    if let Subject::Session { bed, .. } = &mut left.subject {
        *bed = beds().remove(0);
    }
    visit.push(5200, left.subject);
    visit.phase(6000, Phase::Recovery);
    visit.by_hand(8000, 0, (128, 82));
    visit.end(8400);
    visit
}

fn raised_and_taken(visit: &mut Visit) {
    let raised = occurrence(3000);
    visit.alarm(3000, Change::Raised, raised.clone());
    let priority = Priority::High;
    let high = Occurrence { priority, highest: priority, revision: 2, asked: at(3030), ..raised };
    visit.alarm(3030, Change::Confirmed, high.clone());
    let acknowledged = Some(Acknowledged { by: KIM.into(), at: at(3065), reason: None });
    let signal = Signal::Acknowledged;
    let taken = Occurrence { acknowledged, signal, escalation: 1, ..high };
    visit.alarm(3065, Change::Acknowledged, taken.clone());
    let ended = Some((at(3600), EndReason::Cleared));
    let over = Occurrence { ended, presence: Presence::Ended, signal: Signal::None, ..taken };
    visit.alarm(3600, Change::Ended, Occurrence { priority: Priority::Medium, ..over });
}
