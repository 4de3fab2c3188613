//! What people do: named acts, each with its command id, and how each was answered. An act is
//! journaled with everything here; the same command from the same person has one effect (row 17).

mod entered;

use std::sync::Arc;

pub use entered::{Baseline, Disposition, LimitOf, LimitOrder, Symptom, Symptoms};

use super::alarm::occurrence::{ActNote, Occurrence};
use super::ids::{BedIndex, CommandId, DeviceId, OccurrenceId, ReadingId, SessionId, Uuid};
use super::role::Role;
use super::session::checks::{Checks, Missing};
use super::session::dose::{DoseChange, DoseId, DoseOrder};
use super::session::hand::HandReading;
use super::session::start::StartOrder;
use super::time::Stamp;

/// One hand-over of one or more sessions; named by the command that offered it.
pub type HandoverId = Uuid;

/// A named person's act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    pub command: CommandId,
    pub by: Actor,
    /// As the person gave it; required by some deeds.
    pub reason: Option<Arc<str>>,
    pub deed: Deed,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    pub name: Arc<str>,
    pub role: Role,
    /// The prescriber of a verbal order, for whom a nurse acts as lead.
    pub ordered_by: Option<Arc<str>>,
    /// The screen that it was done on, where it names itself.
    pub screen: Option<Arc<str>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Rows 15 to 17, 21.
    Acknowledge {
        occurrence: OccurrenceId,
        revision: u32,
    },
    /// Rows 18, 19: the whole bed's sound, 120 s.
    PauseAudio {
        bed: BedIndex,
    },
    ResumeAudio {
        bed: BedIndex,
    },
    /// Rows 26, 27: sensor care, 120 s, with a reason.
    PauseAlarms {
        bed: BedIndex,
    },
    ResumeAlarms {
        bed: BedIndex,
    },
    /// Row 32: toilet in a session, room empty without one; with a reason.
    BeginStandby {
        bed: BedIndex,
    },
    EndStandby {
        bed: BedIndex,
    },
    /// Settles a device conflict; with a reason.
    KeepDevice {
        bed: BedIndex,
        device: DeviceId,
    },
    /// A limit of one session; with a reason. Row 24.
    SetLimit {
        session: SessionId,
        limit: LimitOrder,
    },
    /// Offers responsibility; the act's command names the hand-over.
    OfferHandover {
        sessions: Vec<SessionId>,
        to: Arc<str>,
    },
    AcceptHandover {
        handover: HandoverId,
    },
    RejectHandover {
        handover: HandoverId,
    },
    /// Readings that a named person took as the baseline, already summed up. Row 24.
    AcceptBaseline {
        session: SessionId,
        baseline: Baseline,
    },
    /// The whole current list of symptoms, and the sedation score where it was taken.
    Observe {
        session: SessionId,
        symptoms: Symptoms,
        moaas: Option<u8>,
        note: Option<Arc<str>>,
    },
    /// A reading does not stand, or stands at another value. Row 24.
    VoidReading {
        reading: ReadingId,
    },
    AmendReading {
        reading: ReadingId,
        value: i32,
    },
    /// Row 29, and the discharge gate: a lead overrides what is missing, with a reason.
    EndSession {
        session: SessionId,
        disposition: Disposition,
        checks: Checks,
    },
    /// What is done in a visit, from its start to its last dose.
    Visit(VisitDeed),
}

