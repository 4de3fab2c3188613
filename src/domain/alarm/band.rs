//! One band of a family on one bed: the holds of its components and the repeat that it awaits.
//!
//! Components are judged apart; a component that never violated need not clear (alarms 11). How
//! bands stand to each other is `family`'s.

use std::time::Duration;

use super::condition::Level;
use super::confirm::{Confirming, Determined, Violated};
use super::gate::{Gate, Standing, Taken};
use super::hold::{Declared, Hold, Sample, Sampling};
use super::rule::{AlarmRule, Confirm, Verdict};
use super::value::{Coming, Determination, Look, Value};
use crate::domain::time::MonoTime;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Band {
    /// Parallel to `AlarmRule::components`.
    pub components: Vec<Track>,
    pub confirming: Confirming,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Track {
    pub hold: Hold,
    pub input: TrackInput,
}

/// Whether the newest sample of a component's input can be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrackInput {
    Present,
    /// A spot value decided last: a continuous input that stays away takes nothing from it.
    Spot,
    /// Stale, absent or invalid; also before the first one.
    Missing,
}

/// Whether a change of what is in force took from a family what it held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LetGo {
    #[default]
    Nothing,
    Held,
}

/// How the newest reading that stands looks to a limit that has changed (row 24).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Review {
    /// This component's limit and readings are as they were.
    Untouched,
    Violates,
    DoesNot,
    /// No fresh reading: missing data ends nothing.
    Unknown,
    /// None is left that stands.
    NoneLeft,
}

/// An advised repeat is awaited this much longer than the interval (row 1c).
const REPEAT_GRACE: Duration = Duration::from_secs(60);

impl Band {
    #[must_use]
    pub fn new(rule: &AlarmRule) -> Self {
        let track = Track { hold: Hold::Idle, input: TrackInput::Missing };
        Self { components: vec![track; rule.components.len()], confirming: Confirming::Idle }
    }

    /// Judges one continuous, spot or entered value, by the components that it reaches.
    pub(super) fn sample(
        &mut self,
        rule: &AlarmRule,
        clear_by: i32,
        reaches: impl Fn(usize) -> bool,
        seen: &Value,
        declared: Declared,
        now: MonoTime,
    ) {
        let parts = self.components.iter_mut().zip(&rule.components).enumerate();
        for (_, (track, component)) in parts.filter(|(part, _)| reaches(*part)) {
            if component.judged != seen.judged || component.limit.is_off() {
                continue;
            }
            let sampling = match (seen.coming, rule.spot_values) {
                (Coming::Continuous { period }, _) => Sampling::Continuous { period },
                (Coming::Entered, _) => Sampling::Intermittent,
                (Coming::Spot, Some(_))
                    if seen.look == Look::Again && matches!(track.hold, Hold::Running(_)) =>
                {
                    continue; // it is counted
                }
                (Coming::Spot, Some(needed)) => Sampling::Spot { needed },
                (Coming::Spot, None) => continue,
            };
            let sample = Sample {
                verdict: seen.verdict(component.limit, clear_by),
                validity: seen.figure(component.limit).validity,
                sampling,
                persist: component.persist,
                declared,
            };
            track.input = match seen.coming {
                Coming::Continuous { .. } | Coming::Entered => TrackInput::Present,
                Coming::Spot => TrackInput::Spot,
            };
            track.hold = track.hold.sample(&sample, now);
        }
        self.repeat_over();
    }

    pub(super) fn determination(
        &mut self,
        rule: &AlarmRule,
        clear_by: i32,
        seen: &Determination<'_>,
        declared: Declared,
        now: MonoTime,
    ) {
        let (mut violated, mut judged) = (Violated::default(), Violated::default());
        for (i, (track, component)) in self.components.iter_mut().zip(&rule.components).enumerate()
        {
            let Some(value) = seen.value(component.judged) else { continue };
            if component.limit.is_off() {
                continue;
            }
            judged.insert(i);
            track.input = TrackInput::Present;
            if component.limit.judge(value, clear_by) == Verdict::Violated {
                violated.insert(i);
            }
        }
        if judged.is_empty() {
            return;
        }
        if let Some(confirm) = rule.confirm {
            // Whatever cuff it awaits: a higher band has declared the hazard.
            self.repeat_overdue(declared, now);
            let wait = match confirm {
                Confirm::Recuff { within } => within,
                Confirm::Next => seen.interval + REPEAT_GRACE,
            };
            let determined = Determined {
                device: seen.device,
                by_hand: seen.by_hand,
                judged,
                violated,
                validity: seen.validity,
                declared,
                at: seen.at,
                look: seen.look,
                wait,
            };
            self.confirming = std::mem::take(&mut self.confirming).determined(determined, now);
            if self.confirming != Confirming::Confirmed {
                return;
            }
        }
        let tracks = self.components.iter_mut().zip(&rule.components).enumerate();
        for (_, (track, component)) in tracks.filter(|(i, _)| judged.holds(*i)) {
            let Some(value) = seen.value(component.judged) else { continue };
            let sample = Sample {
                verdict: component.limit.judge(value, clear_by),
                validity: seen.validity,
                sampling: Sampling::Intermittent,
                persist: Duration::ZERO,
                declared,
            };
            track.hold = track.hold.sample(&sample, now);
        }
        self.repeat_over();
    }

