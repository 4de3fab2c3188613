//! A limit as a preset writes it → the domain's, inside the rails of clinical 2.3, with the site's
//! offset where it is of SpO2 (contract 3.1); and the delay of its component (alarms 14).

use std::ops::Range;
use std::time::Duration;

use super::error::Findings;
use super::preset::readable;
use super::preset_raw::{RawComponent, RawMetric, RawRule};
use super::preset_rule::{judged_of, onset_of, severity_of};
use super::rails;
use super::structure::At;
use crate::domain::act::LimitOf;
use crate::domain::alarm::limit::Side;
use crate::domain::alarm::rails::Rail;
use crate::domain::alarm::rule::{Component, Judged, Limit};
use crate::domain::alarm::{AlarmFamily, Priority};
use crate::domain::metric::Metric;

/// The limits of a preset as they are found.
#[derive(Debug)]
pub(super) struct Limits {
    /// Of the site, in percent: -5 to 0, added to every limit of SpO2.
    pub(super) spo2_offset: i32,
    pub(super) placed: Vec<PlacedLimit>,
}

/// A plain limit and where it stands, for the checks over all rules.
#[derive(Clone, Debug)]
pub(super) struct PlacedLimit {
    pub(super) family: AlarmFamily,
    pub(super) judged: Judged,
    pub(super) side: Side,
    pub(super) limit: i32,
    pub(super) key: String,
    pub(super) span: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Above,
    Below,
    Rise,
    Drop,
}

/// A figure and what it limits.
#[derive(Debug)]
pub(super) struct LimitAt<'a> {
    pub(super) family: AlarmFamily,
    pub(super) judged: Judged,
    pub(super) kind: Kind,
    pub(super) key: String,
    pub(super) at: &'a At<i64>,
}

impl Kind {
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Above => "at_or_above",
            Self::Below => "at_or_below",
            Self::Rise => "rise_at_or_above",
            Self::Drop => "drop_at_or_above",
        }
    }

    const fn of(self) -> LimitOf {
        match self {
            Self::Above | Self::Below => LimitOf::Value,
            Self::Rise | Self::Drop => LimitOf::Change,
        }
    }

    const fn side(self) -> Side {
        match self {
            Self::Above | Self::Rise => Side::Upper,
            Self::Below | Self::Drop => Side::Lower,
        }
    }

    const fn on(of: LimitOf, side: Side) -> Self {
        match (of, side) {
            (LimitOf::Value, Side::Upper) => Self::Above,
            (LimitOf::Value, Side::Lower) => Self::Below,
            (LimitOf::Change, Side::Upper) => Self::Rise,
            (LimitOf::Change, Side::Lower) => Self::Drop,
        }
    }
}

impl LimitAt<'_> {
    /// The figure with the site's offset, if the family may have it; `metric` is where what is
    /// judged stands.
    pub(super) fn inside_rails(
        &self,
        (metric_key, metric_span): (String, Range<usize>),
        limits: &mut Limits,
        findings: &mut Findings<'_>,
    ) -> Option<i32> {
        let (family, judged) = (self.family.name(), self.judged.name());
        let of = self.kind.of();
        let Some(rail) = Rail::of(self.family, self.judged, of) else {
            let other = match of {
                LimitOf::Value => LimitOf::Change,
                LimitOf::Change => LimitOf::Value,
            };
            if Rail::of(self.family, self.judged, other).is_some() {
                let reason = format!("the family {family} has no such limit of {judged}");
                findings.meaning(&self.key, self.at.span(), reason);
            } else {
                let reason = format!("{judged} is not judged by the family {family}");
                findings.meaning(&metric_key, metric_span, reason);
            }
            return None;
        };
        if self.kind.side() != rail.side {
            let right = Kind::on(of, rail.side).key();
            let reason = format!("the family {family} has limits {right} only");
            findings.meaning(&self.key, self.at.span(), reason);
            return None;
        }
        if findings.any_under(&self.key) {
            return None;
        }
        let offset = match (self.judged, of) {
            (Judged::Metric(Metric::SpO2), LimitOf::Value) => limits.spo2_offset,
            (Judged::HeartRate | Judged::Metric(_), _) => 0,
        };
        let limit = i32::try_from(*self.at.get()).unwrap_or(i32::MAX).saturating_add(offset);
        if !rail.holds(limit) {
            let shifted = match offset {
                0 => String::new(),
                offset => format!(" with spo2_offset {offset}, {limit},"),
            };
            let reason = format!(
                "{}{shifted} is outside the rails {} to {} of {judged} in {family}",
                self.at.get(),
                rail.low,
                rail.high,
            );
            findings.meaning(&self.key, self.at.span(), reason);
        }
        if of == LimitOf::Value {
            let (key, span) = (self.key.clone(), self.at.span());
            let (family, judged, side) = (self.family, self.judged, self.kind.side());
            limits.placed.push(PlacedLimit { family, judged, side, limit, key, span });
        }
        Some(limit)
    }
}

