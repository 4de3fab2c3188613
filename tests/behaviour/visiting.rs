//! Visits of a `TestWard` that named people begin: two beds, three presets to choose from.

use std::sync::Arc;

use dosevigil::domain::act::{Act, Actor, Answer, Deed, VisitDeed};
use dosevigil::domain::alarm::AlarmFamily;
use dosevigil::domain::alarm::occurrence::{ActNote, SessionChange, Subject};
use dosevigil::domain::alarm::rule::{AlarmPreset, Limit, RequiredSignal};
use dosevigil::domain::bed::Watch;
use dosevigil::domain::ids::{BedIndex, CommandId, SessionId};
use dosevigil::domain::input::Input;
use dosevigil::domain::role::Role;
use dosevigil::domain::session::start::{Patient, StartOrder, TurnOver};
use dosevigil::domain::view::BedView;
use dosevigil::domain::ward::WardPlan;

use crate::entering::SESSION;
use crate::feed::Cuff;
use crate::support::{BED, BROKER, START, TestWard, device, nothing_required, plan};

pub(crate) const OTHER_BED: BedIndex = BedIndex(1);
pub(crate) const IV: &str = "ketamine-iv";
/// For the same drug and route: B2 from 170, without B4 and resp-low, and the cuff required.
pub(crate) const CAUTIOUS: &str = "ketamine-iv-cautious";
/// For another drug.
pub(crate) const NASAL: &str = "esketamine-nasal";

/// As the shipped one but for its limits.
pub(crate) fn cautious() -> AlarmPreset {
    let mut preset =
        AlarmPreset { name: CAUTIOUS.into(), ..AlarmPreset::clone(&nothing_required()) };
    preset.requires = vec![RequiredSignal::Nibp];
    preset.families.retain(|it| it.family != AlarmFamily::RespLow);
    let bands = &mut preset.families[0].bands;
    bands.retain(|band| band.id.as_str() != "B4");
    let b2 = bands.iter_mut().find(|band| band.id.as_str() == "B2").expect("it is shipped");
    for part in &mut b2.components {
        if part.limit == Limit::AtOrAbove(180) {
            part.limit = Limit::AtOrAbove(170);
        }
    }
    preset
}

fn nasal() -> AlarmPreset {
    let routes = vec!["nasal".into()];
    let preset = AlarmPreset::clone(&nothing_required());
    AlarmPreset { name: NASAL.into(), drug: "esketamine".into(), routes, ..preset }
}

/// A day's patient, new on the bed, under the bed's own preset.
pub(crate) fn order() -> StartOrder {
    StartOrder {
        id: SESSION,
        patient: Patient {
            reference: "P-17".into(),
            initials: "A.B.".into(),
            birth_year: Some(1980),
            weight_g: Some(70_000),
        },
        drug: "ketamine".into(),
        route: "iv".into(),
        preset: None,
        turn_over: TurnOver::NewPatient,
    }
}

pub(crate) fn clinic_plan() -> WardPlan {
    let presets = vec![nothing_required(), Arc::new(cautious()), Arc::new(nasal())];
    WardPlan { presets, ..plan(2, Watch::Session, &nothing_required()) }
}

impl TestWard {
    /// Two beds without a session.
    pub(crate) fn clinic() -> Self {
        Self::of(clinic_plan(), START)
    }

    /// A session of Kim's on the first bed before its dose; nothing told.
    pub(crate) fn visit() -> Self {
        let mut ward = Self::clinic();
        ward.starts(order()).expect("it begins");
        ward.fresh.clear();
        ward
    }

    /// The same with the dose running.
    pub(crate) fn dosed_visit() -> Self {
        let mut ward = Self::visit();
        ward.dose();
        ward.fresh.clear();
        ward
    }

    pub(crate) fn starts(&mut self, order: StartOrder) -> Answer {
        self.act("Kim", Deed::Visit(VisitDeed::StartSession { bed: BED, order }))
    }

    pub(crate) fn chooses(&mut self, role: Role, preset: &str) -> Answer {
        let deed = Deed::Visit(VisitDeed::ChoosePreset { session: SESSION, preset: preset.into() });
        self.act_as(Actor::new("Lee", role), deed)
    }

    pub(crate) fn moves(&mut self, bed: BedIndex) -> Answer {
        self.act("Kim", Deed::Visit(VisitDeed::MoveSession { session: SESSION, bed }))
    }

    /// The same deed by Kim without a reason.
    pub(crate) fn without_reason(&mut self, deed: Deed) -> Answer {
        let (command, by) = (CommandId::from_bits(1 << 80), Actor::new("Kim", Role::Nurse));
        self.take(&Act { command, by, reason: None, deed })
    }

    /// A determination of the other bed's monitor.
    pub(crate) fn cuff_there(&mut self, sys: i32, dia: i32) {
        let message = Cuff::new(sys, dia).message();
        let (bed, source) = (OTHER_BED, BROKER);
        self.input(&Input::Message { bed, source, device: device("monitor-2"), message });
    }

    pub(crate) fn shown_at(&self, bed: BedIndex) -> BedView {
        self.ward.beds()[bed.0 as usize].view(self.now)
    }

    pub(crate) fn session_at(&self, bed: BedIndex) -> Option<SessionId> {
        self.shown_at(bed).session.map(|session| session.id)
    }

    /// What was told of a change of a session, in order: on which bed, and who did what.
    pub(crate) fn notes_of(&self, of: SessionChange) -> Vec<(String, ActNote)> {
        let note = |it: &'_ Subject| match it {
            Subject::Session { change, bed, note, .. } if *change == of => {
                Some((bed.to_string(), note.as_deref().cloned()?))
            }
            Subject::Session { .. } | Subject::Alarm { .. } => None,
        };
        self.fresh.iter().filter_map(|it| note(&it.subject)).collect()
    }
}