    /// Row 8: what was confirmed is over with its holds, whatever let the last one go.
    pub(super) fn repeat_over(&mut self) {
        let idle = self.components.iter().all(|track| track.hold == Hold::Idle);
        if idle && self.confirming == Confirming::Confirmed {
            self.confirming = Confirming::Idle;
        }
    }

    /// A gate over the session's last determinations: what violates in the newest of those that
    /// stop holds.
    pub(super) fn gate(
        &mut self,
        rule: &AlarmRule,
        gate: &Gate,
        newest_first: impl Iterator<Item = Taken> + Clone,
    ) -> LetGo {
        let held = self.holds_any(|hold| hold != Hold::Idle);
        let newest = newest_first.clone().next();
        let stopping = match gate.standing(rule, newest_first) {
            Standing::Stops(taken) => Some(taken),
            Standing::TooFew | Standing::Open => None,
        };
        for (track, part) in self.components.iter_mut().zip(&rule.components) {
            let of = |taken: Taken| super::gate::figure(taken.figures, part.judged);
            let violates = stopping.and_then(of).is_some_and(|value| {
                part.limit.is_off() || part.limit.judge(value, 0) == Verdict::Violated
            });
            track.hold = if violates { Hold::Held } else { Hold::Idle };
            if newest.and_then(of).is_some() {
                track.input = TrackInput::Present;
            }
        }
        if held && stopping.is_none() { LetGo::Held } else { LetGo::Nothing }
    }

    /// Row 24: what no longer violates lets go, at once and without hysteresis.
    pub(super) fn review(
        &mut self,
        confirm: Option<Confirm>,
        look: impl Fn(usize) -> Review,
    ) -> LetGo {
        let told = self.level(confirm).is_some();
        let mut left = Violated::default();
        let awaited = self.awaited();
        for (place, track) in self.components.iter_mut().enumerate() {
            match look(place) {
                Review::DoesNot | Review::NoneLeft => track.hold = Hold::Idle,
                Review::Untouched | Review::Violates | Review::Unknown if awaited.holds(place) => {
                    left.insert(place);
                }
                Review::Untouched | Review::Violates | Review::Unknown => {}
            }
        }
        let idle = self.components.iter().all(|track| track.hold == Hold::Idle);
        match &mut self.confirming {
            Confirming::Awaiting { violated, .. } if !left.is_empty() => *violated = left,
            Confirming::Confirmed if !idle => {}
            Confirming::Idle | Confirming::Awaiting { .. } | Confirming::Confirmed => {
                self.confirming = Confirming::Idle;
            }
        }
        let gone = told && self.level(confirm).is_none();
        if gone { LetGo::Held } else { LetGo::Nothing }
    }

    /// Holds and awaits nothing any more; whether it was told.
    pub(super) fn let_go(&mut self, confirm: Option<Confirm>) -> LetGo {
        let told = self.level(confirm).is_some();
        self.confirming = Confirming::Idle;
        for track in &mut self.components {
            track.hold = Hold::Idle;
        }
        if told { LetGo::Held } else { LetGo::Nothing }
    }

    /// Rows 26, 32: delays and countdowns stop; what is held stays.
    pub(super) fn inhibit(&mut self) {
        self.confirming.inhibit();
        for track in &mut self.components {
            track.hold = match track.hold {
                Hold::Idle | Hold::Running(_) => Hold::Idle,
                Hold::Held | Hold::Clearing { .. } => Hold::Held,
            };
        }
    }

    /// Row 1c: no repeat came, or a higher band stands without it, so what violated stands.
    pub(super) fn repeat_overdue(&mut self, declared: Declared, now: MonoTime) {
        let awaited = self.awaited();
        self.confirming = std::mem::take(&mut self.confirming).timer(declared, now);
        if !awaited.is_empty() && self.confirming == Confirming::Confirmed {
            for (i, track) in self.components.iter_mut().enumerate() {
                if awaited.holds(i) {
                    track.hold = Hold::Held;
                }
            }
        }
    }

    /// The components whose repeat is awaited.
    pub(super) fn awaited(&self) -> Violated {
        match self.confirming {
            Confirming::Awaiting { violated, .. } => violated,
            Confirming::Idle | Confirming::Confirmed => Violated::default(),
        }
    }

    pub(super) fn level(&self, confirm: Option<Confirm>) -> Option<Level> {
        if self.holds_any(|hold| hold == Hold::Held) {
            return Some(Level::Held);
        }
        match (&self.confirming, confirm) {
            (Confirming::Awaiting { until, .. }, Some(Confirm::Recuff { .. })) => {
                Some(Level::Recuff { until: *until })
            }
            (Confirming::Idle | Confirming::Awaiting { .. } | Confirming::Confirmed, _) => self
                .holds_any(|hold| matches!(hold, Hold::Clearing { .. }))
                .then_some(Level::Clearing),
        }
    }

    pub(super) fn declares(&self, above: Declared) -> Declared {
        let holds = self.holds_any(|hold| matches!(hold, Hold::Held | Hold::Clearing { .. }));
        if holds { Declared::Yes } else { above }
    }

    pub(super) fn is_idle(&self) -> bool {
        self.confirming == Confirming::Idle && !self.holds_any(|hold| hold != Hold::Idle)
    }

    pub(super) fn holds_any(&self, what: impl Fn(Hold) -> bool) -> bool {
        self.components.iter().any(|track| what(track.hold))
    }
}

#[cfg(test)]
mod tests;
