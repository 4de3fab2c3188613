//! Lines that a person reads: `+00:12:30 raised bp-high B2 medium active r1 "Systolic 186 ≥ 180
//! mmHg"`, tables of counts, presets side by side.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use super::{Beds, Note, Of, Summary};
use crate::cli::replay::tally::{Count, Tally};
use crate::domain::alarm::occurrence::{ActNote, Occurrence, Subject, Transition};
use crate::domain::alarm::rule::{AlarmPreset, Approval, Phase};
use crate::domain::ids::{BedId, RuleId};
use crate::domain::reading::Origin;

pub(super) fn heading(of: &Of<'_>, out: &mut impl Write) -> io::Result<()> {
    let AlarmPreset { name, version, approval, .. } = of.preset;
    write!(out, "{}, preset {name} {version}", of.file)?;
    if approval.is_none() {
        write!(out, ", {}", Approval::MISSING)?;
    }
    writeln!(out, "{}", if of.origin == Origin::Simulated { ", SIMULATED" } else { "" })
}

pub(super) fn transition(of: &Of<'_>, it: &Transition, out: &mut impl Write) -> io::Result<()> {
    let clock = clock(it.at.mono.since(of.zero.mono));
    match &it.subject {
        Subject::Alarm { change, occurrence } => {
            let bed = bed(of.beds, occurrence.bed.as_ref());
            writeln!(out, "{clock} {bed}{} {}", change.name(), alarm(occurrence))
        }
        Subject::Session { change, bed, phase, note, .. } => {
            let phase = phase.map_or("-", Phase::name);
            let bed = self::bed(of.beds, Some(bed));
            let note = note.as_deref().map(act).unwrap_or_default();
            writeln!(out, "{clock} {bed}session {} {phase}{note}", change.name())
        }
    }
}

fn bed(beds: Beds, id: Option<&BedId>) -> String {
    match (beds, id) {
        (Beds::One, _) => String::new(),
        (Beds::Named, Some(id)) => format!("{id} "),
        (Beds::Named, None) => "service ".to_owned(),
    }
}

/// Who did it, and what from what to what.
fn act(note: &ActNote) -> String {
    let part = |before: &str, text: &Option<Arc<str>>| {
        text.as_ref().map(|text| format!("{before}{text}")).unwrap_or_default()
    };
    format!(
        " by {}{}{}{}",
        note.by,
        part(": ", &note.what),
        part(" ", &note.old),
        part(" → ", &note.new)
    )
}

/// Family, subject, rule, priority, signal, revision, marks, text.
fn alarm(occurrence: &Occurrence) -> String {
    let family = occurrence.family.name();
    let subject = occurrence.subject.as_ref().map(|subject| format!(" {subject}"));
    let rule = occurrence.rule.as_ref().map(|rule| format!(" {}", RuleId::as_str(rule)));
    let marks = [
        (occurrence.frozen, " frozen"),
        (occurrence.restored, " restored"),
        (occurrence.outage, " outage"),
    ];
    let marks = marks.into_iter().filter(|(set, _)| *set).map(|(_, mark)| mark);
    format!(
        "{family}{}{} {} {} r{}{} {:?}",
        subject.unwrap_or_default(),
        rule.unwrap_or_default(),
        occurrence.priority.name(),
        occurrence.signal.name(),
        occurrence.revision,
        marks.collect::<String>(),
        occurrence.text,
    )
}

pub(super) fn summary(of: &Summary<'_>, out: &mut impl Write) -> io::Result<()> {
    let tally = of.tally;
    let (raised, audible) = (tally.raised(), tally.audible());
    let file = of.file.unwrap_or("all recordings");
    writeln!(out, "Summary of {file}, preset {}", of.preset.name)?;
    writeln!(
        out,
        "  {:.2} patient-hours; alarms {raised}, {} per hour; audible {audible}, {} per hour",
        tally.hours(),
        rate(tally.per_hour(raised)),
        rate(tally.per_hour(audible)),
    )?;
    match of.note {
        Note::Nothing => {}
        Note::NoDose => writeln!(out, "  no dose: the recording ends before it")?,
        Note::SameAsJournal => {
            writeln!(out, "  the same {} transitions as in the journal", tally.transitions)?;
        }
        Note::DiffersFrom(seq) => {
            writeln!(out, "  DIFFERS from the journal, from transition {seq} on")?;
        }
    }
    if tally.outside > 0 {
        writeln!(out, "  alarms outside any session, not counted here: {}", tally.outside)?;
    }
    if !tally.rows.is_empty() {
        let head = ["KIND", "FAMILY", "RULE", "PRIORITY", "RAISED", "PER HOUR", "ESCALATED TO"];
        let rows = tally.rows.iter().map(|(key, count)| {
            vec![
                key.kind().to_owned(),
                key.family().name().to_owned(),
                key.rule().to_owned(),
                key.priority().name().to_owned(),
                count.raised.to_string(),
                rate(tally.per_hour(count.raised)),
                count.escalated.to_string(),
            ]
        });
        let head = std::iter::once(head.map(str::to_owned).to_vec());
        table(&head.chain(rows).collect::<Vec<_>>(), out)?;
    }
    writeln!(out)
}

pub(super) fn what_if(all: &[(&AlarmPreset, &Tally)], out: &mut impl Write) -> io::Result<()> {
    if all.len() < 2 {
        return Ok(());
    }
    writeln!(out, "What if: all recordings under each preset; alarms raised, + escalated to")?;
    let names = all.iter().map(|(preset, _)| preset.name.to_string());
    let mut rows = vec![row(["FAMILY", "RULE", "PRIORITY"], names)];
    let keys: BTreeSet<_> = all.iter().flat_map(|(_, tally)| tally.rows.keys()).collect();
    for key in keys {
        let counts = all.iter().map(|(_, tally)| match tally.rows.get(key) {
            None => "-".to_owned(),
            Some(Count { raised, escalated: 0 }) => raised.to_string(),
            Some(Count { raised, escalated }) => format!("{raised} +{escalated}"),
        });
        rows.push(row([key.family().name(), key.rule(), key.priority().name()], counts));
    }
    let mut sum = |name: &str, of: &dyn Fn(&Tally) -> String| {
        rows.push(row([name, "", ""], all.iter().map(|(_, tally)| of(tally))));
    };
    sum("alarms", &|tally| tally.raised().to_string());
    sum("per hour", &|tally| rate(tally.per_hour(tally.raised())));
    sum("audible", &|tally| tally.audible().to_string());
    sum("audible per hour", &|tally| rate(tally.per_hour(tally.audible())));
    table(&rows, out)
}

fn row(name: [&str; 3], cells: impl Iterator<Item = String>) -> Vec<String> {
    name.map(str::to_owned).into_iter().chain(cells).collect()
}

/// `+00:12:30`, and milliseconds where there are any.
fn clock(since: Duration) -> String {
    let (seconds, millis) = (since.as_secs(), since.subsec_millis());
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let fraction = if millis == 0 { String::new() } else { format!(".{millis:03}") };
    format!("+{hours:02}:{minutes:02}:{seconds:02}{fraction}")
}

/// A rate to two places; where no session ran there is none.
fn rate(per_hour: Option<f64>) -> String {
    per_hour.map_or_else(|| "-".to_owned(), |rate| format!("{rate:.2}"))
}

/// Columns as wide as their widest cell.
fn table(rows: &[Vec<String>], out: &mut impl Write) -> io::Result<()> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max()
    };
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    for row in rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        writeln!(out, "  {}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    Ok(())
}
