//! One episode of one family on one bed, and the transitions that it goes through: what is
//! journaled, published and shown. `condition` (is it there?) and `signal` (how told?) move it.

mod end_reason;

use std::sync::Arc;
use std::time::Duration;

use super::rule::Phase;
use super::{AlarmFamily, Priority};
use crate::domain::ids::{BedId, DeviceId, OccurrenceId, ReadingId, RuleId, Seq, SessionId};
use crate::domain::metric::Metric;
use crate::domain::reading::{Origin, Quantity, ValueSource};
use crate::domain::time::{Stamp, WallTime};
pub use end_reason::EndReason;

/// Whether the hazard is there, as the wire says it; pending is not told (contract 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Presence {
    Present,
    /// Past the clear level, Tc running; still counts as present.
    Clearing,
    Ended,
}

/// How an occurrence is told, word for word the wire's (contract 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Signal {
    None,
    /// Light and sound.
    Active,
    /// Light only, for a limited time.
    Paused,
    /// Light steady, no sound: a named person has taken it.
    Acknowledged,
    /// The condition is over, light steady "ENDED" until acknowledged.
    Latched,
}

/// The reading that the governing band was last judged on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadingRef {
    pub id: ReadingId,
    pub device: DeviceId,
    /// The device's own sequence number.
    pub seq: Option<u32>,
    pub source: ValueSource,
    /// Plausible but unusual, judged all the same.
    pub verify: bool,
    /// The device's own time of measurement, where it sends one.
    pub source_time: Option<WallTime>,
    pub received: Stamp,
}

/// Who acknowledged, when, and why if they said so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledged {
    pub by: Arc<str>,
    pub at: Stamp,
    pub reason: Option<Arc<str>>,
}

/// What happened to an occurrence; the rows are those of alarms 11.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Change {
    /// Rows 1, 1a, 3, 4: a new occurrence.
    Raised,
    /// Row 1a over an open occurrence: a worse band awaits its repeat.
    Confirming,
    /// Rows 1b, 1c: the repeat, or its absence, decided.
    Confirmed,
    /// Row 13: a worse band.
    Escalated,
    /// Row 14: a lower band.
    Updated,
    /// Row 6.
    Clearing,
    /// Row 7: back from clearing at the same band.
    Returned,
    /// Rows 8, 25.
    Ended,
    /// Row 9: its input is missing.
    Frozen,
    /// Row 9: its input is back.
    Thawed,
    /// Rows 15, 21.
    Acknowledged,
    /// Row 28: found open in the journal at start.
    Restored,
    /// Rows 1p, 18, 26: told by light only, or not at all, for a limited time.
    Paused,
    /// Rows 19, 27: that time is over.
    Resumed,
    /// Row 20: one reminder burst.
    Reminded,
    /// Row 20: still unresolved after the reminders, told like a new one.
    Unresolved,
    /// Row 23: the next step of escalation.
    SteppedUp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occurrence {
    pub id: OccurrenceId,
    /// Rises by rows 1a (open occurrence), 1b, 1c, 13, 14, 20 only.
    pub revision: u32,
    /// `None`: service-wide.
    pub bed: Option<BedId>,
    pub session: Option<SessionId>,
    pub origin: Origin,
    /// Raised for the time the service was down.
    pub outage: bool,
    pub family: AlarmFamily,
    /// The metric, device or source of a technical family.
    pub subject: Option<Arc<str>>,
    /// The governing band's; `None` or T1 to T5 for a technical family.
    pub rule: Option<RuleId>,
    pub priority: Priority,
    /// The highest it ever was: decides latching (row 8).
    pub highest: Priority,
    pub presence: Presence,
    /// Its input is missing; it stays (row 9).
    pub frozen: bool,
    /// Kept over a restart (row 28).
    pub restored: bool,
    /// "Re-cuff now" runs until then (row 1a).
    pub confirm_until: Option<Stamp>,
    pub signal: Signal,
    pub escalation: u8,
    pub text: String,
    pub lines: Vec<String>,
    pub metric: Option<Metric>,
    pub value: Option<Quantity>,
    /// In the metric's resolution; `None` for apnoea and technical families.
    pub limit: Option<i32>,
    /// The accepted baseline of the metric, in its resolution.
    pub baseline: Option<i32>,
    pub reading: Option<ReadingRef>,
    pub phase: Option<Phase>,
    pub since_dose: Option<Duration>,
    pub onset: Stamp,
    /// When it last asked for an answer anew: at its onset, by rows 1a and 13 over what was lower,
    /// by row 20, and where an acknowledgement became void (row 27).
    pub asked: Stamp,
    /// When it is told further unless somebody answers (row 23); `None`: it is answered, LOW, over,
    /// under an alarm pause, or told to the last step.
    pub next_step: Option<Stamp>,
    pub ended: Option<(Stamp, EndReason)>,
    /// Who caused the end, where a person did.
    pub ended_by: Option<Arc<str>>,
    pub acknowledged: Option<Acknowledged>,
}

