//! The bed's technical conditions: how each is stepped (alarms 13) and what it says.

use super::told::told_of;
use super::watch::technical;
use super::{Bed, Desk, Technical};
use crate::domain::alarm::episode::{Identity, Told};
use crate::domain::alarm::occurrence::Occurrence;
use crate::domain::alarm::rule::{Phase, RequiredSignal};
use crate::domain::alarm::technical::{self as table, Steps, Weight};
use crate::domain::alarm::{AlarmFamily, Priority};
use crate::domain::ids::RuleId;
use crate::domain::metric::Metric;
use crate::domain::time::{MonoTime, Stamp};
use crate::domain::vital::{overdue_after, overdue_medium_after};
use std::time::Duration;

impl Bed {
    pub(super) fn settle_technical(&mut self, index: usize, now: Stamp, desk: &mut Desk<'_>) {
        let it = &self.technical[index];
        if it.since.is_none() && it.episode.open.is_none() {
            return; // no cause, and nothing that could end
        }
        let steps = self.steps(it);
        let (weight, shown) = (self.weight(it.family), it.episode.shown(now.mono));
        let facts = table::facts(it.since, steps, weight, shown, now.mono);
        let mut episode = std::mem::take(&mut self.technical[index].episode);
        let it = &self.technical[index];
        let (family, subject, why) = (it.family, it.subject.clone(), it.why.clone());
        let identity = Identity { family, subject: subject.as_ref() };
        let told = |band, _| technical_told(family, subject.as_deref(), &why, band);
        let moved = episode.settle(identity, &facts, told, &mut self.scene(now, desk));
        self.technical[index].episode = episode;
        self.raised(moved, family, subject, now.mono);
        if let Some(due) = self.technical_deadline(&self.technical[index], now.mono) {
            self.wake_at(due);
        }
    }

    pub(super) fn technical_deadline(&self, it: &Technical, now: MonoTime) -> Option<MonoTime> {
        let step = table::deadline(it.since, self.steps(it), now);
        step.into_iter().chain(it.episode.deadline(now)).min()
    }

    fn steps(&self, it: &Technical) -> Steps {
        if it.family == AlarmFamily::NibpOverdue {
            return overdue_steps(self.interval(), self.phase());
        }
        table::steps_of(it.family, it.subject.as_deref()).at_least(it.floor)
    }

    /// On a bed one lower outside the active phase. T1 states its own, a required signal is not
    /// lowered after the dose, and a bed out of service or with another's values is HIGH always
    /// (safety S2, S8).
    fn weight(&self, family: AlarmFamily) -> Weight {
        let own = matches!(
            family,
            AlarmFamily::NibpOverdue
                | AlarmFamily::Evaluator
                | AlarmFamily::SignalLost
                | AlarmFamily::DeviceConflict
                | AlarmFamily::Config
        );
        if own || self.phase() == Some(Phase::Active) { Weight::Full } else { Weight::Lowered }
    }

    /// A cause is there from `from` on; one that is there already keeps its beginning.
    pub(super) fn cause(
        &mut self,
        family: AlarmFamily,
        subject: Option<&str>,
        from: MonoTime,
        why: &str,
    ) {
        let is_open = self.open(family, subject).is_some();
        let it = technical(&mut self.technical, family, subject);
        if it.since.is_none() || (!is_open && it.since != Some(from)) {
            it.since = Some(from);
            self.moved.technical = true;
        }
        if !is_open && *it.why != *why {
            it.why = why.into();
        }
    }

    /// The cause is over, or there is none.
    pub(super) fn no_cause(&mut self, family: AlarmFamily, subject: Option<&str>) {
        let it = self.technical.iter_mut().find(|it| it.is_of(family, subject));
        if let Some(it) = it.filter(|it| it.since.is_some()) {
            it.since = None;
            it.floor = Priority::Low;
            self.moved.technical = true;
        }
    }

    pub(super) fn cause_of(&self, family: AlarmFamily, subject: Option<&str>) -> Option<MonoTime> {
        self.technical.iter().find(|it| it.is_of(family, subject))?.since
    }

    /// The occurrence that is present.
    pub(super) fn open(&self, family: AlarmFamily, subject: Option<&str>) -> Option<&Occurrence> {
        self.technical.iter().find(|it| it.is_of(family, subject))?.episode.open.as_deref()
    }
}

impl Technical {
    pub(super) fn is_of(&self, family: AlarmFamily, subject: Option<&str>) -> bool {
        self.family == family && self.subject.as_deref() == subject
    }
}

