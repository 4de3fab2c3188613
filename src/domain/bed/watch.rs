//! What time alone does to a bed: ages, the passing of phases, delays that run out, restarts. What
//! is missing or late is `missing`'s.

use std::sync::Arc;
use std::time::Duration;

use super::cuff::is_pressure;
use super::{Bed, Desk, Ending, Inhibition, Moved, Technical};
use crate::domain::alarm::family::Gone;
use crate::domain::alarm::hold::Newest;
use crate::domain::alarm::occurrence::SessionChange;
use crate::domain::alarm::rule::Judged;
use crate::domain::alarm::{AlarmFamily, Priority};
use crate::domain::link::Link;
use crate::domain::metric::Metric;
use crate::domain::reading::ValueSource;
use crate::domain::time::{MonoTime, Stamp};
use crate::domain::view::Freshness;
use crate::domain::vital::Vital;

/// A bed always looks again after so long.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

impl Bed {
    /// Time alone: everything that is due by now, then the next deadline.
    pub(super) fn tick(&mut self, now: Stamp, desk: &mut Desk<'_>) {
        self.end_pauses(now, desk);
        self.follow_phase(now, desk);
        for index in 0..self.vitals.len() {
            let vital = &self.vitals[index];
            if self.freshness(vital, now.mono) != Freshness::Live {
                let metric = vital.metric;
                self.input_missing(metric, now.mono);
            }
        }
        self.run_timers(now.mono);
        self.retire_devices(now.mono);
        self.find_missing(now.mono);
        self.find_told(now);
        self.moved = Moved::ALL;
        self.settle(now, desk);
        self.run_signals(now, desk);
        self.deadline = self.next_deadline(now.mono);
    }

    /// The phase by time; a change is told, rules out of phase let go and those that have come
    /// into it judge (row 25).
    pub(super) fn follow_phase(&mut self, now: Stamp, desk: &mut Desk<'_>) {
        let before = self.in_force();
        if let Some(session) = self.session.as_mut() {
            let (phase, _) = session.phase_at(&self.rules.preset, now.mono);
            if phase != session.phase {
                session.phase = phase;
                self.tell_session(SessionChange::PhaseChanged, None, now, desk);
            }
        }
        self.enter(before, &Ending::PHASE, now.mono);
    }

    /// No fresh valid value of `metric`: what it is judged as is missing, unless another source
    /// still has it.
    pub(super) fn input_missing(&mut self, metric: Metric, now: MonoTime) {
        let live = |vital: &Vital| self.freshness(vital, now) == Freshness::Live;
        let counts = |vital: &Vital| is_pressure(metric) || !vital.is_intermittent();
        let still =
            self.vitals.iter().any(|vital| vital.metric == metric && counts(vital) && live(vital));
        let spot = |vital: &Vital| is_rate(vital.metric) && vital.is_intermittent() && live(vital);
        let rate_gone = (is_rate(metric) && self.rate_in_force(now).is_none())
            .then(|| if self.vitals.iter().any(spot) { Gone::Continuous } else { Gone::All });
        if !still {
            let mut by_hand = self
                .vitals
                .iter()
                .filter(|it| it.metric == metric && it.source == ValueSource::Manual && live(it));
            let spot = !is_pressure(metric) && by_hand.next().is_some();
            let gone = if spot { Gone::Continuous } else { Gone::All };
            self.judged_missing(Judged::Metric(metric), gone, now);
        }
        if let Some(gone) = rate_gone {
            self.judged_missing(Judged::HeartRate, gone, now);
        }
    }

    pub(super) fn judged_missing(&mut self, judged: Judged, gone: Gone, now: MonoTime) {
        if self.inhibition() != Inhibition::None {
            return;
        }
        for &index in self.rules.families_of(judged) {
            let rules = &self.rules.families()[index];
            self.families[index].bands.missing(rules, judged, gone, now);
            self.moved.family(index);
        }
    }

    /// The rank of a continuous rate: ECG, then oximeter, then arterial line (alarms 14).
    pub(super) const fn rate_rank(vital: &Vital) -> Option<u8> {
        match (vital.metric, vital.source) {
            (Metric::HeartRate, _) => Some(0),
            (Metric::PulseRate, ValueSource::Ecg | ValueSource::Pleth) => Some(1),
            (Metric::PulseRate, ValueSource::Art) => Some(2),
            _ => None,
        }
    }

    /// The best live rate.
    pub(super) fn rate_in_force(&self, now: MonoTime) -> Option<usize> {
        let live = |vital: &&Vital| {
            !vital.is_intermittent()
                && !self.is_aside(vital)
                && self.freshness(vital, now) == Freshness::Live
        };
        let ranked = self.vitals.iter().enumerate().filter(|(_, vital)| live(vital));
        let ranked = ranked.filter_map(|(index, it)| Some((Self::rate_rank(it)?, index)));
        ranked.min().map(|(_, index)| index)
    }

    /// A spot value is in force only while no continuous one is live; of continuous ones all of
    /// the best rank are.
    pub(super) fn is_rate_in_force(&self, index: usize, now: MonoTime) -> bool {
        self.rate_in_force(now).is_none_or(|best| {
            let (best, this) = (&self.vitals[best], &self.vitals[index]);
            !this.is_intermittent() && Self::rate_rank(this) == Self::rate_rank(best)
        })
    }

    /// How a vital may be shown: the link first, then its age.
    pub(super) fn freshness(&self, vital: &Vital, now: MonoTime) -> Freshness {
        if !vital.is_intermittent() && !self.is_linked(vital.line, &vital.device) {
            return Freshness::Removed;
        }
        vital.freshness(vital.limits(self.interval(), self.phase()), now)
    }

