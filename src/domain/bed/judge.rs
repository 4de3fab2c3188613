//! Gives values and determinations to the rules in force, and gives them again when the rules are
//! others: another phase or symptom (row 25), another limit, baseline or reading (row 24), the end
//! of an inhibition (row 27).
//!
//! What is judged again gets no credit for the time before, and no reading confirms itself. Which
//! rules there are is `alarm::personal`'s; whether a person may change them `limits`'s.

use super::{Bed, Ending, Inhibition};
use crate::domain::alarm::family::{LetGo, Review};
use crate::domain::alarm::personal::Personal;
use crate::domain::alarm::rule::{
    AlarmRule, Component, FamilyRules, InForce, Judged, Scope, Side, Verdict,
};
use crate::domain::alarm::value::{Coming, Determination, Figure, Look, Value};
use crate::domain::metric::Metric;
use crate::domain::reading::{Validity, ValueSource};
use crate::domain::time::MonoTime;
use crate::domain::view::Freshness;
use crate::domain::vital::Vital;

/// Which families one judgement is for, by place.
#[derive(Clone, Copy, Debug)]
enum Reach<'a> {
    All,
    These(&'a [usize]),
}

impl Reach<'_> {
    fn holds(self, index: usize) -> bool {
        match self {
            Self::All => true,
            Self::These(these) => these.contains(&index),
        }
    }
}

impl Bed {
    /// What decides which rules are judged now.
    pub(super) fn in_force(&self) -> InForce {
        self.session.as_ref().map(super::Session::in_force).unwrap_or_default()
    }

    /// Judges a value that has come.
    pub(super) fn judge(&mut self, value: &Value, now: MonoTime) {
        let scope = Scope::InForce(self.in_force());
        self.judge_for(Reach::All, scope, value, now);
    }

    /// Judges a determination that has come, then asks the gates.
    pub(super) fn judge_determination(&mut self, seen: &Determination<'_>, now: MonoTime) {
        let scope = Scope::InForce(self.in_force());
        self.determination_for(Reach::All, scope, seen, now);
        self.ask_gates(None);
    }

    /// Judges the newest fresh value of everything again, Td from 0 (row 27).
    pub fn rejudge(&mut self, now: MonoTime) {
        self.judge_again(Reach::All, Scope::InForce(self.in_force()), now);
        self.ask_gates(None);
    }

    /// Row 25: rules that are not in force any more let go, those that have come into force judge
    /// the newest fresh value at once.
    pub(super) fn enter(&mut self, before: InForce, ending: &Ending, at: MonoTime) {
        let now = self.in_force();
        for (family, rules) in self.families.iter_mut().zip(self.rules.families()) {
            if family.bands.in_force(rules, now) == LetGo::Held {
                family.let_go = Some(ending.clone());
            }
        }
        if now != before {
            self.judge_again(Reach::All, Scope::Entering { before, now }, at);
            self.ask_gates(Some(ending));
        }
    }

    /// Row 24: the rules of the patient as they are now. Where a limit moved, and there only, the
    /// newest fresh reading decides at once; `ending`: who moved it and why, `None` where there is
    /// nothing to judge.
    pub(in crate::domain) fn adapt(&mut self, ending: Option<&Ending>, now: MonoTime) {
        let before = self.rules.families().to_vec();
        self.make_personal();
        self.adapted(&before, ending, now);
    }

