//! What the files of a session say, and that nothing a person typed can change what they are.

use std::path::Path;
use std::sync::LazyLock;

use serde_json::Value as Json;

use super::*;
use crate::config;
use crate::domain::chart::tests::sample::{SESSION, Visit, at, visit};
use crate::domain::ids::ReadingId;
use crate::domain::metric::Metric;
use crate::domain::reading::{Absent, Quantity, Reading, ValueSource};

static PRESET: LazyLock<AlarmPreset> = LazyLock::new(|| {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/presets/ketamine-iv.toml");
    config::load_preset(&path).expect("the shipped preset is whole")
});

fn facts(chart: &SessionChart) -> Facts<'_> {
    Facts {
        chart,
        site: "demo-clinic",
        timezone: "America/New_York",
        preset: Some(&PRESET),
        configuration: "c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00",
        chain: (4711, "beef0000beef0000beef0000beef0000beef0000beef0000beef0000beef0000"),
        generated: at(9000).wall,
    }
}

fn html(chart: &SessionChart) -> String {
    write(&facts(chart), ExportFormat::Html).text
}

/// The part of the page under a title.
fn section<'a>(page: &'a str, title: &str) -> &'a str {
    let (_, rest) = page.split_once(&format!("<h2>{title}</h2>")).expect("the section is there");
    rest.split_once("</section>").expect("it ends").0
}

#[test]
fn what_people_typed_is_text_and_nothing_else() {
    // safety:X6
    let page = html(&visit().chart());
    assert!(page.contains("K-17 &lt;/style&gt;&quot;&amp;") && page.contains("kim &lt;b&gt;"));
    for raw in ["K-17 </style>", "kim <b>", "A<B", "L<9>", "calm & <quiet>"] {
        assert!(!page.contains(raw), "{raw}");
    }
    assert_eq!(page.matches("</style>").count(), 1);
    assert_eq!(page.matches("<script").count() + page.matches(" style=").count(), 0);
}

#[test]
fn each_page_says_whose_it_is_and_where_it_comes_from() {
    let exported = write(&facts(&visit().chart()), ExportFormat::Html);
    let (_, style) = exported.text.split_once("<style>").expect("a style");
    let (style, _) = style.split_once("</style>").expect("its end");
    let session = SESSION.to_string();
    for word in [
        &*session,
        "patient K-17",
        "SIMULATED",
        "LIMITS NOT APPROVED",
        "c0ffee00c0ffee00",
        "beef0000",
    ] {
        assert!(style.contains(word), "{word}: {style}");
    }
    assert!(style.contains("counter(page)") && style.contains("counter(pages)"));
    let name = exported.style.expect("the page has a style of its own");
    assert!(exported.text.contains(&format!("style-src {name}")), "{name}");
    assert!(name.starts_with("'sha256-") && name.len() == "'sha256-'".len() + 44, "{name}");
}

#[test]
fn an_approved_preset_and_a_patient_need_no_banner() {
    let mut preset = PRESET.clone();
    preset.approval =
        Some(crate::domain::alarm::rule::Approval { by: "dr o".into(), on: "2026-10-01".into() });
    let mut chart = visit().chart();
    chart.origin = Origin::Patient;
    let page = write(&Facts { preset: Some(&preset), ..facts(&chart) }, ExportFormat::Html).text;
    for banner in ["SIMULATED", "NOT APPROVED", "STILL RUNNING"] {
        assert!(!page.contains(banner), "{banner}");
    }
    assert!(page.contains("approved by dr o on 2026-10-01"));
    let unknown = write(&Facts { preset: None, ..facts(&chart) }, ExportFormat::Html).text;
    assert!(unknown.contains("LIMITS NOT APPROVED"), "what is not known is not approved");
    chart.ended = None;
    assert!(html(&chart).contains("THE SESSION IS STILL RUNNING"));
}

#[test]
fn an_alarm_is_told_by_shape_stars_and_how_long_it_waited() {
    let page = html(&visit().chart());
    let alarms = section(&page, "Alarms");
    assert!(alarms.contains("\u{25b2}\u{2605}\u{2605}\u{2605} high"), "{alarms}");
    assert!(alarms.contains("bp-high B2: Systolic 186 ≥ 180 mmHg") && alarms.contains(">0:35<"));
    assert!(alarms.contains("09:51:05 kim") && alarms.contains("10:00:00 cleared"), "{alarms}");
}

