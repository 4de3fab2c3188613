//! A person's act that was refused, as a problem: 403 where the role is not enough, 404 where there
//! is no such thing, 409 where the state does not allow it, 422 where the value is not right; each
//! says what would be needed.

use axum::http::StatusCode;

use crate::domain::act::{Refused, Unknown};
use crate::domain::screens::ScreenRefused;
use crate::domain::session::checks::Missing;

pub(crate) const fn status(refused: &Refused) -> StatusCode {
    match refused {
        Refused::Unknown(_) => StatusCode::NOT_FOUND,
        Refused::Role { .. }
        | Refused::LeadNeeded
        | Refused::NotResponsible { .. }
        | Refused::NotOfferedTo { .. } => StatusCode::FORBIDDEN,
        Refused::ReasonNeeded
        | Refused::OutsideRails { .. }
        | Refused::LimitsCross { .. }
        | Refused::Ambiguous
        | Refused::BadTime
        | Refused::TooFewReadings { .. }
        | Refused::ReadingsVary { .. }
        | Refused::WrongPreset { .. }
        | Refused::BadValue => StatusCode::UNPROCESSABLE_ENTITY,
        Refused::Stale { .. }
        | Refused::Ended
        | Refused::AlarmPaused
        | Refused::CommandReused
        | Refused::NothingToPause
        | Refused::AlreadySo
        | Refused::NotSo
        | Refused::HighUnacknowledged { .. }
        | Refused::BedInUse { .. }
        | Refused::NewPatientUnanswered
        | Refused::NotReady { .. }
        | Refused::SessionOver
        | Refused::DoseOver
        | Refused::UndoTooLate
        | Refused::ReadingPast
        | Refused::HandoverOver => StatusCode::CONFLICT,
    }
}

/// Last segment of `type`, and the title.
pub(crate) const fn kind(refused: &Refused) -> (&'static str, &'static str) {
    match refused {
        Refused::Stale { .. } => ("stale-revision", "The alarm has changed"),
        Refused::Ended => ("ended", "The alarm has ended"),
        Refused::AlarmPaused => ("alarm-paused", "The bed's alarms are paused"),
        Refused::Unknown(what) => unknown(*what),
        Refused::CommandReused => ("command-reused", "This command id was used before"),
        Refused::Role { .. } => ("role", "Your role does not allow this"),
        Refused::ReasonNeeded => ("reason-needed", "A reason is needed"),
        Refused::NothingToPause => ("nothing-to-pause", "Nothing sounds on this bed"),
        Refused::AlreadySo => ("already-so", "It is so already"),
        Refused::NotSo => ("not-so", "There is nothing to end"),
        Refused::OutsideRails { .. } => ("outside-rails", "The limit is outside its rails"),
        Refused::LimitsCross { .. } => ("limits-cross", "The limits would cross"),
        Refused::LeadNeeded => ("lead-needed", "A lead is needed to widen a limit"),
        Refused::Ambiguous => ("ambiguous", "Two limits fit"),
        Refused::HighUnacknowledged { .. } => {
            ("high-unacknowledged", "A HIGH alarm is not acknowledged")
        }
        Refused::NotResponsible { .. } => ("not-responsible", "You are not responsible for it"),
        Refused::NotOfferedTo { .. } => ("not-offered-to-you", "It was offered to someone else"),
        Refused::HandoverOver => ("handover-over", "The hand-over is over"),
        Refused::BadValue => ("bad-value", "The value is not right"),
        Refused::BadTime => ("bad-time", "The time is not right"),
        Refused::BedInUse { .. } => ("bed-in-use", "A session runs on this bed"),
        Refused::NewPatientUnanswered => ("new-patient", "Is this a new patient?"),
        Refused::NotReady { .. } => ("not-ready", "Something is missing"),
        Refused::SessionOver => ("session-over", "The session has ended"),
        Refused::DoseOver => ("dose-over", "The dose is over"),
        Refused::UndoTooLate => ("undo-too-late", "It can't be taken back any more"),
        Refused::ReadingPast => ("reading-past", "This reading can't be changed any more"),
        Refused::WrongPreset { .. } => ("wrong-preset", "The preset is for something else"),
        Refused::TooFewReadings { .. } => ("too-few-readings", "More readings are needed"),
        Refused::ReadingsVary { .. } => ("readings-vary", "The readings vary too much"),
    }
}

