//! The shipped files are whole, show every key that is read and no other, and resolve to what
//! they say. Broken files: `broken`.

mod presets;

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;

use super::raw::RawConfig;
use super::{
    Config, Flow, Line, Loaded, NoninFormat, Parity, SerialProtocol, TopicLevel, Unverified, Watch,
};
use super::{load, load_all, structure, write_effective};
use crate::domain::alarm::gate::{Asks, Pass};
use crate::domain::alarm::rule::{
    AfterDose, AlarmPreset, AlarmRule, Confirm, DoseMark, Judged, Limit, PhaseSet, RequiredSignal,
    WithSymptom,
};
use crate::domain::alarm::{AlarmFamily, Priority};
use crate::domain::ids::{BedIndex, DeviceId};
use crate::domain::metric::Metric;

const EXAMPLE: &str = include_str!("../../config/monitor.toml");
const PRESET: &str = include_str!("../../config/presets/ketamine-iv.toml");

/// A rule in the inline form of contract 3.2, its priority stated as it is derived.
const INLINE_RULE: &str = "\n[rule]\nresp-high.R3 = { \
    any = [{ metric = \"resp\", at_or_above = 25 }], priority = \"low\", \
    why = { severity = \"reversible\", onset = \"delayed\", source = \"x\" } }\n";

fn shipped() -> Loaded {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/monitor.toml");
    load_all(&file).expect("the shipped configuration is whole")
}

/// Loads a configuration with one edited preset beside it.
fn loaded(config: &str, preset: &str) -> Config {
    let folder = tempfile::tempdir().expect("a folder for the files");
    std::fs::create_dir(folder.path().join("presets")).expect("an empty folder");
    std::fs::write(folder.path().join("presets/ketamine-iv.toml"), preset).expect("a file");
    std::fs::write(folder.path().join("monitor.toml"), config).expect("a file");
    load(&folder.path().join("monitor.toml")).expect("the files are whole")
}

fn rule<'a>(preset: &'a AlarmPreset, family: AlarmFamily, id: &str) -> &'a AlarmRule {
    let rules = preset.families.iter().find(|rules| rules.family == family);
    let mut bands = rules.into_iter().flat_map(|rules| &rules.bands);
    bands.find(|band| band.id.as_str() == id).expect("the preset has this rule")
}

/// What a nurse lead reads before approving the limits.
#[test]
fn the_shipped_files_show_their_effective_limits() {
    let mut text = Vec::new();
    write_effective(&shipped(), &mut text).expect("a vector takes all");
    insta::assert_snapshot!("effective", String::from_utf8(text).expect("text"));
}

/// Goal: nobody can add a key without documenting it, nor document one that nothing reads.
/// Method: the paths of the schema against those of the example with its optional lines put in.
#[test]
fn the_example_shows_each_key_that_is_read_and_no_other() {
    let schema = structure::schema_of::<RawConfig>();
    let mut read = BTreeSet::new();
    schema_keys(&schema, &schema, "", &mut read);
    let whole = EXAMPLE.replace("\n#= ", "\n");
    let mut shown = BTreeSet::new();
    shown_keys(&toml::from_str(&whole).expect("optional lines are TOML"), "", &read, &mut shown);
    assert_eq!(shown, read);
}

fn schema_keys(root: &Value, schema: &Value, path: &str, keys: &mut BTreeSet<String>) {
    let branches = schema.get("anyOf").and_then(Value::as_array).into_iter().flatten();
    for branch in branches.chain(schema.get("items")) {
        schema_keys(root, branch, path, keys);
    }
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let target = root.pointer(&reference[1..]).expect("references lead somewhere");
        schema_keys(root, target, path, keys);
    }
    for (name, property) in
        schema.get("properties").and_then(Value::as_object).into_iter().flatten()
    {
        let path = format!("{path}.{name}");
        schema_keys(root, property, &path, keys);
        keys.insert(path);
    }
}

/// Below a key whose own keys are free (`devices`), names are data.
fn shown_keys(
    value: &toml::Value,
    path: &str,
    read: &BTreeSet<String>,
    keys: &mut BTreeSet<String>,
) {
    let below = format!("{path}.");
    let free = !path.is_empty() && !read.iter().any(|key| key.starts_with(&below));
    for item in value.as_array().into_iter().flatten() {
        shown_keys(item, path, read, keys);
    }
    for (name, value) in value.as_table().into_iter().flatten().filter(|_| !free) {
        let path = format!("{path}.{name}");
        shown_keys(value, &path, read, keys);
        keys.insert(path);
    }
}

