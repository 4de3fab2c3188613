//! What people do: named acts, each with its command id, and how each was answered. An act is
//! journaled with everything here; the same command from the same person has one effect (row 17).

use std::sync::Arc;

use super::alarm::AlarmFamily;
use super::alarm::occurrence::{ActNote, Occurrence};
use super::alarm::rule::Judged;
use super::ids::{BedIndex, CommandId, DeviceId, OccurrenceId, ReadingId, RuleId, SessionId, Uuid};
use super::role::Role;
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
    },
    /// A reading does not stand, or stands at another value. Row 24.
    VoidReading {
        bed: BedIndex,
        reading: ReadingId,
    },
    AmendReading {
        bed: BedIndex,
        reading: ReadingId,
        value: i32,
    },
    /// Row 29.
    EndSession {
        session: SessionId,
        disposition: Disposition,
    },
}

/// Which limit of a session, and its new number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitOrder {
    pub rule: RuleId,
    pub judged: Judged,
    /// Where rule and metric leave two (R2).
    pub family: Option<AlarmFamily>,
    pub of: LimitOf,
    /// `None`: back to the preset's.
    pub value: Option<i32>,
}

/// Which of a rule's limits on one metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitOf {
    Value,
    /// A rise or drop from the baseline.
    Change,
}

/// An accepted baseline, in whole units; what is `None` has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    pub sys: Option<i32>,
    pub dia: Option<i32>,
    pub map: Option<i32>,
    pub heart_rate: Option<i32>,
    pub spo2: Option<i32>,
}

/// Symptoms as the nurse ticked them; the wire's words (contract 6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Symptoms(u16);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Symptom {
    ChestPain,
    Dyspnoea,
    Headache,
    Visual,
    Seizure,
    Consciousness,
    FocalDeficit,
    Nausea,
    Dizziness,
    Dissociation,
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disposition {
    HomeEscorted,
    Admitted,
    Transferred,
    LeftAgainstAdvice,
    NotDosed,
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

    /// Whether the other act asks for the same, in the same words: deed, reason and who ordered
    /// it. Where it was done and in which role is how it came, not what was asked for (row 17).
    #[must_use]
    pub fn asks_the_same(&self, other: &Self) -> bool {
        self.deed == other.deed
            && self.reason == other.reason
            && self.by.ordered_by == other.by.ordered_by
    }
}

impl Symptom {
    pub const ALL: [Self; 11] = [
        Self::ChestPain,
        Self::Dyspnoea,
        Self::Headache,
        Self::Visual,
        Self::Seizure,
        Self::Consciousness,
        Self::FocalDeficit,
        Self::Nausea,
        Self::Dizziness,
        Self::Dissociation,
        Self::Other,
    ];

    /// The wire's word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ChestPain => "chest_pain",
            Self::Dyspnoea => "dyspnoea",
            Self::Headache => "headache",
            Self::Visual => "visual",
            Self::Seizure => "seizure",
            Self::Consciousness => "consciousness",
            Self::FocalDeficit => "focal_deficit",
            Self::Nausea => "nausea",
            Self::Dizziness => "dizziness",
            Self::Dissociation => "dissociation",
            Self::Other => "other",
        }
    }

    /// Target-organ symptoms: any of these feeds B3 (contract 6).
    #[must_use]
    pub const fn feeds_b3(self) -> bool {
        (self as u8) <= Self::FocalDeficit as u8
    }
}

impl Symptoms {
    #[must_use]
    pub fn of(all: &[Symptom]) -> Self {
        Self(all.iter().fold(0, |set, symptom| set | 1 << *symptom as u8))
    }

    #[must_use]
    pub const fn holds(self, symptom: Symptom) -> bool {
        self.0 >> symptom as u8 & 1 == 1
    }

    pub fn iter(self) -> impl Iterator<Item = Symptom> {
        Symptom::ALL.into_iter().filter(move |symptom| self.holds(*symptom))
    }

    #[must_use]
    pub fn feed_b3(self) -> bool {
        self.iter().any(Symptom::feeds_b3)
    }
}

impl Disposition {
    pub const ALL: [Self; 5] = [
        Self::HomeEscorted,
        Self::Admitted,
        Self::Transferred,
        Self::LeftAgainstAdvice,
        Self::NotDosed,
    ];

    /// The wire's word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::HomeEscorted => "home_escorted",
            Self::Admitted => "admitted",
            Self::Transferred => "transferred",
            Self::LeftAgainstAdvice => "left_against_advice",
            Self::NotDosed => "not_dosed",
        }
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
    pub const ALL: [Self; 7] = [
        Self::Occurrence,
        Self::Bed,
        Self::Session,
        Self::Rule,
        Self::Device,
        Self::Reading,
        Self::Handover,
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
        }
    }
}
