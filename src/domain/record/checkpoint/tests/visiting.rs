//! Random histories: how a visit begins, which preset it chooses, where it goes, and its end.

use std::sync::Arc;

use proptest::prelude::*;
use proptest::sample::select;

use crate::domain::act::{Act, Actor, Deed, Disposition, VisitDeed};
use crate::domain::ids::{BedIndex, SessionId, Uuid};
use crate::domain::input::Input;
use crate::domain::role::Role;
use crate::domain::session::checks::Checks;
use crate::domain::session::start::{Patient, StartOrder, TurnOver};
use crate::domain::time::Stamp;
use crate::domain::ward::Ward;

#[derive(Clone, Debug)]
pub(super) enum Visit {
    Start { preset: Option<&'static str>, turn_over: TurnOver },
    Choose { preset: &'static str, role: Role },
    Move,
    End,
}

pub(super) fn any_visit() -> impl Strategy<Value = Visit> {
    let presets = select(vec![None, Some("test"), Some("other")]);
    let turn_over = [TurnOver::Unanswered, TurnOver::NewPatient, TurnOver::SamePatient];
    let roles = select(vec![Role::Nurse, Role::Lead, Role::Lead]);
    prop_oneof![
        2 => (presets, select(turn_over.to_vec()))
            .prop_map(|(preset, turn_over)| Visit::Start { preset, turn_over }),
        2 => (select(vec!["test", "other"]), roles)
            .prop_map(|(preset, role)| Visit::Choose { preset, role }),
        1 => Just(Visit::Move),
        1 => Just(Visit::End),
    ]
}

/// The session that runs on a bed, or one that its histories know.
pub(super) fn session_on(ward: &Ward, bed: BedIndex) -> SessionId {
    let running = ward.beds()[bed.0 as usize].session.as_ref();
    running.map_or(Uuid::from_bits(u128::from(bed.0) + 70), |it| it.id)
}

impl Visit {
    pub(super) fn input(&self, bed: BedIndex, ward: &Ward, now: Stamp) -> Input {
        let session = session_on(ward, bed);
        let micros = u128::from(now.mono.as_micros());
        let mut role = Role::Nurse;
        let deed = match *self {
            Self::Start { preset, turn_over } => Deed::Visit(VisitDeed::StartSession {
                bed,
                order: StartOrder {
                    id: Uuid::from_bits(1 << 70 | micros),
                    patient: Patient {
                        reference: "P-17".into(),
                        initials: "A.B.".into(),
                        birth_year: Some(1950),
                        weight_g: Some(70_000),
                    },
                    drug: "ketamine".into(),
                    route: "iv".into(),
                    preset: preset.map(Arc::from),
                    turn_over,
                },
            }),
            Self::Choose { preset, role: by } => {
                role = by;
                Deed::Visit(VisitDeed::ChoosePreset { session, preset: preset.into() })
            }
            Self::Move => Deed::Visit(VisitDeed::MoveSession { session, bed: BedIndex(1 - bed.0) }),
            Self::End => Deed::EndSession {
                session,
                disposition: Disposition::Admitted,
                checks: Checks::default(),
            },
        };
        Input::Act(Act {
            command: Uuid::from_bits(1 << 91 | micros),
            by: Actor::new("kim", role),
            reason: Some("so it is".into()),
            deed,
        })
    }
}
