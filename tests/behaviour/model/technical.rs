//! Technical causes of the model: the lines of alarms 13 that random histories come to.

use dosevigil::domain::alarm::rule::Phase;
use dosevigil::domain::alarm::{AlarmFamily, Priority};

use super::session::{overdue, very_overdue};
use super::stream::whole;
use super::told::{At, Hazard, Key};
use super::{MICRO, Model, Standby};
use crate::history::Line;
use crate::support::seconds;

/// What became of the lines, and of the metrics of a sample on the oximeter's.
#[derive(Debug, Default)]
pub(crate) struct Technical {
    pub(crate) oximeter_lost: Option<At>,
    pub(crate) broker_lost: Option<At>,
    /// Behind its gateway.
    monitor_lost: Option<At>,
    /// No visible screen shows the bed, as last told.
    pub(crate) unwatched: bool,
    /// Since a restart nobody has said who watches: what was told stays.
    pub(crate) untold: bool,
    /// The link's own alarm speaks for its values: not after a restart, until it is lost again.
    pub(crate) speaks: bool,
    /// The oximeter's first return since the newest value of each metric.
    pub(crate) back: [Option<At>; 3],
    /// The pulse since when it has not changed, and whether that was told.
    same: Option<(i32, At)>,
    still: bool,
}

const METRICS: [&str; 3] = ["pulse", "spo2", "resp"];

/// So long after its cause, this priority; the later one first.
type Steps<'a> = &'a [(u64, Priority)];

const LINK_DOWN: Steps<'static> = &[(30, Priority::High), (4, Priority::Medium)];
const AT_ONCE: Steps<'static> = &[(0, Priority::Medium)];

impl Technical {
    /// F6: identical for 60 s without a gap.
    pub(crate) fn pulse(&mut self, value: i32, at: At, after_gap: bool) {
        match self.same {
            Some((same, since)) if same == value && !after_gap => {
                self.still |= at >= since + seconds(60);
            }
            Some((same, _)) => {
                self.still &= same == value;
                self.same = Some((value, at));
            }
            None => self.same = Some((value, at)),
        }
    }

    pub(crate) fn link(&mut self, line: Line, at: At) {
        match line {
            Line::OximeterLost => {
                self.oximeter_lost = self.oximeter_lost.or(Some(at));
                self.speaks = true;
            }
            Line::BrokerLost => self.broker_lost = self.broker_lost.or(Some(at)),
            Line::BrokerBack => self.broker_lost = None,
            Line::MonitorLost => self.monitor_lost = self.monitor_lost.or(Some(at)),
            Line::MonitorBack => self.monitor_lost = None,
            Line::GatewayHere => {}
            Line::OximeterBack => {
                self.speaks = false;
                if self.oximeter_lost.take().is_some() {
                    self.back = self.back.map(|back| back.or(Some(at)));
                }
            }
        }
    }
}

fn stepped(since: Option<At>, steps: Steps<'_>, at: At) -> Option<Priority> {
    let since = since?;
    steps.iter().find(|(after, _)| since + seconds(*after) <= at).map(|(_, priority)| *priority)
}

fn hazard(priority: Priority, rule: &'static str) -> Hazard {
    let rank = Priority::High as usize - priority as usize;
    Hazard { rank, rule, priority, waits: false, clearing: false }
}

