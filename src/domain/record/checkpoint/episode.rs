//! Mirror of an episode: the condition, its occurrences, how far it has escalated and when it
//! reminds. A governing band goes by its rule's id or, of a technical one, by its priority.

use serde::{Deserialize, Serialize};

use super::Text;
use crate::domain::alarm::condition::{Condition, Governing, InputState, Level};
use crate::domain::alarm::episode::Episode;
use crate::domain::alarm::escalation::{Escalation, Steps};
use crate::domain::alarm::reminder::Reminder;
use crate::domain::record::RecordError;
use crate::domain::record::transition::OccurrenceV1;
use crate::domain::time::MonoTime;

/// The rank of a rule that the preset no longer has: lower than all, so that whatever else holds
/// takes over as a worse band and is told.
pub(super) const GONE: u8 = u8::MAX;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EpisodeV1<'a> {
    #[serde(borrow)]
    condition: ConditionV1<'a>,
    #[serde(borrow)]
    open: Option<Box<OccurrenceV1<'a>>>,
    #[serde(borrow)]
    latched: Vec<OccurrenceV1<'a>>,
    escalation: EscalationV1,
    /// From, due and how many have been given.
    reminder: Option<(u64, u64, u8)>,
}

/// The step that is reached, and when each is due.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum EscalationV1 {
    Idle,
    Running(u8, [u64; 3]),
    Held(u8, [u64; 3]),
    Stopped,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum ConditionV1<'a> {
    Inhibited,
    Unknown,
    Normal,
    Pending,
    Confirming,
    Open {
        /// The governing band: its rule, or the priority of a technical step.
        #[serde(borrow)]
        band: Text<'a>,
        level: LevelV1,
        frozen: bool,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum LevelV1 {
    Held,
    Recuff { until: u64 },
    Clearing,
}

impl<'a> EpisodeV1<'a> {
    /// `band` names the rank of a governing band.
    pub(super) fn of(episode: &'a Episode, band: impl Fn(u8) -> Text<'a>) -> Self {
        let Episode { condition, open, latched, escalation, reminder } = episode;
        let condition = match *condition {
            Condition::Inhibited => ConditionV1::Inhibited,
            Condition::Unknown => ConditionV1::Unknown,
            Condition::Normal => ConditionV1::Normal,
            Condition::Pending => ConditionV1::Pending,
            Condition::Confirming => ConditionV1::Confirming,
            Condition::Open { governing, input } => ConditionV1::Open {
                band: band(governing.band),
                level: LevelV1::of(governing.level),
                frozen: input == InputState::Frozen,
            },
        };
        Self {
            condition,
            open: open.as_deref().map(|open| Box::new(OccurrenceV1::of(open))),
            latched: latched.iter().map(OccurrenceV1::of).collect(),
            escalation: EscalationV1::of(*escalation),
            reminder: match *reminder {
                Reminder::Off => None,
                Reminder::Armed { from, due, given } => {
                    Some((from.as_micros(), due.as_micros(), given))
                }
            },
        }
    }

    pub(super) const fn has_occurrence(&self) -> bool {
        self.open.is_some() || !self.latched.is_empty()
    }

    /// An episode whose family the preset no longer has: nothing holds it any more.
    pub(super) fn into_orphan(self) -> Result<Episode, RecordError> {
        self.into_domain(|_| GONE)
    }

    pub(super) fn into_domain(self, rank: impl Fn(&str) -> u8) -> Result<Episode, RecordError> {
        let condition = match self.condition {
            ConditionV1::Inhibited => Condition::Inhibited,
            ConditionV1::Unknown => Condition::Unknown,
            ConditionV1::Normal => Condition::Normal,
            ConditionV1::Pending => Condition::Pending,
            ConditionV1::Confirming => Condition::Confirming,
            ConditionV1::Open { band, level, frozen } => Condition::Open {
                governing: Governing { band: rank(&band), level: level.into_domain() },
                input: if frozen { InputState::Frozen } else { InputState::Fresh },
            },
        };
        let open = self.open.map(|open| open.into_domain().map(Box::new)).transpose()?;
        let latched = self.latched.into_iter().map(OccurrenceV1::into_domain);
        let latched = latched.collect::<Result<_, _>>()?;
        let escalation = self.escalation.into_domain();
        let reminder = self.reminder.map_or(Reminder::Off, |(from, due, given)| {
            let (from, due) = (MonoTime::from_micros(from), MonoTime::from_micros(due));
            Reminder::Armed { from, due, given }
        });
        Ok(Episode { condition, open, latched, escalation, reminder })
    }
}

impl LevelV1 {
    const fn of(level: Level) -> Self {
        match level {
            Level::Held => Self::Held,
            Level::Recuff { until } => Self::Recuff { until: until.as_micros() },
            Level::Clearing => Self::Clearing,
        }
    }

    const fn into_domain(self) -> Level {
        match self {
            Self::Held => Level::Held,
            Self::Recuff { until } => Level::Recuff { until: MonoTime::from_micros(until) },
            Self::Clearing => Level::Clearing,
        }
    }
}

impl EscalationV1 {
    fn of(escalation: Escalation) -> Self {
        let parts = |steps: Steps| {
            let (reached, dues) = steps.parts();
            (reached, dues.map(MonoTime::as_micros))
        };
        match escalation {
            Escalation::Idle => Self::Idle,
            Escalation::Running(steps) => {
                let (reached, dues) = parts(steps);
                Self::Running(reached, dues)
            }
            Escalation::Held(steps) => {
                let (reached, dues) = parts(steps);
                Self::Held(reached, dues)
            }
            Escalation::Stopped => Self::Stopped,
        }
    }

    fn into_domain(self) -> Escalation {
        let steps =
            |reached, dues: [u64; 3]| Steps::from_parts(reached, dues.map(MonoTime::from_micros));
        match self {
            Self::Idle => Escalation::Idle,
            Self::Running(reached, dues) => Escalation::Running(steps(reached, dues)),
            Self::Held(reached, dues) => Escalation::Held(steps(reached, dues)),
            Self::Stopped => Escalation::Stopped,
        }
    }
}
