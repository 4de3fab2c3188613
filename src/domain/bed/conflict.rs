//! Device conflict (safety S8; alarms 13): one device under two beds, or two undeclared devices
//! that give the same value for one. Both are judged, the worse value deciding, and neither is
//! painted live until a nurse chooses; then the other's values are set aside, and stay so until
//! somebody chooses again or a session starts.
//!
//! A hand-taken value conflicts with nothing, and neither does a device that the configuration
//! declares.

use std::sync::Arc;

use super::{Bed, Desk};
use crate::domain::act::{Act, Refused, Unknown};
use crate::domain::alarm::AlarmFamily;
use crate::domain::alarm::family::Gone;
use crate::domain::alarm::occurrence::{ActNote, SessionChange, Subject};
use crate::domain::alarm::rule::Judged;
use crate::domain::ids::{BedId, DeviceId};
use crate::domain::link::Device;
use crate::domain::metric::Metric;
use crate::domain::reading::ValueSource;
use crate::domain::time::{MonoTime, Stamp};
use crate::domain::view::{ConflictView, Freshness};
use crate::domain::vital::Vital;

/// What two devices may both give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// A cuff's determination, its pulse with it.
    Cuff,
    Value(Metric, ValueSource),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Conflict {
    /// This device also speaks for another bed.
    TwoBeds {
        device: DeviceId,
    },
    TwoDevices {
        given: Given,
    },
}

/// What is not taken from a device any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aside {
    pub device: DeviceId,
    /// `None`: everything; it is another bed's.
    pub given: Option<Given>,
}

impl Given {
    /// `None`: taken by hand.
    #[must_use]
    pub const fn of(metric: Metric, source: ValueSource) -> Option<Self> {
        match source {
            ValueSource::Nibp => Some(Self::Cuff),
            ValueSource::Manual => None,
            ValueSource::Ecg | ValueSource::Pleth | ValueSource::Art => {
                Some(Self::Value(metric, source))
            }
        }
    }

    /// The alarm's subject.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cuff => "nibp",
            Self::Value(metric, _) => metric.info().name,
        }
    }
}

impl Conflict {
    fn subject(&self) -> Arc<str> {
        match self {
            Self::TwoBeds { device } => device.as_str().into(),
            Self::TwoDevices { given } => given.name().into(),
        }
    }
}

impl Bed {
    /// Whether a value of a device is not taken any more.
    #[must_use]
    pub fn is_set_aside(&self, device: &DeviceId, metric: Metric, source: ValueSource) -> bool {
        let given = Given::of(metric, source);
        let meant = |it: &Aside| it.device == *device && (it.given.is_none() || it.given == given);
        self.aside.iter().any(meant)
    }

    /// Whether a vital's values are not judged: another device was chosen (safety S8).
    pub(super) fn is_aside(&self, vital: &Vital) -> bool {
        self.is_set_aside(&vital.device, vital.metric, vital.source)
    }

    /// A device that was left to another bed.
    #[must_use]
    pub fn has_left(&self, device: &DeviceId) -> bool {
        self.aside.iter().any(|it| it.device == *device && it.given.is_none())
    }

    /// A value came: does another device give it, too?
    pub(super) fn find_conflict(&mut self, vital: usize, now: MonoTime) {
        if self.devices.len() < 2 {
            return;
        }
        let it = &self.vitals[vital];
        let given = Given::of(it.metric, it.source).filter(|_| it.newest.value.is_ok());
        let Some(given) = given else { return };
        let conflict = Conflict::TwoDevices { given };
        if self.is_declared(&it.device) || self.conflicts.contains(&conflict) {
            return;
        }
        let Some(other) = self.rivals(it, now).find(|other| !self.is_declared(&other.device))
        else {
            return;
        };
        let what = match given {
            Given::Cuff => "blood pressure",
            Given::Value(metric, _) => metric.info().label,
        };
        let why = format!("{} and {} both give {what}", other.device, it.device);
        self.conflicts.push(conflict);
        self.cause(AlarmFamily::DeviceConflict, Some(given.name()), now, &why);
    }

