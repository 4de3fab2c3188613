//! The bands of one family on one bed: every component's hold, every band's repeat, summed up as
//! the facts that machine C sees.
//!
//! Components are judged apart and the highest band governs; a component that never violated need
//! not clear. Bands are timed separately (alarms 11).

use std::cmp::{Ordering, Reverse};

use super::Priority;
pub use super::band::{Band, LetGo, Review, Track, TrackInput};
use super::condition::{Facts, Governing, InputState, Level, Quiet, Shown};
use super::confirm::Confirming;
use super::gate::Taken;
use super::hold::{Declared, Hold, Newest};
use super::occurrence::EndReason;
use super::rule::{AlarmRule, FamilyRules, InForce, Judged, Scope};
use super::value::{Determination, Value};
use crate::domain::time::MonoTime;

/// State of one family's bands, parallel to `FamilyRules::bands`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bands(pub Vec<Band>);

/// What of an input has gone missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gone {
    /// The continuous values; a spot value is still current.
    Continuous,
    All,
}

impl Bands {
    #[must_use]
    pub fn new(rules: &FamilyRules) -> Self {
        Self(rules.bands.iter().map(Band::new).collect())
    }

    /// Judges one continuous, spot or entered value; the caller has chosen it as the one in force.
    pub fn sample(&mut self, rules: &FamilyRules, scope: Scope<'_>, seen: &Value, now: MonoTime) {
        let mut declared = Declared::No;
        for (band, rule) in self.0.iter_mut().zip(&rules.bands) {
            if rule.gate.is_none() && scope.judges(rule) {
                let reaches = |part| scope.reaches(rule, part);
                band.sample(rule, rules.clear_by, reaches, seen, declared, now);
            }
            declared = band.declares(declared);
        }
    }

    /// Judges the pressures of one determination together (rows 1, 1a, 1b, 6, 8).
    pub fn determination(
        &mut self,
        rules: &FamilyRules,
        scope: Scope<'_>,
        seen: &Determination<'_>,
        now: MonoTime,
    ) {
        let mut declared = Declared::No;
        for (band, rule) in self.0.iter_mut().zip(&rules.bands) {
            // A reading that ends this band finds the hazard declared for the bands below.
            declared = band.declares(declared);
            if rule.gate.is_none() && scope.judges(rule) {
                band.determination(rule, rules.clear_by, seen, declared, now);
            }
            declared = band.declares(declared);
        }
    }

    /// Asks the gates of a family; whether one that stopped does so no more.
    pub fn gates(
        &mut self,
        rules: &FamilyRules,
        in_force: InForce,
        newest_first: impl Iterator<Item = Taken> + Clone,
    ) -> LetGo {
        let mut let_go = LetGo::Nothing;
        for (band, rule) in self.0.iter_mut().zip(&rules.bands) {
            if let Some(gate) = rule.gate.filter(|_| in_force.holds(rule))
                && band.gate(rule, &gate, newest_first.clone()) == LetGo::Held
            {
                let_go = LetGo::Held;
            }
        }
        let_go
    }

    /// The input `judged` is stale, absent or invalid (rows 9, 10).
    pub fn missing(&mut self, rules: &FamilyRules, judged: Judged, gone: Gone, now: MonoTime) {
        for (band, rule) in self.0.iter_mut().zip(&rules.bands) {
            for (track, component) in band.components.iter_mut().zip(&rule.components) {
                let spot = track.input == TrackInput::Spot && gone == Gone::Continuous;
                if component.judged == judged && !spot {
                    track.input = TrackInput::Missing;
                    track.hold = track.hold.missing(now);
                }
            }
        }
    }

    /// Nothing runs, holds or is awaited: almost always so.
    #[must_use]
    pub fn are_idle(&self) -> bool {
        self.0.iter().all(Band::is_idle)
    }

