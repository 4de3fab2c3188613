//! JSON lines: an alarm and a session's change as on the wire (contract 6 and 7), with the
//! recording, the preset and the recording's time before them, and the change of the alarm.

use std::io::{self, Write};

use serde::Serialize;

use super::{Note, Of, Summary};
use crate::domain::alarm::occurrence::{Subject, Transition};
use crate::domain::reading::Origin;
use crate::shell::http::wire;
use crate::shell::http::wire::event::{SessionChanged, SessionStep};
use crate::shell::http::wire::occurrence::{Occurrence, Sending};

#[derive(Serialize)]
struct AlarmLine<'a> {
    event: &'static str,
    file: &'a str,
    preset: &'a str,
    time_s: f64,
    change: &'static str,
    #[serde(flatten)]
    occurrence: Occurrence<'a>,
}

#[derive(Serialize)]
struct SessionLine<'a> {
    event: &'static str,
    file: &'a str,
    preset: &'a str,
    time_s: f64,
    /// Only true is told; an alarm says it of itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    simulated: Option<bool>,
    #[serde(flatten)]
    change: SessionChanged<'a>,
}

#[derive(Serialize)]
struct SummaryLine<'a> {
    event: &'static str,
    /// null: all together.
    file: Option<&'a str>,
    preset: &'a str,
    patient_hours: f64,
    transitions: u64,
    alarms: u64,
    alarms_per_hour: Option<f64>,
    audible: u64,
    audible_per_hour: Option<f64>,
    outside_sessions: u64,
    /// Only false is told: the recording ended before the dose.
    #[serde(skip_serializing_if = "Option::is_none")]
    dosed: Option<bool>,
    /// Only of a journal: whether its own transitions came out.
    #[serde(skip_serializing_if = "Option::is_none")]
    same_as_journal: Option<bool>,
    by_rule: Vec<RuleLine<'a>>,
}

#[derive(Serialize)]
struct RuleLine<'a> {
    kind: &'static str,
    family: &'static str,
    rule: Option<&'a str>,
    priority: &'static str,
    raised: u64,
    raised_per_hour: Option<f64>,
    escalated: u64,
}

pub(super) fn transition(of: &Of<'_>, it: &Transition, out: &mut impl Write) -> io::Result<()> {
    let (file, preset) = (of.file, &*of.preset.name);
    let time_s = it.at.mono.since(of.zero.mono).as_secs_f64();
    let line = match &it.subject {
        Subject::Alarm { change, occurrence } => wire::json(&AlarmLine {
            event: "alarm",
            file,
            preset,
            time_s,
            change: change.name(),
            occurrence: Occurrence::new(Some(it.seq), occurrence),
        }),
        Subject::Session { change, bed, session, phase, note } => {
            let step = SessionStep {
                seq: it.seq,
                at: it.at,
                change: *change,
                bed,
                session: *session,
                phase: *phase,
                note: note.as_deref(),
            };
            let change = SessionChanged::new(step, None, Sending::First);
            let simulated = (of.origin == Origin::Simulated).then_some(true);
            wire::json(&SessionLine { event: "session", file, preset, time_s, simulated, change })
        }
    };
    writeln!(out, "{line}")
}

pub(super) fn summary(of: &Summary<'_>, out: &mut impl Write) -> io::Result<()> {
    let tally = of.tally;
    let by_rule = tally.rows.iter().map(|(key, count)| RuleLine {
        kind: key.kind(),
        family: key.family().name(),
        rule: Some(key.rule()).filter(|rule| !rule.is_empty()),
        priority: key.priority().name(),
        raised: count.raised,
        raised_per_hour: tally.per_hour(count.raised),
        escalated: count.escalated,
    });
    let line = SummaryLine {
        event: "summary",
        file: of.file,
        preset: &of.preset.name,
        patient_hours: tally.hours(),
        transitions: tally.transitions,
        alarms: tally.raised(),
        alarms_per_hour: tally.per_hour(tally.raised()),
        audible: tally.audible(),
        audible_per_hour: tally.per_hour(tally.audible()),
        outside_sessions: tally.outside,
        dosed: (of.note == Note::NoDose).then_some(false),
        same_as_journal: match of.note {
            Note::SameAsJournal => Some(true),
            Note::DiffersFrom(_) => Some(false),
            Note::Nothing | Note::NoDose => None,
        },
        by_rule: by_rule.collect(),
    };
    writeln!(out, "{}", wire::json(&line))
}
