//! What an act did, as whoever did it is told (contract 6). An acknowledgement and a limit, which
//! say more, have their shapes beside their routes.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Id, Time};
use crate::domain::act::Done;

/// How an act went, where it went at all.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum Outcome {
    /// A pause or stand-by has begun; null: without an end (the room is empty).
    Until { until: Option<Time> },
    /// A hand-over is offered.
    Offered { handover: Id, lapses: Time },
    /// These sessions have another responsible nurse now.
    HandedOver { sessions: Vec<Id> },
    /// It is done, and there is nothing more to say.
    Taken {},
}

impl Outcome {
    pub(crate) fn new(done: &Done) -> Self {
        match done {
            Done::Until(until) => Self::Until { until: Some(Time(until.wall)) },
            Done::Unlimited => Self::Until { until: None },
            Done::HandoverOffered { handover, lapses } => {
                Self::Offered { handover: Id(*handover), lapses: Time(lapses.wall) }
            }
            Done::HandedOver { sessions } => {
                Self::HandedOver { sessions: sessions.iter().copied().map(Id).collect() }
            }
            Done::Taken | Done::Acknowledged(_) | Done::LimitSet { .. } => Self::Taken {},
        }
    }
}
