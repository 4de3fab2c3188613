//! The sheet in the order of the esketamine REMS monitoring form's fields (clinical 5.2): what the
//! record knows, and a line to be filled in by hand for what it does not. It is no form of the
//! REMS and is not sent anywhere.

use std::time::Duration;

use super::tables::milligrams;
use super::{Page, Safe};
use crate::domain::act::{Disposition, Symptom};
use crate::domain::alarm::AlarmFamily;
use crate::domain::chart::{Pressure, SessionChart};
use crate::domain::time::WallTime;

/// Nothing in the record says it.
const BY_HAND: &str = "__________________________";
/// The reading that the form asks for after the dose, and how far off one may lie.
const TIMED: Duration = Duration::from_secs(40 * 60);
const TIMED_OFF_US: u64 = 10 * 60 * 1_000_000;
/// The form's least time from the first device to the end.
const OBSERVED_MIN: u64 = 120;
/// A score below this is sedation (MOAA/S; 5 is awake).
const AWAKE: u8 = 5;

impl Page<'_> {
    pub(super) fn sheet(&mut self) {
        let rows = self.sheet_rows();
        self.put(format_args!(
            "<section class=\"sheet\"><h2>In the order of the REMS patient monitoring form</h2>\
             <p>To be copied into the form within 7 days. Lines are to be filled in by hand.</p>\
             <table><tbody>\n"
        ));
        for (field, text) in rows {
            self.put(format_args!("<tr><td>{}</td><td>{}</td></tr>\n", Safe(field), Safe(text)));
        }
        self.put(format_args!("</tbody></table></section>\n"));
    }

    fn sheet_rows(&self) -> Vec<(&'static str, String)> {
        let (chart, zone) = (self.facts.chart, self.zone);
        let blank = || BY_HAND.to_owned();
        let born = chart.patient.birth_year;
        let reference = format!("reference {}: name {BY_HAND}", chart.patient.reference);
        let date = born.map_or_else(blank, |year| format!("{year} - ____ - ____"));
        let observed = chart.first_dose().map_or_else(blank, |dose| {
            let minutes = chart.until.mono.since(dose.started.mono).as_secs() / 60;
            let short = if minutes < OBSERVED_MIN { " (less than 120)" } else { "" };
            format!("{minutes} min{short}")
        });
        let pressure = |found: Option<Pressure<'_>>| {
            found.map_or_else(blank, |it| {
                format!("{}/{} mmHg at {}", it.sys, it.dia, zone.time(it.systolic.taken))
            })
        };
        let lots: Vec<&str> = chart
            .doses
            .iter()
            .filter(|dose| dose.counts())
            .filter_map(|it| it.lot.as_deref())
            .collect();
        vec![
            ("Patient", reference),
            ("Date of birth", date),
            ("Sex", blank()),
            ("First treatment?", blank()),
            ("Enrolled?", blank()),
            ("Benzodiazepines, other sedatives, opioids (Y/N)", blank()),
            ("Drugs that raise the pressure: stimulants, MAOI (Y/N)", blank()),
            ("Monitoring clinician and contact", clinician(chart)),
            ("Site", self.facts.site.to_owned()),
            ("Date of treatment", zone.date(chart.started.wall)),
            ("Dose", dose(chart)),
            ("Lot", if lots.is_empty() { blank() } else { lots.join(", ") }),
            ("Minutes from the first device to the end (at least 120)", observed),
            ("When ready without the 2-hour rule", blank()),
            ("Vital signs acceptable before the dose (Y/N)", blank()),
            ("Vital signs acceptable before the end (Y/N)", blank()),
            ("Blood pressure before the dose", pressure(before(chart))),
            ("Blood pressure at 40 min", pressure(timed(chart))),
            ("Blood pressure before the end", pressure(chart.pressures().pop())),
            ("Sedation: onset, resolution", self.sedation()),
            ("Dissociation: onset, resolution", self.symptom(Symptom::Dissociation)),
            ("Respiratory depression: onset, resolution", self.respiration()),
            ("Seriousness of these (Y/N, which)", blank()),
            ("Other serious events", blank()),
            ("Hospitalisation", hospital(chart)),
        ]
    }

    /// When a score below 5 was first and last entered.
    fn sedation(&self) -> String {
        let scores = self.facts.chart.observations.iter();
        let seen = scores.filter_map(|seen| Some((seen.at.wall, seen.moaas? < AWAKE)));
        self.spells(&seen.collect::<Vec<_>>(), "MOAA/S")
    }

    fn symptom(&self, symptom: Symptom) -> String {
        let seen = self.facts.chart.observations.iter();
        let seen = seen.map(|seen| (seen.at.wall, seen.symptoms.holds(symptom)));
        self.spells(&seen.collect::<Vec<_>>(), symptom.name())
    }

    /// The alarms that speak for it; whether it was one is for a person to say.
    fn respiration(&self) -> String {
        let alarms = self.facts.chart.alarms.iter();
        let alarms = alarms.filter(|line| line.occurrence.family == AlarmFamily::RespLow);
        let times: Vec<String> = alarms.map(|line| self.zone.time(line.raised.wall)).collect();
        if times.is_empty() {
            return BY_HAND.to_owned();
        }
        format!("{BY_HAND} (alarms of low respiration at {})", times.join(", "))
    }

    /// "Y, from 10:15:07 to 10:45:00"; nobody looked: to be filled in.
    fn spells(&self, seen: &[(WallTime, bool)], what: &str) -> String {
        if seen.is_empty() {
            return format!("{BY_HAND} ({what} was not entered)");
        }
        let Some(onset) = seen.iter().position(|(_, present)| *present) else {
            return format!("N ({what} entered {} times)", seen.len());
        };
        let over = seen[onset..].iter().find(|(_, present)| !present);
        let over = over.map_or("not entered".to_owned(), |(at, _)| self.zone.time(*at));
        format!("Y ({what}), from {} to {over}", self.zone.time(seen[onset].0))
    }
}