#[test]
fn gaps_are_hatched_and_void_readings_crossed() {
    let page = html(&visit().chart());
    let trend = section(&page, "Trend");
    assert_eq!(trend.matches("class=\"gap\"").count(), 4, "two each of SpO2 and pulse: {trend}");
    assert_eq!(trend.matches('\u{00d7}').count(), 2, "one mark and its legend");
    assert!(section(&page, "Gaps: no data").contains("no SpO2"));
    let readings = section(&page, "Cuff readings and readings taken by hand");
    assert!(readings.contains("VOID, kim &lt;b&gt;: patient moved"), "{readings}");
    assert!(readings.contains("by hand, aneroid, lee, left arm, cuff large"), "{readings}");
    assert_eq!(readings.matches(", LATE").count(), 1, "entered 7 min after it was taken");
    assert_eq!(readings.matches(">baseline<").count(), 2);
}

#[test]
fn the_sheet_has_the_fields_of_the_form_in_its_order() {
    let page = html(&visit().chart());
    let sheet = section(&page, "In the order of the REMS patient monitoring form");
    let fields: Vec<&str> = sheet.split("<tr><td>").skip(1).collect();
    let has =
        |number: usize, words: &str| assert!(fields[number].contains(words), "{}", fields[number]);
    has(0, "Patient</td><td>reference K-17");
    has(10, "Dose</td><td>84 mg in 3 devices");
    has(11, "Lot</td><td>L&lt;9&gt;, ");
    has(12, "130 min<");
    has(16, "122/78 mmHg at 09:01:55");
    has(17, "186/104 mmHg at 09:49:55");
    has(18, "128/82 mmHg at 11:13:20");
    has(19, "Y (MOAA/S), from 10:01:40 to 10:23:20");
    has(20, "Y (dissociation), from");
    has(24, "Hospitalisation</td><td>N<");
    let mut ketamine = visit().chart();
    ketamine.drug = "ketamine".into();
    assert!(!html(&ketamine).contains("REMS"), "the form is esketamine's");
}

#[test]
fn times_carry_their_offset_when_the_clock_changes_during_the_session() {
    // Method: New York leaves summer time on 2026-11-01 at 06:00 UTC.
    let chart = visit().chart();
    let zone = zone::Zone::of("America/New_York", &chart);
    assert_eq!(zone.time(at(0).wall), "09:00:00");
    assert_eq!(zone.time(at(20 * 3600).wall), "11-25 05:00:00");
    assert_eq!(zone.since_dose(at(600)), "+0:00");
    assert_eq!(zone.since_dose(at(540)), "\u{2212}1:00");
    let mut night = chart;
    night.started.wall = WallTime::from_micros(1_793_511_000_000_000);
    night.until.wall = WallTime::from_micros(1_793_515_000_000_000);
    let zone = zone::Zone::of("America/New_York", &night);
    assert_eq!(zone.time(night.started.wall), "01:30:00-04:00");
    assert_eq!(zone.time(night.until.wall), "01:36:40-05:00");
}

#[test]
fn readings_come_as_a_recording_from_the_session_s_start_on() {
    let mut visit = Visit::new();
    visit.cuff(0, 0, (126, 80));
    visit.start(10);
    visit.cuff(20, 3, (130, 80));
    let void = visit.by_hand(30, 0, (200, 100));
    let deed = crate::domain::act::Deed::VoidReading { reading: ReadingId(void) };
    let told =
        (crate::domain::alarm::occurrence::SessionChange::ReadingVoided, None, Some("moved"));
    visit.act(40, deed, told);
    let reading = |metric, value| Reading::new(metric, value, ValueSource::Ecg);
    let pleth = |value| Reading::new(Metric::SpO2, value, ValueSource::Pleth);
    visit.message(50, "monitor", vec![reading(Metric::Temp, Ok(Quantity(371)))]);
    visit.message(51, "monitor", vec![pleth(Err(Absent::Stale))]);
    let out_of_band = pleth(Err(Absent::Range { raw: 130 }));
    visit.message(52, "other", vec![out_of_band]);
    let chart = SessionChart { origin: Origin::Patient, ..visit.chart() };
    let Exported { name, text, .. } = write(&facts(&chart), ExportFormat::Csv);
    assert_eq!(name, format!("session-{SESSION}.csv"));
    let expected = "time_s,signal,value,unit,quality\n\
        10,nibp_sys,130,mmHg,\n10,nibp_dia,80,mmHg,\n\
        20,nibp_sys,200,mmHg,void\n20,nibp_dia,100,mmHg,void\n\
        40,temp,37.1,Cel,\n41,spo2,,%,stale\n42,spo2,130,%,\n";
    assert_eq!(text, expected);
}

