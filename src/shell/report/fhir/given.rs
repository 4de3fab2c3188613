//! Doses and interventions as MedicationAdministrations.

use serde_json::{Value as Json, json};

use super::Refs;
use crate::domain::chart::Intervention;
use crate::domain::session::dose::Dose;

const ATC: &str = "http://www.whocc.no/atc";
const RXNORM: &str = "http://www.nlm.nih.gov/research/umls/rxnorm";

pub(super) fn administrations(refs: &Refs<'_>) -> Vec<Json> {
    let chart = refs.facts.chart;
    let doses = chart
        .doses
        .iter()
        .map(|dose| refs.entry(&format!("dose {}", dose.id), administration(refs, dose)));
    let other = chart.interventions.iter().map(|given| {
        let part = format!("intervention {} {}", given.at.mono.as_micros(), given.drug);
        refs.entry(&part, intervention(refs, given))
    });
    doses.chain(other).collect()
}

fn administration(refs: &Refs<'_>, dose: &Dose) -> Json {
    let chart = refs.facts.chart;
    let paused = dose.pauses.last().is_some_and(|(_, resumed)| resumed.is_none());
    let status = match (&dose.voided, dose.ended) {
        (Some(_), _) => "entered-in-error",
        (None, Some(_)) => "completed",
        (None, None) if paused => "on-hold",
        (None, None) => "in-progress",
    };
    let mut period = json!({"start": refs.zone.iso(dose.started.wall)});
    if let Some(ended) = dose.ended {
        period["end"] = refs.zone.iso(ended.wall).into();
    }
    let mut given = json!({
        "resourceType": "MedicationAdministration",
        "identifier": [{"system": refs.system("dose"), "value": dose.id.to_string()}],
        "status": status,
        "subject": refs.to("patient"),
        "context": refs.to("encounter"),
        "effectivePeriod": period,
    });
    if let Some(micrograms) = dose.micrograms {
        given["dosage"] = json!({
            "route": {"text": &*chart.route},
            "dose": {"value": milligrams(micrograms), "unit": "mg",
                "system": "http://unitsofmeasure.org", "code": "mg"},
        });
    }
    match &dose.lot {
        Some(lot) => {
            given["contained"] = json!([{"resourceType": "Medication", "id": "given",
                "code": medication(&chart.drug), "batch": {"lotNumber": &**lot}}]);
            given["medicationReference"] = json!({"reference": "#given"});
        }
        None => given["medicationCodeableConcept"] = medication(&chart.drug),
    }
    let mut notes: Vec<String> = Vec::new();
    if dose.micrograms.is_none() {
        // FHIR takes a dosage with an amount only.
        notes.push(format!("route {}; the amount was not entered", chart.route));
    }
    notes.extend(dose.device_number.map(|number| format!("nasal device {number}")));
    for (from, until) in &dose.pauses {
        let until = until.map_or("now".to_owned(), |until| refs.zone.iso(until.wall));
        notes.push(format!("paused from {} to {until}", refs.zone.iso(from.wall)));
    }
    notes.extend(dose.voided.iter().map(|by| format!("does not count: taken back by {by}")));
    if !notes.is_empty() {
        given["note"] = notes.iter().map(|text| json!({"text": text})).collect();
    }
    given
}

/// ATC and RxNorm of clinical 6, and the word.
fn medication(drug: &str) -> Json {
    let coding = match drug {
        "ketamine" => json!([{"system": ATC, "code": "N01AX03"}]),
        "esketamine" => json!([
            {"system": ATC, "code": "N06AX27"},
            {"system": RXNORM, "code": "2201623"},
        ]),
        _ => return json!({"text": drug}),
    };
    json!({"coding": coding, "text": drug})
}

fn intervention(refs: &Refs<'_>, given: &Intervention) -> Json {
    let mut resource = json!({
        "resourceType": "MedicationAdministration",
        "status": "completed",
        "medicationCodeableConcept": {"text": &*given.drug},
        "subject": refs.to("patient"),
        "context": refs.to("encounter"),
        "effectiveDateTime": refs.zone.iso(given.at.wall),
        "performer": [{"actor": {"display": &*given.by}}],
    });
    let texts = [&given.dose, &given.note].into_iter().flatten();
    let notes: Vec<Json> =
        texts.filter(|text| !text.is_empty()).map(|text| json!({"text": &**text})).collect();
    if !notes.is_empty() {
        resource["note"] = notes.into();
    }
    resource
}

/// Whole where it is whole.
fn milligrams(micrograms: u64) -> Json {
    if micrograms.is_multiple_of(1000) {
        return json!(micrograms / 1000);
    }
    let whole = u32::try_from(micrograms).unwrap_or(u32::MAX);
    json!(f64::from(whole) / 1000.0)
}
