//! Doses, measured pressures, what people saw and did, gaps: the tables of the page.

use super::super::zone::span;
use super::Page;
use crate::domain::act::Symptom;
use crate::domain::alarm::occurrence::{ActNote, SessionChange};
use crate::domain::chart::{By, Gap, GapCause, SessionChart, Value};
use crate::domain::metric::Metric;
use crate::domain::session::dose::Dose;
use crate::domain::session::hand::{Arm, CuffSize};

/// A hand-taken reading that was entered later than this is late (contract 6).
const IN_TIME_US: i64 = 300_000_000;

impl Page<'_> {
    pub(super) fn doses(&mut self) {
        let (chart, zone) = (self.facts.chart, self.zone);
        let row = |dose: &Dose| {
            let pauses = dose.pauses.iter().map(|(from, until)| {
                let until = until.map_or("now".to_owned(), |until| zone.time(until.wall));
                format!("{} to {until}", zone.time(from.wall))
            });
            let pauses: Vec<String> = pauses.collect();
            [
                zone.time(dose.started.wall),
                zone.since_dose(dose.started),
                dose.ended.map_or("running".to_owned(), |ended| zone.time(ended.wall)),
                dose.micrograms.map_or("not entered".to_owned(), milligrams),
                dose.device_number.map_or(String::new(), |number| number.to_string()),
                dose.lot.as_deref().unwrap_or_default().to_owned(),
                pauses.join("; "),
                dose.voided.as_ref().map_or(String::new(), |by| format!("VOID, by {by}")),
            ]
        };
        let rows: Vec<_> = chart.doses.iter().map(row).collect();
        let head = ["started", "T", "ended", "amount", "device", "lot", "paused", "void"];
        self.table("Doses", head, &rows);
    }

    /// Every determination and every value taken by hand, void ones too.
    pub(super) fn pressures(&mut self) {
        let (chart, zone) = (self.facts.chart, self.zone);
        let spots: Vec<&Value> =
            chart.values.iter().filter(|value| value.is_spot() && value.value.is_ok()).collect();
        let mut firsts: Vec<&Value> = Vec::new();
        for value in &spots {
            if !firsts.iter().any(|first| first.is_with(value)) {
                firsts.push(value);
            }
        }
        let row = |first: &&Value| {
            let own: Vec<&Value> =
                spots.iter().copied().filter(|value| value.is_with(first)).collect();
            let accepted = chart
                .baselines
                .iter()
                .any(|baseline| own.iter().any(|value| baseline.readings.contains(&value.id)));
            [
                zone.time(first.taken),
                zone.since_dose(first.at),
                figures(&own),
                measured_by(first),
                zone.time(first.at.wall) + late(first),
                if accepted { "baseline".to_owned() } else { String::new() },
                corrected(&own),
            ]
        };
        let rows: Vec<_> = firsts.iter().map(row).collect();
        let head = ["measured", "T", "values", "by", "received", "used for", "void, amended"];
        self.table("Cuff readings and readings taken by hand", head, &rows);
    }

    pub(super) fn people(&mut self) {
        let (chart, zone) = (self.facts.chart, self.zone);
        let row = |accepted: &crate::domain::chart::Accepted| {
            let note = accepted.note.as_ref();
            let said = |of: fn(&ActNote) -> Option<String>| note.and_then(of).unwrap_or_default();
            [
                zone.time(accepted.at.wall),
                said(|note| note.new.as_deref().map(str::to_owned)),
                said(|note| Some(by(note))),
                said(|note| note.reason.as_deref().map(str::to_owned)),
            ]
        };
        let rows: Vec<_> = chart.baselines.iter().map(row).collect();
        self.table("Baseline", ["accepted", "figures", "by", "reason"], &rows);
        let row = |seen: &crate::domain::chart::Observation| {
            let names: Vec<_> = seen.symptoms.iter().map(Symptom::name).collect();
            let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
            [
                zone.time(seen.at.wall),
                zone.since_dose(seen.at),
                names,
                seen.moaas.map_or(String::new(), |score| score.to_string()),
                seen.note.as_deref().unwrap_or_default().to_owned(),
                seen.by.to_string(),
            ]
        };
        let rows: Vec<_> = chart.observations.iter().map(row).collect();
        let head = ["time", "T", "symptoms", "MOAA/S", "note", "by"];
        self.table("Symptoms and sedation", head, &rows);
        let row = |given: &crate::domain::chart::Intervention| {
            [
                zone.time(given.at.wall),
                zone.since_dose(given.at),
                given.drug.to_string(),
                given.dose.as_deref().unwrap_or_default().to_owned(),
                given.note.as_deref().unwrap_or_default().to_owned(),
                given.by.to_string(),
            ]
        };
        let rows: Vec<_> = chart.interventions.iter().map(row).collect();
        self.table("Interventions", ["time", "T", "what", "dose", "note", "by"], &rows);
    }

    pub(super) fn gaps(&mut self) {
        let zone = self.zone;
        let row = |gap: &Gap| {
            let what = match gap.cause {
                GapCause::NoValue(metric) => format!("no {}", metric.info().label),
                GapCause::CuffOverdue => "no cuff reading when it was due".to_owned(),
                GapCause::Outage => "the service was down: nothing was watched".to_owned(),
            };
            let lasted = span(gap.until.mono.since(gap.from.mono));
            [zone.time(gap.from.wall), zone.time(gap.until.wall), lasted, what]
        };
        let rows: Vec<_> = self.facts.chart.gaps.iter().map(row).collect();
        self.table("Gaps: no data", ["from", "to", "min:s", "what"], &rows);
    }

    /// Everything that people did and that befell the session, verbal orders by whose they are.
    pub(super) fn events(&mut self) {
        let (chart, zone) = (self.facts.chart, self.zone);
        let row = |event: &crate::domain::chart::Event| {
            let note = event.note.as_ref();
            let text =
                |of: Option<&std::sync::Arc<str>>| of.map_or(String::new(), |it| it.to_string());
            [
                zone.time(event.at.wall),
                zone.since_dose(event.at),
                what(event.change, note),
                text(note.and_then(|note| note.old.as_ref())),
                text(note.and_then(|note| note.new.as_ref())),
                note.map(by).unwrap_or_default(),
                text(note.and_then(|note| note.reason.as_ref())),
            ]
        };
        let rows: Vec<_> = chart.events.iter().map(row).collect();
        let head = ["time", "T", "what", "before", "after", "by", "reason"];
        self.table("What happened", head, &rows);
    }
}

