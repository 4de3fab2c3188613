//! Values, symptoms and sedation as Observations.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::{Refs, device_part, meta};
use crate::domain::chart::{By, Observation, Value};
use crate::domain::metric::Metric;
use crate::domain::reading::{Quantity, ValueSource};
use crate::domain::session::hand::{Arm, CuffSize, HandReading};

const LOINC: &str = "http://loinc.org";
const MDC: &str = "urn:iso:std:iso:11073:10101";
/// IEEE 11073-10101, of a non-invasive pressure as a whole (clinical 6).
const MDC_PRESSURE: &str = "150020";
/// Of a pulse by the cuff, and by nothing that we know of (clinical 6).
const MDC_PULSE_NIBP: u32 = 149_546;
const MDC_PULSE: u32 = 149_522;

const MINUTE_US: i64 = 60_000_000;

pub(super) fn observations(refs: &Refs<'_>) -> Vec<Json> {
    let mut entries = pressures(refs);
    entries.extend(single(refs));
    entries.extend(refs.facts.chart.observations.iter().flat_map(|seen| seen_by_staff(refs, seen)));
    entries
}

/// Every determination, void ones too.
fn pressures(refs: &Refs<'_>) -> Vec<Json> {
    let values = &refs.facts.chart.values;
    let pressure = |value: &&Value| {
        matches!(value.metric, Metric::NibpSys | Metric::NibpDia | Metric::NibpMap)
            && value.value.is_ok()
    };
    let mut told: Vec<&Value> = Vec::new();
    for value in values.iter().filter(pressure) {
        if !told.iter().any(|first| first.is_with(value)) {
            told.push(value);
        }
    }
    told.into_iter()
        .map(|first| {
            let of = |metric| {
                let same = |value: &&Value| value.metric == metric && value.is_with(first);
                values.iter().filter(same).find(|value| value.value.is_ok())
            };
            refs.entry(&format!("observation {}", first.id.0), panel(refs, first, of))
        })
        .collect()
}

fn panel<'a>(refs: &Refs<'_>, first: &Value, of: impl Fn(Metric) -> Option<&'a Value>) -> Json {
    let component = |metric: Metric| {
        let mut component = json!({"code": code(metric, ValueSource::Nibp)});
        match of(metric) {
            Some(value) => component["valueQuantity"] = quantity(value),
            None => {
                component["dataAbsentReason"] = json!({"coding": [{
                    "system": "http://terminology.hl7.org/CodeSystem/data-absent-reason",
                    "code": "not-performed",
                }]});
            }
        }
        component
    };
    let mut components = vec![component(Metric::NibpSys), component(Metric::NibpDia)];
    if of(Metric::NibpMap).is_some() {
        components.push(component(Metric::NibpMap));
    }
    let mut observation = observation(refs, first, &["http://hl7.org/fhir/StructureDefinition/bp"]);
    observation["code"] = json!({
        "coding": [
            {"system": LOINC, "code": "85354-9",
                "display": "Blood pressure panel with all children optional"},
            {"system": MDC, "code": MDC_PRESSURE, "display": "MDC_PRESS_BLD_NONINV"},
        ],
        "text": "Blood pressure",
    });
    observation["component"] = components.into();
    observation
}

/// Values that stand alone: each that was taken once, of a stream the last of each minute.
fn single(refs: &Refs<'_>) -> Vec<Json> {
    let (mut streams, mut spots) = (BTreeMap::new(), Vec::new());
    let shown = |value: &&Value| {
        value.value.is_ok() && value.metric.info().loinc.is_some() && !is_panel(value.metric)
    };
    for value in refs.facts.chart.values.iter().filter(shown) {
        if value.is_spot() {
            spots.push(value);
        } else {
            let minute = value.at.wall.as_micros().div_euclid(MINUTE_US);
            streams.insert((value.metric, value.source, minute), value);
        }
    }
    let mut all: Vec<&Value> = streams.into_values().chain(spots).collect();
    all.sort_by_key(|value| value.id);
    all.into_iter()
        .map(|value| {
            let mut observation = observation(refs, value, profiles(value.metric));
            observation["code"] = code(value.metric, value.source);
            observation["valueQuantity"] = quantity(value);
            refs.entry(&format!("observation {}", value.id.0), observation)
        })
        .collect()
}

const fn is_panel(metric: Metric) -> bool {
    matches!(metric, Metric::NibpSys | Metric::NibpDia | Metric::NibpMap)
}

/// The R4 vital-sign profiles whose fixed codes ours are.
const fn profiles(metric: Metric) -> &'static [&'static str] {
    match metric {
        Metric::HeartRate => &["http://hl7.org/fhir/StructureDefinition/heartrate"],
        Metric::SpO2 => &["http://hl7.org/fhir/StructureDefinition/oxygensat"],
        Metric::RespRate => &["http://hl7.org/fhir/StructureDefinition/resprate"],
        Metric::PulseRate
        | Metric::NibpSys
        | Metric::NibpDia
        | Metric::NibpMap
        | Metric::ArtSys
        | Metric::ArtDia
        | Metric::ArtMap
        | Metric::Temp
        | Metric::CuffPressure
        | Metric::PerfusionIndex
        | Metric::Moaas => &[],
    }
}

