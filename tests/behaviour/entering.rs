//! What people enter on a `TestWard`: baseline, symptoms, sedation, limits, voids; and what the
//! bed then shows.

use dosevigil::domain::act::{
    Actor, Answer, Baseline, Deed, Done, LimitOf, LimitOrder, Symptom, Symptoms, VisitDeed,
};
use dosevigil::domain::alarm::AlarmFamily;
use dosevigil::domain::alarm::rule::Judged;
use dosevigil::domain::ids::{ReadingId, RuleId, SessionId};
use dosevigil::domain::input::{Input, SessionStart};
use dosevigil::domain::metric::Metric;
use dosevigil::domain::reading::Quantity;
use dosevigil::domain::role::Role;
use dosevigil::domain::session::hand::{Arm, CuffSize, HandReading};
use dosevigil::domain::time::WallTime;
use dosevigil::domain::view::BedView;

use crate::support::{BED, TestWard, span};

pub(crate) const SESSION: SessionId = SessionId::from_bits(7);

/// 124/78, rate 72, saturation 97.
pub(crate) const USUAL: Baseline =
    Baseline { sys: Some(124), dia: Some(78), map: None, heart_rate: Some(72), spo2: Some(97) };

/// A limit to be set.
pub(crate) fn limit(rule: &str, judged: Judged, value: i32) -> LimitOrder {
    LimitOrder {
        rule: RuleId::try_new(rule).expect("a valid name"),
        judged,
        family: None,
        of: LimitOf::Value,
        value: Some(value),
    }
}

pub(crate) fn sys(rule: &str, value: i32) -> LimitOrder {
    limit(rule, Judged::Metric(Metric::NibpSys), value)
}

/// A reading as a nurse enters it.
pub(crate) fn taken(at: WallTime, values: &[(Metric, i32)]) -> HandReading {
    HandReading {
        method: "aneroid".into(),
        taker: None,
        taken: at,
        values: values.iter().map(|(metric, value)| (*metric, Quantity(*value))).collect(),
        arm: Some(Arm::Left),
        cuff_size: Some(CuffSize::Adult),
    }
}

/// A pressure taken by hand.
pub(crate) fn pair(sys: i32, dia: i32) -> [(Metric, i32); 2] {
    [(Metric::NibpSys, sys), (Metric::NibpDia, dia)]
}

impl TestWard {
    /// A session of a patient of this age, before its dose.
    pub(crate) fn aged(age_years: u8) -> Self {
        let mut ward = Self::without_session();
        let start = SessionStart {
            id: SESSION,
            initials: "A.B.".into(),
            drug: "ketamine".into(),
            route: "iv".into(),
            age_years: Some(age_years),
            responsible: Some("kim".into()),
        };
        ward.input(&Input::SessionStarted { bed: BED, start });
        ward.fresh.clear();
        ward
    }

    /// In the active phase, with this baseline; nothing told.
    pub(crate) fn active_from(baseline: Baseline) -> Self {
        let mut ward = Self::active();
        ward.baseline(baseline).expect("the baseline is taken");
        ward.fresh.clear();
        ward
    }

    pub(crate) fn baseline(&mut self, baseline: Baseline) -> Answer {
        self.act("Kim", Deed::AcceptBaseline { session: SESSION, baseline })
    }

    /// Taken by hand so long ago; the numbers of its readings.
    pub(crate) fn takes(&mut self, ago: &str, values: &[(Metric, i32)]) -> Vec<ReadingId> {
        let done = self.enters(taken(self.now.wall.minus(span(ago)), values));
        let Ok(Done::ReadingsEntered { readings, .. }) = done else { panic!("{done:?}") };
        readings
    }

    pub(crate) fn enters(&mut self, reading: HandReading) -> Answer {
        self.act("Kim", Deed::Visit(VisitDeed::EnterReading { bed: BED, session: None, reading }))
    }

    pub(crate) fn accepts(&mut self, readings: &[ReadingId]) -> Answer {
        let readings = readings.to_vec();
        self.act("Kim", Deed::Visit(VisitDeed::AcceptReadings { session: SESSION, readings }))
    }

    pub(crate) fn observes(&mut self, symptoms: &[Symptom], moaas: Option<u8>) -> Answer {
        let symptoms = Symptoms::of(symptoms);
        self.act("Kim", Deed::Observe { session: SESSION, symptoms, moaas, note: None })
    }

    pub(crate) fn nurse_sets(&mut self, limit: LimitOrder) -> Answer {
        self.act("Kim", Deed::SetLimit { session: SESSION, limit })
    }

    pub(crate) fn lead_sets(&mut self, limit: LimitOrder) -> Answer {
        self.act_as(Actor::new("Lee", Role::Lead), Deed::SetLimit { session: SESSION, limit })
    }

    pub(crate) fn voids(&mut self, reading: ReadingId) {
        let done = self.act("Kim", Deed::VoidReading { reading });
        assert_eq!(done, Ok(Done::Taken));
    }

    pub(crate) fn amends(&mut self, reading: ReadingId, value: i32) -> Answer {
        self.act("Kim", Deed::AmendReading { reading, value })
    }

    pub(crate) fn shown(&self) -> BedView {
        self.ward.beds()[0].view(self.now)
    }

    /// The reading that a tile shows of a metric.
    pub(crate) fn reading_of(&self, judged: Judged) -> ReadingId {
        let vitals = self.shown().vitals;
        let vital = vitals.iter().find(|vital| vital.judged == judged).expect("it has a place");
        vital.reading.expect("it has a value")
    }

    /// Why the newest occurrence of a family that ended did, and who caused it.
    pub(crate) fn ended_why(&self, family: AlarmFamily) -> (&'static str, Option<&str>) {
        use dosevigil::domain::alarm::occurrence::Subject;
        let ended = self.fresh.iter().rev().find_map(|it| match &it.subject {
            Subject::Alarm { occurrence, .. } if occurrence.family == family => {
                Some((occurrence.ended?.1.name(), occurrence.ended_by.as_deref()))
            }
            Subject::Alarm { .. } | Subject::Session { .. } => None,
        });
        ended.expect("an alarm of the family ended")
    }
}
