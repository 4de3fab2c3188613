//! One device under two beds (safety S8; alarms 13), and the choice that settles any conflict of
//! devices. Two devices that give the same value for one bed are that bed's own to find.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{Ward, index_of};
use crate::domain::act::{Act, Answer, Done, Refused, Unknown};
use crate::domain::alarm::occurrence::Transition;
use crate::domain::bed::BedInput;
use crate::domain::ids::{BedIndex, DeviceId};
use crate::domain::time::{MonoTime, Stamp};

/// A device that was heard for another bed so recently speaks for two (alarms 13).
const TWO_BEDS_WITHIN: Duration = Duration::from_secs(60);
/// Devices remembered for each bed; far more than a bed has.
const DEVICES_PER_BED: usize = 16;

/// For which bed each device was last heard.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heard(pub(in crate::domain) BTreeMap<DeviceId, (BedIndex, MonoTime)>);

impl Heard {
    /// Notes that a device spoke for a bed; the other bed for which it did just before.
    fn note(&mut self, device: &DeviceId, bed: BedIndex, now: MonoTime) -> Option<BedIndex> {
        let before = match self.0.get_mut(device) {
            Some(known) => std::mem::replace(known, (bed, now)),
            None => {
                self.0.insert(device.clone(), (bed, now));
                return None;
            }
        };
        let (other, at) = before;
        (other != bed && now.since(at) <= TWO_BEDS_WITHIN).then_some(other)
    }

    /// Forgets the devices that can't be in conflict any more, where there are too many.
    fn bound(&mut self, beds: usize, now: MonoTime) {
        if self.0.len() > beds.saturating_mul(DEVICES_PER_BED) {
            self.0.retain(|_, (_, at)| now.since(*at) <= TWO_BEDS_WITHIN);
        }
    }
}

impl Ward {
    /// A message came: did its device just speak for another bed, too?
    pub(super) fn find_shared(
        &mut self,
        bed: BedIndex,
        device: &DeviceId,
        now: Stamp,
        out: &mut Vec<Transition>,
    ) {
        let has_left = self.beds.get(bed.0 as usize).is_none_or(|bed| bed.has_left(device));
        if has_left {
            return;
        }
        let other = self.heard.note(device, bed, now.mono);
        self.heard.bound(self.beds.len(), now.mono);
        let Some(other) = other else { return };
        for (one, with) in [(bed, other), (other, bed)] {
            let Some(with) = self.beds.get(with.0 as usize) else { continue };
            let with = with.plan.id.clone();
            self.bed_step(one, BedInput::Shared { device, with: &with }, now, out);
        }
    }

    /// A nurse chooses which device counts; the reason goes on record.
    pub(super) fn keep_device(
        &mut self,
        act: &Act,
        bed: BedIndex,
        device: &DeviceId,
        now: Stamp,
        out: &mut Vec<Transition>,
    ) -> Answer {
        if act.reason.is_none() {
            return Err(Refused::ReasonNeeded);
        }
        let of = self.beds.get(bed.0 as usize).ok_or(Refused::Unknown(Unknown::Bed))?;
        of.may_keep(device)?;
        self.bed_step(bed, BedInput::Kept { device, act }, now, out);
        self.heard.note(device, bed, now.mono);
        for other in (0..self.beds.len()).map(|place| BedIndex(index_of(place))) {
            if other != bed && self.beds[other.0 as usize].shares(device) {
                self.bed_step(other, BedInput::Left { device }, now, out);
            }
        }
        Ok(Done::Taken)
    }
}