/// What all vital signs have in common.
fn observation(refs: &Refs<'_>, value: &Value, profiles: &[&str]) -> Json {
    let status = match &value.correction {
        None => "final",
        Some(correction) if correction.value.is_some() => "amended",
        Some(_) => "entered-in-error",
    };
    let mut observation = json!({
        "resourceType": "Observation",
        "meta": meta(refs.facts, profiles),
        "identifier": [{"system": refs.system("reading"), "value": value.id.0.to_string()}],
        "status": status,
        "category": category("vital-signs", "Vital Signs"),
        "subject": refs.to("patient"),
        "encounter": refs.to("encounter"),
        "effectiveDateTime": refs.zone.iso(value.taken),
        "issued": refs.zone.iso(value.at.wall),
    });
    match &value.by {
        By::Device(id) => observation["device"] = refs.to(&device_part(id.as_str())),
        By::Hand { reading, by } => by_hand(&mut observation, reading, by),
    }
    if let Some(correction) = &value.correction {
        let reason = correction.reason.as_deref().unwrap_or("no reason given");
        let old = value.value.map_or(0, |Quantity(old)| old);
        let text = format!("{} by {}: {reason} (was {old})", status, correction.by);
        observation["note"] = json!([{"text": text, "time": refs.zone.iso(correction.at.wall)}]);
    }
    observation
}

fn by_hand(observation: &mut Json, reading: &HandReading, by: &str) {
    observation["method"] = json!({"text": &*reading.method});
    observation["performer"] = json!([{"display": reading.taker.as_deref().unwrap_or(by)}]);
    let arm = reading.arm.map(|arm| format!("{} arm", Arm::name(arm)));
    let cuff = reading.cuff_size.map(|size| format!("cuff size {}", CuffSize::name(size)));
    let place: Vec<String> = arm.into_iter().chain(cuff).collect();
    if !place.is_empty() {
        observation["bodySite"] = json!({"text": place.join(", ")});
    }
}

fn category(code: &str, display: &str) -> Json {
    json!([{"coding": [{
        "system": "http://terminology.hl7.org/CodeSystem/observation-category",
        "code": code,
        "display": display,
    }]}])
}

/// LOINC and MDC of clinical 6; a cuff's pulse is a heart rate by another method there.
fn code(metric: Metric, source: ValueSource) -> Json {
    let info = metric.info();
    let (loinc, mdc) = match (metric, source) {
        (Metric::PulseRate, ValueSource::Nibp) => (Some("8867-4"), Some(MDC_PULSE_NIBP)),
        (Metric::PulseRate, ValueSource::Manual | ValueSource::Art | ValueSource::Ecg) => {
            (Some("8867-4"), Some(MDC_PULSE))
        }
        (_, _) => (info.loinc, info.mdc),
    };
    let mut coding: Vec<Json> =
        loinc.into_iter().map(|code| json!({"system": LOINC, "code": code})).collect();
    if metric == Metric::SpO2 {
        coding.push(json!({"system": LOINC, "code": "2708-6"}));
    }
    coding.extend(mdc.map(|code| json!({"system": MDC, "code": code.to_string()})));
    json!({"coding": coding, "text": info.label})
}

fn quantity(value: &Value) -> Json {
    let info = value.metric.info();
    let raw = value.standing().or(value.value.ok().map(|quantity| quantity.0)).unwrap_or_default();
    let figure = f64::from(raw) / 10_f64.powi(i32::from(info.decimals));
    let figure = if info.decimals == 0 { json!(raw) } else { json!(figure) };
    json!({"value": figure, "unit": info.unit_label,
        "system": "http://unitsofmeasure.org", "code": info.ucum})
}

/// Symptoms as a list in words, the sedation score as a number.
fn seen_by_staff(refs: &Refs<'_>, seen: &Observation) -> Vec<Json> {
    let base = |text: &str| {
        let mut observation = json!({
            "resourceType": "Observation",
            "status": "final",
            "category": category("survey", "Survey"),
            "code": {"text": text},
            "subject": refs.to("patient"),
            "encounter": refs.to("encounter"),
            "effectiveDateTime": refs.zone.iso(seen.at.wall),
            "performer": [{"display": &*seen.by}],
        });
        if let Some(note) = seen.note.as_deref().filter(|note| !note.is_empty()) {
            observation["note"] = json!([{"text": note}]);
        }
        observation
    };
    let at = seen.at.mono.as_micros();
    let names: Vec<&str> = seen.symptoms.iter().map(crate::domain::act::Symptom::name).collect();
    let mut symptoms = base("Symptoms");
    symptoms["valueString"] =
        if names.is_empty() { json!("none") } else { json!(names.join(", ")) };
    let mut entries = vec![refs.entry(&format!("symptoms {at}"), symptoms)];
    if let Some(score) = seen.moaas {
        let mut sedation = base("MOAA/S");
        sedation["valueInteger"] = score.into();
        entries.push(refs.entry(&format!("sedation {at}"), sedation));
    }
    entries
}