/// Each key's first line has a comment above it, in the same paragraph.
#[test]
fn the_example_explains_each_key_where_it_first_stands() {
    let mut table = String::new();
    let mut seen = BTreeSet::new();
    let mut comment_above = false;
    for line in EXAMPLE.lines() {
        let key_line = line.strip_prefix("#= ").unwrap_or(line);
        if line.starts_with('[') {
            table = line.to_owned();
        } else if let (false, Some((key, _))) = (line.starts_with("# "), key_line.split_once(" = "))
        {
            let first = seen.insert(format!("{table}{key}"));
            assert!(comment_above || !first, "{table} {key} has no comment above it");
        }
        comment_above = line.starts_with("# ");
    }
    assert!(seen.len() > 30, "the example was read: {seen:?}");
}

#[test]
fn the_example_resolves_to_what_it_says() {
    let Config { site, http, beds, serial, mqtt, storage, audit, .. } = shipped().config;
    assert_eq!((&*site.name, &*site.timezone), ("demo-clinic", "America/New_York"));
    assert_eq!(http.listen, SocketAddr::from(([127, 0, 0, 1], 8080)));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("config");
    assert_eq!(storage.path, folder.join("../data/dosevigil.db"));
    assert_eq!((audit.key_file, audit.head_file), (folder.join("../secrets/audit.key"), None));
    assert_eq!(beds.len(), 3);
    assert_eq!(
        (beds[1].id.as_str(), &*beds[1].label, beds[1].watch),
        ("bay-2", "Bay 2", Watch::Session)
    );

    assert_eq!((serial[0].bed, serial[1].bed), (BedIndex(0), BedIndex(1)));
    assert_eq!(serial[0].protocol, SerialProtocol::GeDinamapAscii);
    assert_eq!(serial[1].protocol, SerialProtocol::Nonin(NoninFormat::Auto));
    assert_eq!(
        (serial[0].poll, serial[0].unverified),
        (Duration::from_secs(1), Unverified::Refused)
    );
    let line = Line {
        baud: 9600,
        data_bits: 8,
        parity: Parity::None,
        stop_bits: 1,
        flow: Flow::None,
        dtr_on_open: true,
    };
    assert_eq!(serial[0].line, line);

    let broker = &mqtt[0];
    assert_eq!((&*broker.host, broker.port, broker.tls.is_none()), ("127.0.0.1", 1883, true));
    assert_eq!((broker.keep_alive, broker.max_packet_bytes), (Duration::from_secs(5), 262_144));
    assert!(broker.topics[0].levels.contains(&TopicLevel::Bed) && broker.topics[0].bed.is_none());
    let device = |name| (DeviceId::try_new(name).expect("a name"), BedIndex(2));
    assert_eq!(broker.topics[1].devices, [device("cuff-07"), device("spo2-31")]);
    assert_eq!(broker.topics[2].bed, Some(BedIndex(2)));
}

/// Optional keys reach the resolved types, none falls back to its default unseen.
#[test]
fn optional_keys_are_heard() {
    let config = EXAMPLE
        .replace("#= watch = \"session\"", "watch = \"always\"")
        .replace("#= head_file", "head_file")
        .replace("#= poll_s = 1", "poll_s = 3")
        .replace("#= accept_unverified = false", "accept_unverified = true")
        .replace("#= format = \"auto\"", "format = 2")
        .replace("#= keep_alive_s = 5", "keep_alive_s = 7")
        .replace("#= max_packet_bytes = 262144", "max_packet_bytes = 65536")
        .replace(
            "#= line = { baud = 9600, data_bits = 8, parity = \"none\"",
            "line = { baud = 2400, data_bits = 7, parity = \"even\"",
        )
        .replace(
            "stop_bits = 1, flow = \"none\", dtr_on_open = true",
            "stop_bits = 2, flow = \"rts_cts\", dtr_on_open = false",
        )
        .replace("mqtt://127.0.0.1:1883", "mqtts://broker.example");
    let Config { beds, audit, serial, mqtt, .. } = loaded(&config, PRESET);
    assert_eq!(beds[0].watch, Watch::Always);
    assert_eq!(audit.head_file, Some(PathBuf::from("/mnt/other-disk/dosevigil-head.log")));
    assert_eq!(
        (serial[0].poll, serial[0].unverified),
        (Duration::from_secs(3), Unverified::Accepted)
    );
    let line = Line {
        baud: 2400,
        data_bits: 7,
        parity: Parity::Even,
        stop_bits: 2,
        flow: Flow::RtsCts,
        dtr_on_open: false,
    };
    assert_eq!(serial[0].line, line);
    assert_eq!(serial[1].protocol, SerialProtocol::Nonin(NoninFormat::Two));
    let tls = mqtt[0].tls.as_ref().expect("mqtts has TLS without further keys");
    assert!(tls.ca_file.is_none() && tls.client.is_none());
    assert_eq!((mqtt[0].port, mqtt[0].keep_alive.as_secs()), (8883, 7));
    assert_eq!(mqtt[0].max_packet_bytes, 65_536);
}

