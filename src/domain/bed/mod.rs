//! One bed: its session, newest readings, links and alarms. `Bed::step` is the one entry; time
//! moves only through `now`.
//!
//! `message` turns readings into judged values, `cuff` those of a determination, `recent` remembers
//! the last of these, `judge` gives all of them to the rules in force; `limits` and `entered` take
//! what people order and enter, `by_hand` and `summing` what they take and accept, `doses` what is
//! given, `inactivation` what they silence, `ending` what they end; a session begins in `starting`
//! and goes to another bed in `moving`. `listed` lists the readings. `links` knows who is there,
//! `status` what they say of themselves, `conflict` who speaks for whom.
//! `watch` is what time alone does, `missing` what is missing or late, `limb` the cuff on the
//! oximeter's arm, `doubt` values that can't be trusted. `discharge` is the gate of going home,
//! `tasks` what is to be done by when. `settle` couples all that with the alarm machines, `show`
//! works out what a screen may say.

mod by_hand;
mod conflict;
mod cuff;
mod discharge;
mod doses;
mod doubt;
mod ending;
mod entered;
mod in_force;
mod inactivation;
mod judge;
mod limb;
mod limits;
mod links;
mod listed;
mod message;
mod missing;
mod moving;
mod recent;
mod rules;
mod settle;
mod show;
mod starting;
mod status;
mod summing;
mod tasks;
mod technical;
mod told;
mod watch;

pub use super::alarm::inactivation::Inhibition;
pub use conflict::{Aside, Conflict, Given};
pub use inactivation::Silencing;
pub(in crate::domain) use recent::REMEMBERED;
pub use recent::{Mean, Recent, Remembered};
pub use rules::Rules;
pub use show::{IF_SEEN, PLACES};
pub(crate) use technical::technical_told;
pub(crate) use watch::technical;

use std::sync::Arc;
use std::time::Duration;

use super::act::Act;
use super::alarm::episode::{Episode, Outage};
use super::alarm::escalation::{Attended, EscalationTimes};
use super::alarm::family::Bands;
use super::alarm::inactivation::{AudioPaused, Inactivation};
use super::alarm::occurrence::{EndReason, SessionChange, Transition};
use super::alarm::recurrence::Raises;
use super::alarm::rule::{AlarmPreset, Phase};
use super::alarm::{AlarmFamily, Priority};
use super::device::{BedsideAlarm, Message};
use super::ids::{BedId, DeviceId, ReadingId, Seq, SourceIndex};
use super::input::{DoseEvent, LinkChange};
use super::link::Device;
use super::reading::Origin;
use super::session::{Session, interval};
use super::time::{MonoTime, Stamp};
use super::vital::Vital;

/// When a silent bed is an alarm (contract 3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Watch {
    /// No-value and overdue only while a session runs.
    Session,
    Always,
}

/// What the configuration says of a bed.
#[derive(Clone, Debug)]
pub struct BedPlan {
    pub id: BedId,
    pub watch: Watch,
    pub preset: Arc<AlarmPreset>,
    /// Serial lines of this bed: their devices are known before they speak.
    pub lines: Vec<(DeviceId, SourceIndex)>,
    /// What the configuration says of its devices by name (contract 3.1 `[[device]]`).
    pub declared: Vec<DeclaredDevice>,
    /// `Simulated`: whatever its devices say of themselves.
    pub origin: Origin,
}

/// What a device can't say of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredDevice {
    pub id: DeviceId,
    pub limb: Limb,
}

/// Which arm a cuff sits on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limb {
    Own,
    /// The oximeter's, too: its values fail while the cuff is inflated (alarms 13).
    SameAsOximeter,
}