/// LOW at interval + max(60 s, 0.2 ×); in the active phase MEDIUM at interval + max(180 s, 0.5 ×).
fn overdue_steps(interval: Duration, phase: Option<Phase>) -> Steps {
    let low = (overdue_after(interval), Priority::Low);
    match phase {
        Some(Phase::Active) => {
            Steps::new(Some((overdue_medium_after(interval), Priority::Medium)), Some(low))
        }
        Some(
            Phase::Intake | Phase::Baseline | Phase::Recovery | Phase::Discharge | Phase::Ended,
        )
        | None => Steps::new(None, Some(low)),
    }
}

fn signal_lost(subject: &str) -> String {
    let what = match RequiredSignal::ALL.into_iter().find(|signal| signal.name() == subject) {
        Some(RequiredSignal::Nibp) => "blood pressure",
        Some(RequiredSignal::HeartRate) => "heart rate",
        Some(RequiredSignal::SpO2) => "SpO2",
        Some(RequiredSignal::Resp) => "respiration",
        None => return "All required signals are lost: look at the patient".to_owned(),
    };
    format!("Required signal lost: {what}")
}

/// The words of a technical condition (alarms 13); T1 and T3 are its rules where it has one.
pub(crate) fn technical_told(
    family: AlarmFamily,
    subject: Option<&str>,
    why: &str,
    rank: u8,
) -> Told {
    let subject = subject.unwrap_or_default();
    let label = Metric::by_name(subject).map_or(subject, |metric| metric.info().label);
    let (rule, text) = match family {
        AlarmFamily::NoValue => (Some("T3"), format!("No {label} value")),
        AlarmFamily::NibpOverdue => (Some("T1"), "Blood pressure reading overdue".to_owned()),
        AlarmFamily::TimedReading => (Some("T2"), format!("Timed reading {subject} is late")),
        AlarmFamily::LinkDown => (Some("T3"), format!("Link down: {subject} ({why})")),
        AlarmFamily::InvalidData => (Some("T3"), format!("Invalid data from {subject}")),
        AlarmFamily::SignalLost => (Some("T3"), signal_lost(subject)),
        AlarmFamily::CuffFailed => (Some("T5"), format!("Cuff failed: {subject} ({why})")),
        AlarmFamily::RateConflict => (Some("T4"), why.to_owned()),
        AlarmFamily::SensorOff => (None, format!("{subject}: {why}")),
        AlarmFamily::Implausible => (None, format!("{label} not plausible: {why}")),
        AlarmFamily::Frozen => (None, format!("{label} does not change: check sensor")),
        AlarmFamily::DeviceConflict => (None, format!("Device conflict: {why}")),
        AlarmFamily::DeviceClock => (None, format!("Clock of {subject}: {why}")),
        AlarmFamily::BatteryLow => (None, format!("Battery low: {subject}")),
        AlarmFamily::BedsideAlarms => (None, format!("Bedside alarms of {subject}: {why}")),
        AlarmFamily::NoBaseline => (None, "No baseline: relative limits are off".to_owned()),
        AlarmFamily::StandbyOverrun => (None, "Stand-by too long: is the patient back?".to_owned()),
        AlarmFamily::Evaluator => (None, "Bed out of service for a moment: check it".to_owned()),
        AlarmFamily::Journal => (None, format!("Alarm log is not being written: {why}")),
        AlarmFamily::NobodyWatching => (None, format!("Nobody is watching: {why}")),
        AlarmFamily::SoundLocked => (None, "Sound is off on every screen".to_owned()),
        AlarmFamily::NoSecondChannel => (None, "No second channel is configured".to_owned()),
        AlarmFamily::SelfTest => (None, format!("Self-test failed: {why}")),
        AlarmFamily::ServiceClock
        | AlarmFamily::Config
        | AlarmFamily::Latency
        | AlarmFamily::MonitoringGap => (None, why.to_owned()),
        AlarmFamily::BpHigh
        | AlarmFamily::BpLow
        | AlarmFamily::HrHigh
        | AlarmFamily::HrLow
        | AlarmFamily::SpO2Low
        | AlarmFamily::RespLow
        | AlarmFamily::RespHigh
        | AlarmFamily::Sedation
        | AlarmFamily::PreDose
        | AlarmFamily::Discharge => (None, String::new()),
    };
    let rule = rule.and_then(|rule| RuleId::try_new(rule).ok());
    Told { text, ..told_of(rule, table::priority_of(rank)) }
}