/// Deeds of a visit: its start, its doses, readings taken by hand, its preset and its bed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VisitDeed {
    /// A session begins on a bed without one; whoever starts it is responsible.
    StartSession {
        bed: BedIndex,
        order: StartOrder,
    },
    /// Another preset: a nurse before the dose, a lead after it; with a reason.
    ChoosePreset {
        session: SessionId,
        preset: Arc<str>,
    },
    /// Readings to be summed up as the baseline; each stands for its whole determination.
    AcceptReadings {
        session: SessionId,
        readings: Vec<ReadingId>,
    },
    /// The act's command names the dose. A lead overrides the gates, with a reason.
    GiveDose {
        session: SessionId,
        dose: DoseOrder,
    },
    ChangeDose {
        session: SessionId,
        dose: DoseId,
        change: DoseChange,
    },
    /// Takes an entry back within 60 s.
    UndoDose {
        session: SessionId,
        dose: DoseId,
    },
    /// The dose was not given; with a reason.
    VoidDose {
        session: SessionId,
        dose: DoseId,
    },
    /// The dose was another amount; with a reason.
    AmendDose {
        session: SessionId,
        dose: DoseId,
        micrograms: u64,
    },
    /// Vital signs that a person took; before a session, too.
    EnterReading {
        bed: BedIndex,
        /// Whose it is; refused where that session is not on this bed by then. `None`: of whoever
        /// is there, or a walk-in.
        session: Option<SessionId>,
        reading: HandReading,
    },
    /// A drug or another thing done for the patient.
    Intervene {
        session: SessionId,
        drug: Arc<str>,
        dose: Option<Arc<str>>,
    },
    /// To a bed without a session; with a reason.
    MoveSession {
        session: SessionId,
        bed: BedIndex,
    },
}

/// What an act did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done {
    /// As the occurrence stands now; `acknowledged` says who came first (rows 15, 16a, 17, 21).
    Acknowledged(Box<Occurrence>),
    /// Audio or alarm pause, or a stand-by with an end.
    Until(Stamp),
    /// A stand-by without an end (room empty).
    Unlimited,
    /// The pause or stand-by is over; the conflict is settled; the observation is taken.
    Taken,
    LimitSet {
        old: i32,
        new: i32,
    },
    HandoverOffered {
        handover: HandoverId,
        lapses: Stamp,
    },
    HandedOver {
        sessions: Vec<SessionId>,
    },
    SessionStarted {
        session: SessionId,
    },
    BaselineAccepted(Baseline),
    DoseGiven {
        dose: DoseId,
    },
    /// One for each value, in the order in which they were entered.
    ReadingsEntered {
        readings: Vec<ReadingId>,
        lateness: Lateness,
    },
}

/// Whether a hand-taken reading was entered more than 5 min after it was taken (contract 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lateness {
    InTime,
    Late,
}

/// Why an act was refused: what would be needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Row 16: changed since the person looked.
    Stale { current: u32 },
    /// Row 16b.
    Ended,
    /// Row 16b: under an alarm pause or stand-by.
    AlarmPaused,
    /// No such occurrence, bed, session, rule, device, reading or hand-over.
    Unknown(Unknown),
    /// The same command id with another body.
    CommandReused,
    /// The role is not allowed to; `needed` is the least that is.
    Role { needed: Role },
    /// This deed needs a reason.
    ReasonNeeded,
    /// Row 18: nothing sounds.
    NothingToPause,
    /// It is already so.
    AlreadySo,
    /// There is no such pause or stand-by to end.
    NotSo,
    /// A limit outside its rails, which are these.
    OutsideRails { low: i32, high: i32 },
    /// Lower limit + h must stay below upper limit - h of the signal.
    LimitsCross { other: i32 },
    /// A nurse tightens; to widen needs a lead, or a verbal order with who ordered it and why.
    LeadNeeded,
    /// Two limits fit: name the family, or `change`.
    Ambiguous,
    /// Rows 29, 32: this occurrence is HIGH and not acknowledged.
    HighUnacknowledged { occurrence: OccurrenceId },
    /// Only the responsible nurse or a lead offers it.
    NotResponsible { responsible: Option<Arc<str>> },
    /// The hand-over was offered to someone else, and only they answer it.
    NotOfferedTo { to: Arc<str> },
    /// The hand-over has lapsed or was answered.
    HandoverOver,
    /// The value can't be one of that metric, or contradicts the pair's other pressure.
    BadValue,
    /// A session runs on this bed.
    BedInUse { session: SessionId },
    /// Readings flowed in the last 10 min: whose are they? Say `new_patient`.
    NewPatientUnanswered,
    /// A gate is not passed: all that is missing. A lead may override it with a reason.
    NotReady { missing: Vec<Missing> },
    /// It lies in the future, or before what it belongs to.
    BadTime,
    /// This session has ended.
    SessionOver,
    /// The dose has ended, or was taken back.
    DoseOver,
    /// More than 60 s have passed: void it instead.
    UndoTooLate,
    /// No bed goes by this reading any more, so it stays as it is in the record.
    ReadingPast,
    /// This preset is for another drug or route; these are its routes.
    WrongPreset { drug: Arc<str>, routes: Arc<str> },
    /// Fewer than two determinations, or closer than a minute.
    TooFewReadings { needed: u8 },
    /// The readings vary too much: sample standard deviations in tenths, at most 100.
    ReadingsVary { sys_tenths: u32, dia_tenths: u32 },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknown {
    Occurrence,
    Bed,
    Session,
    Rule,
    Device,
    Reading,
    Handover,
    Dose,
    Preset,
}

