//! A session as a FHIR R4 bundle of the type collection: Patient (a pseudonym), Encounter,
//! Devices, Observations, MedicationAdministrations, Provenance, with the codes of clinical 6.
//!
//! Identifiers are worked out from the session, so the same session gives the same ones.
//! Continuous values are one Observation per minute and metric, the last valid one of that minute:
//! a value that was measured, not a mean. All of them are in the CSV.

mod given;
mod observed;

use serde_json::{Value as Json, json};

use super::Facts;
use super::zone::Zone;
use crate::domain::alarm::rule::Approval;
use crate::domain::chart::By;
use crate::domain::ids::{DeviceId, Uuid};

/// Where resources of one session refer to each other.
struct Refs<'a> {
    facts: &'a Facts<'a>,
    zone: Zone,
}

pub(super) fn bundle(facts: &Facts<'_>) -> Json {
    let refs = Refs { facts, zone: Zone::of(facts.timezone, facts.chart) };
    let mut entries = vec![
        refs.entry("patient", patient(&refs)),
        refs.entry("encounter", encounter(&refs)),
        refs.entry("software", software(&refs)),
    ];
    for device in devices(facts) {
        let id = device.as_str();
        let resource = json!({
            "resourceType": "Device",
            "identifier": [{"system": refs.system("device"), "value": id}],
            "deviceName": [{"name": id, "type": "user-friendly-name"}],
        });
        entries.push(refs.entry(&device_part(id), resource));
    }
    entries.extend(observed::observations(&refs));
    entries.extend(given::administrations(&refs));
    let targets: Vec<Json> =
        entries.iter().map(|entry| json!({"reference": entry["fullUrl"]})).collect();
    entries.push(refs.entry("provenance", provenance(&refs, &targets)));
    json!({
        "resourceType": "Bundle",
        "meta": meta(facts, &[]),
        "identifier": {"system": refs.system("session"), "value": facts.chart.id.to_string()},
        "type": "collection",
        "timestamp": refs.zone.iso(facts.generated),
        "entry": entries,
    })
}

impl Refs<'_> {
    /// The address of one resource of this session.
    fn url(&self, part: &str) -> String {
        let (chart, session) = (self.facts.chart, self.facts.chart.id.to_string());
        let id = Uuid::of_onset(chart.started.wall, &[self.facts.site, &session, part]);
        format!("urn:uuid:{id}")
    }

    fn to(&self, part: &str) -> Json {
        json!({"reference": self.url(part)})
    }

    fn entry(&self, part: &str, mut resource: Json) -> Json {
        if resource.get("meta").is_none() {
            resource["meta"] = meta(self.facts, &[]);
        }
        json!({"fullUrl": self.url(part), "resource": resource})
    }

    /// The name space of the site's own identifiers.
    fn system(&self, of: &str) -> String {
        format!("urn:dosevigil:{}:{of}", self.facts.site)
    }
}

/// Profiles, and that a simulated patient is none.
fn meta(facts: &Facts<'_>, profiles: &[&str]) -> Json {
    let mut meta = json!({});
    if !profiles.is_empty() {
        meta["profile"] = json!(profiles);
    }
    if facts.is_simulated() {
        meta["security"] = json!([{
            "system": "http://terminology.hl7.org/CodeSystem/v3-ActReason",
            "code": "HTEST",
            "display": "test health data",
        }]);
        meta["tag"] = json!([{"system": "urn:dosevigil", "code": "simulated",
            "display": "SIMULATED"}]);
    }
    if !facts.is_approved() {
        let tag = json!({"system": "urn:dosevigil", "code": "limits-not-approved",
            "display": Approval::MISSING});
        match meta["tag"].as_array_mut() {
            Some(tags) => tags.push(tag),
            None => meta["tag"] = json!([tag]),
        }
    }
    meta
}

fn device_part(id: &str) -> String {
    format!("device {id}")
}

/// Every device that measured a value of the session, by name.
fn devices<'a>(facts: &Facts<'a>) -> Vec<&'a DeviceId> {
    let of = |by: &'a By| match by {
        By::Device(id) => Some(id),
        By::Hand { .. } => None,
    };
    let mut found: Vec<_> = facts.chart.values.iter().filter_map(|value| of(&value.by)).collect();
    found.sort();
    found.dedup();
    found
}

/// A pseudonym and the year of birth; no name and no initials.
fn patient(refs: &Refs<'_>) -> Json {
    let chart = refs.facts.chart;
    let session = format!("session-{}", chart.id);
    let reference = Some(&*chart.patient.reference).filter(|it| !it.is_empty());
    let mut patient = json!({
        "resourceType": "Patient",
        "identifier": [{
            "use": "secondary",
            "system": refs.system("patient"),
            "value": reference.unwrap_or(&session),
        }],
    });
    if let Some(year) = chart.patient.birth_year {
        patient["birthDate"] = format!("{year:04}").into();
    }
    patient
}

fn encounter(refs: &Refs<'_>) -> Json {
    let chart = refs.facts.chart;
    let mut period = json!({"start": refs.zone.iso(chart.started.wall)});
    if let Some(ended) = chart.ended {
        period["end"] = refs.zone.iso(ended.wall).into();
    }
    let locations = chart.stays.iter().map(|stay| {
        json!({"location": {"display": stay.bed.as_str()},
            "period": {"start": refs.zone.iso(stay.from.wall)}})
    });
    let mut encounter = json!({
        "resourceType": "Encounter",
        "identifier": [{"system": refs.system("session"), "value": chart.id.to_string()}],
        "status": if chart.ended.is_some() { "finished" } else { "in-progress" },
        "class": {
            "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
            "code": "AMB",
            "display": "ambulatory",
        },
        "serviceType": {"text": format!("{} {} dosing session", chart.drug, chart.route)},
        "subject": refs.to("patient"),
        "period": period,
        "location": locations.collect::<Vec<_>>(),
    });
    if let Some((disposition, _)) = chart.disposition {
        encounter["hospitalization"] =
            json!({"dischargeDisposition": {"text": disposition.name()}});
    }
    encounter
}

fn software(refs: &Refs<'_>) -> Json {
    json!({
        "resourceType": "Device",
        "identifier": [{"system": refs.system("software"), "value": "dosevigil"}],
        "deviceName": [{"name": "dosevigil", "type": "user-friendly-name"}],
        "version": [{"value": env!("CARGO_PKG_VERSION")}],
    })
}

/// Who put the bundle together, and where in the journal it comes from.
fn provenance(refs: &Refs<'_>, targets: &[Json]) -> Json {
    let Facts { configuration, chain: (count, code), generated, .. } = *refs.facts;
    let source = |what: &str, value: &str| {
        json!({"role": "source",
            "what": {"identifier": {"system": refs.system(what), "value": value}}})
    };
    let mut entities = vec![source("journal-chain", &format!("{count}:{code}"))];
    if !configuration.is_empty() {
        entities.push(source("configuration-sha256", configuration));
    }
    json!({
        "resourceType": "Provenance",
        "target": targets,
        "recorded": refs.zone.iso(generated),
        "activity": {"text": "export of one session from the journal"},
        "agent": [{
            "type": {"coding": [{
                "system": "http://terminology.hl7.org/CodeSystem/provenance-participant-type",
                "code": "assembler",
            }]},
            "who": refs.to("software"),
        }],
        "entity": entities,
    })
}
