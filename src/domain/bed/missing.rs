//! What is missing or late (alarms 13): a value that stays away (T3), a required signal, the
//! planned cuff reading (T1), a timed reading (T2), the baseline.
//!
//! One line for one cause: a lost link, or a device that says why, takes the place of its values'
//! no-value lines, and so does a required signal that is lost. Missing data never ends an alarm. In
//! a stand-by nothing new is missed, and what is told stays. The same-limb hold is `limb`'s.

use std::sync::Arc;
use std::time::Duration;

use super::watch::{after, find, technical};
use super::{Bed, Remembered, Watch};
use crate::domain::alarm::inactivation::Inhibition;
use crate::domain::alarm::rule::{Due, Phase, RequiredSignal};
use crate::domain::alarm::technical::ALL_SIGNALS;
use crate::domain::alarm::{AlarmFamily, Priority};
use crate::domain::ids::{RuleId, SourceIndex};
use crate::domain::metric::Metric;
use crate::domain::time::MonoTime;
use crate::domain::vital::{Vital, overdue_after};

/// A session or dose that starts gives sensors this long to be put on; a link that is back, its
/// values to come.
const WATCH_GRACE: Duration = Duration::from_secs(10);

/// A required signal that is not there.
#[derive(Clone, Copy, Debug)]
struct Lost {
    signal: RequiredSignal,
    /// When it is told by itself; may be to come.
    told_from: MonoTime,
    /// Since when there is no number, for "all of them"; may be to come.
    gone_since: MonoTime,
    told_by: ToldBy,
}

/// A timed reading of this session that is still to be taken.
#[derive(Clone, Debug)]
pub(super) struct Timed {
    pub(super) id: RuleId,
    pub(super) at: MonoTime,
    /// When it is late.
    pub(super) alarm: MonoTime,
}

/// Which line tells of a lost signal: one cause, one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ToldBy {
    Itself,
    /// What was told before the link was lost stays.
    Link,
    /// T1.
    Overdue,
}

impl Bed {
    /// Everything that may be missing at `now`.
    pub(super) fn find_missing(&mut self, now: MonoTime) {
        self.find_lost_signals(now);
        self.find_silent(now);
        self.find_overdue();
        self.find_untimely();
        self.find_baseline();
        self.find_preset();
    }

    /// A continuous vital that has been seen stays away (T3).
    fn find_silent(&mut self, now: MonoTime) {
        for metric in Metric::ALL {
            let seen = self.vitals.iter().filter(|vital| vital.metric == metric);
            let seen = seen.filter_map(|vital| Some((self.missed_from(vital)?, vital)));
            let Some((since, vital)) = seen.max_by_key(|(since, _)| *since) else { continue };
            let present = vital.is_present(now);
            let is_told_so = self.lost(vital.line, &vital.device).is_some()
                || self.tells_sensor_off(&vital.device);
            let name = metric.info().name;
            let is_required = self.signal_is_lost(metric, now);
            if present || !self.is_watched() || is_required {
                self.no_cause(AlarmFamily::NoValue, Some(name));
            } else if now > since && !is_told_so {
                self.missed(AlarmFamily::NoValue, Some(name), since);
            }
        }
    }

    /// Required signals that were never seen or are lost, from the dose on.
    fn find_lost_signals(&mut self, now: MonoTime) {
        let preset = self.rules.preset.clone();
        let dosed = self.session.as_ref().and_then(|session| session.dose_start());
        let lost: Vec<_> = match dosed {
            Some(dose) => {
                let lost = |signal: &RequiredSignal| self.lost_signal(*signal, dose.mono, now);
                preset.requires.iter().filter_map(lost).collect()
            }
            None => Vec::new(),
        };
        for signal in &preset.requires {
            let name = signal.name();
            match lost.iter().find(|lost| lost.signal == *signal) {
                Some(Lost { told_by: ToldBy::Itself, told_from, .. }) => {
                    self.missed(AlarmFamily::SignalLost, Some(name), *told_from);
                }
                Some(Lost { told_by: ToldBy::Link, .. })
                    if self.open(AlarmFamily::SignalLost, Some(name)).is_some() => {}
                Some(_) | None => self.no_cause(AlarmFamily::SignalLost, Some(name)),
            }
        }
        let all_lost = !lost.is_empty() && lost.len() == preset.requires.len();
        let gone_since = lost.iter().map(|lost| lost.gone_since).max().filter(|_| all_lost);
        let is_told = self.open(AlarmFamily::SignalLost, Some(ALL_SIGNALS)).is_some();
        match gone_since {
            // A cuff that is not overdue yet counts as present.
            Some(since) if since <= now || !is_told => {
                self.missed(AlarmFamily::SignalLost, Some(ALL_SIGNALS), since);
            }
            Some(_) | None => self.no_cause(AlarmFamily::SignalLost, Some(ALL_SIGNALS)),
        }
    }