/// How the session ended, with the checks that were not ticked.
pub(super) fn disposition(chart: &SessionChart) -> String {
    let Some((disposition, checks)) = chart.disposition else { return "\u{2014}".to_owned() };
    let open = checks.all().into_iter().filter(|(_, ticked)| !ticked).map(|(name, _)| name);
    let open: Vec<_> = open.collect();
    let checks = if open.is_empty() {
        "all discharge checks ticked".to_owned()
    } else {
        format!("not ticked: {}", open.join(", "))
    };
    format!("{}; {checks}", disposition.name())
}

/// "28 mg", "0.5 mg".
pub(super) fn milligrams(micrograms: u64) -> String {
    let part = format!("{:03}", micrograms % 1000);
    let part = part.trim_end_matches('0');
    let point = if part.is_empty() { "" } else { "." };
    format!("{}{point}{part} mg", micrograms / 1000)
}

/// Whoever did it, and who ordered it where it was a verbal order.
fn by(note: &ActNote) -> String {
    match &note.ordered_by {
        Some(prescriber) => format!("{}, verbal order of {prescriber}", note.by),
        None => note.by.to_string(),
    }
}

fn what(change: SessionChange, note: Option<&ActNote>) -> String {
    match note.and_then(|note| note.what.as_deref()) {
        Some(what) => format!("{}: {what}", change.name()),
        None => change.name().to_owned(),
    }
}

/// "186/104, MAP 131; Pulse 72 /min".
fn figures(values: &[&Value]) -> String {
    let raw = |metric| values.iter().find(|value| value.metric == metric);
    let of = |metric| raw(metric).and_then(|value| value.value.ok()).map(|quantity| quantity.0);
    let mut words = Vec::new();
    if let (Some(sys), Some(dia)) = (of(Metric::NibpSys), of(Metric::NibpDia)) {
        words.push(format!("{sys}/{dia}"));
    }
    for value in values {
        let info = value.metric.info();
        let is_pair = matches!(value.metric, Metric::NibpSys | Metric::NibpDia);
        if let Some(figure) = value.value.ok().map(|quantity| quantity.0)
            && (!is_pair || words.is_empty())
            && info.decimals == 0
        {
            words.push(format!("{} {figure} {}", info.label, info.unit_label));
        }
    }
    words.join("; ")
}

fn measured_by(value: &Value) -> String {
    match &value.by {
        By::Device(id) => id.to_string(),
        By::Hand { reading, by } => {
            let taker = reading.taker.as_deref().unwrap_or(by);
            let mut words = vec![format!("by hand, {}, {taker}", reading.method)];
            words.extend(reading.arm.map(|arm| format!("{} arm", Arm::name(arm))));
            words.extend(reading.cuff_size.map(|size| format!("cuff {}", CuffSize::name(size))));
            words.join(", ")
        }
    }
}

fn late(value: &Value) -> &'static str {
    let by_hand = matches!(value.by, By::Hand { .. });
    let late = value.at.wall.micros_since(value.taken) > IN_TIME_US;
    if by_hand && late { ", LATE" } else { "" }
}

/// Who voided or amended it, to what and why.
fn corrected(values: &[&Value]) -> String {
    let words = values.iter().filter_map(|value| {
        let correction = value.correction.as_ref()?;
        let reason = correction.reason.as_deref().unwrap_or("no reason given");
        Some(match correction.value {
            Some(new) => {
                let label = value.metric.info().label;
                format!("AMENDED: {label} {new}, {}: {reason}", correction.by)
            }
            None => format!("VOID, {}: {reason}", correction.by),
        })
    });
    let mut words: Vec<String> = words.collect();
    words.dedup();
    words.join("; ")
}
