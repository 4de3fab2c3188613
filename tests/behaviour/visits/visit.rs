//! `Visit`: a nurse's day with one patient on a `TestWard` that has all shipped presets. Acts are
//! counted as a client of the API would send them.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use dosevigil::domain::act::{Actor, Answer, Deed, Disposition, Done, Refused, VisitDeed};
use dosevigil::domain::alarm::occurrence::{Change, Occurrence, Subject};
use dosevigil::domain::alarm::rule::{AlarmPreset, Phase};
use dosevigil::domain::bed::Watch;
use dosevigil::domain::ids::{ReadingId, SessionId};
use dosevigil::domain::metric::Metric;
use dosevigil::domain::reading::Quantity;
use dosevigil::domain::role::Role;
use dosevigil::domain::session::checks::{Checks, Missing};
use dosevigil::domain::session::dose::{DoseChange, DoseId, DoseOrder};
use dosevigil::domain::session::hand::{Arm, CuffSize, HandReading};
use dosevigil::domain::session::start::{Patient, StartOrder, TurnOver};
use dosevigil::domain::time::Stamp;

use crate::feed::{pulse, spo2};
use crate::support::{BED, START, TestWard, plan, seconds};

/// Where pressures come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    ByMonitor,
    /// The monitor is broken: no device sends anything.
    ByHand,
}

pub(crate) const BOTH: [Taken; 2] = [Taken::ByMonitor, Taken::ByHand];

pub(crate) struct Visit {
    pub(crate) ward: TestWard,
    /// Minutes since the test's start.
    minute: u64,
    taken: Taken,
    pub(crate) session: SessionId,
    /// Acts so far, as requests to the API.
    pub(crate) acts: usize,
    /// Alarms raised so far, by family.
    pub(crate) raised: Vec<&'static str>,
}

/// All presets as shipped.
fn presets() -> Vec<Arc<AlarmPreset>> {
    static PRESETS: OnceLock<Vec<Arc<AlarmPreset>>> = OnceLock::new();
    let read = || {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/monitor.toml");
        let config = dosevigil::config::load(&path).expect("the shipped configuration is valid");
        config.alarms.presets.clone()
    };
    PRESETS.get_or_init(read).clone()
}

impl Visit {
    /// A patient arrives; the session begins at once.
    pub(crate) fn arrives(taken: Taken, drug: &str, route: &str, preset: &str) -> Self {
        Self::arrives_at(START, taken, [drug, route, preset])
    }

    /// At another time of the clinic; drug, route and preset.
    pub(crate) fn arrives_at(start: Stamp, taken: Taken, what: [&str; 3]) -> Self {
        let [drug, route, preset] = what;
        let presets = presets();
        let mut plan = plan(2, Watch::Session, &presets[0]);
        plan.beds[0].lines.clear();
        plan.presets = presets;
        let mut visit = Self {
            ward: TestWard::of(plan, start),
            minute: 0,
            taken,
            session: SessionId::from_bits(77),
            acts: 0,
            raised: Vec::new(),
        };
        let order = visit.order(drug, route, preset);
        let started = visit.does(Deed::Visit(VisitDeed::StartSession { bed: BED, order }));
        assert_eq!(started, Ok(Done::SessionStarted { session: visit.session }));
        visit
    }

    pub(crate) fn order(&self, drug: &str, route: &str, preset: &str) -> StartOrder {
        StartOrder {
            id: self.session,
            patient: Patient {
                reference: "P-0042".into(),
                initials: "A.B.".into(),
                birth_year: Some(1980),
                weight_g: Some(70_000),
            },
            drug: drug.into(),
            route: route.into(),
            preset: Some(preset.into()),
            turn_over: TurnOver::Unanswered,
        }
    }

    /// The nurse's act, with a reason.
    pub(crate) fn does(&mut self, deed: Deed) -> Answer {
        self.does_as(Actor::new("Kim", Role::Nurse), deed)
    }

    pub(crate) fn does_as(&mut self, by: Actor, deed: Deed) -> Answer {
        self.acts += 1;
        let answer = self.ward.act_as(by, deed);
        self.look();
        answer
    }

    /// Notes what was told.
    pub(crate) fn look(&mut self) {
        for told in std::mem::take(&mut self.ward.fresh) {
            if let Subject::Alarm { change: Change::Raised, occurrence } = told.subject {
                self.raised.push(occurrence.family.name());
            }
        }
    }

