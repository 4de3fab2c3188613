//! How the model tells hazards: occurrences, signal, escalation, audio pause and reminders, from
//! rows 1p, 6 to 9 and 13 to 23 of alarms 11 and the table of alarms 12.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use dosevigil::domain::alarm::occurrence::{Presence, Signal};
use dosevigil::domain::alarm::{AlarmFamily, AlarmKind, Priority};

use crate::support::seconds;

/// Time since the history's start.
pub(crate) type At = Duration;

/// One occurrence at a time for each: the family, and the subject of a technical one.
pub(crate) type Key = (AlarmFamily, &'static str);

/// What is there of one family at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hazard {
    /// Place of the governing band; a smaller one is worse.
    pub(crate) rank: usize,
    pub(crate) rule: &'static str,
    pub(crate) priority: Priority,
    /// "Re-cuff now": one reading qualified, its repeat is awaited.
    pub(crate) waits: bool,
    /// Past every clear level, Tc running.
    pub(crate) clearing: bool,
}

/// One change, in the words in which the model and the ward are compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) at: At,
    pub(crate) key: (AlarmFamily, String),
    pub(crate) change: &'static str,
    pub(crate) said: String,
}

#[derive(Clone, Debug)]
pub(crate) struct Open {
    pub(crate) onset: At,
    pub(crate) hazard: Hazard,
    pub(crate) frozen: bool,
    pub(crate) highest: Priority,
    pub(crate) revision: u32,
    pub(crate) signal: Signal,
    step: u8,
    /// Te: since when, and at whose pace. `None`: stopped.
    clock: Option<(At, Priority)>,
    /// Tr: the next reminder, and how many there were.
    reminder: Option<At>,
    reminders: u32,
    /// Acknowledged before a pause of the alarms, which makes that void.
    void: bool,
    /// Over, but not shown for long enough yet.
    ends: Option<At>,
    marks: &'static str,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct AudioPause {
    until: At,
    highest: Priority,
}

#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(crate) open: BTreeMap<Key, Open>,
    pub(crate) latched: Vec<(Key, Open)>,
    pub(crate) audio: Option<AudioPause>,
    /// Alarm pause or stand-by: what is physiological is told by nothing.
    pub(crate) inhibited: bool,
    /// No visible screen shows this bed.
    pub(crate) unwatched: bool,
    /// Newest determination, or the plan's start, and the interval in force.
    pub(crate) plan: (At, Duration),
    pub(crate) lines: Vec<Line>,
}

const MIN_SHOWN: u64 = 5;
const TP: u64 = 120;
const TR: u64 = 180;

/// Te of E1 to E3 in seconds (alarms 12); `None`: LOW has none.
fn te(priority: Priority) -> Option<[u64; 3]> {
    match priority {
        Priority::High => Some([30, 60, 120]),
        Priority::Medium => Some([120, 240, 600]),
        Priority::Low => None,
    }
}

fn by_the_cuff(family: AlarmFamily) -> bool {
    use AlarmFamily::{BpHigh, BpLow, Discharge, PreDose};
    [BpHigh, BpLow, PreDose, Discharge].contains(&family)
}

impl Open {
    fn said(&self, presence: Presence) -> String {
        let Hazard { rule, priority, .. } = self.hazard;
        let frozen = if self.frozen { " frozen" } else { "" };
        format!(
            "{rule} {} {} {} r{} e{}{frozen}{}",
            priority.name(),
            presence.name(),
            self.signal.name(),
            self.revision,
            self.step,
            self.marks
        )
    }

    fn presence(&self) -> Presence {
        if self.hazard.clearing { Presence::Clearing } else { Presence::Present }
    }

    fn step_due(&self) -> Option<At> {
        let (from, pace) = self.clock?;
        let next = te(pace)?.into_iter().nth(self.step.into())?;
        Some(from + seconds(next))
    }

    /// E = 0, Te anew.
    fn escalate_from(&mut self, at: At) {
        self.clock = te(self.hazard.priority).map(|_| (at, self.hazard.priority));
        (self.step, self.reminder, self.reminders) = (0, None, 0);
    }
}

impl Told {
    fn line(&mut self, at: At, key: Key, change: &'static str, said: String) {
        self.lines.push(Line { at, key: (key.0, key.1.to_owned()), change, said });
    }

    fn tell(&mut self, at: At, key: Key, change: &'static str) {
        let open = &self.open[&key];
        let said = open.said(open.presence());
        self.line(at, key, change, said);
    }

    /// The family as it is now; `None`: no hazard.
    pub(crate) fn update(&mut self, key: Key, hazard: Option<Hazard>, frozen: bool, at: At) {
        match (self.open.contains_key(&key), hazard) {
            (false, None) => {}
            (false, Some(hazard)) => self.raise(key, hazard, frozen, at),
            (true, Some(hazard)) => self.changed(key, hazard, frozen, at),
            (true, None) => self.cleared(key, at),
        }
    }

    /// Rows 1, 1a, 3, 4 and 1p.
    fn raise(&mut self, key: Key, hazard: Hazard, frozen: bool, at: At) {
        let signal = self.signal_of_new(hazard.priority, at);
        let mut open = Open {
            onset: at,
            hazard,
            frozen,
            highest: hazard.priority,
            revision: 1,
            signal,
            step: 0,
            clock: None,
            reminder: None,
            reminders: 0,
            void: false,
            ends: None,
            marks: "",
        };
        open.escalate_from(at);
        self.open.insert(key, open);
        self.tell(at, key, "raised");
        self.second_person(key, at);
    }

