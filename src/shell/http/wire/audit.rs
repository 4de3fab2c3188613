//! A line of the audit (contract 6, `GET /audit`): who did what, when, on which screen, from what
//! to what, why, on whose order. Acts on the ward and what happens to users look alike.

use serde::Serialize;
use utoipa::ToSchema;

#[cfg(test)]
use super::words;
use super::{Id, Time};
use crate::domain::act::{Act, Actor, Deed, HandoverId, LimitOf, VisitDeed};
use crate::domain::alarm::occurrence::{ActNote, Subject, Transition};
use crate::domain::ids::{BedIndex, SessionId};
use crate::shell::http::site::Site;
use crate::shell::identity::AuditLine;
use crate::shell::lane::ActTaken;

/// One act, or what happened to a log-in or user.
#[derive(Debug, Default, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct AuditEntry {
    at: Option<Time>,
    /// A user's name, `token:NAME`, or `command-line`.
    who: Option<String>,
    /// viewer | nurse | lead | admin
    #[cfg_attr(test, ts(as = "Option<words::Role>"))]
    role: Option<&'static str>,
    /// The screen's id, where it was named.
    screen: Option<String>,
    /// The address, of what happens to log-ins and users.
    from: Option<String>,
    /// acknowledge, pause-audio, set-limit, log-in ...
    what: String,
    bed: Option<String>,
    sessions: Vec<Id>,
    occurrence: Option<Id>,
    handover: Option<Id>,
    /// What of it, such as a rule and its metric.
    detail: Option<String>,
    old: Option<String>,
    new: Option<String>,
    reason: Option<String>,
    /// The prescriber of a verbal order.
    ordered_by: Option<String>,
    command_id: Option<Id>,
    /// done; null: refused, repeated, or it was so already.
    answer: Option<&'static str>,
}

impl AuditEntry {
    pub(crate) fn of_act(site: &Site, taken: &ActTaken) -> Self {
        let ActTaken { at, act, caused } = taken;
        let Act { command, by, reason, deed } = act;
        let Actor { name, role, ordered_by, screen } = by;
        let note = caused.iter().find_map(note);
        let text = |text: Option<&std::sync::Arc<str>>| text.map(|text| text.to_string());
        let what = note.and_then(|note| text(note.what.as_ref()));
        let entry = Self::of_deed(site, deed);
        Self {
            at: Some(Time(at.wall)),
            who: Some(name.to_string()),
            role: Some(role.name()),
            screen: text(screen.as_ref()),
            detail: what.or(entry.detail),
            old: note.and_then(|note| text(note.old.as_ref())),
            new: note.and_then(|note| text(note.new.as_ref())),
            reason: text(reason.as_ref()),
            ordered_by: text(ordered_by.as_ref()),
            command_id: Some(Id(*command)),
            answer: (!caused.is_empty()).then_some("done"),
            ..entry
        }
    }

    pub(crate) fn of_identity(line: AuditLine) -> Self {
        let AuditLine { at, who, what, from, detail, .. } = line;
        let given = |text: String| (!text.is_empty()).then_some(text);
        Self {
            at: Some(Time(at)),
            who: given(who),
            what,
            from: given(from),
            detail: given(detail),
            ..Self::default()
        }
    }

    /// An act of a bed that left the configuration.
    pub(crate) fn unreadable(why: &str) -> Self {
        Self { what: "unreadable".into(), detail: Some(why.into()), ..Self::default() }
    }

