//! A timed reading of the preset that is late (T2), and a dose without a baseline.

use std::sync::Arc;

use dosevigil::domain::alarm::rule::{AlarmPreset, Due, Judged, RequiredSignal};
use dosevigil::domain::ids::RuleId;
use dosevigil::domain::metric::Metric;

use crate::support::{TestWard, nothing_required, seconds};

pub(crate) fn at_forty_minutes() -> Arc<AlarmPreset> {
    let due = Due {
        id: RuleId::try_new("T2").expect("a valid name"),
        what: RequiredSignal::Nibp,
        at: seconds(40 * 60),
        alarm: seconds(45 * 60),
    };
    Arc::new(AlarmPreset { due: vec![due], ..AlarmPreset::clone(&nothing_required()) })
}

fn told_of(ward: &mut TestWard) -> Vec<String> {
    let lines: Vec<_> = ward.fresh.iter().map(|it| ward.line(it)).collect();
    ward.fresh.clear();
    let told = |line: &String| line.contains("timed-reading") && !line.contains("stepped-up");
    lines.into_iter().filter(told).collect()
}

#[test]
fn it_is_medium_when_late_and_the_reading_ends_it() {
    // technical:timed-reading rule:T2
    let mut ward = TestWard::active_with(&at_forty_minutes());
    ward.at("44:59.999");
    assert_eq!(told_of(&mut ward), [""; 0]);
    ward.at("45:00");
    assert_eq!(told_of(&mut ward), ["45:00 raised timed-reading T2 T2 medium active r1"]);
    ward.at("50:00").cuff(120, 80);
    assert_eq!(told_of(&mut ward), ["50:00 ended timed-reading T2 T2 medium none r1"]);
}

#[test]
fn a_reading_that_was_voided_meets_nothing() {
    // rule:T2 row:24
    let mut ward = TestWard::active_with(&at_forty_minutes());
    ward.at("40:00").cuff(120, 80);
    let wrong = ward.reading_of(Judged::Metric(Metric::NibpSys));
    ward.voids(wrong);
    ward.at("45:00");
    assert_eq!(told_of(&mut ward), ["45:00 raised timed-reading T2 T2 medium active r1"]);
}

#[test]
fn a_reading_from_about_its_time_on_meets_it() {
    // technical:timed-reading Goal: as long before its time as it may come after.
    for (at, late) in [("34:59", true), ("35:00", false), ("44:59", false)] {
        let mut ward = TestWard::active_with(&at_forty_minutes());
        ward.at(at).cuff(120, 80);
        ward.at("46:00");
        assert_eq!(!told_of(&mut ward).is_empty(), late, "{at}");
    }
}

#[test]
fn without_a_dose_nothing_is_timed() {
    // technical:timed-reading
    let mut ward = TestWard::intake();
    ward.at("50:00");
    assert_eq!(told_of(&mut ward), [""; 0]);
}

#[test]
fn a_dose_without_an_accepted_baseline_is_told_from_the_dose_on() {
    // technical:no-baseline
    let mut ward = TestWard::intake().told_everything();
    ward.at("01:00").nothing_told();
    ward.dose();
    ward.expect(&[
        "01:00 session dose intake",
        "01:00 session phase active",
        "01:00 raised no-baseline low active r1",
    ]);
    ward.at("02:00").session_ended();
    let ended: Vec<_> = ward.fresh.iter().map(|it| ward.line(it)).collect();
    assert!(ended.iter().any(|it| it.contains("ended no-baseline")), "{ended:?}");
    ward.fresh.clear();
}
