//! What people do about doses on a `TestWard`, and what the record says of it.

use std::sync::Arc;

use dosevigil::domain::act::{Actor, Answer, Deed, Done, Refused, VisitDeed};
use dosevigil::domain::alarm::occurrence::{ActNote, SessionChange, Subject};
use dosevigil::domain::alarm::rule::{AfterDose, AlarmPreset, DoseMark, Due, RequiredSignal};
use dosevigil::domain::bed::Watch;
use dosevigil::domain::ids::RuleId;
use dosevigil::domain::input::{Input, SessionStart};
use dosevigil::domain::role::Role;
use dosevigil::domain::session::checks::Missing;
use dosevigil::domain::session::dose::{DoseChange, DoseId, DoseOrder};
use dosevigil::domain::time::{Stamp, WallTime};

use crate::entering::{SESSION, USUAL};
use crate::support::{BED, START, TestWard, nothing_required, plan, seconds, span};

pub(crate) const PAUSE: DoseChange = DoseChange::Pause { at: None };
pub(crate) const RESUME: DoseChange = DoseChange::Resume { at: None };
pub(crate) const END: DoseChange = DoseChange::End { at: None, given_micrograms: None };

/// So much, now.
pub(crate) fn mg(amount: u64) -> DoseOrder {
    DoseOrder { micrograms: Some(amount * 1_000), ..DoseOrder::default() }
}

/// So much, said to have been given at this time.
pub(crate) fn mg_at(clock: &str, amount: u64) -> DoseOrder {
    DoseOrder { started: Some(wall(clock)), ..mg(amount) }
}

/// What a clock on the wall shows then.
pub(crate) fn wall(clock: &str) -> WallTime {
    START.plus(span(clock)).wall
}

/// A device of 28 mg, now.
pub(crate) fn device(number: u8) -> DoseOrder {
    DoseOrder { device_number: Some(number), lot: Some("L1".into()), ..mg(28) }
}

/// The shipped limits with the spans of what is not infused: active and observed for so many
/// minutes from the first dose; a nasal one has its reading at 40 min.
pub(crate) fn from_the_start(active: u64, observe: u64) -> Arc<AlarmPreset> {
    let after = |minutes: u64| AfterDose { mark: DoseMark::Start, lasts: seconds(minutes * 60) };
    let timed = Due {
        id: RuleId::try_new("T2").expect("a valid name"),
        what: RequiredSignal::Nibp,
        at: seconds(40 * 60),
        alarm: seconds(45 * 60),
    };
    Arc::new(AlarmPreset {
        active: after(active),
        observe: after(observe),
        due: vec![timed],
        ..AlarmPreset::clone(&nothing_required())
    })
}

fn visit(route: &str, preset: &Arc<AlarmPreset>, from: Stamp) -> TestWard {
    let mut ward = TestWard::of(plan(1, Watch::Session, preset), from);
    let start = SessionStart {
        id: SESSION,
        initials: "A.B.".into(),
        drug: "ketamine".into(),
        route: route.into(),
        age_years: None,
        responsible: Some("kim".into()),
    };
    ward.input(&Input::SessionStarted { bed: BED, start });
    ward.fresh.clear();
    ward
}

impl TestWard {
    /// An infusion to come: nothing measured yet.
    pub(crate) fn iv() -> Self {
        Self::iv_from(START)
    }

    pub(crate) fn iv_from(start: Stamp) -> Self {
        visit("iv", &nothing_required(), start)
    }

    pub(crate) fn im() -> Self {
        visit("im", &from_the_start(60, 90), START)
    }

    pub(crate) fn nasal() -> Self {
        visit("nasal", &from_the_start(90, 120), START)
    }

    /// Two good readings a minute apart and an accepted baseline: at 01:00 the dose may be given.
    pub(crate) fn made_ready(mut self) -> Self {
        self.cuff(122, 76);
        self.at("01:00").cuff(124, 78);
        self.baseline(USUAL).expect("the baseline is taken");
        self.fresh.clear();
        self
    }

    pub(crate) fn orders(&mut self, dose: DoseOrder) -> Answer {
        self.act("Kim", Deed::Visit(VisitDeed::GiveDose { session: SESSION, dose }))
    }

    pub(crate) fn lead_orders(&mut self, dose: DoseOrder) -> Answer {
        self.act_as(
            Actor::new("Lee", Role::Lead),
            Deed::Visit(VisitDeed::GiveDose { session: SESSION, dose }),
        )
    }

    pub(crate) fn gives(&mut self, dose: DoseOrder) -> DoseId {
        given(self.orders(dose))
    }

    pub(crate) fn changes(&mut self, dose: DoseId, change: DoseChange) -> Answer {
        self.act("Kim", Deed::Visit(VisitDeed::ChangeDose { session: SESSION, dose, change }))
    }

    pub(crate) fn undoes(&mut self, dose: DoseId) -> Answer {
        self.act("Kim", Deed::Visit(VisitDeed::UndoDose { session: SESSION, dose }))
    }

    pub(crate) fn voids_dose(&mut self, dose: DoseId) -> Answer {
        self.act("Kim", Deed::Visit(VisitDeed::VoidDose { session: SESSION, dose }))
    }

    pub(crate) fn phase_shown(&self) -> &'static str {
        self.shown().phase.expect("a session").name()
    }

    /// Minutes since the dose, as the tile shows them.
    pub(crate) fn minutes_since_dose(&self) -> Option<u64> {
        self.shown().since_dose.map(|since| since.as_secs() / 60)
    }

    /// Who did what to a dose since the last look: "dose Kim: device 2: - > 28 mg, lot L1".
    pub(crate) fn dose_notes(&mut self) -> Vec<String> {
        let told = std::mem::take(&mut self.fresh);
        let of_dose = told.iter().filter_map(|it| match &it.subject {
            Subject::Session { change, note, .. }
                if matches!(change, SessionChange::Dosed | SessionChange::DoseChanged) =>
            {
                note.as_deref().map(|note| words(change.name(), note))
            }
            Subject::Session { .. } | Subject::Alarm { .. } => None,
        });
        of_dose.collect()
    }

    /// The session's lines since the last look, without those of alarms.
    #[track_caller]
    pub(crate) fn expect_session(&mut self, lines: &[&str]) {
        let told = std::mem::take(&mut self.fresh);
        let told: Vec<_> = told.iter().map(|it| self.line(it)).collect();
        let told: Vec<_> = told.iter().filter(|it| it.contains(" session ")).collect();
        assert_eq!(told, lines);
    }
}

pub(crate) fn given(answer: Answer) -> DoseId {
    let Ok(Done::DoseGiven { dose }) = answer else { panic!("not given: {answer:?}") };
    dose
}

/// What a gate finds missing, in words.
pub(crate) fn missing(answer: Answer) -> Vec<String> {
    let Err(Refused::NotReady { missing }) = answer else { panic!("not stopped: {answer:?}") };
    missing.iter().map(Missing::words).collect()
}

fn words(change: &str, note: &ActNote) -> String {
    let word = |it: &Option<Arc<str>>| it.as_deref().unwrap_or("-").to_owned();
    let order = note.ordered_by.as_ref().map(|by| format!(" for {by}")).unwrap_or_default();
    let (what, old, new) = (word(&note.what), word(&note.old), word(&note.new));
    format!("{change} {}{order}: {what}: {old} > {new}", note.by)
}