    /// Live values of other devices for the same thing.
    fn rivals<'a>(&'a self, it: &'a Vital, now: MonoTime) -> impl Iterator<Item = &'a Vital> {
        let given = Given::of(it.metric, it.source);
        self.vitals.iter().filter(move |other| {
            other.device != it.device
                && given.is_some()
                && Given::of(other.metric, other.source) == given
                && self.freshness(other, now) == Freshness::Live
        })
    }

    fn is_declared(&self, device: &DeviceId) -> bool {
        self.is_line(device) || self.plan.declared.iter().any(|it| it.id == *device)
    }

    /// Whether a vital may be painted live: not while nobody has chosen.
    pub(super) fn is_in_conflict(&self, vital: &Vital) -> bool {
        let given = Given::of(vital.metric, vital.source);
        self.conflicts.iter().any(|conflict| match conflict {
            Conflict::TwoBeds { device } => *device == vital.device,
            Conflict::TwoDevices { given: of } => Some(*of) == given,
        })
    }

    /// A device of this bed speaks for another one, too.
    pub(super) fn shared(
        &mut self,
        device: &DeviceId,
        with: &BedId,
        now: Stamp,
        desk: &mut Desk<'_>,
    ) {
        let conflict = Conflict::TwoBeds { device: device.clone() };
        if self.has_left(device) || self.conflicts.contains(&conflict) {
            return;
        }
        self.conflicts.push(conflict);
        let why = format!("{device} also sends for {with}");
        self.cause(AlarmFamily::DeviceConflict, Some(device.as_str()), now.mono, &why);
        self.settle(now, desk);
        self.wake_at(now.mono);
    }

    /// Whether there is something to choose about a device.
    ///
    /// # Errors
    /// `Unknown` for a device that the bed does not have; `AlreadySo` where nothing is open.
    pub fn may_keep(&self, device: &DeviceId) -> Result<(), Refused> {
        if !self.devices.iter().any(|it| it.id == *device) {
            return Err(Refused::Unknown(Unknown::Device));
        }
        let is_aside = self.aside.iter().any(|it| it.device == *device);
        let concerned = self.conflicts.iter().any(|it| self.concerns(it, device));
        if is_aside || concerned { Ok(()) } else { Err(Refused::AlreadySo) }
    }

    /// A conflict of which no device is left can't be settled by anybody: it is over, and the next
    /// one is told anew.
    pub(super) fn drop_unchoosable(&mut self) {
        let choosable = |it: &&Conflict| self.devices.iter().any(|of| self.concerns(it, &of.id));
        let gone: Vec<_> = self.conflicts.iter().filter(|it| !choosable(it)).cloned().collect();
        for conflict in &gone {
            self.over(conflict);
        }
    }

    fn concerns(&self, conflict: &Conflict, device: &DeviceId) -> bool {
        match conflict {
            Conflict::TwoBeds { device: shared } => shared == device,
            Conflict::TwoDevices { given } => self.gives(device, *given),
        }
    }

    /// Each with the devices that `may_keep` lets somebody choose.
    pub(super) fn conflict_views(&self) -> Vec<ConflictView> {
        let view = |conflict: &Conflict| {
            let mut devices: Vec<DeviceId> = Vec::new();
            for Device { id, .. } in &self.devices {
                // By two lines it is still one device.
                if self.concerns(conflict, id) && !devices.contains(id) {
                    devices.push(id.clone());
                }
            }
            let two_beds = matches!(conflict, Conflict::TwoBeds { .. });
            ConflictView { subject: conflict.subject(), devices, two_beds }
        };
        self.conflicts.iter().map(view).collect()
    }

    fn gives(&self, device: &DeviceId, given: Given) -> bool {
        let mut theirs = self.vitals.iter().filter(|vital| vital.device == *device);
        theirs.any(|vital| Given::of(vital.metric, vital.source) == Some(given))
    }