    /// Alarms 12: where nobody is watching, E2 at the raise.
    fn second_person(&mut self, key: Key, at: At) {
        if self.unwatched && self.open[&key].clock.is_some() {
            self.open(key).step = 2;
            self.tell(at, key, "stepped-up");
        }
    }

    /// Row 1p, or row 19: what breaks through ends the bed's pause.
    fn signal_of_new(&mut self, priority: Priority, at: At) -> Signal {
        match self.audio {
            None => Signal::Active,
            Some(audio) if priority == Priority::High || priority > audio.highest => {
                self.end_audio_pause(at);
                Signal::Active
            }
            Some(_) => Signal::Paused,
        }
    }

    fn changed(&mut self, key: Key, new: Hazard, frozen: bool, at: At) {
        let old = self.open[&key].hazard;
        let was_frozen = self.open[&key].frozen;
        self.open(key).ends = None;
        if (old, was_frozen) == (new, frozen) {
            return;
        }
        let up = new.priority > old.priority
            || (new.rank < old.rank && new.priority == old.priority && !new.waits);
        let change = if new.waits && !old.waits {
            let signal = self.signal_of_new(new.priority, at);
            let open = self.open(key);
            (open.hazard, open.frozen, open.signal) = (new, frozen, signal);
            open.revision += 1;
            // The clock of what nobody has taken goes on.
            if open.clock.is_none() {
                open.escalate_from(at);
            }
            "confirming" // row 1a
        } else if up {
            let open = self.open(key);
            (open.hazard, open.frozen, open.signal) = (new, frozen, Signal::Active);
            open.revision += 1;
            open.escalate_from(at);
            self.end_audio_pause(at);
            if old.rank == new.rank { "confirmed" } else { "escalated" } // rows 1b, 1c, 13
        } else if new.rank != old.rank || new.priority != old.priority {
            let open = self.open(key);
            (open.hazard, open.frozen) = (new, frozen);
            open.revision += 1;
            // Only the clock of what was HIGH goes on when it asks for no answer any more.
            let of_high = open.highest == Priority::High;
            if new.priority == Priority::Low {
                open.clock = open.clock.filter(|_| of_high);
                open.reminder = None;
            }
            if old.waits { "confirmed" } else { "updated" } // rows 1b, 14
        } else {
            let open = self.open(key);
            (open.hazard, open.frozen) = (new, frozen);
            match (old.clearing, new.clearing) {
                (false, true) => "clearing",
                (true, false) => "returned",
                (true, true) | (false, false) if frozen => "frozen",
                (true, true) | (false, false) => "thawed",
            }
        };
        let open = self.open(key);
        open.highest = open.highest.max(new.priority);
        self.tell(at, key, change);
    }

    /// Row 8: shown for at least five seconds.
    fn cleared(&mut self, key: Key, at: At) {
        let open = self.open(key);
        if at >= open.onset + seconds(MIN_SHOWN) {
            self.end(key, at);
        } else if !open.hazard.clearing {
            open.hazard.clearing = true;
            open.ends = Some(open.onset + seconds(MIN_SHOWN));
            self.tell(at, key, "clearing");
        }
    }

    /// The end, whatever its reason; S as in row 8.
    pub(crate) fn end(&mut self, key: Key, at: At) {
        let Some(mut open) = self.open.remove(&key) else { return };
        let unacknowledged = matches!(open.signal, Signal::Active | Signal::Paused);
        let latches = unacknowledged && open.highest == Priority::High;
        open.signal = if latches { Signal::Latched } else { Signal::None };
        (open.clock, open.reminder, open.frozen) = (None, None, false);
        let said = open.said(Presence::Ended);
        self.line(at, key, "ended", said);
        if latches {
            self.latched.push((key, open));
        }
        self.pause_with_nothing_left();
    }

    fn open(&mut self, key: Key) -> &mut Open {
        self.open.get_mut(&key).expect("it is open")
    }

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
            self.line(at, key, "acknowledged", said);
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
        let Some(highest) = active.iter().map(|(_, open)| open.hazard.priority).max() else {
            return;
        };
        let keys: Vec<_> = active.into_iter().map(|(key, _)| *key).collect();
        self.audio = Some(AudioPause { until: at + seconds(TP), highest });
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

    fn pause_with_nothing_left(&mut self) {
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
            open.hazard.priority == Priority::High && open.signal != Signal::Acknowledged
        })
    }

    pub(crate) fn end_all(&mut self, at: At, ends: impl Fn(AlarmFamily) -> bool) {
        let keys: Vec<_> = self.open.keys().copied().filter(|key| ends(key.0)).collect();
        keys.into_iter().for_each(|key| self.end(key, at));
    }

    pub(crate) fn restore_signals(&mut self, at: At) {
        let patient = self.physiological();
        for key in patient.iter().copied() {
            let open = self.open(key);
            if std::mem::take(&mut open.void) {
                open.escalate_from(at);
            }
            open.signal = Signal::Active;
            self.tell(at, key, "resumed");
            self.step_up(key, at);
        }
        if !patient.is_empty() {
            self.end_audio_pause(at);
        }
    }
}