    /// Time alone; `newest` tells how the newest sample of an input stands.
    pub fn timer(&mut self, rules: &FamilyRules, newest: impl Fn(Judged) -> Newest, now: MonoTime) {
        let mut declared = Declared::No;
        for (band, rule) in self.0.iter_mut().zip(&rules.bands) {
            for (track, component) in band.components.iter_mut().zip(&rule.components) {
                if declared == Declared::Yes {
                    track.hold = track.hold.declared();
                }
                if track.hold.deadline(component.persist).is_some_and(|due| due <= now) {
                    let newest = newest(component.judged);
                    track.hold = track.hold.timer(component.persist, newest, now);
                }
            }
            band.repeat_overdue(declared, now);
            band.repeat_over();
            declared = band.declares(declared);
        }
    }

    /// Rules that are not in force hold nothing (row 25); whether one of them did.
    pub fn in_force(&mut self, rules: &FamilyRules, in_force: InForce) -> LetGo {
        let out = |rule: &AlarmRule| !in_force.holds(rule);
        let bands = self.0.iter_mut().zip(&rules.bands).filter(|(_, rule)| out(rule));
        let_go_of(bands.map(|(band, rule)| band.let_go(rule.confirm)))
    }

    /// Row 24: `look` says of band and component how the newest reading that stands looks now.
    pub fn review(&mut self, rules: &FamilyRules, look: impl Fn(usize, usize) -> Review) -> LetGo {
        let bands = self.0.iter_mut().zip(&rules.bands).enumerate();
        let bands = bands.filter(|(_, (_, rule))| rule.gate.is_none());
        let_go_of(bands.map(|(place, (band, rule))| {
            band.review(rule.confirm, |component| look(place, component))
        }))
    }

    /// What the nurse had entered stands no more: its components hold nothing.
    pub fn forget(&mut self, rules: &FamilyRules, judged: Judged) -> LetGo {
        let of = |band: usize, part: usize| rules.bands[band].components[part].judged;
        let look = |band, part| {
            if of(band, part) == judged { Review::NoneLeft } else { Review::Untouched }
        };
        self.review(rules, look)
    }

    /// Rows 26, 32: running delays are dropped and countdowns stop; what is held stays.
    pub fn inhibit(&mut self) {
        self.0.iter_mut().for_each(Band::inhibit);
    }

    /// Row 27: a countdown that stopped starts again whole.
    pub fn resume(&mut self, now: MonoTime) {
        for band in &mut self.0 {
            band.confirming.resume(now);
        }
    }

    /// The same bands under rules that rank them in another order or are another preset's; and
    /// whether one that was told has no place there.
    #[must_use]
    pub fn ranked(&self, before: &FamilyRules, after: &FamilyRules) -> (Self, LetGo) {
        let place = |rule: &AlarmRule| before.bands.iter().position(|band| band.is_band(rule));
        let band = |rule| match place(rule) {
            Some(place) => self.0[place].under(&before.bands[place], rule),
            None => Band::new(rule),
        };
        let ranked = Self(after.bands.iter().map(band).collect());
        let told = |bands: &Self, rules: &FamilyRules, rule: &AlarmRule| {
            let place = rules.bands.iter().position(|band| band.is_band(rule));
            place.is_some_and(|it| bands.0[it].level(rules.bands[it].confirm).is_some())
        };
        let gone =
            before.bands.iter().any(|rule| told(self, before, rule) && !told(&ranked, after, rule));
        (ranked, if gone { LetGo::Held } else { LetGo::Nothing })
    }

    /// Row 28: what holds stays and counts as missing until the next valid sample; a repeat that
    /// is awaited stays awaited.
    pub fn restarted(&mut self) {
        for track in self.0.iter_mut().flat_map(|band| &mut band.components) {
            track.hold = track.hold.restarted();
            track.input = TrackInput::Missing;
        }
    }

