//! What a screen may show of a bed, worked out once here so that no adapter judges freshness.
//!
//! Ages and states hold for the instant of the view; nothing old is ever `Live` (safety F1).

use std::sync::Arc;
use std::time::Duration;

use super::act::{Baseline, Lateness, LimitOf, Symptoms};
use super::alarm::Priority;
use super::alarm::rule::{AlarmPreset, Judged, Phase};
use super::device::BedsideAlarm;
use super::ids::{BedId, DeviceId, OccurrenceId, ReadingId, RuleId, SessionId, SourceIndex};
use super::metric::Metric;
use super::reading::{Origin, Quantity, ValueSource};
use super::session::Responsible;
use super::session::checks::Missing;
use super::session::dose::Dose;
use super::session::start::Patient;
use super::session::task::Task;
use super::time::{Stamp, WallTime};

/// How current a vital is; the order is from best to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Freshness {
    Live,
    /// Old: grey and dashed out.
    Grey,
    /// Too old to show: the number is gone.
    Removed,
    /// Never seen, or the device says that it has none.
    Absent,
}

/// Which side of a value a limit bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    Low,
    High,
}

/// A limit in force, to be shown beside its number with its condition delay (alarms 7, A1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitView {
    pub rule: RuleId,
    pub side: Side,
    /// In the metric's resolution, absolute; 0 for apnoea and for one that is disabled.
    pub limit: i32,
    /// A number, or a change from the baseline.
    pub of: LimitOf,
    pub moved: Moved,
    /// Why it is not judged, e.g. "no baseline".
    pub disabled: Option<&'static str>,
    pub priority: Priority,
    pub delay: Duration,
    /// Time in which a first reading must be repeated, where the rule asks for one.
    pub confirm: Option<Duration>,
}

/// Whether a person has moved a limit for this session (alarms 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Moved {
    No,
    Yes,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VitalView {
    pub judged: Judged,
    /// The metric in force; for the heart rate hr or pulse.
    pub metric: Metric,
    /// `None` when removed or absent.
    pub value: Option<Quantity>,
    pub source: Option<ValueSource>,
    pub device: Option<DeviceId>,
    pub reading: Option<ReadingId>,
    pub age: Option<Duration>,
    /// When it was measured, on our wall clock.
    pub measured: Option<WallTime>,
    /// Plausible but unusual.
    pub verify: bool,
    pub state: Freshness,
    pub why: Option<Arc<str>>,
    pub limits: Vec<LimitView>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LinkState {
    Opening,
    Negotiating,
    Online,
    /// Open, but nothing has come for longer than the alarm limit.
    Quiet,
    Lost,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkView {
    pub device: DeviceId,
    pub source: SourceIndex,
    pub state: LinkState,
    pub since: Stamp,
    pub why: Option<Arc<str>>,
}

/// One reading with its number, as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadingView {
    pub id: ReadingId,
    pub metric: Metric,
    pub value: Quantity,
    pub source: ValueSource,
    pub device: DeviceId,
    /// On our wall clock.
    pub measured: WallTime,
    /// Whether it came, or was entered, long after that.
    pub late: Lateness,
    /// Plausible but unusual.
    pub verify: bool,
    /// The accepted baseline was summed up from it.
    pub accepted: bool,
    /// By whom: it stands no more.
    pub voided: Option<Arc<str>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionView {
    pub id: SessionId,
    pub patient: Patient,
    pub drug: Arc<str>,
    pub route: Arc<str>,
    pub started: Stamp,
    /// `None`: nobody is (alarms 12).
    pub responsible: Option<Responsible>,
    /// As a named person accepted it.
    pub baseline: Option<Baseline>,
    /// In the order in which they were entered, those that do not count among them.
    pub doses: Vec<Dose>,
    pub symptoms: Symptoms,
    /// The newest sedation score (MOAA/S).
    pub moaas: Option<u8>,
    /// The most pressing first.
    pub tasks: Vec<Task>,
    /// What the gate before a dose would find now.
    pub dose_missing: Vec<Missing>,
    /// What the gate before going home would find now, with nothing ticked.
    pub discharge_missing: Vec<Missing>,
}

/// A device conflict that waits for a choice (alarms 13).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConflictView {
    /// As its alarm's: what they all give, or the device that is at two beds.
    pub subject: Arc<str>,
    /// Those of this bed that may be kept, each once.
    pub devices: Vec<DeviceId>,
    /// It is one device, which also speaks for another bed.
    pub two_beds: bool,
}

/// A timed pause of the bed's sound or of its alarms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PauseView {
    pub until: Stamp,
    pub by: Arc<str>,
}

/// A stand-by (row 32); past its `until` it has overrun and the bed is judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandbyView {
    pub since: Stamp,
    /// `None`: the room is empty.
    pub until: Option<Stamp>,
    pub by: Arc<str>,
    pub reason: Arc<str>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BedView {
    pub id: BedId,
    pub origin: Origin,
    /// The worst of its seen vitals.
    pub state: Freshness,
    pub session: Option<SessionView>,
    pub preset: Arc<AlarmPreset>,
    /// Limits of this session that differ from the preset's.
    pub changed_limits: usize,
    /// Rules that are not judged, and why: "B5 disabled: no baseline" (clinical 2.3).
    pub disabled: Vec<Arc<str>>,
    pub phase: Option<Phase>,
    pub since_dose: Option<Duration>,
    /// Fixed order: systolic, diastolic, mean, heart rate, SpO2, respiration, temperature if seen.
    pub vitals: Vec<VitalView>,
    /// Information, never an alarm: "Repeat BP".
    pub advisories: Vec<Arc<str>>,
    pub next_due: Option<Stamp>,
    /// Planned cuff interval in force.
    pub interval: Duration,
    pub links: Vec<LinkView>,
    pub conflicts: Vec<ConflictView>,
    /// The bedside monitor's own alarms that it calls active.
    pub bedside_alarms: Vec<BedsideAlarm>,
    /// Those present, clearing or latched.
    pub occurrences: Vec<OccurrenceId>,
    pub audio_paused: Option<PauseView>,
    /// Sensor care (row 26).
    pub alarm_paused: Option<PauseView>,
    pub standby: Option<StandbyView>,
}

/// A source's own line or broker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceView {
    pub state: LinkState,
    pub why: Option<Arc<str>>,
    /// Whole messages refused since start, by `Reject::ALL`'s order.
    pub rejects: [u64; 11],
}

impl Freshness {
    /// The wire's word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Grey => "grey",
            Self::Removed => "removed",
            Self::Absent => "absent",
        }
    }
}

impl LinkState {
    /// The wire's word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Opening => "opening",
            Self::Negotiating => "negotiating",
            Self::Online => "online",
            Self::Quiet => "quiet",
            Self::Lost => "lost",
        }
    }
}