#[derive(Clone, Debug)]
pub struct Bed {
    pub plan: BedPlan,
    pub(super) rules: Rules,
    pub(super) session: Option<Session>,
    pub(super) devices: Vec<Device>,
    pub(super) vitals: Vec<Vital>,
    pub(super) recent: Recent,
    /// Parallel to the preset's families.
    pub(super) families: Vec<Physiological>,
    pub(super) technical: Vec<Technical>,
    /// Brokers that are lost, with the first sign of it: their devices' values are withdrawn.
    pub(super) lost_brokers: Vec<(SourceIndex, Stamp, Arc<str>)>,
    pub(super) rejects: Vec<Rejects>,
    /// Active ones of the devices that are there, the newest last.
    pub(super) bedside_alarms: Vec<(DeviceId, BedsideAlarm)>,
    /// Who speaks for whom is not settled.
    pub(super) conflicts: Vec<Conflict>,
    pub(super) aside: Vec<Aside>,
    pub(super) origin: Origin,
    pub(super) audio: Option<AudioPaused>,
    pub(super) inactivation: Inactivation,
    /// What it has raised of late.
    pub(super) raises: Raises,
    /// Since when silence counts: the service's or the session's start.
    pub(super) watched_since: MonoTime,
    /// Readings received since then are of the patient who is here, or may be: since the start of
    /// a session, the end of the one before, or an empty room.
    pub(super) patient_since: MonoTime,
    /// What the step has touched and `settle` must look at.
    pub(super) moved: Moved,
    /// The next moment at which time alone may change something; never late.
    pub(super) deadline: MonoTime,
    pub counts: Counts,
}

/// Families (by place) and technical conditions that a step has touched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Moved {
    pub(super) families: u32,
    pub(super) technical: bool,
}

/// One family's bands and its occurrence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Physiological {
    pub bands: Bands,
    pub episode: Episode,
    /// Why nothing governs any more, until the occurrence has been told.
    pub let_go: Option<Ending>,
}

/// Why rules hold nothing any more, when it was no reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    pub why: EndReason,
    /// The person, where one caused it.
    pub by: Option<Arc<str>>,
}

/// One technical condition and its occurrence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Technical {
    pub family: AlarmFamily,
    pub subject: Option<Arc<str>>,
    /// The source that it is about, where it is about one.
    pub line: Option<SourceIndex>,
    /// Its cause is there since then.
    pub since: Option<MonoTime>,
    pub why: Arc<str>,
    /// None of its steps is told lower: what depends on more than time.
    pub floor: Priority,
    pub episode: Episode,
}

/// The newest whole messages refused from one source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rejects {
    pub line: SourceIndex,
    pub newest: [Option<MonoTime>; 3],
}

/// What was not judged, and why: nothing is dropped in silence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub readings: u64,
    pub repeated: u64,
    pub older: u64,
    pub unknown_keys: u64,
    /// Sessions that a recording began while one ran.
    pub refused_starts: u64,
}

/// What reaches one bed.
#[derive(Clone, Copy, Debug)]
pub enum BedInput<'a> {
    Message {
        line: SourceIndex,
        device: &'a DeviceId,
        message: &'a Message,
    },
    Rejected {
        line: SourceIndex,
        name: &'a Arc<str>,
    },
    Link {
        line: SourceIndex,
        device: &'a DeviceId,
        change: &'a LinkChange,
    },
    Broker {
        line: SourceIndex,
        change: &'a LinkChange,
    },
    Dose(DoseEvent),
    /// Another bed has heard this device of ours.
    Shared {
        device: &'a DeviceId,
        with: &'a BedId,
    },
    /// A named person chose it for this bed.
    Kept {
        device: &'a DeviceId,
        act: &'a Act,
    },
    /// A named person chose it for another one.
    Left {
        device: &'a DeviceId,
    },
    Tick,
    Restarted,
    Quarantined {
        why: &'a Arc<str>,
    },
}

/// The ward's side of a step: numbers to give out and where transitions go.
pub struct Desk<'a> {
    pub site: &'a str,
    pub next_seq: &'a mut Seq,
    /// The number of the message's first reading.
    pub first_reading: ReadingId,
    pub outage: Outage,
    pub escalation: &'a EscalationTimes,
    /// Whether anybody watches this bed.
    pub attended: Attended,
    pub out: &'a mut Vec<Transition>,
}

