//! Mirrors of a bed's device conflicts and of what was set aside.

use serde::{Deserialize, Serialize};

use super::Text;
use crate::domain::bed::{Aside, Conflict, Given};
use crate::domain::ids::DeviceId;
use crate::domain::metric::Metric;
use crate::domain::reading::ValueSource;
use crate::domain::record::{RecordError, by_name, malformed};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum ConflictV1<'a> {
    TwoBeds(#[serde(borrow)] Text<'a>),
    TwoDevices(#[serde(borrow)] GivenV1<'a>),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AsideV1<'a> {
    #[serde(borrow)]
    device: Text<'a>,
    #[serde(borrow)]
    given: Option<GivenV1<'a>>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum GivenV1<'a> {
    Cuff,
    Value(#[serde(borrow)] Text<'a>, #[serde(borrow)] Text<'a>),
}

impl<'a> ConflictV1<'a> {
    pub(super) fn of(conflict: &'a Conflict) -> Self {
        match conflict {
            Conflict::TwoBeds { device } => Self::TwoBeds(device.as_str().into()),
            Conflict::TwoDevices { given } => Self::TwoDevices(GivenV1::of(*given)),
        }
    }

    pub(super) fn into_domain(self) -> Result<Conflict, RecordError> {
        Ok(match self {
            Self::TwoBeds(device) => Conflict::TwoBeds { device: DeviceId::try_new(&device)? },
            Self::TwoDevices(given) => Conflict::TwoDevices { given: given.into_domain()? },
        })
    }
}

impl<'a> AsideV1<'a> {
    pub(super) fn of(aside: &'a Aside) -> Self {
        let Aside { device, given } = aside;
        Self { device: device.as_str().into(), given: given.map(GivenV1::of) }
    }

    pub(super) fn into_domain(self) -> Result<Aside, RecordError> {
        let given = self.given.map(GivenV1::into_domain).transpose()?;
        Ok(Aside { device: DeviceId::try_new(&self.device)?, given })
    }
}

impl GivenV1<'_> {
    fn of(given: Given) -> Self {
        match given {
            Given::Cuff => Self::Cuff,
            Given::Value(metric, source) => {
                Self::Value(metric.info().name.into(), source.name().into())
            }
        }
    }

    fn into_domain(self) -> Result<Given, RecordError> {
        match self {
            Self::Cuff => Ok(Given::Cuff),
            Self::Value(metric, source) => Ok(Given::Value(
                Metric::by_name(&metric).ok_or_else(|| malformed("unknown metric"))?,
                by_name(ValueSource::ALL, ValueSource::name, &source)?,
            )),
        }
    }
}
