//! What a scenario that parses can still get wrong: turns it into a list of sentences.
//! Deliberately does not judge whether the expected alarms are right; the service's tests do.

use super::{BedPlan, Change, Scenario};

/// Every problem; empty when there is none.
pub(super) fn problems(scenario: &Scenario) -> Vec<String> {
    let mut wrong = Vec::new();
    if !(0.0..=86_400.0).contains(&scenario.past_s) {
        wrong.push("past_s lies outside 0 to 86400".to_owned());
    }
    let mut names: Vec<&str> = scenario.beds.iter().map(|bed| bed.id.as_str()).collect();
    names.extend(scenario.beds.iter().flat_map(|bed| bed.devices.iter().map(|d| d.id())));
    for (i, name) in names.iter().enumerate() {
        if names[..i].contains(name) {
            wrong.push(format!("{name} is named twice"));
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if name.is_empty() || !name.chars().all(plain) {
            wrong.push(format!("{name:?} is not letters, digits, - and _"));
        }
    }
    scenario.beds.iter().for_each(|bed| bed_problems(bed, &mut wrong));
    for event in &scenario.story {
        match scenario.beds.iter().find(|bed| bed.id == event.bed) {
            None => wrong.push(format!("story at {}: no bed {}", event.at_s, event.bed)),
            Some(bed) => {
                let problem = change_problem(bed, &event.change);
                wrong.extend(problem.map(|p| format!("story at {}: {p}", event.at_s)));
            }
        }
    }
    for alarm in &scenario.expected {
        let family = &alarm.family;
        if !scenario.beds.iter().any(|bed| bed.id == alarm.bed) {
            wrong.push(format!("expected {family}: no bed {}", alarm.bed));
        }
        // Written so that NaN is refused too.
        if !(0.0 <= alarm.from_s && alarm.from_s < alarm.to_s) {
            wrong.push(format!("expected {family}: from_s is not before to_s, or before 0"));
        }
    }
    wrong
}

fn bed_problems(bed: &BedPlan, wrong: &mut Vec<String>) {
    let id = &bed.id;
    for dose in &bed.doses {
        if !(dose.duration_s >= 1.0 && (0.0..=10.0).contains(&dose.mg_per_kg)) {
            wrong.push(format!("{id}: a dose lasts 1 s or more and is 0 to 10 mg/kg"));
        }
    }
    let cuffs: Vec<_> = bed.devices.iter().filter_map(|device| device.cuff()).collect();
    if cuffs.len() > 1 {
        wrong.push(format!("{id}: more than one cuff"));
    }
    if !cuffs.iter().all(|cuff| cuff.interval_s >= 60.0) {
        wrong.push(format!("{id}: a cuff's interval is 60 s or more"));
    }
}

fn change_problem(bed: &BedPlan, change: &Change) -> Option<String> {
    let lasting = |for_s: f64| {
        let sound = for_s.is_finite() && for_s > 0.0;
        (!sound).then(|| "for_s is not above 0".to_owned())
    };
    let known = |device: &str| {
        let found = bed.devices.iter().any(|d| d.id() == device);
        (!found).then(|| format!("{} has no device {device}", bed.id))
    };
    let cuff = || {
        let found = bed.devices.iter().any(|d| d.cuff().is_some());
        (!found).then(|| format!("{} has no cuff", bed.id))
    };
    match change {
        Change::Set { for_s, .. }
        | Change::Add { for_s, .. }
        | Change::Hold { for_s, .. }
        | Change::SensorOff { for_s } => lasting(*for_s),
        Change::Cuff { systolic, diastolic, .. } if systolic <= diastolic => {
            Some("systolic is not above diastolic".to_owned())
        }
        Change::Cuff { .. } | Change::CuffFails { .. } => cuff(),
        Change::Unplug { device, for_s } => known(device).or_else(|| lasting(*for_s)),
        Change::Fault { device, for_s, one_in, .. } => known(device)
            .or_else(|| lasting(*for_s))
            .or_else(|| (*one_in == 0).then(|| "one_in is 0".to_owned())),
    }
}
