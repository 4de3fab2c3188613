//! Vital signs that a person took (contract 6 `POST /sessions/{id}/readings`; alarms 14).

use std::sync::Arc;

use crate::domain::metric::Metric;
use crate::domain::reading::Quantity;
use crate::domain::time::WallTime;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandReading {
    /// How, in the nurse's words: "aneroid", "counted".
    pub method: Arc<str>,
    /// Who took it, where it was not who enters it.
    pub taker: Option<Arc<str>>,
    pub taken: WallTime,
    /// Each metric once; a systolic pressure with its diastolic.
    pub values: Vec<(Metric, Quantity)>,
    pub arm: Option<Arm>,
    pub cuff_size: Option<CuffSize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arm {
    Left,
    Right,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CuffSize {
    Small,
    Adult,
    Large,
    Thigh,
}

impl Arm {
    pub const ALL: [Self; 2] = [Self::Left, Self::Right];

    /// The wire's word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Right => "right",
        }
    }
}

impl CuffSize {
    pub const ALL: [Self; 4] = [Self::Small, Self::Adult, Self::Large, Self::Thigh];

    /// The wire's word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Adult => "adult",
            Self::Large => "large",
            Self::Thigh => "thigh",
        }
    }
}