fn clinician(chart: &SessionChart) -> String {
    let accepted = chart.events.iter().rev().filter_map(|event| event.note.as_ref());
    let named: Vec<&str> = accepted.map(|note| &*note.by).collect();
    match named.first() {
        Some(name) => format!("{name}, contact {BY_HAND}"),
        None => BY_HAND.to_owned(),
    }
}

/// The devices that count, and their sum.
fn dose(chart: &SessionChart) -> String {
    let counted: Vec<_> = chart.doses.iter().filter(|dose| dose.counts()).collect();
    let known: Option<Vec<u64>> = counted.iter().map(|dose| dose.micrograms).collect();
    let count = counted.len();
    match known {
        Some(each) if count > 0 => {
            format!("{} in {count} devices", milligrams(each.iter().sum()))
        }
        Some(_) => "none given".to_owned(),
        None => format!("{count} devices; {BY_HAND} mg"),
    }
}

fn before(chart: &SessionChart) -> Option<Pressure<'_>> {
    let dose = chart.first_dose()?.started.wall;
    chart.pressures().into_iter().rfind(|pressure| pressure.systolic.taken <= dose)
}

/// The one that lies nearest to 40 min after the first device.
fn timed(chart: &SessionChart) -> Option<Pressure<'_>> {
    let due = chart.first_dose()?.started.wall.plus(TIMED);
    let off = |pressure: &Pressure<'_>| pressure.systolic.taken.micros_since(due).unsigned_abs();
    let near = chart.pressures().into_iter().filter(|pressure| off(pressure) <= TIMED_OFF_US);
    near.min_by_key(off)
}

fn hospital(chart: &SessionChart) -> String {
    match chart.disposition {
        Some((Disposition::Admitted, _)) => "Y, admitted".to_owned(),
        Some((Disposition::Transferred, _)) => "Y, transferred".to_owned(),
        Some((
            Disposition::HomeEscorted | Disposition::LeftAgainstAdvice | Disposition::NotDosed,
            _,
        )) => "N".to_owned(),
        None => BY_HAND.to_owned(),
    }
}
