//! Mirrors of the alarm machines of one family: every component's hold, every band's repeat. Bands
//! go by their rule's id, for their rank follows the preset.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::episode::{EpisodeV1, GONE};
use super::{Text, micros};
use crate::domain::alarm::confirm::{Confirming, Violated};
use crate::domain::alarm::family::{Band, Bands, LetGo, Track, TrackInput};
use crate::domain::alarm::hold::{Hold, Run};
use crate::domain::alarm::rule::{AlarmRule, Component, FamilyRules, Limit};
use crate::domain::bed::Physiological;
use crate::domain::ids::DeviceId;
use crate::domain::record::{RecordError, is_false};
use crate::domain::time::MonoTime;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FamilyV1<'a> {
    #[serde(borrow)]
    pub(super) family: Text<'a>,
    #[serde(borrow)]
    bands: Vec<BandV1<'a>>,
    #[serde(default, skip_serializing_if = "is_false")]
    let_go_by_phase: bool,
    #[serde(borrow)]
    pub(super) episode: EpisodeV1<'a>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct BandV1<'a> {
    #[serde(borrow)]
    rule: Text<'a>,
    #[serde(borrow)]
    components: Vec<TrackV1<'a>>,
    #[serde(borrow)]
    confirming: ConfirmingV1<'a>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TrackV1<'a> {
    /// What is judged, and on which side.
    #[serde(borrow)]
    of: (Text<'a>, Text<'a>),
    hold: HoldV1,
    input: TrackInputV1,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum TrackInputV1 {
    Present,
    Spot,
    Missing,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum HoldV1 {
    Idle,
    Running {
        since: u64,
        newest: u64,
        violating: bool,
        dip_since: Option<u64>,
        dips_us: u64,
        spots: u8,
        lost: Option<u64>,
    },
    Held,
    Clearing {
        since: u64,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum ConfirmingV1<'a> {
    Idle,
    Awaiting {
        #[serde(borrow)]
        device: Text<'a>,
        until: u64,
        violated: u16,
    },
    Confirmed,
}

/// Whether the preset still has every rule of a saved family, and no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    Same,
    Changed,
}

impl<'a> FamilyV1<'a> {
    pub(super) fn of(family: &'a Physiological, rules: &'a FamilyRules) -> Self {
        let bands = family.bands.0.iter().zip(&rules.bands);
        let rule_id = |rank: u8| rules.bands.get(usize::from(rank)).map_or("", |r| r.id.as_str());
        Self {
            family: rules.family.name().into(),
            bands: bands.map(|(band, rule)| BandV1::of(band, rule)).collect(),
            let_go_by_phase: family.let_go == LetGo::ByPhase,
            episode: EpisodeV1::of(&family.episode, rule_id),
        }
    }

    /// The family under the preset's rules. A rule or component that is new starts fresh.
    pub(super) fn into_domain(
        self,
        rules: &FamilyRules,
    ) -> Result<(Physiological, Fit), RecordError> {
        let mut bands = Bands::new(rules);
        let mut fit = if self.bands.len() == rules.bands.len() { Fit::Same } else { Fit::Changed };
        for band in self.bands {
            let Some(place) = rules.bands.iter().position(|it| band.rule == it.id.as_str()) else {
                fit = Fit::Changed;
                continue;
            };
            if band.restore(&mut bands.0[place], &rules.bands[place])? == Fit::Changed {
                fit = Fit::Changed;
            }
        }
        let rank = |id: &str| {
            let place = rules.bands.iter().position(|rule| rule.id.as_str() == id);
            place.and_then(|place| u8::try_from(place).ok()).unwrap_or(GONE)
        };
        let episode = self.episode.into_domain(rank)?;
        let let_go = if self.let_go_by_phase { LetGo::ByPhase } else { LetGo::Nothing };
        Ok((Physiological { bands, episode, let_go }, fit))
    }
}

impl<'a> BandV1<'a> {
    fn of(band: &'a Band, rule: &'a AlarmRule) -> Self {
        let tracks = band.components.iter().zip(&rule.components);
        Self {
            rule: rule.id.as_str().into(),
            components: tracks.map(|(track, part)| TrackV1::of(*track, part)).collect(),
            confirming: ConfirmingV1::of(&band.confirming),
        }
    }

    /// Puts `band`, fresh from `rule`, where this one was: each component that the rule still has
    /// keeps its hold, whatever was added, moved or taken away beside it.
    fn restore(self, band: &mut Band, rule: &AlarmRule) -> Result<Fit, RecordError> {
        let saved = self.components.len();
        let mut fit = if saved == rule.components.len() { Fit::Same } else { Fit::Changed };
        let mut places = Vec::with_capacity(saved);
        for track in self.components {
            let place = rule.components.iter().position(|part| track.is_of(part));
            if place != Some(places.len()) {
                fit = Fit::Changed;
            }
            if let Some(place) = place {
                band.components[place] = track.into_domain();
            }
            places.push(place);
        }
        band.confirming = self.confirming.into_domain(&places)?;
        let is_idle = |track: &Track| track.hold == Hold::Idle;
        if band.confirming == Confirming::Confirmed && band.components.iter().all(is_idle) {
            band.confirming = Confirming::Idle;
        }
        Ok(fit)
    }
}

/// What a component is known by: its limit may move without its hold being another's.
const fn key(component: &Component) -> (&'static str, &'static str) {
    let side = match component.limit {
        Limit::AtOrAbove(_) => "high",
        Limit::AtOrBelow(_) => "low",
        Limit::Apnoea { .. } => "apnoea",
    };
    (component.judged.name(), side)
}

impl TrackV1<'_> {
    fn of(track: Track, component: &Component) -> Self {
        let (judged, side) = key(component);
        let Track { hold, input } = track;
        Self {
            of: (judged.into(), side.into()),
            hold: HoldV1::of(hold),
            input: match input {
                TrackInput::Present => TrackInputV1::Present,
                TrackInput::Spot => TrackInputV1::Spot,
                TrackInput::Missing => TrackInputV1::Missing,
            },
        }
    }

    fn is_of(&self, component: &Component) -> bool {
        let (judged, side) = key(component);
        self.of.0 == judged && self.of.1 == side
    }

    fn into_domain(self) -> Track {
        let input = match self.input {
            TrackInputV1::Present => TrackInput::Present,
            TrackInputV1::Spot => TrackInput::Spot,
            TrackInputV1::Missing => TrackInput::Missing,
        };
        Track { hold: self.hold.into_domain(), input }
    }
}

impl HoldV1 {
    fn of(hold: Hold) -> Self {
        match hold {
            Hold::Idle => Self::Idle,
            Hold::Running(Run { since, newest, violating, dip_since, dips, spots, lost }) => {
                Self::Running {
                    since: since.as_micros(),
                    newest: newest.as_micros(),
                    violating,
                    dip_since: dip_since.map(MonoTime::as_micros),
                    dips_us: micros(dips),
                    spots,
                    lost: lost.map(MonoTime::as_micros),
                }
            }
            Hold::Held => Self::Held,
            Hold::Clearing { since } => Self::Clearing { since: since.as_micros() },
        }
    }

    fn into_domain(self) -> Hold {
        match self {
            Self::Idle => Hold::Idle,
            Self::Running { since, newest, violating, dip_since, dips_us, spots, lost } => {
                Hold::Running(Run {
                    since: MonoTime::from_micros(since),
                    newest: MonoTime::from_micros(newest),
                    violating,
                    dip_since: dip_since.map(MonoTime::from_micros),
                    dips: Duration::from_micros(dips_us),
                    spots,
                    lost: lost.map(MonoTime::from_micros),
                })
            }
            Self::Held => Hold::Held,
            Self::Clearing { since } => Hold::Clearing { since: MonoTime::from_micros(since) },
        }
    }
}

impl<'a> ConfirmingV1<'a> {
    fn of(confirming: &'a Confirming) -> Self {
        match confirming {
            Confirming::Idle => Self::Idle,
            Confirming::Awaiting { device, until, violated } => Self::Awaiting {
                device: device.as_str().into(),
                until: until.as_micros(),
                violated: violated.0,
            },
            Confirming::Confirmed => Self::Confirmed,
        }
    }

    /// `places`: where each saved component is now. A repeat is awaited by those that are left.
    fn into_domain(self, places: &[Option<usize>]) -> Result<Confirming, RecordError> {
        Ok(match self {
            Self::Idle => Confirming::Idle,
            Self::Awaiting { device, until, violated } => {
                let (saved, mut left) = (Violated(violated), Violated::default());
                let kept = places.iter().enumerate().filter(|(before, _)| saved.holds(*before));
                kept.filter_map(|(_, now)| *now).for_each(|now| left.insert(now));
                let (device, until) = (DeviceId::try_new(&device)?, MonoTime::from_micros(until));
                if left.is_empty() {
                    Confirming::Idle
                } else {
                    Confirming::Awaiting { device, until, violated: left }
                }
            }
            Self::Confirmed => Confirming::Confirmed,
        })
    }
}
