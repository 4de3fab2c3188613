//! Random histories: what devices, screens and the service say, and whom a nurse chooses.

use proptest::prelude::*;
use proptest::sample::select;

use super::{BROKER, CUFF_LINE, device};
use crate::domain::act::{Act, Actor, Deed};
use crate::domain::device::{DeviceStatus, Message, StatusCode};
use crate::domain::ids::{BedIndex, SourceIndex, Uuid};
use crate::domain::input::{FaultState, Input, ServiceFault, Sound, Watching};
use crate::domain::role::Role;
use crate::domain::time::Stamp;

#[derive(Clone, Debug)]
pub(super) enum Said {
    Status {
        by: (BedIndex, SourceIndex, &'static str),
        told: DeviceStatus,
    },
    Fault(ServiceFault, FaultState),
    /// The bed that nobody watches.
    Unwatched(Option<BedIndex>),
    Keep {
        bed: BedIndex,
        device: &'static str,
    },
}

pub(super) fn any_said() -> impl Strategy<Value = Said> {
    let devices = vec![
        (BedIndex(0), CUFF_LINE, "cuff-line"),
        (BedIndex(0), BROKER, "monitor"),
        (BedIndex(1), BROKER, "monitor"),
        (BedIndex(1), BROKER, "other"),
    ];
    // One of each sort, so that each is on and off in turn.
    let codes = vec![
        StatusCode::SensorOff,
        StatusCode::CuffLeak,
        StatusCode::LowBattery,
        StatusCode::CommsLost,
        StatusCode::Busy,
    ];
    let states = vec![FaultState::Present { why: "so it is".into() }, FaultState::Over];
    let chosen = vec!["monitor", "other", "cuff-line"];
    prop_oneof![
        3 => (select(devices), select(codes), any::<bool>()).prop_map(
            |(by, code, active)| Said::Status { by, told: DeviceStatus { code, active } }
        ),
        1 => (select(ServiceFault::ALL.to_vec()), select(states))
            .prop_map(|(fault, state)| Said::Fault(fault, state)),
        1 => proptest::option::of(select(vec![BedIndex(0), BedIndex(1)])).prop_map(Said::Unwatched),
        2 => (select(vec![BedIndex(0), BedIndex(1)]), select(chosen))
            .prop_map(|(bed, device)| Said::Keep { bed, device }),
    ]
}

impl Said {
    pub(super) fn input(&self, now: Stamp) -> Input {
        match self {
            Self::Status { by: (bed, source, name), told } => {
                let message = Message { statuses: vec![*told], ..Message::default() };
                Input::Message { bed: *bed, source: *source, device: device(name), message }
            }
            Self::Fault(fault, state) => Input::Service { fault: *fault, state: state.clone() },
            Self::Unwatched(bed) => Input::Watching(Watching {
                unwatched: bed.iter().copied().collect(),
                sound: if bed.is_some() { Sound::Locked } else { Sound::Heard },
            }),
            Self::Keep { bed, device: kept } => Input::Act(Act {
                command: Uuid::from_bits(now.mono.as_micros().into()),
                by: Actor::new("nurse", Role::Nurse),
                reason: Some("seen".into()),
                deed: Deed::KeepDevice { bed: *bed, device: device(kept) },
            }),
        }
    }
}
