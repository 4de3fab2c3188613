//! Mirrors of the alarm machines of one family: every component's hold, every band's repeat, the
//! condition and its occurrences. Bands go by their rule's id, for their rank follows the preset.

use serde::{Deserialize, Serialize};

use super::Text;
use super::episode::{EpisodeV1, GONE};
use super::hold::{ConfirmingV1, HoldV1};
use crate::domain::alarm::confirm::Confirming;
use crate::domain::alarm::family::{Band, Bands, Track, TrackInput};
use crate::domain::alarm::hold::Hold;
use crate::domain::alarm::occurrence::EndReason;
use crate::domain::alarm::rule::{AlarmRule, Component, FamilyRules, Limit};
use crate::domain::bed::{Ending, Physiological};
use crate::domain::record::{RecordError, by_name};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FamilyV1<'a> {
    #[serde(borrow)]
    pub(super) family: Text<'a>,
    #[serde(borrow)]
    bands: Vec<BandV1<'a>>,
    /// Why nothing holds any more, and who caused it, until the occurrence has been told.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    let_go: Option<(Text<'a>, Option<Text<'a>>)>,
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

/// Whether the preset still has every rule of a saved family, and no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    Same,
    Changed,
}

impl<'a> FamilyV1<'a> {
    pub(super) fn of(family: &'a Physiological, rules: &'a FamilyRules) -> Self {
        let bands = family.bands.0.iter().zip(&rules.bands);
        let key = |rank: u8| rules.bands.get(usize::from(rank)).map_or("".into(), band_key);
        Self {
            family: rules.family.name().into(),
            bands: bands.map(|(band, rule)| BandV1::of(band, rule)).collect(),
            let_go: family
                .let_go
                .as_ref()
                .map(|Ending { why, by }| (why.name().into(), by.as_deref().map(Into::into))),
            episode: EpisodeV1::of(&family.episode, key),
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
            let Some(place) = rules.bands.iter().position(|it| band.rule == band_key(it)) else {
                fit = Fit::Changed;
                continue;
            };
            if band.restore(&mut bands.0[place], &rules.bands[place])? == Fit::Changed {
                fit = Fit::Changed;
            }
        }
        let rank = |id: &str| {
            let place = rules.bands.iter().position(|rule| band_key(rule) == id);
            place.and_then(|place| u8::try_from(place).ok()).unwrap_or(GONE)
        };
        let episode = self.episode.into_domain(rank)?;
        let ending = |(why, by): (Text<'_>, Option<Text<'_>>)| {
            let why = by_name(EndReason::ALL, EndReason::name, &why)?;
            Ok::<_, RecordError>(Ending { why, by: by.map(Into::into) })
        };
        let let_go = self.let_go.map(ending).transpose()?;
        Ok((Physiological { bands, episode, let_go }, fit))
    }
}

impl<'a> BandV1<'a> {
    fn of(band: &'a Band, rule: &'a AlarmRule) -> Self {
        let tracks = band.components.iter().zip(&rule.components);
        Self {
            rule: band_key(rule),
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

/// What a band is known by: its rule, and its part where the rule is more than one.
fn band_key(rule: &AlarmRule) -> Text<'_> {
    match rule.part {
        0 => rule.id.as_str().into(),
        part => format!("{}#{part}", rule.id).into(),
    }
}

/// What a component is known by: its limit may move without its hold being another's.
const fn key(component: &Component) -> (&'static str, &'static str) {
    let side = match component.limit {
        Limit::AtOrAbove(_) => "high",
        Limit::AtOrBelow(_) => "low",
        Limit::Rise { .. } => "rise",
        Limit::Drop { .. } => "drop",
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
