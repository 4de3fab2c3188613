//! Faults of the service itself, and who watches: alarms with bed null, never lowered (alarms 13).
//!
//! The shell finds them; here each is one alarm that lasts until it is told over. A step of our
//! wall clock is over at once and is held for a while. A bed needs a watcher while its session
//! runs.

use std::time::Duration;

use super::Ward;
use crate::domain::alarm::AlarmFamily;
use crate::domain::alarm::occurrence::Transition;
use crate::domain::alarm::technical::DISK;
use crate::domain::bed::{Bed, Technical, technical};
use crate::domain::ids::BedIndex;
use crate::domain::input::{FaultState, ServiceFault, Sound, Watching};
use crate::domain::time::{MonoTime, Stamp};

/// A step of our wall clock stays an alarm for so long: it is over when it is found.
const STEP_HELD: Duration = Duration::from_secs(10 * 60);

impl Ward {
    pub(super) fn fault(&mut self, fault: ServiceFault, state: &FaultState, now: MonoTime) {
        let (family, subject) = line_of(fault);
        let is_step = fault == ServiceFault::ClockStepped;
        match state {
            FaultState::Present { why } => {
                let it = technical(&mut self.service, family, subject);
                if it.since.is_none() || is_step {
                    it.since = Some(now);
                    it.why = why.clone();
                }
            }
            FaultState::Over if is_step => {}
            FaultState::Over => over(&mut self.service, family, subject),
        }
    }

    /// A session began or ended, or somebody came or went.
    pub(super) fn watchers_changed(&mut self, now: Stamp, out: &mut Vec<Transition>) {
        self.find_watchers(now.mono);
        self.settle_service(now, out);
    }

    /// Whether a running session is without a watcher, and whether anybody can hear.
    fn find_watchers(&mut self, now: MonoTime) {
        // Not told since the start: what was found before stays.
        let Some(Watching { unwatched, sound }) = &self.watching else { return };
        let runs = |bed: &&BedIndex| {
            self.beds.get(bed.0 as usize).is_some_and(|bed: &Bed| bed.session.is_some())
        };
        let alone = unwatched.iter().filter(runs);
        let alone: Vec<&str> =
            alone.map(|bed| self.beds[bed.0 as usize].plan.id.as_str()).collect();
        let (why, is_locked) = (alone.join(", "), *sound == Sound::Locked);
        if why.is_empty() {
            over(&mut self.service, AlarmFamily::NobodyWatching, None);
        } else {
            let it = technical(&mut self.service, AlarmFamily::NobodyWatching, None);
            it.since.get_or_insert(now);
            it.why = why.into();
        }
        if is_locked {
            technical(&mut self.service, AlarmFamily::SoundLocked, None).since.get_or_insert(now);
        } else {
            over(&mut self.service, AlarmFamily::SoundLocked, None);
        }
    }
}

/// A step that has been held for long enough is over.
pub(super) fn end_held_step(it: &mut Technical, now: MonoTime) {
    if step_held_until(it).is_some_and(|until| until <= now) {
        it.since = None;
    }
}

pub(super) fn step_held_until(it: &Technical) -> Option<MonoTime> {
    let (family, subject) = line_of(ServiceFault::ClockStepped);
    let is_step = it.family == family && it.subject.as_deref() == subject;
    Some(it.since.filter(|_| is_step)?.plus(STEP_HELD))
}

pub(super) fn over(service: &mut [Technical], family: AlarmFamily, subject: Option<&str>) {
    let is_it = |it: &&mut Technical| it.family == family && it.subject.as_deref() == subject;
    if let Some(it) = service.iter_mut().find(is_it) {
        it.since = None;
    }
}

/// The alarm of a fault; a subject where the family has two.
const fn line_of(fault: ServiceFault) -> (AlarmFamily, Option<&'static str>) {
    match fault {
        ServiceFault::ClockStepped | ServiceFault::ClockUnsynced => {
            (AlarmFamily::ServiceClock, Some(fault.name()))
        }
        ServiceFault::DiskLow => (AlarmFamily::Journal, Some(DISK)),
        ServiceFault::NoSecondChannel => (AlarmFamily::NoSecondChannel, None),
        ServiceFault::SelfTest => (AlarmFamily::SelfTest, None),
        ServiceFault::Config => (AlarmFamily::Config, None),
        ServiceFault::Latency => (AlarmFamily::Latency, None),
    }
}