    /// A named person chose this device: its values are taken, those of others for the same are
    /// not.
    pub(super) fn kept(&mut self, device: &DeviceId, act: &Act, now: Stamp, desk: &mut Desk<'_>) {
        let was_aside: Vec<_> =
            self.aside.iter().filter(|it| it.device == *device).filter_map(|it| it.given).collect();
        self.aside.retain(|it| it.device != *device);
        let concerned: Vec<_> =
            self.conflicts.iter().filter(|it| self.concerns(it, device)).cloned().collect();
        let given = concerned.iter().filter_map(|conflict| match conflict {
            Conflict::TwoDevices { given } => Some(*given),
            Conflict::TwoBeds { .. } => None,
        });
        let given: Vec<_> = given.chain(was_aside).collect();
        let what: Vec<_> = concerned.iter().map(Conflict::subject).collect();
        for conflict in &concerned {
            self.over(conflict);
        }
        for given in given {
            let others = self.vitals.iter().filter(|vital| vital.device != *device);
            let others = others.filter(|it| Given::of(it.metric, it.source) == Some(given));
            let mut others: Vec<_> = others.map(|vital| vital.device.clone()).collect();
            others.dedup();
            for other in others {
                self.set_aside(Aside { device: other, given: Some(given) }, now.mono);
            }
        }
        self.tell_kept(device, &what.join(", "), act, now, desk);
        self.tick(now, desk);
    }

    /// A named person chose this device for another bed: nothing of it counts here any more.
    pub(super) fn left(&mut self, device: &DeviceId, now: Stamp, desk: &mut Desk<'_>) {
        self.over(&Conflict::TwoBeds { device: device.clone() });
        self.set_aside(Aside { device: device.clone(), given: None }, now.mono);
        self.tick(now, desk);
    }

    /// What was chosen holds until a session starts: the next patient's devices are looked at anew.
    pub(super) fn forget_choices(&mut self) {
        self.aside.clear();
    }

    /// Whether it waits for a choice between this bed and another.
    #[must_use]
    pub fn shares(&self, device: &DeviceId) -> bool {
        self.conflicts.contains(&Conflict::TwoBeds { device: device.clone() })
    }

    fn over(&mut self, conflict: &Conflict) {
        self.conflicts.retain(|it| it != conflict);
        self.no_cause(AlarmFamily::DeviceConflict, Some(&*conflict.subject()));
    }

    fn set_aside(&mut self, aside: Aside, now: MonoTime) {
        let meant = |vital: &Vital| {
            let given = Given::of(vital.metric, vital.source);
            vital.device == aside.device && (aside.given.is_none() || aside.given == given)
        };
        let metrics = self.vitals.iter().filter(|vital| meant(vital)).map(|vital| vital.metric);
        let metrics: Vec<_> = metrics.collect();
        self.vitals.retain(|vital| !meant(vital));
        if !self.aside.contains(&aside) {
            self.aside.push(aside);
        }
        for metric in metrics {
            self.withdrawn(metric, now);
        }
    }

    /// A metric has lost a source: what it was judged as may be missing.
    fn withdrawn(&mut self, metric: Metric, now: MonoTime) {
        let live =
            |vital: &Vital| vital.metric == metric && self.freshness(vital, now) == Freshness::Live;
        if super::cuff::is_pressure(metric) {
            if !self.vitals.iter().any(live) {
                self.judged_missing(Judged::Metric(metric), Gone::All, now);
            }
        } else {
            self.input_missing(metric, now);
        }
    }

    fn tell_kept(&self, device: &DeviceId, what: &str, act: &Act, now: Stamp, desk: &mut Desk<'_>) {
        let note = ActNote {
            by: act.by.name.clone(),
            ordered_by: act.by.ordered_by.clone(),
            reason: act.reason.clone(),
            what: (!what.is_empty()).then(|| what.into()),
            old: None,
            new: Some(device.as_str().into()),
        };
        let (bed, phase) = (self.plan.id.clone(), self.phase());
        let session = self.session.as_ref().map(|session| session.id);
        let (change, note) = (SessionChange::DeviceKept, Some(Box::new(note)));
        self.scene(now, desk).put(Subject::Session { change, bed, session, phase, note });
    }
}