/// A change of a session, as told on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SessionChange {
    Started,
    Dosed,
    PhaseChanged,
    Ended,
    /// Another nurse is responsible, or a hand-over was offered, rejected or lapsed.
    HandedOver,
    HandoverOffered,
    HandoverRejected,
    HandoverLapsed,
    LimitChanged,
    BaselineAccepted,
    Observed,
    ReadingVoided,
    StandbyBegan,
    StandbyEnded,
    AlarmsPaused,
    AlarmsResumed,
    DeviceKept,
    PresetChosen,
    /// Paused, resumed, ended, amended or taken back.
    DoseChanged,
    ReadingEntered,
    Intervened,
    /// To this bed.
    Moved,
}

/// What a person did to a bed or session, as the record keeps it (alarms 7: who, old, new, reason).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActNote {
    pub by: Arc<str>,
    /// A verbal order's prescriber.
    pub ordered_by: Option<Arc<str>>,
    pub reason: Option<Arc<str>>,
    /// What was changed, e.g. `B2 nibp_sys`; `None` where the change says it all.
    pub what: Option<Arc<str>>,
    pub old: Option<Arc<str>>,
    pub new: Option<Arc<str>>,
}

/// What a transition is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The occurrence as it stands after the change.
    Alarm { change: Change, occurrence: Box<Occurrence> },
    Session {
        change: SessionChange,
        bed: BedId,
        /// `None`: of the bed without one (room empty).
        session: Option<SessionId>,
        phase: Option<Phase>,
        /// Of a person's act.
        note: Option<Box<ActNote>>,
    },
}

/// One step of the site's one series of alarm and session transitions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transition {
    pub seq: Seq,
    pub at: Stamp,
    pub subject: Subject,
}

impl Presence {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::Clearing => "clearing",
            Self::Ended => "ended",
        }
    }
}

impl Signal {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Acknowledged => "acknowledged",
            Self::Latched => "latched",
        }
    }
}

impl SessionChange {
    pub const ALL: [Self; 22] = [
        Self::Started,
        Self::Dosed,
        Self::PhaseChanged,
        Self::Ended,
        Self::HandedOver,
        Self::HandoverOffered,
        Self::HandoverRejected,
        Self::HandoverLapsed,
        Self::LimitChanged,
        Self::BaselineAccepted,
        Self::Observed,
        Self::ReadingVoided,
        Self::StandbyBegan,
        Self::StandbyEnded,
        Self::AlarmsPaused,
        Self::AlarmsResumed,
        Self::DeviceKept,
        Self::PresetChosen,
        Self::DoseChanged,
        Self::ReadingEntered,
        Self::Intervened,
        Self::Moved,
    ];

    /// The wire's word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Dosed => "dose",
            Self::PhaseChanged => "phase",
            Self::Ended => "ended",
            Self::HandedOver => "handed-over",
            Self::HandoverOffered => "handover-offered",
            Self::HandoverRejected => "handover-rejected",
            Self::HandoverLapsed => "handover-lapsed",
            Self::LimitChanged => "limit",
            Self::BaselineAccepted => "baseline",
            Self::Observed => "observed",
            Self::ReadingVoided => "reading-voided",
            Self::StandbyBegan => "standby-began",
            Self::StandbyEnded => "standby-ended",
            Self::AlarmsPaused => "alarms-paused",
            Self::AlarmsResumed => "alarms-resumed",
            Self::DeviceKept => "device-kept",
            Self::PresetChosen => "preset",
            Self::DoseChanged => "dose-changed",
            Self::ReadingEntered => "reading-entered",
            Self::Intervened => "intervention",
            Self::Moved => "moved",
        }
    }
}

impl Change {
    pub const ALL: [Self; 17] = [
        Self::Raised,
        Self::Confirming,
        Self::Confirmed,
        Self::Escalated,
        Self::Updated,
        Self::Clearing,
        Self::Returned,
        Self::Ended,
        Self::Frozen,
        Self::Thawed,
        Self::Acknowledged,
        Self::Restored,
        Self::Paused,
        Self::Resumed,
        Self::Reminded,
        Self::Unresolved,
        Self::SteppedUp,
    ];

    /// The wire's word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Raised => "raised",
            Self::Confirming => "confirming",
            Self::Confirmed => "confirmed",
            Self::Escalated => "escalated",
            Self::Updated => "updated",
            Self::Clearing => "clearing",
            Self::Returned => "returned",
            Self::Ended => "ended",
            Self::Frozen => "frozen",
            Self::Thawed => "thawed",
            Self::Acknowledged => "acknowledged",
            Self::Restored => "restored",
            Self::Paused => "paused",
            Self::Resumed => "resumed",
            Self::Reminded => "reminded",
            Self::Unresolved => "unresolved",
            Self::SteppedUp => "stepped-up",
        }
    }
}

impl Occurrence {
    /// From the moment in which it last asked for an answer to that answer; `None`: it has none.
    #[must_use]
    pub fn response(&self) -> Option<Duration> {
        let acknowledged = self.acknowledged.as_ref()?;
        Some(acknowledged.at.mono.since(self.asked.mono))
    }

    /// Belongs to "occurrences present" (contract 6): present, clearing or latched.
    #[must_use]
    pub fn is_shown(&self) -> bool {
        self.presence != Presence::Ended || self.signal == Signal::Latched
    }
}

#[cfg(test)]
mod tests;