    pub(super) fn make_personal(&mut self) {
        let personal = self.session.as_ref().map(super::Session::personal);
        let personal = personal.filter(|it| !it.is_plain());
        self.rules.personal = personal.map(|it: Personal<'_>| it.families(&self.rules.preset));
    }

    /// The rules were these `before`, family by family.
    pub(super) fn adapted(
        &mut self,
        before: &[FamilyRules],
        ending: Option<&Ending>,
        now: MonoTime,
    ) {
        for (index, was) in before.iter().enumerate() {
            if *was != self.rules.families()[index] {
                self.adapt_family(index, was, ending, now);
                if ending.is_some() {
                    let scope = Scope::Moved { was, now: self.in_force() };
                    self.judge_again(Reach::These(&[index]), scope, now);
                }
            }
        }
        if let Some(ending) = ending {
            self.ask_gates(Some(ending));
        }
    }

    fn adapt_family(
        &mut self,
        index: usize,
        was: &FamilyRules,
        ending: Option<&Ending>,
        now: MonoTime,
    ) {
        let is = &self.rules.families()[index];
        let same = |rule: &AlarmRule| was.bands.iter().find(|it| it.is_band(rule));
        let look = |band: usize, part: usize| {
            let rule = &is.bands[band];
            let component = &rule.components[part];
            let mut was = same(rule).into_iter().flat_map(|it| &it.components);
            if was.any(|it| it.judged == component.judged && it.limit == component.limit) {
                return Review::Untouched;
            }
            self.review(component, is.clear_by, now)
        };
        let (mut bands, gone) = self.families[index].bands.ranked(was, is);
        let let_go = if bands.review(is, look) == LetGo::Held { LetGo::Held } else { gone };
        let place = |band: u8| {
            let rule = was.bands.get(usize::from(band))?;
            let place = is.bands.iter().position(|it| it.is_band(rule))?;
            u8::try_from(place).ok()
        };
        let mut condition = self.families[index].episode.condition;
        condition.rank_by(place);
        let family = &mut self.families[index];
        family.episode.condition = condition;
        family.bands = bands;
        if let (LetGo::Held, Some(ending)) = (let_go, ending) {
            family.let_go = Some(ending.clone());
        }
        self.moved.family(index);
    }

    /// Row 24: readings of these metrics were voided or amended.
    pub(super) fn readings_changed(&mut self, metrics: &[Metric], ending: &Ending, now: MonoTime) {
        let concerns =
            |part: &Component| part.judged.metrics().iter().any(|it| metrics.contains(it));
        let mut concerned = Vec::new();
        for index in 0..self.families.len() {
            let rules = &self.rules.families()[index];
            if rules.bands.iter().flat_map(|band| &band.components).any(concerns) {
                concerned.push(index);
            }
            let look = |band: usize, part: usize| {
                let component: &Component = &rules.bands[band].components[part];
                if !concerns(component) {
                    return Review::Untouched;
                }
                let look = self.review(component, rules.clear_by, now);
                let none_left = look == Review::Unknown && self.has_single_values(component.judged);
                if none_left { Review::NoneLeft } else { look }
            };
            let mut bands = self.families[index].bands.clone();
            if bands.review(rules, look) == LetGo::Held {
                self.families[index].let_go = Some(ending.clone());
            }
            self.families[index].bands = bands;
            self.moved.family(index);
        }
        self.judge_again(Reach::These(&concerned), Scope::InForce(self.in_force()), now);
        self.ask_gates(Some(ending));
    }

    /// No device sends it all the time: where no value of it stands, none is to be waited for.
    fn has_single_values(&self, judged: Judged) -> bool {
        let of = |vital: &&Vital| judged.metrics().contains(&vital.metric);
        is_pressure(judged) || self.vitals.iter().filter(of).all(Vital::is_intermittent)
    }

    /// What is judged as `judged` when the vital in `arriving` has come, or now: the values of
    /// all live devices of the best rank. `None`: nothing fresh.
    pub(super) fn value_of(
        &self,
        judged: Judged,
        arriving: Option<usize>,
        now: MonoTime,
    ) -> Option<Value> {
        let look = if arriving.is_some() { Look::First } else { Look::Again };
        if judged == Judged::Metric(Metric::Moaas) {
            let value = self.session.as_ref()?.moaas?.into();
            let figure = Figure { value, validity: Validity::Good };
            let coming = Coming::Entered;
            return Some(Value { judged, lowest: figure, highest: figure, coming, look });
        }
        let mut span: Option<(Figure, Figure)> = None;
        let mut period = std::time::Duration::ZERO;
        let mut best = u8::MAX;
        for (rank, vital) in self.judged_together(judged, arriving, now) {
            let Ok(value) = vital.newest.value else { continue };
            if rank > best {
                continue;
            }
            if rank < best {
                (best, span, period) = (rank, None, std::time::Duration::ZERO);
            }
            let figure = Figure { value: value.0, validity: vital.newest.validity };
            let (low, high) = span.unwrap_or((figure, figure));
            span = Some((low.span(figure).0, high.span(figure).1));
            period = period.max(vital.period);
        }
        if let Some((lowest, highest)) = span {
            let coming = Coming::Continuous { period };
            return Some(Value { judged, lowest, highest, coming, look });
        }
        let spot = arriving.map(|index| &self.vitals[index]);
        let spot = spot.or_else(|| self.newest_spot(judged, now))?;
        let value = spot.newest.value.ok()?.0;
        let figure = Figure { value, validity: spot.newest.validity };
        // A person has looked: no delay goes by. A pulse counts as a cuff's does (alarms 14).
        let by_hand = spot.source == ValueSource::Manual && judged != Judged::HeartRate;
        let coming = if by_hand { Coming::Entered } else { Coming::Spot };
        Some(Value { judged, lowest: figure, highest: figure, coming, look })
    }

    /// The continuous values that may count together, each with its rank: those that are live, and
    /// the one that has just come, late as it may be. The best rank counts, which is the lowest.
    fn judged_together(
        &self,
        judged: Judged,
        arriving: Option<usize>,
        now: MonoTime,
    ) -> impl Iterator<Item = (u8, &Vital)> {
        self.vitals.iter().enumerate().filter_map(move |(index, vital)| {
            let rank = match judged {
                Judged::HeartRate => Self::rate_rank(vital)?,
                Judged::Metric(metric) => (vital.metric == metric).then_some(0)?,
            };
            let counts = !vital.is_intermittent()
                && !self.is_aside(vital)
                && (arriving == Some(index) || self.freshness(vital, now) == Freshness::Live);
            counts.then_some((rank, vital))
        })
    }

    /// The vital that a component's words are of: the one on its limit's side of all that count,
    /// else the newest.
    pub(super) fn spoken_of(
        &self,
        rule: &AlarmRule,
        component: &Component,
        now: MonoTime,
    ) -> Option<&Vital> {
        let together = self.judged_together(component.judged, None, now);
        let side = |value: i32| match component.limit.side() {
            Side::Upper => value,
            Side::Lower => value.saturating_neg(),
        };
        let key = |(rank, it): &(u8, &Vital)| {
            let value = it.newest.value.map_or(i32::MIN, |value| side(value.0));
            (std::cmp::Reverse(*rank), value, it.newest.received.mono)
        };
        let worst = together.filter(|(_, it)| it.newest.value.is_ok()).max_by_key(key);
        // What a cuff says of the pulse is no word of a rule that it does not feed.
        let fed = |it: &&Vital| rule.spot_values.is_some() || !it.is_intermittent();
        let of_rate = || self.rates().filter(fed).max_by_key(|it| it.newest.received.mono);
        let newest = || match component.judged {
            Judged::HeartRate => of_rate(),
            Judged::Metric(_) => self.newest_of(component.judged, now),
        };
        worst.map(|(_, it)| it).or_else(newest)
    }

    /// All that has a rate.
    fn rates(&self) -> impl Iterator<Item = &Vital> {
        let metrics = Judged::HeartRate.metrics();
        self.vitals.iter().filter(|it| metrics.contains(&it.metric) && it.newest.value.is_ok())
    }

    fn newest_spot(&self, judged: Judged, now: MonoTime) -> Option<&Vital> {
        let spots = self.vitals.iter().filter(|it| {
            judged.metrics().contains(&it.metric)
                && it.is_intermittent()
                && !self.is_aside(it)
                && self.freshness(it, now) == Freshness::Live
        });
        let spot = spots.max_by_key(|it| it.newest.received.mono)?;
        // What was entered before a stream's last value says nothing against it.
        let is_newest = judged == Judged::HeartRate
            || self.last_known(spot.metric).is_none_or(|last| spot.measured_at() >= last);
        is_newest.then_some(spot)
    }

    fn judge_for(&mut self, reach: Reach<'_>, scope: Scope<'_>, value: &Value, now: MonoTime) {
        if self.inhibition() != Inhibition::None {
            return;
        }
        for index in self.rules.families_of(value.judged) {
            if reach.holds(*index) {
                let rules = &self.rules.families()[*index];
                self.families[*index].bands.sample(rules, scope, value, now);
                self.moved.family(*index);
            }
        }
    }

    fn determination_for(
        &mut self,
        reach: Reach<'_>,
        scope: Scope<'_>,
        seen: &Determination<'_>,
        now: MonoTime,
    ) {
        if self.inhibition() != Inhibition::None {
            return;
        }
        for index in (0..self.families.len()).filter(|index| reach.holds(*index)) {
            let rules = &self.rules.families()[index];
            self.families[index].bands.determination(rules, scope, seen, now);
            self.moved.family(index);
        }
    }

    /// Gives these families the newest value of everything again.
    fn judge_again(&mut self, reach: Reach<'_>, scope: Scope<'_>, now: MonoTime) {
        for place in 0..self.rules.touched.len() {
            let judged = self.rules.touched[place].0;
            let value = Some(judged).filter(|it| !is_pressure(*it));
            if let Some(value) = value.and_then(|it| self.value_of(it, None, now)) {
                self.judge_for(reach, scope, &value, now);
            }
        }
        let Some(newest) = self.current_determination(now).cloned() else { return };
        let mut seen = newest.determination(Look::Again, self.interval());
        seen.validity = self.validity_beside_others(&newest, now);
        self.determination_for(reach, scope, &seen, now);
    }

    /// The sedation score has been entered.
    pub(super) fn judge_entered(&mut self, now: MonoTime) {
        if let Some(value) = self.value_of(Judged::Metric(Metric::Moaas), None, now) {
            self.judge(&value, now);
        }
    }

    /// The gates of dose and discharge over the session's determinations.
    pub(super) fn ask_gates(&mut self, ending: Option<&Ending>) {
        if self.inhibition() != Inhibition::None {
            return;
        }
        let in_force = self.in_force();
        let from = self.readings_from();
        let taken = self.recent.newest_first(from);
        for (index, (family, rules)) in
            self.families.iter_mut().zip(self.rules.families()).enumerate()
        {
            if !has_gate(rules) {
                continue;
            }
            let let_go = family.bands.gates(rules, in_force, taken.clone());
            if let (LetGo::Held, Some(ending)) = (let_go, ending) {
                family.let_go = Some(ending.clone());
            }
            self.moved.family(index);
        }
    }

    /// How the newest reading that stands looks to a component.
    fn review(&self, component: &Component, clear_by: i32, now: MonoTime) -> Review {
        let verdict = if is_pressure(component.judged) {
            self.pressure_verdict(component, clear_by, now)
        } else {
            let value = self.value_of(component.judged, None, now);
            value.map(|value| value.verdict(component.limit, clear_by))
        };
        match verdict {
            _ if component.limit.is_off() => Review::DoesNot,
            Some(Verdict::Violated) => Review::Violates,
            Some(Verdict::Between | Verdict::Clear) => Review::DoesNot,
            None => Review::Unknown,
        }
    }
}

fn has_gate(rules: &FamilyRules) -> bool {
    rules.bands.iter().any(|rule| rule.gate.is_some())
}

/// A cuff's pressure: judged by its determination.
fn is_pressure(judged: Judged) -> bool {
    match judged {
        Judged::HeartRate => false,
        Judged::Metric(metric) => super::cuff::is_pressure(metric),
    }
}