    /// Time passes to this minute; a monitor sends pulse and saturation every second.
    pub(crate) fn until(&mut self, minute: u64) {
        while self.minute < minute {
            match self.taken {
                Taken::ByMonitor => self.ward.stream(60, &[pulse(72), spo2(97)]),
                Taken::ByHand => self.ward.advance(seconds(60)),
            }
            self.minute += 1;
            self.look();
        }
    }

    /// A pressure, now; the reading's id.
    pub(crate) fn pressure(&mut self, sys: i32, dia: i32) -> ReadingId {
        match self.taken {
            Taken::ByMonitor => {
                let next = self.ward.ward.next_reading();
                self.ward.cuff(sys, dia);
                self.look();
                next
            }
            Taken::ByHand => {
                let reading = self.by_hand(sys, dia);
                let session = Some(self.session);
                let entered =
                    self.does(Deed::Visit(VisitDeed::EnterReading { bed: BED, session, reading }));
                let Ok(Done::ReadingsEntered { readings, .. }) = entered else {
                    panic!("not entered: {entered:?}")
                };
                readings[0]
            }
        }
    }

    pub(crate) fn by_hand(&self, sys: i32, dia: i32) -> HandReading {
        HandReading {
            method: "aneroid".into(),
            taker: None,
            taken: self.ward.now.wall,
            values: vec![
                (Metric::NibpSys, Quantity(sys)),
                (Metric::NibpDia, Quantity(dia)),
                (Metric::PulseRate, Quantity(72)),
            ],
            arm: Some(Arm::Left),
            cuff_size: Some(CuffSize::Adult),
        }
    }

    /// Two calm readings, two minutes apart, accepted as the baseline 121/77.
    pub(crate) fn accepts_a_baseline(&mut self) {
        let first = self.pressure(120, 76);
        self.until(self.minute + 2);
        let second = self.pressure(122, 78);
        let session = self.session;
        let done = self.does(Deed::Visit(VisitDeed::AcceptReadings {
            session,
            readings: vec![first, second],
        }));
        let Ok(Done::BaselineAccepted(baseline)) = done else { panic!("not accepted: {done:?}") };
        assert_eq!((baseline.sys, baseline.dia), (Some(121), Some(77)));
    }

    pub(crate) fn gives(&mut self, dose: DoseOrder) -> Result<DoseId, Refused> {
        let done = self.does(Deed::Visit(VisitDeed::GiveDose { session: self.session, dose }))?;
        let Done::DoseGiven { dose } = done else { panic!("not given: {done:?}") };
        Ok(dose)
    }

    pub(crate) fn changes(&mut self, dose: DoseId, change: DoseChange) -> Answer {
        self.does(Deed::Visit(VisitDeed::ChangeDose { session: self.session, dose, change }))
    }

    pub(crate) fn ends_infusion(&mut self, dose: DoseId) {
        let end = DoseChange::End { at: None, given_micrograms: None };
        assert_eq!(self.changes(dose, end), Ok(Done::Taken));
    }

    /// Home with an escort, everything ticked.
    pub(crate) fn leaves(&mut self) -> Answer {
        self.leaves_with(Checks::ALL)
    }

    pub(crate) fn leaves_with(&mut self, checks: Checks) -> Answer {
        let (session, disposition) = (self.session, Disposition::HomeEscorted);
        self.does(Deed::EndSession { session, disposition, checks })
    }

    /// The names of what is missing for a discharge with everything ticked.
    pub(crate) fn missing_to_leave(&mut self) -> Vec<&'static str> {
        match self.leaves() {
            Err(Refused::NotReady { missing }) => missing.iter().map(Missing::name).collect(),
            other => panic!("it should not be ready: {other:?}"),
        }
    }

    pub(crate) fn phase(&self) -> Option<Phase> {
        self.ward.ward.beds()[0].view(self.ward.now).phase
    }

    /// Acknowledges whatever is open or latched on the bed.
    pub(crate) fn acknowledges_all(&mut self) {
        let open = |it: &&Occurrence| it.bed.is_some() && it.acknowledged.is_none();
        let all: Vec<_> = self.ward.ward.occurrences().filter(open).cloned().collect();
        for it in all {
            let (occurrence, revision) = (it.id, it.revision);
            let _ended_meanwhile = self.does(Deed::Acknowledge { occurrence, revision });
        }
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        self.look();
    }
}

/// So many milligrams, now.
pub(crate) fn mg(milligrams: u64) -> DoseOrder {
    DoseOrder { micrograms: Some(milligrams * 1000), ..DoseOrder::default() }
}

/// A nasal device of 28 mg.
pub(crate) fn device(number: u8) -> DoseOrder {
    DoseOrder { device_number: Some(number), lot: Some("L1".into()), ..mg(28) }
}
