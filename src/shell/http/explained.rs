//! Refusals whose word alone does not say enough, in the words of the deed that was refused: what
//! is so already, what there is nothing of, which field's time is not right.

use super::AppState;
use super::problem::Problem;
use super::wire::{Time, json};
use crate::domain::act::{Deed, Refused, VisitDeed};

/// What a deed's refusals say, each where the deed can meet it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Words {
    already: &'static str,
    not: &'static str,
    time: &'static str,
}

const PLAIN: Words = Words {
    already: "it is so already",
    not: "there is no such thing to end",
    time: "it lies in the future, or before what it belongs to",
};

impl Words {
    pub(crate) const fn of(deed: &Deed) -> Self {
        let already = match deed {
            Deed::PauseAudio { .. } => "the bed's sound is paused already, and can't be longer",
            Deed::PauseAlarms { .. } => {
                "the bed's alarms are paused already, or it is in stand-by; neither can be made \
                 longer"
            }
            Deed::BeginStandby { .. } => "the bed is in stand-by already; end it first",
            Deed::KeepDevice { .. } => "no conflict is open about this device",
            Deed::SetLimit { .. } => "the limit has this value already",
            Deed::OfferHandover { .. } => "they are responsible for all of these sessions already",
            Deed::Visit(deed) => return Self::of_visit(deed),
            Deed::ResumeAudio { .. } => {
                return Self { not: "the bed's sound is not paused", ..PLAIN };
            }
            Deed::ResumeAlarms { .. } => {
                return Self { not: "the bed's alarms are not paused", ..PLAIN };
            }
            Deed::EndStandby { .. } => {
                return Self { not: "the bed is not in stand-by", ..PLAIN };
            }
            Deed::Acknowledge { .. }
            | Deed::AcceptHandover { .. }
            | Deed::RejectHandover { .. }
            | Deed::AcceptBaseline { .. }
            | Deed::Observe { .. }
            | Deed::VoidReading { .. }
            | Deed::AmendReading { .. }
            | Deed::EndSession { .. } => PLAIN.already,
        };
        Self { already, ..PLAIN }
    }

    const fn of_visit(deed: &VisitDeed) -> Self {
        match deed {
            VisitDeed::StartSession { .. } => {
                Self { already: "the session of this command runs already", ..PLAIN }
            }
            VisitDeed::MoveSession { .. } => {
                Self { already: "the session is on this bed already", ..PLAIN }
            }
            VisitDeed::ChoosePreset { .. } => {
                Self { already: "the session has this preset already", ..PLAIN }
            }
            VisitDeed::EnterReading { .. } => Self {
                already: "these values of this moment are there already",
                time: "`taken` must not lie in the future, nor more than an hour before the \
                    session's start, or before now where none runs",
                ..PLAIN
            },
            VisitDeed::GiveDose { .. } => Self {
                already: "an infusion runs already: end it first; or this device was given",
                time: "`started` must lie between the session's start and now, `ended` between \
                    `started` and now, and devices follow each other by their numbers",
                ..PLAIN
            },
            VisitDeed::ChangeDose { .. } => Self {
                already: "the dose is paused already",
                not: "the dose is not paused",
                time: "`at` must lie between now and the dose's start, or its last pause or resume",
            },
            VisitDeed::AmendDose { .. } => {
                Self { already: "the dose has this amount already", ..PLAIN }
            }
            VisitDeed::AcceptReadings { .. }
            | VisitDeed::UndoDose { .. }
            | VisitDeed::VoidDose { .. }
            | VisitDeed::Intervene { .. } => PLAIN,
        }
    }
}

impl AppState {
    /// What whoever asked is told.
    pub(crate) async fn explained(&self, refused: Refused, words: Words) -> Problem {
        let detail = if refused == Refused::AlreadySo {
            words.already.to_owned()
        } else if refused == Refused::NotSo {
            words.not.to_owned()
        } else if refused == Refused::BadTime {
            // A client whose clock is off sees by how much.
            let view = self.answer(self.0.engine.view()).await;
            let now = view.map(|view| json(&Time(view.at.wall)));
            let now = now.map(|now| format!("; it is {} now", now.trim_matches('"')));
            format!("{}{}", words.time, now.unwrap_or_default())
        } else {
            return Problem::Refused(refused);
        };
        Problem::Explained { refused, detail }
    }
}
