//! Mirrors of a component's hold and of a band's repeat that is awaited.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Text, micros};
use crate::domain::alarm::confirm::{Confirming, Countdown, Violated};
use crate::domain::alarm::hold::{Hold, Run};
use crate::domain::ids::DeviceId;
use crate::domain::record::{RecordError, is_false};
use crate::domain::time::MonoTime;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum HoldV1 {
    Idle,
    Running {
        since: u64,
        newest: u64,
        violating: bool,
        dip_since: Option<u64>,
        dips_us: u64,
        spots: u8,
        lost: Option<u64>,
    },
    Held,
    Clearing {
        since: u64,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum ConfirmingV1<'a> {
    Idle,
    Awaiting {
        #[serde(borrow)]
        device: Text<'a>,
        first: u64,
        wait_us: u64,
        until: u64,
        #[serde(default, skip_serializing_if = "is_false")]
        stopped: bool,
        violated: u16,
    },
    Confirmed,
}

impl HoldV1 {
    pub(super) fn of(hold: Hold) -> Self {
        match hold {
            Hold::Idle => Self::Idle,
            Hold::Running(Run { since, newest, violating, dip_since, dips, spots, lost }) => {
                Self::Running {
                    since: since.as_micros(),
                    newest: newest.as_micros(),
                    violating,
                    dip_since: dip_since.map(MonoTime::as_micros),
                    dips_us: micros(dips),
                    spots,
                    lost: lost.map(MonoTime::as_micros),
                }
            }
            Hold::Held => Self::Held,
            Hold::Clearing { since } => Self::Clearing { since: since.as_micros() },
        }
    }

    pub(super) fn into_domain(self) -> Hold {
        match self {
            Self::Idle => Hold::Idle,
            Self::Running { since, newest, violating, dip_since, dips_us, spots, lost } => {
                Hold::Running(Run {
                    since: MonoTime::from_micros(since),
                    newest: MonoTime::from_micros(newest),
                    violating,
                    dip_since: dip_since.map(MonoTime::from_micros),
                    dips: Duration::from_micros(dips_us),
                    spots,
                    lost: lost.map(MonoTime::from_micros),
                })
            }
            Self::Held => Hold::Held,
            Self::Clearing { since } => Hold::Clearing { since: MonoTime::from_micros(since) },
        }
    }
}

impl<'a> ConfirmingV1<'a> {
    pub(super) fn of(confirming: &'a Confirming) -> Self {
        match confirming {
            Confirming::Idle => Self::Idle,
            Confirming::Awaiting { device, first, wait, until, countdown, violated } => {
                Self::Awaiting {
                    device: device.as_str().into(),
                    first: first.as_micros(),
                    wait_us: micros(*wait),
                    until: until.as_micros(),
                    stopped: *countdown == Countdown::Stopped,
                    violated: violated.0,
                }
            }
            Confirming::Confirmed => Self::Confirmed,
        }
    }

    /// `places`: where each saved component is now. A repeat is awaited by those that are left.
    pub(super) fn into_domain(self, places: &[Option<usize>]) -> Result<Confirming, RecordError> {
        Ok(match self {
            Self::Idle => Confirming::Idle,
            Self::Awaiting { device, first, wait_us, until, stopped, violated } => {
                let (saved, mut left) = (Violated(violated), Violated::default());
                let kept = places.iter().enumerate().filter(|(before, _)| saved.holds(*before));
                kept.filter_map(|(_, now)| *now).for_each(|now| left.insert(now));
                if left.is_empty() {
                    Confirming::Idle
                } else {
                    Confirming::Awaiting {
                        device: DeviceId::try_new(&device)?,
                        first: MonoTime::from_micros(first),
                        wait: Duration::from_micros(wait_us),
                        until: MonoTime::from_micros(until),
                        countdown: if stopped { Countdown::Stopped } else { Countdown::Runs },
                        violated: left,
                    }
                }
            }
            Self::Confirmed => Confirming::Confirmed,
        })
    }
}