const fn unknown(what: Unknown) -> (&'static str, &'static str) {
    match what {
        Unknown::Occurrence => ("unknown-occurrence", "There is no such alarm"),
        Unknown::Bed => ("unknown-bed", "There is no such bed"),
        Unknown::Session => ("unknown-session", "There is no such running session"),
        Unknown::Rule => ("unknown-rule", "There is no such limit"),
        Unknown::Device => ("unknown-device", "There is no such device in conflict"),
        Unknown::Reading => ("unknown-reading", "There is no such reading"),
        Unknown::Handover => ("unknown-handover", "There is no such hand-over"),
        Unknown::Dose => ("unknown-dose", "There is no such dose"),
        Unknown::Preset => ("unknown-preset", "There is no such preset"),
    }
}

/// Where those are that there are.
const fn listed(what: Unknown) -> &'static str {
    match what {
        Unknown::Occurrence => "/api/v1/alarms",
        Unknown::Bed => "/api/v1/beds",
        Unknown::Session => "/api/v1/sessions",
        Unknown::Rule => "the limits in force in /api/v1/beds/{bed}",
        Unknown::Device => "the devices in /api/v1/beds/{bed}",
        Unknown::Reading => "/api/v1/beds/{bed}/readings",
        Unknown::Handover => "/api/v1/handovers",
        Unknown::Dose => "the doses in /api/v1/sessions/{id}",
        Unknown::Preset => "/api/v1/presets",
    }
}

/// What is wrong and what would be right.
pub(crate) fn detail(refused: &Refused) -> String {
    match refused {
        Refused::Stale { current } => format!(
            "the alarm has changed since you looked: read it again and send revision {current}"
        ),
        Refused::Ended => "the alarm has ended; there is nothing left to acknowledge".into(),
        Refused::AlarmPaused => {
            "acknowledge it when the bed's alarm pause or stand-by is over, or end that first"
                .into()
        }
        Refused::Unknown(what) => {
            format!("no {} has this name or id now; see {}", what.name(), listed(*what))
        }
        Refused::CommandReused => {
            "this command_id came with another body: send a new UUID with each new request".into()
        }
        Refused::Role { needed } => format!("this needs the role {}", needed.name()),
        Refused::ReasonNeeded => "say why in `reason`, 1 to 500 printable characters".into(),
        Refused::NothingToPause => {
            "no alarm of this bed sounds now; there is no sound to pause".into()
        }
        Refused::AlreadySo => "it is so already".into(),
        Refused::NotSo => "there is no such thing to end".into(),
        Refused::OutsideRails { low, high } => {
            format!("the limit must be from {low} to {high}")
        }
        Refused::LimitsCross { other } => {
            format!("it would meet the signal's other limit, {other}, less the hysteresis of both")
        }
        Refused::LeadNeeded => "a nurse may tighten; to widen, a lead does it, or a nurse with \
            `ordered_by` (who ordered it by phone) and `reason`"
            .into(),
        Refused::Ambiguous => {
            "two limits have this rule and metric: name `family`, or `change: true`".into()
        }
        Refused::HighUnacknowledged { occurrence } => {
            format!("acknowledge the HIGH alarm {occurrence} first")
        }
        Refused::NotResponsible { responsible } => match responsible {
            Some(name) => format!("only {name}, who is responsible, or a lead can do this"),
            None => "nobody is responsible for it".into(),
        },
        Refused::NotOfferedTo { to } => format!("only {to}, to whom it was offered, answers it"),
        Refused::HandoverOver => "it has lapsed, or was answered: offer it again".into(),
        Refused::BadValue => "the value is outside what that metric can be".into(),
        Refused::BadTime
        | Refused::BedInUse { .. }
        | Refused::NewPatientUnanswered
        | Refused::NotReady { .. }
        | Refused::SessionOver
        | Refused::DoseOver
        | Refused::UndoTooLate
        | Refused::ReadingPast
        | Refused::WrongPreset { .. }
        | Refused::TooFewReadings { .. }
        | Refused::ReadingsVary { .. } => visit_detail(refused),
    }
}

