//! How the model tells hazards: occurrences, signal, escalation, audio pause and reminders, from
//! rows 1p, 6 to 9 and 13 to 23 of alarms 11 and the table of alarms 12.

use std::collections::BTreeMap;
use std::time::Duration;

use dosevigil::domain::alarm::occurrence::{Presence, Signal};
use dosevigil::domain::alarm::{AlarmFamily, Priority};

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
    /// The onset of its occurrence.
    pub(crate) of: At,
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
    pub(super) step: u8,
    /// Te: since when, and at whose pace. `None`: stopped.
    pub(super) clock: Option<(At, Priority)>,
    /// Tr: the next reminder, and how many there were.
    pub(super) reminder: Option<At>,
    pub(super) reminders: u32,
    /// Acknowledged before a pause of the alarms, which makes that void.
    pub(super) void: bool,
    /// Over, but not shown for long enough yet.
    pub(super) ends: Option<At>,
    pub(super) marks: &'static str,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct AudioPause {
    pub(super) until: At,
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

/// Te of E1 to E3 in seconds (alarms 12); `None`: LOW has none.
fn te(priority: Priority) -> Option<[u64; 3]> {
    match priority {
        Priority::High => Some([30, 60, 120]),
        Priority::Medium => Some([120, 240, 600]),
        Priority::Low => None,
    }
}

impl Open {
    pub(super) fn new(hazard: Hazard, frozen: bool, at: At) -> Self {
        Self {
            onset: at,
            hazard,
            frozen,
            highest: hazard.priority,
            revision: 1,
            signal: Signal::Active,
            step: 0,
            clock: None,
            reminder: None,
            reminders: 0,
            void: false,
            ends: None,
            marks: "",
        }
    }

    pub(super) fn said(&self, presence: Presence) -> String {
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

    pub(super) fn presence(&self) -> Presence {
        if self.hazard.clearing { Presence::Clearing } else { Presence::Present }
    }

    pub(super) fn step_due(&self) -> Option<At> {
        let (from, pace) = self.clock?;
        let next = te(pace)?.into_iter().nth(self.step.into())?;
        Some(from + seconds(next))
    }

    /// E = 0, Te anew.
    pub(super) fn escalate_from(&mut self, at: At) {
        self.clock = te(self.hazard.priority).map(|_| (at, self.hazard.priority));
        (self.step, self.reminder, self.reminders) = (0, None, 0);
    }
}

impl Told {
    pub(super) fn line(&mut self, at: At, key: Key, of: At, change: &'static str, said: String) {
        self.lines.push(Line { at, key: (key.0, key.1.to_owned()), of, change, said });
    }

    pub(super) fn tell(&mut self, at: At, key: Key, change: &'static str) {
        let open = &self.open[&key];
        let (of, said) = (open.onset, open.said(open.presence()));
        self.line(at, key, of, change, said);
    }

    /// The family as it is now; `None`: no hazard.
    pub(crate) fn update(&mut self, key: Key, hazard: Option<Hazard>, frozen: bool, at: At) {
        match (self.open.contains_key(&key), hazard) {
            (false, None) => {}
            (false, Some(hazard)) => self.raise(key, hazard, frozen, at),
            (true, Some(hazard)) => self.changed(key, hazard, frozen, at),
            (true, None) => self.cleared(key, frozen, at),
        }
    }

    /// Rows 1, 1a, 3, 4 and 1p.
    fn raise(&mut self, key: Key, hazard: Hazard, frozen: bool, at: At) {
        let signal = self.signal_of_new(hazard.priority, at);
        let mut open = Open { signal, ..Open::new(hazard, frozen, at) };
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
        let paused = self
            .open
            .iter()
            .filter(|(key, open)| open.signal == Signal::Paused && !self.silenced(**key));
        let highest = paused.map(|(_, open)| open.hazard.priority).max();
        if self.audio.is_some() && priority < Priority::High && Some(priority) <= highest {
            return Signal::Paused;
        }
        self.end_audio_pause(at);
        Signal::Active
    }

    fn changed(&mut self, key: Key, mut new: Hazard, frozen: bool, at: At) {
        let old = self.open[&key].hazard;
        if old.clearing && new.clearing && old.rank == new.rank {
            new.priority = old.priority; // row 14: after Tc
        }
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
            // Rows 1b, 1c, 13.
            if old.waits && old.rank == new.rank { "confirmed" } else { "escalated" }
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
    fn cleared(&mut self, key: Key, frozen: bool, at: At) {
        let open = self.open(key);
        if at >= open.onset + seconds(MIN_SHOWN) {
            self.end(key, at);
        } else if !open.hazard.clearing {
            (open.hazard.clearing, open.frozen) = (true, frozen);
            open.ends = Some(open.onset + seconds(MIN_SHOWN));
            self.tell(at, key, "clearing");
        }
    }

    /// The end, whatever its reason; S as in row 8.
    pub(crate) fn end(&mut self, key: Key, at: At) {
        let Some(mut open) = self.open.remove(&key) else { return };
        let unacknowledged = matches!(open.signal, Signal::Active | Signal::Paused) && !open.void;
        let latches = unacknowledged && open.highest == Priority::High;
        open.signal = if latches { Signal::Latched } else { Signal::None };
        (open.clock, open.reminder, open.frozen) = (None, None, false);
        let said = open.said(Presence::Ended);
        self.line(at, key, open.onset, "ended", said);
        if latches {
            self.latched.push((key, open));
        }
        self.pause_with_nothing_left();
    }

    pub(super) fn open(&mut self, key: Key) -> &mut Open {
        self.open.get_mut(&key).expect("it is open")
    }
}