    /// Received at, less its lag, of the newest valid determination.
    pub(super) fn newest_cuff(&self) -> Option<MonoTime> {
        let cuffs = self.vitals.iter().filter(|v| v.metric == Metric::NibpSys);
        let valid = cuffs.filter(|vital| vital.newest.value.is_ok());
        valid.map(|v| v.newest.received.mono.minus(v.newest.lag)).max()
    }

    fn run_timers(&mut self, now: MonoTime) {
        let idle = self.families.iter().all(|family| family.bands.are_idle());
        if idle || self.inhibition() != Inhibition::None {
            return;
        }
        let freshest = |judged: Judged| self.newest(judged, now);
        let newest: Vec<(Judged, Newest)> =
            self.rules.touched.iter().map(|(judged, _)| (*judged, freshest(*judged))).collect();
        let of = |judged: Judged| {
            newest.iter().find(|(j, _)| *j == judged).map_or(Newest::Missing, |(_, n)| *n)
        };
        for (family, rules) in self.families.iter_mut().zip(self.rules.families()) {
            family.bands.timer(rules, of, now);
        }
    }

    fn newest(&self, judged: Judged, now: MonoTime) -> Newest {
        let live = match judged {
            Judged::HeartRate => self.rate_in_force(now).is_some(),
            Judged::Metric(metric) => self.vitals.iter().any(|vital| {
                vital.metric == metric
                    && !vital.is_intermittent()
                    && self.freshness(vital, now) == Freshness::Live
            }),
        };
        let spot = self.vitals.iter().any(|vital| {
            judged.metrics().contains(&vital.metric)
                && vital.is_intermittent()
                && vital.newest.value.is_ok()
        });
        match (live, spot) {
            (true, _) => Newest::Fresh,
            (false, true) => Newest::Spot,
            (false, false) => Newest::Missing,
        }
    }

    fn next_deadline(&self, now: MonoTime) -> MonoTime {
        let limits = |vital: &Vital| vital.limits(self.interval(), self.phase());
        let ages = self.vitals.iter().flat_map(|vital| {
            let [grey, removed] = vital.turns(limits(vital));
            [Some(grey), Some(removed), self.missed_from(vital)].into_iter().flatten()
        });
        let bands = self.families.iter().zip(self.rules.families());
        let bands = bands.filter_map(|(family, rules)| family.bands.deadline(rules));
        let shown = self.families.iter().filter_map(|family| family.episode.deadline(now));
        let technical = self.technical.iter().filter_map(|it| self.technical_deadline(it, now));
        let phase = self.session.as_ref();
        let phase = phase.and_then(|session| session.phase_at(&self.rules.preset, now).1);
        let clocks = self.devices.iter().filter_map(|device| device.clock.broken_until());
        let all = ages.map(after).chain(bands).chain(shown).chain(technical);
        let all = all.chain(phase).chain(clocks).chain(self.inactivation_deadline());
        all.filter(|due| *due > now).min().unwrap_or(now.plus(LOOK_AGAIN)).min(now.plus(LOOK_AGAIN))
    }

    /// Row 28: nothing timed goes on by itself, nothing that was told is forgotten.
    pub(super) fn restarted(&mut self, now: Stamp, desk: &mut Desk<'_>) {
        for device in &mut self.devices {
            device.link = Link::Opening { since: now };
        }
        for vital in &mut self.vitals {
            vital.back.get_or_insert(now.mono);
        }
        self.lost_brokers.clear();
        self.bedside_alarms.clear();
        self.rejects.clear();
        if self.session.is_none() {
            self.watched_since = now.mono;
        }
        for family in &mut self.families {
            family.bands.restarted();
        }
        self.pauses_restarted(now, desk);
        for at in 0..self.episodes() {
            let mut episode = std::mem::take(self.episode_mut(at));
            episode.restored(&mut self.scene(now, desk));
            *self.episode_mut(at) = episode;
        }
        self.tick(now, desk);
    }

    /// The bed's state is rebuilt and a HIGH technical alarm says so; what was told stays.
    pub(super) fn quarantined(&mut self, why: &Arc<str>, now: Stamp, desk: &mut Desk<'_>) {
        let failed = technical(&mut self.technical, AlarmFamily::Evaluator, None);
        failed.since = Some(now.mono);
        failed.why = why.clone();
        self.restarted(now, desk);
    }
}

/// Ages are exceeded strictly after their limit.
pub(super) const fn after(limit: MonoTime) -> MonoTime {
    MonoTime::from_micros(limit.as_micros() + 1)
}

const fn is_rate(metric: Metric) -> bool {
    matches!(metric, Metric::HeartRate | Metric::PulseRate)
}

/// The technical condition of a family and subject, made when first needed.
pub(crate) fn technical<'a>(
    all: &'a mut Vec<Technical>,
    family: AlarmFamily,
    subject: Option<&str>,
) -> &'a mut Technical {
    let index = all.iter().position(|it| it.is_of(family, subject));
    let index = index.unwrap_or_else(|| {
        all.push(Technical {
            family,
            subject: subject.map(Into::into),
            line: None,
            since: None,
            why: "".into(),
            floor: Priority::Low,
            episode: super::Episode::default(),
        });
        all.len() - 1
    });
    &mut all[index]
}

pub(super) fn find(all: &mut [Technical], family: AlarmFamily) -> Option<&mut Technical> {
    all.iter_mut().find(|it| it.family == family)
}
