//! Mirror of a bed's last determinations, so that after a restart a voided reading still leaves
//! the one before it and the gates still see the last two.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::device::{TAGS, tag_name};
use super::{Text, micros};
use crate::domain::alarm::confirm::ByHand;
use crate::domain::bed::{Mean, Remembered};
use crate::domain::ids::{DeviceId, ReadingId};
use crate::domain::reading::Validity;
use crate::domain::record::{RecordError, StampV1, by_name, is_false};
use crate::domain::time::WallTime;
use crate::domain::vital::Late;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RememberedV1<'a> {
    #[serde(borrow)]
    device: Text<'a>,
    #[serde(default, skip_serializing_if = "is_false")]
    by_hand: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    questionable: bool,
    received: StampV1,
    lag_us: u64,
    source_time: Option<i64>,
    seq: Option<u32>,
    #[serde(default, skip_serializing_if = "is_false")]
    backlog: bool,
    #[serde(borrow)]
    tag: Text<'a>,
    /// Reading and value of each.
    sys: Option<(u64, i32)>,
    dia: Option<(u64, i32)>,
    map: Option<(u64, i32)>,
    #[serde(default, skip_serializing_if = "is_false")]
    derived: bool,
    /// By whom.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    voided: Option<Text<'a>>,
}

impl<'a> RememberedV1<'a> {
    pub(super) fn of(it: &'a Remembered) -> Self {
        let Remembered {
            device,
            by_hand,
            validity,
            received,
            lag,
            source_time,
            seq,
            late,
            tag,
            sys,
            dia,
            map,
            mean,
            voided,
        } = it;
        let value = |slot: &Option<(ReadingId, i32)>| slot.map(|(id, value)| (id.0, value));
        Self {
            device: device.as_str().into(),
            by_hand: *by_hand == ByHand::Yes,
            questionable: *validity == Validity::Questionable,
            received: (*received).into(),
            lag_us: micros(*lag),
            source_time: source_time.map(WallTime::as_micros),
            seq: *seq,
            backlog: *late == Late::Backlog,
            tag: tag_name(*tag).into(),
            sys: value(sys),
            dia: value(dia),
            map: value(map),
            derived: *mean == Mean::Derived,
            voided: voided.as_deref().map(Into::into),
        }
    }

    pub(super) fn into_domain(self) -> Result<Remembered, RecordError> {
        let value = |slot: Option<(u64, i32)>| slot.map(|(id, value)| (ReadingId(id), value));
        Ok(Remembered {
            device: DeviceId::try_new(&self.device)?,
            by_hand: if self.by_hand { ByHand::Yes } else { ByHand::No },
            validity: if self.questionable { Validity::Questionable } else { Validity::Good },
            received: self.received.into(),
            lag: Duration::from_micros(self.lag_us),
            source_time: self.source_time.map(WallTime::from_micros),
            seq: self.seq,
            late: if self.backlog { Late::Backlog } else { Late::OnTime },
            tag: by_name(TAGS, tag_name, &self.tag)?,
            sys: value(self.sys),
            dia: value(self.dia),
            map: value(self.map),
            mean: if self.derived { Mean::Derived } else { Mean::Measured },
            voided: self.voided.map(Into::into),
        })
    }
}
