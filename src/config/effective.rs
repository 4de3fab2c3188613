//! A checked configuration → text for the people who answer for it: beds, sources, what is not
//! taken from them, and each preset's limits as a table for the person who approves them.
//!
//! Fixed words and order, no colour and no path but those of the file: two runs can be compared.
//! Names no secret and reads none.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::preset::signal_name;
use super::{
    BedConfig, Config, DeviceConfig, Flow, Limb, Loaded, MqttConfig, NoninFormat, Parity,
    SerialConfig, SerialProtocol, TopicConfig, TopicLevel, Unverified, Watch,
};
use crate::domain::alarm::escalation::EscalationTimes;
use crate::domain::alarm::rule::{
    AfterDose, AlarmPreset, AlarmRule, Approval, Component, Confirm, DoseMark, FamilyRules, Judged,
    Limit, Phase, PhaseSet, WithSymptom,
};
use crate::domain::alarm::{Onset, Priority};
use crate::domain::ids::BedIndex;

/// Said of the preset that `alarms.preset` names.
const DEFAULT: &str = "in force without a session, and for sessions that name no other";

/// Prints what would be in force.
///
/// # Errors
/// When `out` can't be written.
pub fn write_effective(loaded: &Loaded, out: &mut dyn Write) -> io::Result<()> {
    let config = &loaded.config;
    writeln!(out, "\nSite {}, times shown in {}", config.site.name, config.site.timezone)?;
    writeln!(out, "Dashboard http://{}, loopback only until TLS", config.http.listen)?;
    beds(config, out)?;
    writeln!(out, "\nSources")?;
    if config.serial.is_empty() && config.mqtt.is_empty() {
        writeln!(out, "  none: no reading can come in")?;
    }
    for serial in &config.serial {
        serial_source(config, serial, out)?;
    }
    for mqtt in &config.mqtt {
        mqtt_source(config, mqtt, out)?;
    }
    devices(config, out)?;
    escalation(config.alarms.escalation, out)?;
    for preset in &loaded.presets {
        let in_force = preset.name == config.alarms.preset.name;
        writeln!(out, "\nPreset {} {}, \"{}\"", preset.name, preset.version, preset.title)?;
        writeln!(out, "  {}", if in_force { DEFAULT } else { "for sessions that name it" })?;
        about(preset, out)?;
        limits(preset, out)?;
    }
    Ok(())
}

fn beds(config: &Config, out: &mut dyn Write) -> io::Result<()> {
    let rows = config.beds.iter().map(|bed| {
        let BedConfig { id, label, watch } = bed;
        let watch = match watch {
            Watch::Session => "silence is an alarm during a session",
            Watch::Always => "silence is always an alarm",
        };
        vec![id.to_string(), label.to_string(), watch.to_owned()]
    });
    writeln!(out, "\nBeds")?;
    table(rows.collect(), out)
}

fn bed_name(config: &Config, bed: BedIndex) -> &str {
    let place = usize::try_from(bed.0).ok();
    place.and_then(|place| config.beds.get(place)).map_or("", |bed| bed.id.as_str())
}

fn serial_source(config: &Config, serial: &SerialConfig, out: &mut dyn Write) -> io::Result<()> {
    let line = &serial.line;
    let parity = match line.parity {
        Parity::None => 'N',
        Parity::Even => 'E',
        Parity::Odd => 'O',
    };
    let flow = match line.flow {
        Flow::None => "",
        Flow::RtsCts => " RTS/CTS",
    };
    let (protocol, polled) = match serial.protocol {
        SerialProtocol::GeDinamapAscii => {
            ("ge-dinamap-ascii", format!(", polled every {} s", serial.poll.as_secs()))
        }
        SerialProtocol::Nonin(NoninFormat::Auto) => ("nonin, format 2 or 7", String::new()),
        SerialProtocol::Nonin(NoninFormat::One) => ("nonin, format 1", String::new()),
        SerialProtocol::Nonin(NoninFormat::Two) => ("nonin, format 2", String::new()),
        SerialProtocol::Nonin(NoninFormat::Seven) => ("nonin, format 7", String::new()),
        SerialProtocol::VitalsJson => ("vitals-json", String::new()),
    };
    writeln!(
        out,
        "  serial {} to {}: {protocol}, {} {}{parity}{}{flow}{polled}",
        serial.name,
        bed_name(config, serial.bed),
        line.baud,
        line.data_bits,
        line.stop_bits,
    )?;
    if serial.limb == Limb::SameAsOximeter {
        writeln!(out, "    its cuff sits on the oximeter's arm")?;
    }
    let Some(part) = unverified_part(serial.protocol) else { return Ok(()) };
    let verdict = match serial.unverified {
        Unverified::Refused => "not taken",
        Unverified::Accepted => "UNVERIFIED DECODER, taken all the same",
    };
    writeln!(out, "    {verdict}: {part} (checked against the specification only)")
}