    /// Sums up for machine C.
    #[must_use]
    pub fn facts(&self, rules: &FamilyRules, in_force: InForce, shown: Shown) -> Facts {
        let idle = Facts {
            governing: None,
            quiet: self.quiet(rules, in_force),
            input: InputState::Fresh,
            shown,
            repriced: Ordering::Equal,
            ends: EndReason::Cleared,
        };
        if self.are_idle() {
            return idle;
        }
        let levels = self.0.iter().zip(&rules.bands).enumerate().filter_map(|(rank, it)| {
            let (band, rule) = it;
            let level = band.level(rule.confirm)?;
            Some((u8::try_from(rank).unwrap_or(u8::MAX), level, priority_of(rule, level)))
        });
        // A band that awaits its repeat is told one step lower, so a lower one may govern.
        let top = levels.min_by_key(|(rank, _, priority)| (Reverse(*priority), *rank));
        let top = top.map(|(rank, level, _)| (rank, level));
        let any_held = self.0.iter().any(|band| band.holds_any(|hold| hold == Hold::Held));
        let governing = top.map(|(band, level)| match level {
            Level::Clearing if any_held => Governing { band, level: Level::Held },
            Level::Clearing | Level::Held | Level::Recuff { .. } => Governing { band, level },
        });
        Facts { governing, input: self.input(), ..idle }
    }

    /// When to call `timer`, if nothing comes before.
    #[must_use]
    pub fn deadline(&self, rules: &FamilyRules) -> Option<MonoTime> {
        let of_band = |(band, rule): (&Band, &AlarmRule)| {
            let holds = band.components.iter().zip(&rule.components);
            let holds = holds.filter_map(|(track, part)| track.hold.deadline(part.persist));
            holds.chain(band.confirming.deadline()).min()
        };
        self.0.iter().zip(&rules.bands).filter_map(of_band).min()
    }

    /// Whether a repeat is advised, but no alarm (row 1a of B4, B9).
    #[must_use]
    pub fn repeat_advised(&self) -> bool {
        self.0.iter().any(|band| matches!(band.confirming, Confirming::Awaiting { .. }))
    }

    fn quiet(&self, rules: &FamilyRules, in_force: InForce) -> Quiet {
        let tracks = || self.0.iter().flat_map(|band| &band.components);
        let is_off = |rule: &AlarmRule| rule.components.iter().all(|part| part.limit.is_off());
        if rules.bands.iter().all(|rule| !in_force.holds(rule) || is_off(rule)) {
            Quiet::Inhibited
        } else if self.repeat_advised() {
            Quiet::Confirming
        } else if tracks().all(|track| track.input == TrackInput::Missing) {
            Quiet::Unknown
        } else if tracks().any(|track| matches!(track.hold, Hold::Running(_))) {
            Quiet::Pending
        } else {
            Quiet::Normal
        }
    }

    fn input(&self) -> InputState {
        let frozen = |band: &Band| {
            let awaited = band.awaited();
            band.components.iter().enumerate().any(|(i, track)| {
                let told = match track.hold {
                    Hold::Held | Hold::Clearing { .. } => true,
                    Hold::Idle | Hold::Running(_) => awaited.holds(i),
                };
                told && track.input == TrackInput::Missing
            })
        };
        if self.0.iter().any(frozen) { InputState::Frozen } else { InputState::Fresh }
    }
}

/// What a governing band is told as: "re-cuff now" is MEDIUM (row 1a).
#[must_use]
pub fn priority_of(rule: &AlarmRule, level: Level) -> Priority {
    match level {
        Level::Recuff { .. } => Priority::Medium,
        Level::Held | Level::Clearing => rule.priority(),
    }
}

fn let_go_of(bands: impl Iterator<Item = LetGo>) -> LetGo {
    // All of them, not until the first.
    bands.fold(LetGo::Nothing, |all, band| if band == LetGo::Held { band } else { all })
}

#[cfg(test)]
mod tests;