    fn lost_signal(&self, signal: RequiredSignal, dose: MonoTime, now: MonoTime) -> Option<Lost> {
        if signal == RequiredSignal::Nibp {
            return Some(self.lost_cuff(dose));
        }
        let of_signal = |vital: &&Vital| signal.is_of(vital.metric) && !vital.is_intermittent();
        let of_signal = self.vitals.iter().filter(of_signal);
        let valued = of_signal.filter_map(|vital| Some((self.missed_from(vital)?, vital)));
        let is_there = |(_, vital): &(MonoTime, &Vital)| {
            self.lost(vital.line, &vital.device).is_none() && vital.is_present(now)
        };
        if valued.clone().any(|it| is_there(&it)) {
            return None;
        }
        let Some((missed_from, vital)) = valued.max_by_key(|(from, _)| *from) else {
            let gone_since = dose.max(self.watched_since);
            let told_from = gone_since.plus(WATCH_GRACE);
            return Some(Lost { signal, told_from, gone_since, told_by: ToldBy::Itself });
        };
        let linked = self.lost(vital.line, &vital.device).is_none();
        Some(Lost {
            signal,
            told_from: after(missed_from).max(dose),
            gone_since: vital.valued.unwrap_or(dose).max(self.watched_since),
            told_by: if linked { ToldBy::Itself } else { ToldBy::Link },
        })
    }

    /// The cuff: told where it was never seen since the dose; once it was, being late is T1's
    /// alone. For "all of them" it is lost when it is overdue.
    fn lost_cuff(&self, dose: MonoTime) -> Lost {
        let late = overdue_after(self.interval());
        let seen = self.newest_cuff().is_some_and(|newest| newest >= dose);
        Lost {
            signal: RequiredSignal::Nibp,
            told_from: dose.plus(late),
            gone_since: self.cuff_counts_from().plus(late),
            told_by: if seen { ToldBy::Overdue } else { ToldBy::Itself },
        }
    }

    /// Whether the line of a required signal stands for this metric's.
    fn signal_is_lost(&self, metric: Metric, now: MonoTime) -> bool {
        let stands = |signal: &&RequiredSignal| {
            let cause = self.cause_of(AlarmFamily::SignalLost, Some(signal.name()));
            cause.is_some_and(|since| since <= now)
        };
        let mut required = self.rules.preset.requires.iter().filter(|signal| signal.is_of(metric));
        required.any(|signal| stands(&signal))
    }

    /// A vital that was away has a value again.
    pub(super) fn value_back(&mut self, vital: usize) {
        let vital = &self.vitals[vital];
        if vital.is_intermittent() {
            return;
        }
        let metric = vital.metric;
        self.no_cause(AlarmFamily::NoValue, Some(metric.info().name));
        for signal in RequiredSignal::ALL.into_iter().filter(|signal| signal.is_of(metric)) {
            self.no_cause(AlarmFamily::SignalLost, Some(signal.name()));
            self.no_cause(AlarmFamily::SignalLost, Some(ALL_SIGNALS));
        }
    }

    /// When the value that stays away is an alarm; `None`: not continuous, or never seen.
    pub(super) fn missed_from(&self, vital: &Vital) -> Option<MonoTime> {
        let silent = vital.silent_from().filter(|_| !vital.is_intermittent())?;
        let back = vital.back.map_or(silent, |back| back.plus(WATCH_GRACE));
        let held = self.held_until(vital).unwrap_or(silent);
        Some(silent.max(back).max(held).max(self.watched_since.plus(WATCH_GRACE)))
    }

    /// A link is there again, or could be: its values have a moment to come. Only the first time
    /// since they stayed away, so that a link that comes and goes hides nothing.
    pub(super) fn values_may_come(&mut self, line: SourceIndex, now: MonoTime) {
        for vital in self.vitals.iter_mut().filter(|vital| vital.line == line) {
            vital.back.get_or_insert(now);
        }
    }

    /// The bed must look again when a vital grows old.
    pub(super) fn wake_for(&mut self, index: usize) {
        let vital = &self.vitals[index];
        let [grey, _] = vital.turns(vital.limits(self.interval(), self.phase()));
        let missed = self.missed_from(vital).unwrap_or(grey);
        self.wake_at(after(grey.min(missed)));
    }

    /// The planned cuff reading is late (T1): counted from the newest valid one, or from the start.
    fn find_overdue(&mut self) {
        let from = self.cuff_counts_from();
        let watched = self.is_watched();
        let resting = self.is_resting(AlarmFamily::NibpOverdue, None);
        let is_told = self.open(AlarmFamily::NibpOverdue, None).is_some();
        // A reading that comes in a stand-by meets the plan all the same.
        if watched && (!resting || is_told) {
            let overdue = technical(&mut self.technical, AlarmFamily::NibpOverdue, None);
            self.moved.technical |= overdue.since != Some(from);
            overdue.since = Some(from);
        } else if !watched
            && let Some(overdue) = find(&mut self.technical, AlarmFamily::NibpOverdue)
        {
            overdue.since = None;
        }
    }