impl Ending {
    /// Row 25.
    pub(super) const PHASE: Self = Self { why: EndReason::Phase, by: None };
}

impl Counts {
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            readings: self.readings + other.readings,
            repeated: self.repeated + other.repeated,
            older: self.older + other.older,
            unknown_keys: self.unknown_keys + other.unknown_keys,
            refused_starts: self.refused_starts + other.refused_starts,
        }
    }
}

impl Physiological {
    /// A preset's families, nothing judged yet.
    #[must_use]
    pub fn all(preset: &AlarmPreset) -> Vec<Self> {
        let family = |rules| Self { bands: Bands::new(rules), ..Self::default() };
        preset.families.iter().map(family).collect()
    }
}

impl Moved {
    pub(super) const ALL: Self = Self { families: u32::MAX, technical: true };

    const fn family(&mut self, index: usize) {
        self.families |= 1 << index;
    }

    const fn holds(self, index: usize) -> bool {
        self.families >> index & 1 == 1
    }
}

impl Bed {
    #[must_use]
    pub fn new(plan: BedPlan, now: MonoTime) -> Self {
        let rules = Rules::new(plan.preset.clone());
        Self {
            families: Physiological::all(&rules.preset),
            rules,
            session: None,
            devices: Vec::new(),
            vitals: Vec::new(),
            recent: Recent::default(),
            technical: Vec::new(),
            lost_brokers: Vec::new(),
            rejects: Vec::new(),
            bedside_alarms: Vec::new(),
            conflicts: Vec::new(),
            aside: Vec::new(),
            origin: plan.origin,
            audio: None,
            inactivation: Inactivation::None,
            raises: Raises::default(),
            watched_since: now,
            patient_since: now,
            moved: Moved::default(),
            deadline: now,
            counts: Counts::default(),
            plan,
        }
    }

    /// Takes one input; transitions go to the desk in the order in which they happened.
    pub fn step(&mut self, input: BedInput<'_>, now: Stamp, desk: &mut Desk<'_>) {
        match input {
            BedInput::Message { line, device, message } => {
                self.see_patient(message);
                self.message(line, device, message, now, desk);
            }
            BedInput::Rejected { line, name } => self.rejected(line, name, now, desk),
            BedInput::Link { line, device, change } => {
                self.link_changed(line, device, change, now, desk);
            }
            BedInput::Broker { line, change } => self.broker_changed(line, change, now, desk),
            BedInput::Dose(dose) => self.dosed(dose, now, desk),
            BedInput::Shared { device, with } => self.shared(device, with, now, desk),
            BedInput::Kept { device, act } => self.kept(device, act, now, desk),
            BedInput::Left { device } => self.left(device, now, desk),
            BedInput::Tick => self.tick(now, desk),
            BedInput::Restarted => self.restarted(now, desk),
            BedInput::Quarantined { why } => self.quarantined(why, now, desk),
        }
    }

    /// When to step with `Tick`, if nothing comes before.
    #[must_use]
    pub const fn deadline(&self) -> MonoTime {
        self.deadline
    }

    fn dosed(&mut self, dose: DoseEvent, now: Stamp, desk: &mut Desk<'_>) {
        let Some(session) = self.session.as_mut() else { return };
        session.dose(dose);
        self.tell_session(SessionChange::Dosed, None, now, desk);
        self.tick(now, desk);
    }

    /// The phase last told; `None` without a session.
    fn phase(&self) -> Option<Phase> {
        self.session.as_ref().map(|session| session.phase)
    }

    fn interval(&self) -> Duration {
        interval(self.session.as_ref(), &self.rules.preset.intervals)
    }

    /// Something may be due then: the deadline is never later.
    fn wake_at(&mut self, due: MonoTime) {
        self.deadline = self.deadline.min(due);
    }
}