#[test]
fn a_simulated_session_s_files_say_so_by_their_name_and_each_usable_row() {
    // Goal: contract 1: each record says SIMULATED, and `replay` takes the rows all the same.
    let chart = SessionChart { origin: Origin::Simulated, ..visit().chart() };
    for (format, ending) in [
        (ExportFormat::Html, "html"),
        (ExportFormat::Csv, "csv"),
        (ExportFormat::Fhir, "fhir.json"),
    ] {
        let name = write(&facts(&chart), format).name;
        assert_eq!(name, format!("SIMULATED-session-{SESSION}.{ending}"));
    }
    let text = write(&facts(&chart), ExportFormat::Csv).text;
    let words: Vec<_> = text.lines().skip(1).filter_map(|row| row.split(',').nth(4)).collect();
    let known = ["questionable", "invalid", "stale"];
    let said = |word: &&str| word.starts_with("SIMULATED") || known.contains(word);
    assert!(words.len() > 10 && words.iter().all(said), "{text}");
    assert!(words.contains(&"SIMULATED void"), "{text}");
}

/// The bundle that `make test-fhir` validates. Written anew with DOSEVIGIL_GOLDEN=write.
#[test]
fn the_bundle_is_the_one_that_was_validated() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/export/session.fhir.json");
    let chart = visit().chart();
    let text = write(&facts(&chart), ExportFormat::Fhir).text;
    let bundle: Json = serde_json::from_str(&text).expect("JSON");
    let text = serde_json::to_string_pretty(&bundle).expect("JSON") + "\n";
    let text = text.replace(env!("CARGO_PKG_VERSION"), "VERSION");
    if std::env::var_os("DOSEVIGIL_GOLDEN").is_some_and(|it| it == "write") {
        std::fs::write(&path, &text).expect("it can be written");
    }
    let golden = std::fs::read_to_string(&path).expect("it is there");
    assert!(text == golden, "{} differs; look, then write it anew", path.display());
}

#[test]
fn each_resource_of_the_bundle_is_there_with_its_codes() {
    let chart = visit().chart();
    let text = write(&facts(&chart), ExportFormat::Fhir).text;
    let bundle: Json = serde_json::from_str(&text).expect("JSON");
    let entries = bundle["entry"].as_array().expect("entries");
    let of = |kind: &str| -> Vec<&Json> {
        let all = entries.iter().map(|entry| &entry["resource"]);
        all.filter(|resource| resource["resourceType"] == kind).collect()
    };
    assert_eq!(of("Patient")[0]["identifier"][0]["value"], "K-17 </style>\"&");
    assert!(!text.contains("A<B"), "initials are no pseudonym");
    assert_eq!(of("Encounter")[0]["status"], "finished");
    assert_eq!(of("Device").len(), 3, "the software, the cuff, the oximeter");
    assert_eq!(of("MedicationAdministration").len(), 4, "three devices and an intervention");
    assert_eq!(of("MedicationAdministration")[0]["dosage"]["dose"]["value"], 28);
    assert_eq!(of("Provenance")[0]["target"].as_array().map(Vec::len), Some(entries.len() - 1));
    let codes = |resource: &Json| resource["code"]["coding"][0]["code"].clone();
    let observations = of("Observation");
    let panels: Vec<_> = observations.iter().filter(|it| codes(it) == "85354-9").collect();
    assert_eq!(panels.len(), 6, "each determination, the void one too");
    let void: Vec<_> = panels.iter().filter(|it| it["status"] == "entered-in-error").collect();
    assert_eq!(void.len(), 1);
    assert_eq!(void[0]["component"][0]["valueQuantity"]["value"], 220);
    let spo2 = observations.iter().filter(|it| codes(it) == "59408-5").count();
    assert_eq!(spo2, 39, "one for each minute with a value: 10 to 24, 26 to 49");
    for entry in entries {
        assert_eq!(entry["resource"]["meta"]["security"][0]["code"], "HTEST", "{entry}");
    }
}
