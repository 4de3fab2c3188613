//! Mirror of a technical condition: of a bed, or of the whole service.

use serde::{Deserialize, Serialize};

use super::Text;
use super::episode::EpisodeV1;
use crate::domain::alarm::technical::priority_of;
use crate::domain::alarm::{AlarmFamily, Priority};
use crate::domain::bed::{Bed, Technical};
use crate::domain::ids::SourceIndex;
use crate::domain::link::Device;
use crate::domain::record::{RecordError, by_name};
use crate::domain::time::MonoTime;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TechnicalV1<'a> {
    #[serde(borrow)]
    family: Text<'a>,
    #[serde(borrow)]
    subject: Option<Text<'a>>,
    /// The source that it is about, where it is about one.
    #[serde(borrow)]
    line: Option<Text<'a>>,
    since: Option<u64>,
    #[serde(borrow)]
    why: Text<'a>,
    #[serde(borrow)]
    floor: Text<'a>,
    #[serde(borrow)]
    pub(super) episode: EpisodeV1<'a>,
}

/// The ranks of technical steps, highest first.
const RANKS: [u8; 3] = [0, 1, 2];

impl<'a> TechnicalV1<'a> {
    pub(super) fn of(technical: &'a Technical, name: impl Fn(SourceIndex) -> &'a str) -> Self {
        let Technical { family, subject, line, since, why, floor, episode } = technical;
        Self {
            family: family.name().into(),
            subject: subject.as_deref().map(Text::from),
            line: line.map(|line| name(line).into()),
            since: since.map(MonoTime::as_micros),
            why: (&**why).into(),
            floor: floor.name().into(),
            episode: EpisodeV1::of(episode, |rank| priority_of(rank).name().into()),
        }
    }

    /// `source` finds a source that is still there; the cause of a condition about one that is
    /// not is over.
    pub(super) fn into_domain(
        self,
        source: impl FnOnce(&str) -> Option<SourceIndex>,
    ) -> Result<Technical, RecordError> {
        let line = self.line.as_deref().and_then(source);
        let is_over = self.line.is_some() && line.is_none();
        let rank = |name: &str| {
            let named = RANKS.into_iter().find(|rank| priority_of(*rank).name() == name);
            named.unwrap_or(RANKS[2])
        };
        Ok(Technical {
            family: by_name(AlarmFamily::ALL, AlarmFamily::name, &self.family)?,
            subject: self.subject.map(Into::into),
            line,
            since: self.since.filter(|_| !is_over).map(MonoTime::from_micros),
            why: self.why.into(),
            floor: by_name(Priority::ALL, Priority::name, &self.floor)?,
            episode: self.episode.into_domain(rank)?,
        })
    }
}

/// Technical families whose subject is a device, and those whose subject is a value.
const OF_DEVICES: [AlarmFamily; 5] = [
    AlarmFamily::LinkDown,
    AlarmFamily::SensorOff,
    AlarmFamily::CuffFailed,
    AlarmFamily::DeviceClock,
    AlarmFamily::BatteryLow,
];
const OF_VALUES: [AlarmFamily; 3] =
    [AlarmFamily::NoValue, AlarmFamily::Implausible, AlarmFamily::Frozen];

/// A lost link of a device that left with its source would stay lost for ever, and so would a
/// value that only such a device sent.
pub(super) fn end_causes_that_left(bed: &mut Bed) {
    for it in &mut bed.technical {
        let is_of_device = |device: &Device| it.subject.as_deref() == Some(device.id.as_str());
        let named = |name| it.subject.as_deref() == Some(name);
        let is_there = if OF_DEVICES.contains(&it.family) {
            bed.devices.iter().any(is_of_device)
        } else if OF_VALUES.contains(&it.family) {
            bed.vitals.iter().any(|vital| named(vital.metric.info().name))
        } else {
            true
        };
        if !is_there {
            it.since = None;
        }
    }
}
