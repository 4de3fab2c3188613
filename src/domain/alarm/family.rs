//! The bands of one family on one bed: every component's hold, every band's repeat, summed up as
//! the facts that machine C sees.
//!
//! Components are judged apart and the highest band governs; a component that never violated need
//! not clear. Bands are timed separately (alarms 11).

use std::time::Duration;

use super::condition::{Facts, Governing, InputState, Level, Quiet, Shown};
use super::confirm::{Confirming, Determined, Violated};
use super::hold::{Declared, Hold, Newest, Sample, Sampling};
use super::occurrence::EndReason;
use super::rule::{AlarmRule, Confirm, FamilyRules, Judged, Phase, Verdict};
use super::value::{Coming, Determination, Value};
use crate::domain::time::MonoTime;

/// State of one family's bands, parallel to `FamilyRules::bands`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bands(pub Vec<Band>);

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

/// Whether a change of phase took from a family what it held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LetGo {
    #[default]
    Nothing,
    ByPhase,
}

/// What of an input has gone missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gone {
    /// The continuous values; a spot value is still current.
    Continuous,
    All,
}

/// "Re-cuff now" counts down from this (row 1a).
const RECUFF_WITHIN: Duration = Duration::from_secs(180);
/// An advised repeat is awaited this much longer than the interval (row 1c).
const REPEAT_GRACE: Duration = Duration::from_secs(60);

impl Bands {
    #[must_use]
    pub fn new(rules: &FamilyRules) -> Self {
        let track = Track { hold: Hold::Idle, input: TrackInput::Missing };
        let band = |rule: &AlarmRule| Band {
            components: vec![track; rule.components.len()],
            confirming: Confirming::Idle,
        };
        Self(rules.bands.iter().map(band).collect())
    }

    /// Judges one continuous or spot value; the caller has chosen it as the one in force.
    pub fn sample(
        &mut self,
        rules: &FamilyRules,
        phase: Option<Phase>,
        seen: &Value,
        now: MonoTime,
    ) {
        let mut declared = Declared::No;
        for (band, rule) in self.0.iter_mut().zip(&rules.bands) {
            if rule.phases.holds(phase) {
                for (track, component) in band.components.iter_mut().zip(&rule.components) {
                    if component.judged != seen.judged {
                        continue;
                    }
                    let sampling = match (seen.coming, rule.spot_values) {
                        (Coming::Continuous { period }, _) => Sampling::Continuous { period },
                        (Coming::Spot, Some(needed)) => Sampling::Spot { needed },
                        (Coming::Spot, None) => continue,
                    };
                    let sample = Sample {
                        verdict: seen.verdict(component.limit, rules.clear_by),
                        validity: seen.validity,
                        sampling,
                        persist: component.persist,
                        declared,
                    };
                    track.input = match seen.coming {
                        Coming::Continuous { .. } => TrackInput::Present,
                        Coming::Spot => TrackInput::Spot,
                    };
                    track.hold = track.hold.sample(&sample, now);
                }
            }
            declared = band.declares(declared);
        }
    }