impl Model {
    /// Whether it is of the bed, of what, and what there is of it now.
    pub(super) fn causes(&mut self, at: At) -> Vec<(bool, Key, Option<Hazard>)> {
        let active = self.situation.phase == Some(Phase::Active);
        let lowered = |priority: Priority| if active { priority } else { priority.lowered() };
        let of_rule = |priority: Option<Priority>, rule| priority.map(|it| hazard(it, rule));
        let of = |priority| of_rule(priority, "T3");
        let Technical { oximeter_lost, broker_lost, monitor_lost, back, .. } = self.technical;
        for lost in [oximeter_lost, broker_lost, monitor_lost].into_iter().flatten() {
            self.due
                .extend([4, 30].map(|after| lost + seconds(after)).iter().filter(|it| **it > at));
        }
        let oximeter = stepped(oximeter_lost, LINK_DOWN, at).map(lowered);
        let monitor = stepped(monitor_lost, LINK_DOWN, at).map(lowered);
        let broker = stepped(broker_lost, LINK_DOWN, at);
        let nobody = self.technical.unwatched && self.session.started.is_some();
        let told = self.service.open.contains_key(&(AlarmFamily::NobodyWatching, ""));
        let nobody = if self.technical.untold { told } else { nobody };
        let nobody = nobody.then_some(Priority::High);
        let mut all = vec![
            (true, (AlarmFamily::LinkDown, "oximeter"), of(oximeter)),
            (true, (AlarmFamily::LinkDown, "gateway"), of(monitor)),
            (false, (AlarmFamily::LinkDown, "clinic"), of(broker)),
            (false, (AlarmFamily::NobodyWatching, ""), of_rule(nobody, "")),
        ];
        // Values that stay away are missed neither from an empty room nor on a toilet visit.
        let away = matches!(self.standby, Standby::Until(_) | Standby::RoomEmpty);
        for ((stream, name), back) in self.streams.iter().zip(METRICS).zip(back) {
            let silence = whole((stream.period() * 5).max(seconds(10))) + MICRO;
            let key = (AlarmFamily::NoValue, name);
            // The link's own alarm speaks for what falls silent with it, not for what was silent.
            // Only a value ends it.
            let valued = stream.last_valued();
            let told = self.bed.open.get(&key).is_some_and(|open| valued < Some(open.onset));
            let back = back.filter(|_| !told);
            let speaks = !self.technical.speaks || told;
            let back = back.map(|back| back + seconds(10) + MICRO);
            let silence = if told { seconds(0) } else { silence };
            let from = valued.map(|valued| (valued + silence).max(back.unwrap_or_default()));
            let from = from.filter(|_| speaks && self.session.started.is_some());
            self.due.extend(from.filter(|from| *from > at));
            let priority = stepped(from, AT_ONCE, at).map(lowered);
            all.push((true, key, of(priority)));
        }
        all.push((true, (AlarmFamily::NibpOverdue, ""), self.overdue(at)));
        let low = |told: bool| told.then(|| hazard(Priority::Low, ""));
        all.push((true, (AlarmFamily::Frozen, "pulse"), low(self.technical.still)));
        let overrun = self.standby == Standby::Overrun;
        let overrun = of_rule(overrun.then(|| lowered(Priority::Medium)), "");
        all.push((true, (AlarmFamily::StandbyOverrun, ""), overrun));
        let unmeasured = self.session.is_dosed() && self.session.baseline.is_none();
        all.push((true, (AlarmFamily::NoBaseline, ""), low(unmeasured)));
        // What was open of the values stays listed on a toilet visit (row 32).
        let missed = [AlarmFamily::NoValue, AlarmFamily::NibpOverdue, AlarmFamily::Frozen];
        let of_values = |key: &Key| missed.contains(&key.0);
        let listed = |key: &Key| self.bed.open.contains_key(key);
        all.retain(|(_, key, _)| !(away && of_values(key) && !listed(key)));
        all
    }

    /// T1, by its own priorities.
    fn overdue(&self, at: At) -> Option<Hazard> {
        let started = self.session.started?;
        let from = self.newest.map_or(started, |newest| newest.at);
        let interval = self.session.interval(at);
        let active = self.situation.phase == Some(Phase::Active);
        let priority = match at {
            at if active && at >= from + very_overdue(interval) => Priority::Medium,
            at if at >= from + overdue(interval) => Priority::Low,
            _ => return None,
        };
        Some(hazard(priority, "T1"))
    }
}
