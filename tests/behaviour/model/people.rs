//! What people and time do to the model's occurrences: rows 15 to 23 and 26 to 28 of alarms 11.

use std::collections::BTreeSet;
use std::time::Duration;

use dosevigil::domain::alarm::occurrence::{Presence, Signal};
use dosevigil::domain::alarm::{AlarmFamily, AlarmKind, Priority};

use super::told::{At, AudioPause, Hazard, Key, Open, Told};
use crate::support::seconds;

const TP: u64 = 120;
const TR: u64 = 180;
const RESTORED: &str = " restored";

impl Told {
    /// Of the families shown, in their order, the n-th: its newest, and whether it is open.
    fn shown(&self, place: usize) -> Option<(Key, At, bool)> {
        let open = self.open.iter().map(|(key, open)| (*key, open.onset, true));
        let latched = self.latched.iter().map(|(key, open)| (*key, open.onset, false));
        let all: Vec<_> = open.chain(latched).collect();
        let families: BTreeSet<_> = all.iter().map(|((family, _), ..)| *family).collect();
        let family = *families.iter().nth(place.checked_rem(families.len())?)?;
        let of_family = all.into_iter().filter(|(key, ..)| key.0 == family);
        of_family.max_by_key(|((_, subject), onset, _)| (*onset, Some(*subject)))
    }

    /// Rows 15, 16a, 16b, 21.
    pub(crate) fn acknowledge(&mut self, place: usize, at: At) {
        let Some((key, onset, is_open)) = self.shown(place) else { return };
        if !is_open {
            let place =
                self.latched.iter().position(|(it, open)| (*it, open.onset) == (key, onset));
            let (_, mut open) = self.latched.remove(place.expect("it is latched"));
            open.signal = Signal::None;
            let said = open.said(Presence::Ended);
            self.line(at, key, onset, "acknowledged", said);
            return;
        }
        if self.silenced(key) || self.open[&key].signal == Signal::Acknowledged {
            return;
        }
        let plan = self.plan;
        let open = self.open(key);
        open.signal = Signal::Acknowledged;
        open.clock = None;
        open.reminders = 0;
        open.reminder = reminder_after(key.0, open.hazard.priority, at, plan);
        self.tell(at, key, "acknowledged");
        self.pause_with_nothing_left();
    }

    /// Under an alarm pause or stand-by.
    pub(crate) fn silenced(&self, key: Key) -> bool {
        self.inhibited && key.0.kind() == AlarmKind::Physiological
    }

    /// Row 18; nothing ACTIVE: refused.
    pub(crate) fn pause_audio(&mut self, at: At) {
        let active: Vec<_> =
            self.open.iter().filter(|(_, open)| open.signal == Signal::Active).collect();
        if active.is_empty() {
            return;
        }
        let keys: Vec<_> = active.into_iter().map(|(key, _)| *key).collect();
        self.audio = Some(AudioPause { until: at + seconds(TP) });
        for key in keys {
            self.open(key).signal = Signal::Paused;
            self.tell(at, key, "paused");
        }
    }

    /// Row 19.
    pub(crate) fn end_audio_pause(&mut self, at: At) {
        if self.audio.take().is_none() {
            return;
        }
        let keys: Vec<_> = self.open.keys().copied().collect();
        for key in keys {
            if self.open[&key].signal == Signal::Paused && !self.silenced(key) {
                self.open(key).signal = Signal::Active;
                self.tell(at, key, "resumed");
            }
        }
    }

    pub(super) fn pause_with_nothing_left(&mut self) {
        let left = self
            .open
            .iter()
            .any(|(key, open)| open.signal == Signal::Paused && !self.silenced(*key));
        if !left {
            self.audio = None;
        }
    }

    /// The next moment at which something here is due.
    pub(crate) fn due(&self) -> Option<At> {
        let open = self.open.iter().flat_map(|(key, open)| {
            let told = [open.step_due(), open.reminder].into_iter().flatten();
            told.filter(|_| !self.silenced(*key)).chain(open.ends)
        });
        open.chain(self.audio.map(|audio| audio.until)).min()
    }

    /// Rows 19, 20, 23: what is due by itself.
    pub(crate) fn time(&mut self, at: At) {
        if self.audio.is_some_and(|audio| audio.until <= at) {
            self.end_audio_pause(at);
        }
        let keys: Vec<_> = self.open.keys().copied().collect();
        for key in keys.into_iter().filter(|key| !self.silenced(*key)).collect::<Vec<_>>() {
            self.step_up(key, at);
            if self.open[&key].reminder.is_some_and(|due| due <= at) {
                self.remind(key, at);
            }
        }
    }

    /// Row 23. What is overdue comes once, and the next step is as far off as ever.
    fn step_up(&mut self, key: Key, at: At) {
        let Some(due) = self.open[&key].step_due().filter(|due| *due <= at) else { return };
        let open = self.open(key);
        open.step += 1;
        if let Some((from, _)) = &mut open.clock {
            *from += at - due;
        }
        self.tell(at, key, "stepped-up");
    }