/// What no public capture has confirmed (protocols, "What each decoder has been checked against").
const fn unverified_part(protocol: SerialProtocol) -> Option<&'static str> {
    match protocol {
        SerialProtocol::GeDinamapAscii => Some("SpO2, pulse rate and temperature"),
        SerialProtocol::Nonin(NoninFormat::Auto | NoninFormat::Seven) => Some("format 7"),
        SerialProtocol::Nonin(NoninFormat::One) => Some("format 1"),
        SerialProtocol::Nonin(NoninFormat::Two) | SerialProtocol::VitalsJson => None,
    }
}

fn mqtt_source(config: &Config, mqtt: &MqttConfig, out: &mut dyn Write) -> io::Result<()> {
    let way = match &mqtt.tls {
        Some(tls) if tls.client.is_some() => "TLS with a client certificate",
        Some(_) => "TLS",
        None => "no TLS",
    };
    writeln!(out, "  mqtt {}: {} port {}, {way}", mqtt.name, mqtt.host, mqtt.port)?;
    for topic in &mqtt.topics {
        writeln!(out, "    {} (vitals-json) to {}", topic_text(topic), owner(config, topic))?;
    }
    Ok(())
}

fn devices(config: &Config, out: &mut dyn Write) -> io::Result<()> {
    for DeviceConfig { id, bed, limb } in &config.devices {
        let bed = bed.map_or("the bed of its topic", |bed| bed_name(config, bed));
        let limb = match limb {
            Limb::Own => "",
            Limb::SameAsOximeter => ", its cuff sits on the oximeter's arm",
        };
        writeln!(out, "  device {id} to {bed}{limb}")?;
    }
    Ok(())
}

fn escalation(times: EscalationTimes, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\nEscalation of an alarm that nobody acknowledges: E1, E2, E3")?;
    for (priority, steps) in [("HIGH", times.high), ("MEDIUM", times.medium)] {
        let [first, second, third] = steps.map(|step| step.as_secs());
        writeln!(out, "  {priority} after {first}, {second} and {third} s")?;
    }
    Ok(())
}

fn topic_text(topic: &TopicConfig) -> String {
    let level = |level: &TopicLevel| match level {
        TopicLevel::Exact(text) => text.to_string(),
        TopicLevel::Any => "+".to_owned(),
        TopicLevel::Bed => "{bed}".to_owned(),
        TopicLevel::Device => "{device}".to_owned(),
    };
    topic.levels.iter().map(level).collect::<Vec<_>>().join("/")
}

fn owner(config: &Config, topic: &TopicConfig) -> String {
    let devices = topic.devices.iter();
    let devices = devices.map(|(id, bed)| format!("{} for {id}", bed_name(config, *bed)));
    match topic.bed {
        Some(bed) => bed_name(config, bed).to_owned(),
        None if topic.devices.is_empty() => "the bed in the topic".to_owned(),
        None => devices.collect::<Vec<_>>().join(", "),
    }
}

fn about(preset: &AlarmPreset, out: &mut dyn Write) -> io::Result<()> {
    match &preset.approval {
        Some(approval) => writeln!(out, "  approved by {} on {}", approval.by, approval.on)?,
        None => {
            writeln!(out, "  {}: approved_by or approved_on is empty", Approval::MISSING)?;
        }
    }
    writeln!(out, "  drug: {}; routes: {}", preset.drug, preset.routes.join(", "))?;
    let required: Vec<_> = preset.requires.iter().map(|it| signal_name(*it)).collect();
    writeln!(out, "  required signals: {}", or_none(&required.join(", ")))?;
    writeln!(
        out,
        "  active until {}; no discharge before {}",
        after_dose(preset.active),
        after_dose(preset.observe)
    )?;
    let every = &preset.intervals;
    let minutes = |interval: std::time::Duration| interval.as_secs() / 60;
    writeln!(
        out,
        "  cuff every {} min in intake, {} baseline, {} active, {} recovery, {} discharge, \
         {} after a high reading",
        minutes(every.intake),
        minutes(every.baseline),
        minutes(every.active),
        minutes(every.recovery),
        minutes(every.discharge),
        minutes(every.after_high)
    )?;
    let due = preset.due.iter().map(|due| {
        let (what, at) = (signal_name(due.what), minutes(due.at));
        format!("{} {what} at {at} min, late at {} min", due.id, minutes(due.alarm))
    });
    writeln!(out, "  timed readings: {}", or_none(&due.collect::<Vec<_>>().join(", ")))?;
    writeln!(out, "  not in force: {}\n", or_none(&preset.not_in_force.join(", ")))
}