/// rule:B1 and its neighbours as contract 3.2 writes them; row:25 holds or the file would not load.
#[test]
fn the_shipped_preset_holds_the_rules_of_the_default_table() {
    let preset = &*shipped().config.alarms.preset;
    assert_eq!(
        (&*preset.name, &*preset.version, &preset.approval),
        ("ketamine-iv", "1.0.0", &None)
    );
    assert_eq!(
        preset.requires,
        [RequiredSignal::Nibp, RequiredSignal::HeartRate, RequiredSignal::SpO2]
    );
    let half_an_hour = Duration::from_secs(30 * 60);
    assert_eq!(preset.active, AfterDose { mark: DoseMark::End, lasts: half_an_hour });
    assert_eq!(preset.intervals.after_high, Duration::from_secs(300));
    let bands: Vec<Vec<&str>> = preset
        .families
        .iter()
        .map(|rules| rules.bands.iter().map(|band| band.id.as_str()).collect())
        .collect();
    let expected: [&[&str]; 10] = [
        &["B1", "B2", "B3", "B4", "B5"],
        &["B10", "B9"],
        &["H2", "H1", "H3"],
        &["H5", "H4"],
        &["O2", "O1", "O3"],
        &["R1", "R2"],
        &["R2"],
        &["SED1", "SED1"],
        &["B8", "B7"],
        &["B6"],
    ];
    assert_eq!(bands, expected);
    assert!(preset.not_in_force.is_empty(), "{:?}", preset.not_in_force);

    let b2 = rule(preset, AlarmFamily::BpHigh, "B2");
    assert_eq!(b2.confirm, Some(Confirm::Recuff { within: Duration::from_secs(180) }));
    assert_eq!((b2.priority(), b2.components[0].limit), (Priority::High, Limit::AtOrAbove(180)));
    let b9 = rule(preset, AlarmFamily::BpLow, "B9");
    let persist = |place: usize| b9.components[place].persist.as_secs();
    assert_eq!((b9.confirm, persist(0), persist(2)), (Some(Confirm::Next), 0, 10));
    let h1 = rule(preset, AlarmFamily::HrHigh, "H1");
    assert_eq!((h1.spot_values, h1.components[0].judged), (Some(2), Judged::HeartRate));
    assert_ne!(h1.phases, PhaseSet::ALL);
    let r1 = rule(preset, AlarmFamily::RespLow, "R1");
    assert_eq!(r1.components[0].persist, Duration::from_secs(30));
    assert_eq!(r1.components[1].limit, Limit::Apnoea { clears_as: 7 });
    assert_eq!(r1.components[1].persist, Duration::ZERO);
}

/// contract 3.2: rules that go by a person or by what the nurse enters, and the gates.
#[test]
fn the_shipped_preset_holds_changes_symptoms_sedation_and_gates() {
    let config = shipped().config;
    let preset = &*config.alarms.preset;
    let b3 = rule(preset, AlarmFamily::BpHigh, "B3");
    assert_eq!(
        (b3.with_symptom, b3.components[1].limit),
        (WithSymptom::Needed, Limit::AtOrAbove(121))
    );
    let b5 = rule(preset, AlarmFamily::BpHigh, "B5");
    assert_eq!(b5.components[1].limit, Limit::Rise { change: 25, from: None });
    let o3 = rule(preset, AlarmFamily::SpO2Low, "O3");
    assert_eq!(o3.components[1].limit, Limit::Drop { change: 4, from: None });
    assert_eq!(rule(preset, AlarmFamily::HrLow, "H4").delayed_below, Some(55));
    let sedation = preset.families.iter().find(|it| it.family == AlarmFamily::Sedation);
    let parts = sedation.expect("it is there").bands.iter();
    let parts: Vec<_> = parts.map(|it| (it.part, it.priority(), it.components[0].limit)).collect();
    let expected =
        [(0, Priority::High, Limit::AtOrBelow(2)), (1, Priority::Medium, Limit::AtOrBelow(3))];
    assert_eq!(parts, expected);
    let b7 = rule(preset, AlarmFamily::PreDose, "B7");
    assert_eq!((b7.components[0].over_65, b7.components[1].over_65), (Some(151), None));
    let b6 = rule(preset, AlarmFamily::Discharge, "B6");
    let limits: Vec<_> = b6.components.iter().map(|it| it.limit).collect();
    let rise = |change| Limit::Rise { change, from: None };
    assert_eq!(limits, [rise(21), rise(16), Limit::AtOrAbove(140), Limit::AtOrAbove(90)]);
    let gate = b6.gate.expect("it is one");
    assert_eq!(gate.asks, Asks::Passing(Pass::Either));
    assert_eq!((gate.readings, gate.spacing), (2, Duration::from_secs(60)));
    assert_eq!((b7.priority(), b6.priority()), (Priority::Low, Priority::Low));
}