/// The part of `detail` that is about visits.
fn visit_detail(refused: &Refused) -> String {
    match refused {
        Refused::BadTime => "it lies in the future, or before what it belongs to; what was taken \
            by hand, more than an hour before the session's start, or before now without one"
            .into(),
        Refused::BedInUse { session } => format!("end or move session {session} first"),
        Refused::NewPatientUnanswered => "readings came from this bed in the last 10 min: say \
            `new_patient` true (they are another patient's) or false (they are this one's)"
            .into(),
        Refused::NotReady { missing } => {
            let missing: Vec<_> = missing.iter().map(Missing::name).collect();
            format!(
                "missing: {}; a lead overrides it with `reason`, or a nurse with `ordered_by`, too",
                missing.join(", ")
            )
        }
        Refused::SessionOver => {
            "nothing can be added to a session that has ended, or changed in it".into()
        }
        Refused::DoseOver => "it has ended, or was taken back".into(),
        Refused::UndoTooLate => "60 s have passed since it was entered: void it, with why".into(),
        Refused::ReadingPast => "its session is over, it was voided before, or it is one of a \
            stream that is long past: what a running session's cuff and people measured can be \
            voided or amended, and the last values of its streams"
            .into(),
        Refused::WrongPreset { drug, routes } => {
            format!("this preset is for {drug} by {routes}")
        }
        Refused::TooFewReadings { needed } => {
            format!("{needed} determinations are needed, at least one minute apart")
        }
        Refused::ReadingsVary { sys_tenths, dia_tenths } => format!(
            "sample standard deviation of systolic {}.{}, of diastolic {}.{}; at most 10: take \
             another one",
            sys_tenths / 10,
            sys_tenths % 10,
            dia_tenths / 10,
            dia_tenths % 10
        ),
        Refused::Stale { .. }
        | Refused::Ended
        | Refused::AlarmPaused
        | Refused::Unknown(_)
        | Refused::CommandReused
        | Refused::Role { .. }
        | Refused::ReasonNeeded
        | Refused::NothingToPause
        | Refused::AlreadySo
        | Refused::NotSo
        | Refused::OutsideRails { .. }
        | Refused::LimitsCross { .. }
        | Refused::LeadNeeded
        | Refused::Ambiguous
        | Refused::HighUnacknowledged { .. }
        | Refused::NotResponsible { .. }
        | Refused::NotOfferedTo { .. }
        | Refused::HandoverOver
        | Refused::BadValue => String::new(),
    }
}

pub(crate) const fn screen_status(refused: ScreenRefused) -> StatusCode {
    match refused {
        ScreenRefused::Unknown => StatusCode::NOT_FOUND,
        ScreenRefused::NotOwn => StatusCode::FORBIDDEN,
        ScreenRefused::TooMany => StatusCode::SERVICE_UNAVAILABLE,
        ScreenRefused::CommandReused => StatusCode::CONFLICT,
        ScreenRefused::Unsent { .. } => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

pub(crate) const fn screen_kind(refused: ScreenRefused) -> (&'static str, &'static str) {
    match refused {
        ScreenRefused::Unknown => ("unknown-screen", "There is no such screen"),
        ScreenRefused::NotOwn => ("not-your-screen", "Somebody else opened this screen"),
        ScreenRefused::TooMany => ("too-many-screens", "Too many screens are open"),
        ScreenRefused::CommandReused => kind(&Refused::CommandReused),
        ScreenRefused::Unsent { .. } => ("unsent", "No such alarm was sent"),
    }
}

pub(crate) fn screen_detail(refused: ScreenRefused) -> String {
    match refused {
        ScreenRefused::Unknown => {
            "it was closed, or lost for 10 minutes: open one at /api/v1/screens".into()
        }
        ScreenRefused::NotOwn => "only who opened it, or an admin to close it".into(),
        ScreenRefused::TooMany => "close some; lost ones make room by themselves".into(),
        ScreenRefused::CommandReused => detail(&Refused::CommandReused),
        ScreenRefused::Unsent { newest } => {
            format!("`seen` must not be above the newest alarm, {}", newest.0)
        }
    }
}