const fn or_none(text: &str) -> &str {
    if text.is_empty() { "none" } else { text }
}

fn after_dose(span: AfterDose) -> String {
    let mark = match span.mark {
        DoseMark::Start => "dose start",
        DoseMark::End => "dose end",
    };
    format!("{mark} + {} min", span.lasts.as_secs() / 60)
}

fn limits(preset: &AlarmPreset, out: &mut dyn Write) -> io::Result<()> {
    let head = ["family", "rule", "limit", "clears", "delay", "priority", "phases", "source"];
    let mut rows = vec![head.map(str::to_uppercase).to_vec()];
    for family in &preset.families {
        for rule in &family.bands {
            for component in &rule.components {
                rows.push(limit_row(family, rule, component));
            }
        }
    }
    table(rows, out)
}

fn limit_row(family: &FamilyRules, rule: &AlarmRule, component: &Component) -> Vec<String> {
    let (label, unit) = match component.judged {
        Judged::HeartRate => ("Heart rate", "/min"),
        Judged::Metric(metric) => (metric.info().label, metric.info().unit_label),
    };
    let h = family.clear_by;
    let with = |text: String| match component.over_65 {
        Some(limit) => format!("{text} (above 65 years {limit})"),
        None if rule.with_symptom == WithSymptom::Needed => format!("{text} and a symptom"),
        None => text,
    };
    let (limit, clears) = match component.limit {
        Limit::AtOrAbove(limit) => {
            (with(format!("{label} ≥ {limit} {unit}")), format!("≤ {}", limit - h))
        }
        Limit::AtOrBelow(limit) => {
            (with(format!("{label} ≤ {limit} {unit}")), format!("≥ {}", limit + h))
        }
        Limit::Rise { change, .. } => {
            (with(format!("{label} up ≥ {change} {unit}")), format!("up ≤ {}", change - h))
        }
        Limit::Drop { change, .. } => {
            (with(format!("{label} down ≥ {change} {unit}")), format!("down ≤ {}", change - h))
        }
        Limit::Apnoea { clears_as } => ("Apnoea".to_owned(), format!("≥ {}", clears_as + h)),
    };
    let clears = if rule.gate.is_some() { "next reading".to_owned() } else { clears };
    vec![
        family.family.name().to_owned(),
        rule.id.to_string(),
        // A score has no unit.
        limit.trim_end().to_owned(),
        clears,
        delay(rule, component),
        match rule.delayed_below {
            None => component.priority().name().to_owned(),
            Some(below) => {
                let later = Priority::derive(component.severity, Onset::Delayed);
                let (now, later) = (component.priority().name(), later.name());
                format!("{now}; {later} from a baseline below {below}")
            }
        },
        phases(rule.phases),
        rule.source_tag.to_string(),
    ]
}

fn delay(rule: &AlarmRule, component: &Component) -> String {
    let mut text = match component.persist.as_secs() {
        0 => "at once".to_owned(),
        seconds => format!("{seconds} s"),
    };
    if let (Some(confirm), true) = (rule.confirm, super::rails::is_cuff(component.judged)) {
        text = match confirm {
            Confirm::Recuff { within } => format!("re-cuff in {} s", within.as_secs()),
            Confirm::Next => "next reading confirms".to_owned(),
        };
    }
    if let Some(gate) = rule.gate {
        text = format!("last {}, {} s apart", gate.readings, gate.spacing.as_secs());
    }
    if let (Some(spots), Judged::HeartRate) = (rule.spot_values, component.judged) {
        let _ = write!(text, " or {spots} spot values");
    }
    text
}

fn phases(set: PhaseSet) -> String {
    if set == PhaseSet::ALL {
        return "all".to_owned();
    }
    let phases = Phase::ALL.into_iter().filter(|phase| *phase != Phase::Ended);
    let held = phases.filter(|phase| set.holds(Some(*phase)));
    held.map(Phase::name).collect::<Vec<_>>().join(", ")
}

/// Columns padded to their widest cell, indented by two.
fn table(rows: Vec<Vec<String>>, out: &mut dyn Write) -> io::Result<()> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max()
    };
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    for row in &rows {
        let cells = row.iter().zip(&widths);
        let cells: Vec<String> = cells.map(|(cell, width)| format!("{cell:<width$}")).collect();
        writeln!(out, "  {}", cells.join("  ").trim_end())?;
    }
    Ok(())
}
