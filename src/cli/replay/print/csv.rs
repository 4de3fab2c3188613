//! One CSV table with one header: a line for each transition, then lines `count` (one rule at one
//! priority) and `total` in the same columns. What a line has nothing to say of is empty.

use std::io::{self, Write};

use super::{Of, Summary};
use crate::cli::replay::tally::kind;
use crate::domain::alarm::occurrence::{Occurrence, Subject, Transition};
use crate::domain::alarm::rule::Phase;
use crate::domain::alarm::text::figure;
use crate::domain::ids::{BedId, RuleId};

/// A line's cells; the header has the names of the fields.
#[derive(Default)]
struct Line {
    event: &'static str,
    file: String,
    preset: String,
    time_s: String,
    seq: String,
    change: &'static str,
    bed: String,
    kind: &'static str,
    family: &'static str,
    subject: String,
    rule: String,
    priority: &'static str,
    condition: &'static str,
    signal: &'static str,
    revision: String,
    phase: &'static str,
    metric: &'static str,
    value: String,
    limit: String,
    unit: &'static str,
    text: String,
    raised: String,
    escalated: String,
    audible: String,
    patient_hours: String,
    raised_per_hour: String,
}

const HEADER: &str = "event,file,preset,time_s,seq,change,bed,kind,family,subject,rule,priority,\
                      condition,signal,revision,phase,metric,value,limit,unit,text,raised,\
                      escalated,audible,patient_hours,raised_per_hour";

pub(super) fn head(out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{HEADER}")
}

pub(super) fn transition(of: &Of<'_>, it: &Transition, out: &mut impl Write) -> io::Result<()> {
    let line = match &it.subject {
        Subject::Alarm { change, occurrence } => {
            Line { event: "alarm", change: change.name(), ..alarm(occurrence) }
        }
        Subject::Session { change, bed, phase, .. } => Line {
            event: "session",
            change: change.name(),
            bed: bed.to_string(),
            phase: phase.map_or("", Phase::name),
            ..Line::default()
        },
    };
    let line = Line {
        file: of.file.to_owned(),
        preset: of.preset.name.to_string(),
        time_s: it.at.mono.since(of.zero.mono).as_secs_f64().to_string(),
        seq: it.seq.0.to_string(),
        ..line
    };
    line.write(out)
}

fn alarm(occurrence: &Occurrence) -> Line {
    let number = |raw: i32| occurrence.metric.map(|metric| figure(metric, raw));
    Line {
        bed: occurrence.bed.as_ref().map_or_else(String::new, BedId::to_string),
        kind: kind(occurrence.family),
        family: occurrence.family.name(),
        subject: occurrence.subject.as_deref().unwrap_or_default().to_owned(),
        rule: occurrence.rule.as_ref().map_or_else(String::new, RuleId::to_string),
        priority: occurrence.priority.name(),
        condition: occurrence.presence.name(),
        signal: occurrence.signal.name(),
        revision: occurrence.revision.to_string(),
        phase: occurrence.phase.map_or("", Phase::name),
        metric: occurrence.metric.map_or("", |metric| metric.info().name),
        value: occurrence.value.and_then(|value| number(value.0)).unwrap_or_default(),
        limit: occurrence.limit.and_then(number).unwrap_or_default(),
        unit: occurrence.metric.map_or("", |metric| metric.info().ucum),
        text: occurrence.text.clone(),
        ..Line::default()
    }
}

pub(super) fn summary(of: &Summary<'_>, out: &mut impl Write) -> io::Result<()> {
    let tally = of.tally;
    let rate = |count| tally.per_hour(count).map_or_else(String::new, |rate| format!("{rate:.4}"));
    let base = |event| Line {
        event,
        file: of.file.unwrap_or_default().to_owned(),
        preset: of.preset.name.to_string(),
        ..Line::default()
    };
    for (key, count) in &tally.rows {
        let line = Line {
            kind: key.kind(),
            family: key.family().name(),
            rule: key.rule().to_owned(),
            priority: key.priority().name(),
            raised: count.raised.to_string(),
            escalated: count.escalated.to_string(),
            raised_per_hour: rate(count.raised),
            ..base("count")
        };
        line.write(out)?;
    }
    let escalated: u64 = tally.rows.values().map(|count| count.escalated).sum();
    let total = Line {
        raised: tally.raised().to_string(),
        escalated: escalated.to_string(),
        audible: tally.audible().to_string(),
        patient_hours: format!("{:.4}", tally.hours()),
        raised_per_hour: rate(tally.raised()),
        ..base("total")
    };
    total.write(out)
}

impl Line {
    fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let cells: [&str; 26] = [
            self.event,
            &self.file,
            &self.preset,
            &self.time_s,
            &self.seq,
            self.change,
            &self.bed,
            self.kind,
            self.family,
            &self.subject,
            &self.rule,
            self.priority,
            self.condition,
            self.signal,
            &self.revision,
            self.phase,
            self.metric,
            &self.value,
            &self.limit,
            self.unit,
            &self.text,
            &self.raised,
            &self.escalated,
            &self.audible,
            &self.patient_hours,
            &self.raised_per_hour,
        ];
        let cells = cells.map(|cell| match cell.contains([',', '"', '\n', '\r']) {
            true => format!("\"{}\"", cell.replace('"', "\"\"")),
            false => cell.to_owned(),
        });
        writeln!(out, "{}", cells.join(","))
    }
}