    /// From when the planned cuff reading counts: the newest valid one, or the start.
    pub(super) fn cuff_counts_from(&self) -> MonoTime {
        let own = self.newest_cuff().filter(|newest| *newest >= self.watched_since);
        let start = || self.session.as_ref().map(|session| session.started.mono);
        own.or_else(|| self.cuff_along()).or_else(start).unwrap_or(self.watched_since)
    }

    /// The newest determination that the session brought along, from before it came to this bed:
    /// its plan of readings goes on.
    fn cuff_along(&self) -> Option<MonoTime> {
        let since = self.session.as_ref()?.started.mono;
        let theirs = self.recent.standing().map(Remembered::measured);
        theirs.filter(|at| (since..self.watched_since).contains(at)).max()
    }

    /// A timed reading of the preset is late (T2).
    fn find_untimely(&mut self) {
        let preset = self.rules.preset.clone();
        let wanted = self.timed_readings();
        for Due { id, .. } in &preset.due {
            let family = AlarmFamily::TimedReading;
            match wanted.iter().find(|it| it.id == *id) {
                Some(late) => self.missed(family, Some(id.as_str()), late.alarm),
                None => self.no_cause(family, Some(id.as_str())),
            }
        }
    }

    /// The timed readings that are still to be taken: a valid determination from about its time on
    /// meets one, as long before as it may come after. None without a dose.
    pub(super) fn timed_readings(&self) -> Vec<Timed> {
        let dose = self.session.as_ref().and_then(|session| session.dose_start());
        let Some(dose) = dose.map(|dose| dose.mono) else { return Vec::new() };
        let wanted = |due: &Due| {
            let (at, alarm) = (dose.plus(due.at), dose.plus(due.alarm));
            let is_met = self.is_met(due.what, at.minus(alarm.since(at)));
            (!is_met).then(|| Timed { id: due.id.clone(), at, alarm })
        };
        self.rules.preset.due.iter().filter_map(wanted).collect()
    }

    fn is_met(&self, what: RequiredSignal, from: MonoTime) -> bool {
        let of_signal = self.vitals.iter().filter(|vital| what.is_of(vital.metric));
        let valid = of_signal.filter(|vital| vital.newest.value.is_ok());
        // A cuff that failed since takes no reading back, and a session that moved brings its own.
        let cuff = self.recent.standing().filter(|_| what == RequiredSignal::Nibp);
        let cuff = cuff.map(Remembered::measured);
        valid.map(Vital::measured_at).chain(cuff).any(|at| at >= from)
    }

    /// A dose without an accepted baseline.
    fn find_baseline(&mut self) {
        let dosed = self.session.as_ref().filter(|session| session.baseline.is_none());
        match dosed.and_then(|session| session.dose_start()) {
            Some(dose) => self.cause(AlarmFamily::NoBaseline, None, dose.mono, "not accepted"),
            None => self.no_cause(AlarmFamily::NoBaseline, None),
        }
    }

    /// A session whose preset left the configuration at a restart goes by the bed's own.
    fn find_preset(&mut self) {
        let in_force = self.rules.preset.clone();
        let session = self.session.as_ref();
        let chosen = session.and_then(|it| Some((it.preset.clone()?, it.started.mono)));
        let gone = chosen.filter(|(name, _)| **name != *in_force.name);
        let subject = gone.as_ref().map(|(name, _)| name.clone());
        for it in self.technical.iter_mut().filter(|it| it.family == AlarmFamily::Config) {
            if it.subject != subject && it.since.take().is_some() {
                self.moved.technical = true;
            }
        }
        if let Some((name, since)) = gone {
            let why = format!("Preset {name} is gone: limits of {} in force", in_force.name);
            self.cause(AlarmFamily::Config, Some(&*name), since, &why);
            self.floor(AlarmFamily::Config, &name, Priority::Medium, &why);
        }
    }

    /// Whether silence is an alarm now (contract 3.3).
    pub(super) fn is_watched(&self) -> bool {
        match self.plan.watch {
            Watch::Always => true,
            Watch::Session => self.phase().is_some_and(|phase| phase != Phase::Ended),
        }
    }

    /// Something is missing from `from` on; in a stand-by only what is told already stays.
    pub(super) fn missed(&mut self, family: AlarmFamily, subject: Option<&str>, from: MonoTime) {
        if self.is_resting(family, subject) {
            return;
        }
        self.cause(family, subject, from, "");
    }

    /// In a stand-by the patient's values are not expected: what is not told yet is not going to
    /// be, and what is told stays listed.
    pub(super) fn is_resting(&mut self, family: AlarmFamily, subject: Option<&str>) -> bool {
        let resting = self.inhibition() == Inhibition::Standby;
        if resting && self.open(family, subject).is_none() {
            self.no_cause(family, subject);
        }
        resting
    }

    /// The name of what `why` of a vital says while its loss is held.
    pub(super) fn held_why(&self, vital: &Vital, now: MonoTime) -> Option<Arc<str>> {
        self.is_held_by_cuff(vital, now).then(|| "cuff inflating".into())
    }
}
