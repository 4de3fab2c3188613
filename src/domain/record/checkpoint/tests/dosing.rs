//! Doses in random histories: given, changed, taken back, voided, amended.

use std::time::Duration;

use proptest::prelude::*;
use proptest::sample::select;

use crate::domain::act::{Act, Actor, Deed, VisitDeed};
use crate::domain::ids::{BedIndex, Uuid};
use crate::domain::role::Role;
use crate::domain::session::dose::{DoseChange, DoseOrder};
use crate::domain::time::Stamp;
use crate::domain::ward::Ward;

/// One thing that a person does about a session's doses; which, counted from the newest.
#[derive(Clone, Debug)]
pub(super) enum Dosing {
    Give { device: Option<u8>, seconds_ago: u64, ended: bool, role: Role },
    Pause(usize),
    Resume(usize),
    End(usize, Option<u64>),
    Undo(usize),
    Void(usize),
    Amend(usize, u64),
}

pub(super) fn any_dosing() -> impl Strategy<Value = Dosing> {
    let give = (
        select(vec![None, Some(1), Some(1), Some(2)]),
        select(vec![0, 0, 5, 400]),
        prop::bool::weighted(0.2),
        select(vec![Role::Nurse, Role::Lead, Role::Lead]),
    );
    let nth = || 0..2_usize;
    prop_oneof![
        4 => give.prop_map(|(device, seconds_ago, ended, role)| {
            Dosing::Give { device, seconds_ago, ended, role }
        }),
        3 => nth().prop_map(Dosing::Pause),
        1 => nth().prop_map(Dosing::Resume),
        1 => (nth(), select(vec![None, Some(20_000)]))
            .prop_map(|(nth, given)| Dosing::End(nth, given)),
        1 => nth().prop_map(Dosing::Undo),
        1 => nth().prop_map(Dosing::Void),
        1 => (nth(), select(vec![0, 30_000])).prop_map(|(nth, amount)| Dosing::Amend(nth, amount)),
    ]
}

impl Dosing {
    /// The act in the bed's session; `None`: it has none.
    pub(super) fn act(&self, ward: &Ward, bed: BedIndex, now: Stamp) -> Option<Act> {
        let place = usize::try_from(bed.0).expect("a few beds");
        let it = ward.beds()[place].session.as_ref()?;
        let session = it.id;
        // A dose that nobody knows, where there are not so many.
        let dose =
            |nth: usize| it.doses.iter().rev().nth(nth).map_or(Uuid::from_bits(9), |dose| dose.id);
        let change =
            |nth, change| Deed::Visit(VisitDeed::ChangeDose { session, dose: dose(nth), change });
        let mut role = Role::Nurse;
        let deed = match *self {
            Self::Give { device, seconds_ago, ended, role: by } => {
                role = by;
                let dose = DoseOrder {
                    micrograms: Some(28_000),
                    device_number: device,
                    lot: Some("L1".into()),
                    started: Some(now.wall.minus(Duration::from_secs(seconds_ago))),
                    ended: ended.then_some(now.wall),
                };
                Deed::Visit(VisitDeed::GiveDose { session, dose })
            }
            Self::Pause(nth) => change(nth, DoseChange::Pause { at: None }),
            Self::Resume(nth) => change(nth, DoseChange::Resume { at: None }),
            Self::End(nth, given_micrograms) => {
                change(nth, DoseChange::End { at: None, given_micrograms })
            }
            Self::Undo(nth) => Deed::Visit(VisitDeed::UndoDose { session, dose: dose(nth) }),
            Self::Void(nth) => Deed::Visit(VisitDeed::VoidDose { session, dose: dose(nth) }),
            Self::Amend(nth, micrograms) => {
                Deed::Visit(VisitDeed::AmendDose { session, dose: dose(nth), micrograms })
            }
        };
        let command = Uuid::from_bits(1 << 91 | u128::from(now.mono.as_micros()));
        Some(Act { command, by: Actor::new("kim", role), reason: Some("ordered".into()), deed })
    }
}