/// contract 3.1: the offset is added to numbers of SpO2 and to nothing else.
#[test]
fn the_offset_of_a_site_at_altitude_lowers_its_limits_of_spo2() {
    let offset = EXAMPLE.replace("#= spo2_offset = 0", "spo2_offset = -3");
    assert_ne!(offset, EXAMPLE);
    let config = loaded(&offset, PRESET);
    let preset = &*config.alarms.preset;
    let limit = |id, place: usize| rule(preset, AlarmFamily::SpO2Low, id).components[place].limit;
    assert_eq!(limit("O1", 0), Limit::AtOrBelow(87));
    assert_eq!(limit("O2", 0), Limit::AtOrBelow(82));
    assert_eq!(limit("O3", 0), Limit::AtOrBelow(90));
    assert_eq!(limit("O3", 1), Limit::Drop { change: 4, from: None });
    let h5 = rule(preset, AlarmFamily::HrLow, "H5");
    assert_eq!(h5.components[0].limit, Limit::AtOrBelow(39));
}

#[test]
fn timed_readings_are_read() {
    let due = "due = [{ id = \"T2\", what = \"nibp\", at_min = 40, alarm_min = 45 }]\n";
    let at = PRESET.find("clear_by = {").expect("it is there");
    let config = loaded(EXAMPLE, &format!("{}{due}{}", &PRESET[..at], &PRESET[at..]));
    let [due] = &*config.alarms.preset.due else { panic!("one timed reading") };
    assert_eq!((due.id.as_str(), due.what), ("T2", RequiredSignal::Nibp));
    let minutes = |n: u64| Duration::from_secs(60 * n);
    assert_eq!((due.at, due.alarm), (minutes(40), minutes(45)));
}

/// alarms 14: a rule without a delay of its own has the signal's; and a family's bands are ranked
/// by priority first, by their order in the file second.
#[test]
fn delays_and_ranks_come_from_the_tables_when_the_preset_gives_none() {
    let edited = PRESET
        .replace("at_or_below = 85 }]\npersist_s = 10", "at_or_below = 85 }]")
        .replace("at_or_below = 90 }]\npersist_s = 15", "at_or_below = 90 }]")
        .replace("approved_by = \"\"", "approved_by = \"Dr. Ada Example\"")
        .replace("approved_on = \"\"", "approved_on = \"2026-11-22\"")
        .replace("[rule.bp-high.B1]", "[rule.bp-high.Z1]")
        + INLINE_RULE;
    let config = loaded(EXAMPLE, &edited);
    let preset = &*config.alarms.preset;
    let delay = |id| rule(preset, AlarmFamily::SpO2Low, id).components[0].persist.as_secs();
    assert_eq!((delay("O1"), delay("O2")), (10, 5));
    let high: Vec<&str> = preset.families[0].bands.iter().map(|band| band.id.as_str()).collect();
    assert_eq!(high, ["Z1", "B2", "B3", "B4", "B5"]);
    assert_eq!(preset.families[0].bands[0].components[0].judged, Judged::Metric(Metric::NibpSys));
    assert!(preset.not_in_force.iter().any(|name| **name == *"B1"));
    let inline = rule(preset, AlarmFamily::RespHigh, "R3");
    assert_eq!(inline.components[0].persist, Duration::from_secs(10));
    assert_eq!(inline.priority(), Priority::Low);
    assert_eq!(preset.approval.as_ref().map(|it| &*it.by), Some("Dr. Ada Example"));
}

/// contract 4: what the shipped broker must have so that one slow commit doesn't hold up all beds.
#[test]
fn the_shipped_broker_settings_hold_what_the_contract_asks() {
    let settings = include_str!("../../config/mosquitto.conf");
    let lines: Vec<&str> = settings.lines().collect();
    for line in [
        "listener 1883 127.0.0.1",
        "max_inflight_messages 1000",
        "set_tcp_nodelay true",
        "persistence true",
    ] {
        assert!(lines.contains(&line), "{line}");
    }
    let limit = lines.iter().find_map(|line| line.strip_prefix("message_size_limit "));
    let limit: usize = limit.and_then(|limit| limit.parse().ok()).expect("a limit in bytes");
    assert!(limit < shipped().config.mqtt[0].max_packet_bytes);
}