    fn of_deed(site: &Site, deed: &Deed) -> Self {
        let on = |what, bed| on(site, what, bed);
        let answered = |what, id: &HandoverId| Self { handover: Some(Id(*id)), ..named(what) };
        match deed {
            Deed::Acknowledge { occurrence, revision } => Self {
                occurrence: Some(Id(*occurrence)),
                detail: Some(format!("revision {revision}")),
                ..named("acknowledge")
            },
            Deed::KeepDevice { bed, device } => {
                Self { detail: Some(device.to_string()), ..on("keep-device", bed) }
            }
            Deed::SetLimit { session, limit } => {
                let change = match limit.of {
                    LimitOf::Value => "",
                    LimitOf::Change => " change",
                };
                let detail = format!("{} {}{change}", limit.rule, limit.judged.name());
                Self { detail: Some(detail), ..in_session("set-limit", session) }
            }
            Deed::OfferHandover { sessions, to } => Self {
                sessions: sessions.iter().copied().map(Id).collect(),
                detail: Some(format!("to {to}")),
                ..named("offer-handover")
            },
            Deed::AcceptHandover { handover } => answered("accept-handover", handover),
            Deed::RejectHandover { handover } => answered("reject-handover", handover),
            Deed::AcceptBaseline { session, .. } => in_session("accept-baseline", session),
            Deed::Observe { session, symptoms, .. } => {
                let symptoms: Vec<_> = symptoms.iter().map(|symptom| symptom.name()).collect();
                Self { detail: Some(symptoms.join(", ")), ..in_session("observe", session) }
            }
            Deed::VoidReading { reading } => {
                Self { detail: Some(format!("reading {}", reading.0)), ..named("void-reading") }
            }
            Deed::AmendReading { reading, value } => Self {
                detail: Some(format!("reading {} to {value}", reading.0)),
                ..named("amend-reading")
            },
            Deed::PauseAudio { bed } => on("pause-audio", bed),
            Deed::ResumeAudio { bed } => on("resume-audio", bed),
            Deed::PauseAlarms { bed } => on("pause-alarms", bed),
            Deed::ResumeAlarms { bed } => on("resume-alarms", bed),
            Deed::BeginStandby { bed } => on("begin-standby", bed),
            Deed::EndStandby { bed } => on("end-standby", bed),
            Deed::Visit(deed) => Self::of_visit(site, deed),
            Deed::EndSession { session, disposition, .. } => {
                let detail = Some(disposition.name().into());
                Self { detail, ..in_session("end-session", session) }
            }
        }
    }

    fn of_visit(site: &Site, deed: &VisitDeed) -> Self {
        let on = |what, bed| on(site, what, bed);
        match deed {
            VisitDeed::StartSession { bed, order } => {
                Self { sessions: vec![Id(order.id)], ..on("start-session", bed) }
            }
            VisitDeed::MoveSession { session, bed } => {
                Self { sessions: vec![Id(*session)], ..on("move-session", bed) }
            }
            // The session says whose it is; on which bed it lies is known only where it was taken.
            VisitDeed::EnterReading { session: Some(session), .. } => {
                in_session("enter-reading", session)
            }
            VisitDeed::EnterReading { session: None, bed, .. } => on("enter-reading", bed),
            VisitDeed::ChoosePreset { session, preset } => {
                Self { detail: Some(preset.to_string()), ..in_session("choose-preset", session) }
            }
            VisitDeed::AcceptReadings { session, .. } => in_session("accept-baseline", session),
            VisitDeed::GiveDose { session, .. } => in_session("give-dose", session),
            VisitDeed::ChangeDose { session, .. } => in_session("change-dose", session),
            VisitDeed::UndoDose { session, .. } => in_session("undo-dose", session),
            VisitDeed::VoidDose { session, .. } => in_session("void-dose", session),
            VisitDeed::AmendDose { session, .. } => in_session("amend-dose", session),
            VisitDeed::Intervene { session, drug, .. } => {
                Self { detail: Some(drug.to_string()), ..in_session("intervene", session) }
            }
        }
    }
}

fn named(what: &str) -> AuditEntry {
    AuditEntry { what: what.into(), ..AuditEntry::default() }
}

fn on(site: &Site, what: &str, bed: &BedIndex) -> AuditEntry {
    AuditEntry { bed: site.name_of(*bed).map(str::to_owned), ..named(what) }
}

fn in_session(what: &str, session: &SessionId) -> AuditEntry {
    AuditEntry { sessions: vec![Id(*session)], ..named(what) }
}

/// What the record says of an act beside the act itself.
fn note(transition: &Transition) -> Option<&ActNote> {
    match &transition.subject {
        Subject::Session { note, .. } => note.as_deref(),
        Subject::Alarm { .. } => None,
    }
}