/// How an act was answered.
pub type Answer = Result<Done, Refused>;

impl Act {
    /// Who and why, for the record; what was changed is added by whoever changes it.
    #[must_use]
    pub fn note(&self) -> ActNote {
        let Actor { name, ordered_by, .. } = &self.by;
        let (by, ordered_by, reason) = (name.clone(), ordered_by.clone(), self.reason.clone());
        ActNote { by, ordered_by, reason, what: None, old: None, new: None }
    }

    /// How many numbers of readings it takes.
    #[must_use]
    pub const fn readings(&self) -> usize {
        if let Deed::Visit(VisitDeed::EnterReading { reading, .. }) = &self.deed {
            reading.values.len()
        } else {
            0
        }
    }

    /// Whether the other act asks for the same, in the same words: deed, reason and who ordered
    /// it. Where it was done and in which role is how it came, not what was asked for (row 17).
    #[must_use]
    pub fn asks_the_same(&self, other: &Self) -> bool {
        self.deed.is_same(&other.deed)
            && self.reason == other.reason
            && self.by.ordered_by == other.by.ordered_by
    }
}

impl From<VisitDeed> for Deed {
    fn from(deed: VisitDeed) -> Self {
        Self::Visit(deed)
    }
}

impl Deed {
    /// A reading that names its session is the same wherever that session was found: it may have
    /// moved or ended since it was first asked for.
    fn is_same(&self, other: &Self) -> bool {
        if let Self::Visit(VisitDeed::EnterReading { session: Some(one), reading, .. }) = self
            && let Self::Visit(VisitDeed::EnterReading { session, reading: again, .. }) = other
        {
            return Some(*one) == *session && reading == again;
        }
        self == other
    }
}

impl Actor {
    #[must_use]
    pub fn new(name: &str, role: Role) -> Self {
        Self { name: name.into(), role, ordered_by: None, screen: None }
    }

    /// A lead, or a nurse with a verbal order; the reason is checked where it is needed.
    #[must_use]
    pub const fn acts_as_lead(&self) -> bool {
        matches!(self.role, Role::Lead)
            || (matches!(self.role, Role::Nurse) && self.ordered_by.is_some())
    }
}

impl Unknown {
    pub const ALL: [Self; 9] = [
        Self::Occurrence,
        Self::Bed,
        Self::Session,
        Self::Rule,
        Self::Device,
        Self::Reading,
        Self::Handover,
        Self::Dose,
        Self::Preset,
    ];

    /// What there is none of.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Occurrence => "occurrence",
            Self::Bed => "bed",
            Self::Session => "session",
            Self::Rule => "rule",
            Self::Device => "device",
            Self::Reading => "reading",
            Self::Handover => "handover",
            Self::Dose => "dose",
            Self::Preset => "preset",
        }
    }
}