    /// Judges the pressures of one determination together (rows 1, 1a, 1b, 6, 8).
    pub fn determination(
        &mut self,
        rules: &FamilyRules,
        phase: Option<Phase>,
        seen: &Determination<'_>,
        now: MonoTime,
    ) {
        let mut declared = Declared::No;
        for (band, rule) in self.0.iter_mut().zip(&rules.bands) {
            // A reading that ends this band finds the hazard declared for the bands below.
            declared = band.declares(declared);
            if rule.phases.holds(phase) {
                band.determination(rule, rules.clear_by, seen, declared, now);
            }
            declared = band.declares(declared);
        }
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
            declared = band.declares(declared);
        }
    }

    /// Rules that are not in phase hold nothing (row 25); whether one of them did.
    pub fn phase(&mut self, rules: &FamilyRules, phase: Option<Phase>) -> LetGo {
        let mut let_go = LetGo::Nothing;
        for (band, rule) in self.0.iter_mut().zip(&rules.bands) {
            if !rule.phases.holds(phase) {
                if band.level(rule.confirm).is_some() {
                    let_go = LetGo::ByPhase;
                }
                band.confirming = Confirming::Idle;
                for track in &mut band.components {
                    track.hold = Hold::Idle;
                }
            }
        }
        let_go
    }

    /// Row 28: what holds stays and counts as missing until the next valid sample; a repeat that
    /// is awaited stays awaited.
    pub fn restarted(&mut self) {
        for track in self.0.iter_mut().flat_map(|band| &mut band.components) {
            track.hold = track.hold.restarted();
            track.input = TrackInput::Missing;
        }
    }

    /// Rows 26 and 32: nothing runs while the families are not judged; what holds stays.
    pub fn inhibit(&mut self) {
        for track in self.0.iter_mut().flat_map(|band| &mut band.components) {
            track.hold = track.hold.restarted();
        }
        for band in &mut self.0 {
            if let Confirming::Awaiting { until, .. } = &mut band.confirming {
                *until = MonoTime::from_micros(u64::MAX);
            }
        }
    }

    /// Row 26: a countdown that was stopped starts again whole.
    pub fn resume(&mut self, now: MonoTime) {
        for band in &mut self.0 {
            if let Confirming::Awaiting { until, .. } = &mut band.confirming {
                *until = now.plus(RECUFF_WITHIN);
            }
        }
    }

    /// Sums up for machine C.
    #[must_use]
    pub fn facts(&self, rules: &FamilyRules, phase: Option<Phase>, shown: Shown) -> Facts {
        let top = self.0.iter().enumerate().find_map(|(rank, band)| {
            let rank = u8::try_from(rank).unwrap_or(u8::MAX);
            Some((rank, band.level(rules.bands[usize::from(rank)].confirm)?))
        });
        let any_held = self.0.iter().any(|band| band.holds_any(|hold| hold == Hold::Held));
        let governing = top.map(|(band, level)| match level {
            Level::Clearing if any_held => Governing { band, level: Level::Held },
            Level::Clearing | Level::Held | Level::Recuff { .. } => Governing { band, level },
        });
        let (quiet, input) = (self.quiet(rules, phase), self.input());
        Facts { governing, quiet, input, shown, ends: EndReason::Cleared }
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

    fn quiet(&self, rules: &FamilyRules, phase: Option<Phase>) -> Quiet {
        let tracks = || self.0.iter().flat_map(|band| &band.components);
        if rules.bands.iter().all(|rule| !rule.phases.holds(phase)) {
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

impl Band {
    fn determination(
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
            self.confirming = std::mem::take(&mut self.confirming).determined(Determined {
                device: seen.device,
                by_hand: seen.by_hand,
                judged,
                violated,
                validity: seen.validity,
                declared,
                until: now.plus(wait),
            });
            if self.confirming != Confirming::Confirmed {
                return;
            }
        }
        for (track, component) in self.components.iter_mut().zip(&rule.components) {
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
        if self.components.iter().all(|track| track.hold == Hold::Idle) {
            self.confirming = Confirming::Idle; // row 8
        }
    }

    /// Row 1c: no repeat came, or a higher band stands without it, so what violated stands.
    fn repeat_overdue(&mut self, declared: Declared, now: MonoTime) {
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
    fn awaited(&self) -> Violated {
        match self.confirming {
            Confirming::Awaiting { violated, .. } => violated,
            Confirming::Idle | Confirming::Confirmed => Violated::default(),
        }
    }

    fn level(&self, confirm: Option<Confirm>) -> Option<Level> {
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

    fn declares(&self, above: Declared) -> Declared {
        let holds = self.holds_any(|hold| matches!(hold, Hold::Held | Hold::Clearing { .. }));
        if holds { Declared::Yes } else { above }
    }

    fn holds_any(&self, what: impl Fn(Hold) -> bool) -> bool {
        self.components.iter().any(|track| what(track.hold))
    }
}