    /// Row 20.
    fn remind(&mut self, key: Key, at: At) {
        let plan = self.plan;
        let open = self.open(key);
        if open.reminders == 3 && open.hazard.priority == Priority::High {
            open.signal = Signal::Active;
            open.revision += 1;
            open.escalate_from(at);
            self.tell(at, key, "unresolved");
            self.end_audio_pause(at);
            return;
        }
        open.reminders += 1;
        open.reminder = reminder_after(key.0, open.hazard.priority, at, plan);
        self.tell(at, key, "reminded");
    }

    /// Another determination, or another plan: the reminders of cuff families move with it.
    pub(crate) fn replan(&mut self, plan: (At, Duration), at: At) {
        if self.plan == plan {
            return;
        }
        self.plan = plan;
        for (key, open) in self.open.iter_mut().filter(|(key, _)| by_the_cuff(key.0)) {
            if open.signal == Signal::Acknowledged {
                open.reminder = reminder_after(key.0, open.hazard.priority, at, plan);
            }
        }
    }

    /// Row 23: no receipt within 4 s.
    pub(crate) fn unreceived(&mut self, place: usize, at: At) {
        let Some((key, _, true)) = self.shown(place) else { return };
        if self.silenced(key) {
            return;
        }
        let open = self.open(key);
        let told = matches!(open.signal, Signal::Active | Signal::Paused);
        if told && open.step == 0 && open.clock.is_some() {
            open.step = 1;
            self.tell(at, key, "stepped-up");
        }
    }
}

/// Tr: 180 s; of a cuff family when the next reading is due, then once per interval.
fn reminder_after(
    family: AlarmFamily,
    priority: Priority,
    at: At,
    (newest, interval): (At, Duration),
) -> Option<At> {
    if priority == Priority::Low {
        return None;
    }
    if !by_the_cuff(family) {
        return Some(at + seconds(TR));
    }
    let mut due = newest + interval;
    while due <= at {
        due += interval;
    }
    Some(due)
}

/// Rows 26 and 27: the alarm pause.
impl Told {
    fn physiological(&self) -> Vec<Key> {
        let keys = self.open.keys().copied();
        keys.filter(|key| key.0.kind() == AlarmKind::Physiological).collect()
    }

    pub(crate) fn suspend(&mut self, at: At) {
        for key in self.physiological() {
            let open = self.open(key);
            if open.signal == Signal::Acknowledged {
                (open.reminder, open.void) = (None, true);
            }
            if open.signal != Signal::Paused {
                open.signal = Signal::Paused;
                self.tell(at, key, "paused");
            }
        }
        self.pause_with_nothing_left();
    }

    /// Rows 29, 32: a HIGH that nobody has taken.
    pub(crate) fn has_unacknowledged_high(&self) -> bool {
        self.open.values().any(|open| {
            open.hazard.priority == Priority::High
                && open.signal != Signal::Acknowledged
                && !open.void
        })
    }

    pub(crate) fn end_all(&mut self, at: At, ends: impl Fn(AlarmFamily) -> bool) {
        let keys: Vec<_> = self.open.keys().copied().filter(|key| ends(key.0)).collect();
        keys.into_iter().for_each(|key| self.end(key, at));
    }

    pub(crate) fn restore_signals(&mut self, at: At) {
        for key in self.physiological() {
            let open = self.open(key);
            if std::mem::take(&mut open.void) {
                open.escalate_from(at);
            }
            open.signal = Signal::Active;
            self.tell(at, key, "resumed");
            self.step_up(key, at);
        }
    }

    /// Nothing sounds under a pause: what came back from an alarm pause ends that of the sound.
    pub(crate) fn sound_ends_pause(&mut self, at: At) {
        let sounds = self.open.values().any(|open| open.signal == Signal::Active);
        if sounds {
            self.end_audio_pause(at);
        }
    }
}

/// Row 28: the process was down.
impl Told {
    /// What was open or latched is there again; no pause is.
    pub(crate) fn restart(&mut self, at: At) {
        self.audio = None;
        self.inhibited = false;
        for place in 0..self.latched.len() {
            let (key, open) = &mut self.latched[place];
            open.marks = RESTORED;
            let (key, of, said) = (*key, open.onset, open.said(Presence::Ended));
            self.line(at, key, of, "restored", said);
        }
        let keys: Vec<_> = self.open.keys().copied().collect();
        for key in keys {
            let open = self.open(key);
            open.marks = RESTORED;
            open.frozen = key.0.kind() == AlarmKind::Physiological;
            open.hazard.clearing = false;
            open.ends = None;
            if open.signal == Signal::Paused {
                open.signal = Signal::Active;
            }
            if std::mem::take(&mut open.void) {
                open.escalate_from(at);
            }
            self.tell(at, key, "restored");
            self.step_up(key, at);
        }
    }

    /// The gap itself: raised latched, one burst, no escalation.
    pub(crate) fn gap(&mut self, at: At) -> (Key, Open) {
        let hazard =
            Hazard { rank: 0, rule: "", priority: Priority::Medium, waits: false, clearing: false };
        let open = Open { signal: Signal::Latched, ..Open::new(hazard, false, at) };
        let key = (AlarmFamily::MonitoringGap, "");
        let said = open.said(Presence::Ended);
        self.line(at, key, at, "raised", said);
        (key, open)
    }
}

fn by_the_cuff(family: AlarmFamily) -> bool {
    use AlarmFamily::{BpHigh, BpLow, Discharge, PreDose};
    [BpHigh, BpLow, PreDose, Discharge].contains(&family)
}