/// A raw component and where it stands.
pub(super) struct ComponentAt<'a> {
    pub(super) family: AlarmFamily,
    pub(super) rule: &'a RawRule,
    pub(super) key: &'a str,
    pub(super) raw: &'a At<RawComponent>,
}

impl ComponentAt<'_> {
    pub(super) fn resolve(
        &self,
        limits: &mut Limits,
        findings: &mut Findings<'_>,
    ) -> Option<Component> {
        let raw = self.raw.get();
        let judged = judged_of(*raw.metric.get());
        let why = raw.why.as_ref().unwrap_or(&self.rule.why);
        if let Some(own) = &raw.why {
            readable(&format!("{}.why.source", self.key), &own.source, findings);
        }
        let (severity, onset) = (severity_of(why), onset_of(why));
        let limit = self.limit(judged, limits, findings)?;
        let persist = self.persist(judged, Priority::derive(severity, onset), findings);
        Some(Component { judged, limit, persist, severity, onset, over_65: None })
    }

    fn limit(
        &self,
        judged: Judged,
        limits: &mut Limits,
        findings: &mut Findings<'_>,
    ) -> Option<Limit> {
        let raw = self.raw.get();
        let given = [
            raw.at_or_above.as_ref().map(|at| (Kind::Above, at)),
            raw.at_or_below.as_ref().map(|at| (Kind::Below, at)),
            raw.rise_at_or_above.as_ref().map(|at| (Kind::Rise, at)),
            raw.drop_at_or_above.as_ref().map(|at| (Kind::Drop, at)),
        ];
        let mut given = given.into_iter().flatten();
        let (kind, at) = match (given.next(), given.next(), &raw.apnoea) {
            (Some(one), None, None) => one,
            (None, None, Some(flag)) => return self.apnoea(judged, flag, findings),
            _ => {
                let reason = "needs exactly one of at_or_above, at_or_below, rise_at_or_above, \
                              drop_at_or_above, apnoea";
                findings.meaning(self.key, self.raw.span(), reason);
                return None;
            }
        };
        let metric = (format!("{}.metric", self.key), raw.metric.span());
        let key = format!("{}.{}", self.key, kind.key());
        let place = LimitAt { family: self.family, judged, kind, key, at };
        let limit = place.inside_rails(metric, limits, findings)?;
        Some(match kind {
            Kind::Above => Limit::AtOrAbove(limit),
            Kind::Below => Limit::AtOrBelow(limit),
            Kind::Rise => Limit::Rise { change: limit, from: None },
            Kind::Drop => Limit::Drop { change: limit, from: None },
        })
    }

    /// Apnoea clears as the plain limit of its rule does, so that limit must be there.
    fn apnoea(
        &self,
        judged: Judged,
        flag: &At<bool>,
        findings: &mut Findings<'_>,
    ) -> Option<Limit> {
        let key = format!("{}.apnoea", self.key);
        if !*flag.get() {
            findings.meaning(
                &key,
                flag.span(),
                "can only be true; leave the component out instead",
            );
            return None;
        }
        if self.family != AlarmFamily::RespLow || judged != Judged::Metric(Metric::RespRate) {
            findings.meaning(&key, flag.span(), "only resp in the family resp-low has apnoea");
            return None;
        }
        let mut others = self.rule.any.get().iter().map(At::get);
        let plain = others.find_map(|other| match (*other.metric.get(), &other.at_or_below) {
            (RawMetric::Resp, Some(limit)) => i32::try_from(*limit.get()).ok(),
            _ => None,
        });
        if plain.is_none() {
            let reason = "needs a plain at_or_below of resp in the same rule, to clear by";
            findings.meaning(&key, flag.span(), reason);
        }
        plain.map(|clears_as| Limit::Apnoea { clears_as })
    }

    fn persist(&self, judged: Judged, priority: Priority, findings: &mut Findings<'_>) -> Duration {
        let own = self.raw.get().persist_s.as_ref();
        let Some(persist) = own.or(self.rule.persist_s.as_ref()) else {
            return rails::default_delay(judged, priority);
        };
        if rails::is_cuff(judged) && *persist.get() != 0 {
            let reason = "a cuff's value is judged when it comes: use confirm, not persist_s";
            findings.meaning(&format!("{}.persist_s", self.key), persist.span(), reason);
        }
        Duration::from_secs(persist.get().unsigned_abs())
    }
}
