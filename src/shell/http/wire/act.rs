//! What an act did, as whoever did it is told (contract 6). An acknowledgement, a limit and
//! readings, which say more, have their shapes beside their routes.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Id, Time};
use crate::domain::act::Done;

/// How an act went, where it went at all.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(untagged)]
pub(crate) enum Outcome {
    /// A pause or stand-by has begun; null: without an end (the room is empty).
    Until {
        until: Option<Time>,
    },
    /// A hand-over is offered.
    Offered {
        handover: Id,
        lapses: Time,
    },
    /// These sessions have another responsible nurse now.
    HandedOver {
        sessions: Vec<Id>,
    },
    Session {
        session: Id,
    },
    Dose {
        dose: Id,
    },
    /// What the readings come to, in whole units; null: none.
    Baseline {
        nibp_sys: Option<i32>,
        nibp_dia: Option<i32>,
        nibp_map: Option<i32>,
        heart_rate: Option<i32>,
        spo2: Option<i32>,
    },
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
            Done::SessionStarted { session } => Self::Session { session: Id(*session) },
            Done::DoseGiven { dose } => Self::Dose { dose: Id(*dose) },
            Done::BaselineAccepted(of) => Self::Baseline {
                nibp_sys: of.sys,
                nibp_dia: of.dia,
                nibp_map: of.map,
                heart_rate: of.heart_rate,
                spo2: of.spo2,
            },
            Done::Taken
            | Done::Acknowledged(_)
            | Done::LimitSet { .. }
            | Done::ReadingsEntered { .. } => Self::Taken {},
        }
    }
}
