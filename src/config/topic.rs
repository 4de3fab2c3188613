//! `[[mqtt.topic]]` → `TopicConfig`: the topic's levels, and whose its messages are.

use super::error::Findings;
use super::raw::{RawBed, RawFormat, RawMqtt, RawTopic};
use super::site;
use super::structure::At;
use super::{TopicConfig, TopicLevel};
use crate::domain::ids::DeviceId;

/// Longest topic in bytes: far above any gateway's, far below MQTT's 65535.
const TOPIC_BYTES_MAX: usize = 256;

pub(super) fn resolve(
    broker: &str,
    raw: &RawMqtt,
    beds: &At<Vec<RawBed>>,
    findings: &mut Findings<'_>,
) -> Vec<TopicConfig> {
    let topics = &raw.topic;
    if topics.get().is_empty() {
        let reason = "a broker needs at least one topic";
        findings.meaning(&format!("{broker}.topic"), topics.span(), reason);
    }
    let mut resolved: Vec<TopicConfig> = Vec::new();
    for (place, at) in topics.get().iter().enumerate() {
        let key = format!("{broker}.topic[{place}]");
        let topic = at.get();
        match topic.format.get() {
            RawFormat::VitalsJson => {}
        }
        let topic_key = format!("{key}.topic");
        let levels = match levels(topic.topic.get()) {
            Ok(levels) => levels,
            Err(reason) => {
                findings.meaning(&topic_key, topic.topic.span(), reason);
                continue;
            }
        };
        if let Some(other) = resolved.iter().position(|it| same_filter(&it.levels, &levels)) {
            let reason = format!("subscribes to the same as {broker}.topic[{other}]");
            findings.meaning(&topic_key, topic.topic.span(), reason);
        }
        check_owner(&key, at, &levels, findings);
        let bed = topic.bed.as_ref();
        resolved.push(TopicConfig {
            bed: bed.map(|at| site::bed_index(&format!("{key}.bed"), at, beds, findings)),
            devices: devices(&key, topic, beds, findings),
            levels,
        });
    }
    resolved
}

fn levels(topic: &str) -> Result<Vec<TopicLevel>, &'static str> {
    if !(1..=TOPIC_BYTES_MAX).contains(&topic.len()) || topic.chars().any(char::is_control) {
        return Err("must be 1 to 256 bytes without control characters");
    }
    if topic.contains('#') {
        return Err(
            "# is refused: it takes whatever anyone publishes; name the levels, or skip one with +",
        );
    }
    if topic.starts_with('$') {
        return Err("topics that start with $ are the broker's own");
    }
    let mut levels = Vec::new();
    for level in topic.split('/') {
        let level = match level {
            "+" => TopicLevel::Any,
            "{bed}" => TopicLevel::Bed,
            "{device}" => TopicLevel::Device,
            text if text.contains('+') => return Err("+ must stand alone between two /"),
            text if text.contains(['{', '}']) => {
                return Err("only {bed} and {device} are captured, each alone between two /");
            }
            text => TopicLevel::Exact(text.into()),
        };
        let capture = matches!(level, TopicLevel::Bed | TopicLevel::Device);
        if capture && levels.contains(&level) {
            return Err("{bed} and {device} can be captured once each");
        }
        levels.push(level);
    }
    Ok(levels)
}

fn same_filter(left: &[TopicLevel], right: &[TopicLevel]) -> bool {
    let exact = |level: &TopicLevel| match level {
        TopicLevel::Exact(text) => Some(text.clone()),
        TopicLevel::Any | TopicLevel::Bed | TopicLevel::Device => None,
    };
    left.iter().map(exact).eq(right.iter().map(exact))
}

/// Exactly one of {bed}, `bed` and `devices` says whose a message is.
fn check_owner(key: &str, at: &At<RawTopic>, levels: &[TopicLevel], findings: &mut Findings<'_>) {
    let topic = at.get();
    let captured = levels.contains(&TopicLevel::Bed);
    let devices = topic.devices.is_some();
    match (captured, &topic.bed, devices) {
        (true, Some(bed), _) => {
            let reason = "the topic has {bed}, which says whose it is; leave bed out";
            findings.meaning(&format!("{key}.bed"), bed.span(), reason);
        }
        (true, None, true) => {
            let reason = "the topic has {bed}, which says whose it is; leave devices out";
            findings.meaning(&format!("{key}.devices"), at.span(), reason);
        }
        (false, Some(bed), true) => {
            let reason = "only one of bed and devices can say whose the topic is";
            findings.meaning(&format!("{key}.bed"), bed.span(), reason);
        }
        (false, None, false) => {
            let reason = "nothing says whose this topic is: needs {bed}, bed or devices";
            findings.meaning(&format!("{key}.topic"), topic.topic.span(), reason);
        }
        (true, None, false) | (false, Some(_), false) | (false, None, true) => {}
    }
}

fn devices(
    key: &str,
    topic: &RawTopic,
    beds: &At<Vec<RawBed>>,
    findings: &mut Findings<'_>,
) -> Vec<(DeviceId, crate::domain::ids::BedIndex)> {
    let mut devices = Vec::new();
    let raw = topic.devices.as_ref();
    if raw.is_some_and(std::collections::BTreeMap::is_empty) {
        let reason = "needs at least one device";
        findings.meaning(&format!("{key}.devices"), topic.topic.span(), reason);
    }
    for (name, bed) in raw.into_iter().flatten() {
        let key = format!("{key}.devices.{:?}", name.get());
        match DeviceId::try_new(name.get()) {
            Ok(id) => devices.push((id, site::bed_index(&key, bed, beds, findings))),
            Err(error) => {
                findings.meaning(&key, name.span(), format!("a device's name {error}"));
            }
        }
    }
    devices
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_is_read_level_by_level() {
        let exact = |text: &str| TopicLevel::Exact(text.into());
        let table = [
            ("vitals/{bed}/{device}/obs", {
                vec![exact("vitals"), TopicLevel::Bed, TopicLevel::Device, exact("obs")]
            }),
            ("+/a", vec![TopicLevel::Any, exact("a")]),
            ("/a", vec![exact(""), exact("a")]),
        ];
        for (topic, expected) in table {
            assert_eq!(levels(topic), Ok(expected), "{topic}");
        }
    }

    #[test]
    fn a_topic_that_takes_more_than_it_says_is_refused() {
        let long = "a/".repeat(200);
        let table = [
            "",
            "vitals/#",
            "#",
            "a#",
            "a/b+",
            "{bed}x/a",
            "{uuid}",
            "a/{bed}/{bed}",
            "{device}/{device}",
            "$SYS/broker",
            "a\0b",
            "{",
            long.as_str(),
        ];
        for topic in table {
            assert!(levels(topic).is_err(), "{topic:?}");
        }
    }
}
