//! One device under two beds, or two that give the same value for one (safety S8): both are judged,
//! neither is painted live, until a nurse chooses.

use dosevigil::domain::act::{Deed, Refused, Unknown};
use dosevigil::domain::alarm::AlarmFamily;
use dosevigil::domain::alarm::occurrence::Presence;
use dosevigil::domain::bed::{DeclaredDevice, Limb, Watch};
use dosevigil::domain::device::Message;
use dosevigil::domain::ids::{BedIndex, DeviceId};
use dosevigil::domain::input::Input;
use dosevigil::domain::metric::Metric;
use dosevigil::domain::reading::{Reading, ValueSource};
use dosevigil::domain::view::{ConflictView, Freshness, VitalView};

use crate::entering::sys;
use crate::feed::{Cuff, absent, pulse, spo2};
use crate::support::{BED, BROKER, START, TestWard, device, nothing_required, nurse, plan};

const OTHER_BED: BedIndex = BedIndex(1);

fn says(readings: &[Reading]) -> Message {
    Message { readings: readings.to_vec(), ..Message::default() }
}

fn two_beds() -> TestWard {
    let mut ward = TestWard::of(plan(2, Watch::Session, &nothing_required()), START);
    ward.session();
    ward.dose();
    ward.fresh.clear();
    ward
}

fn heard(ward: &mut TestWard, bed: BedIndex, from: &str, readings: &[Reading]) {
    let message = says(readings);
    ward.input(&Input::Message { bed, source: BROKER, device: device(from), message });
}

fn saturation(ward: &TestWard, bed: BedIndex) -> VitalView {
    let view = ward.ward.beds()[bed.0 as usize].view(ward.now);
    view.vitals.into_iter().find(|it| it.metric == Metric::SpO2).expect("a fixed place")
}

/// What waits for a choice: its subject, whether it is between beds, and the devices.
fn to_choose(ward: &TestWard, bed: BedIndex) -> Vec<String> {
    let conflicts = ward.ward.beds()[bed.0 as usize].view(ward.now).conflicts;
    let line = |ConflictView { subject, devices, two_beds }: ConflictView| {
        let devices: Vec<_> = devices.iter().map(DeviceId::as_str).collect();
        let between = if two_beds { "beds" } else { "devices" };
        format!("{subject}, {between}: {}", devices.join(" "))
    };
    conflicts.into_iter().map(line).collect()
}

fn keep(ward: &mut TestWard, bed: BedIndex, kept: &str) -> Result<(), Refused> {
    ward.act("Kim", Deed::KeepDevice { bed, device: device(kept) }).map(drop)
}

/// Two oximeters of one bed, a second apart.
fn two_oximeters(ward: &mut TestWard, seconds: u64, first: i32, second: i32) {
    for _ in 0..seconds {
        heard(ward, BED, "oxi-a", &[spo2(first)]);
        heard(ward, BED, "oxi-b", &[spo2(second)]);
        ward.advance(crate::support::seconds(1));
    }
}

#[test]
fn two_undeclared_devices_with_the_same_value_are_a_high_alarm_and_not_painted_live() {
    // technical:device-conflict safety:S8
    let mut ward = two_beds();
    heard(&mut ward, BED, "oxi-a", &[spo2(97)]);
    assert_eq!(saturation(&ward, BED).state, Freshness::Live);
    heard(&mut ward, BED, "oxi-b", &[spo2(96)]);
    ward.expect(&["00:00 raised device-conflict spo2 high active r1"]);
    let text = &ward.occurrence(AlarmFamily::DeviceConflict).text;
    assert_eq!(text, "Device conflict: oxi-a and oxi-b both give SpO2");
    let shown = saturation(&ward, BED);
    assert_eq!((shown.state, shown.why.as_deref()), (Freshness::Grey, Some("device conflict")));
    assert!(shown.value.is_some());
}

#[test]
fn it_is_high_in_every_phase() {
    // technical:device-conflict safety:S8
    let mut ward = TestWard::without_session();
    heard(&mut ward, BED, "oxi-a", &[spo2(97)]);
    heard(&mut ward, BED, "oxi-b", &[spo2(97)]);
    ward.expect(&["00:00 raised device-conflict spo2 high active r1"]);
}

#[test]
fn the_good_values_of_one_do_not_hide_the_bad_ones_of_the_other() {
    // technical:device-conflict safety:S8 rule:O2 Goal: 80 % and 97 % in turn; O2 has 10 s.
    for (first, second) in [(80, 97), (97, 80)] {
        let mut ward = two_beds();
        two_oximeters(&mut ward, 20, first, second);
        let lines: Vec<_> = ward.fresh.iter().map(|it| ward.line(it)).collect();
        assert!(lines.iter().any(|it| it.contains("raised spo2-low O2 high")), "{lines:?}");
        ward.fresh.clear();
    }
}

#[test]
fn what_a_nurse_keeps_counts_and_the_other_is_set_aside_until_somebody_chooses_again() {
    // technical:device-conflict safety:S8
    let mut ward = two_beds();
    two_oximeters(&mut ward, 5, 97, 80);
    ward.expect(&["00:00 raised device-conflict spo2 high active r1"]);
    keep(&mut ward, BED, "oxi-a").expect("taken");
    ward.expect(&[
        "00:05 session device-kept active",
        "00:05 ended device-conflict spo2 high latched r1",
    ]);
    two_oximeters(&mut ward, 30, 97, 80);
    ward.nothing_told();
    let shown = saturation(&ward, BED);
    assert_eq!((shown.state, shown.value.map(|it| it.0)), (Freshness::Live, Some(97)));
    keep(&mut ward, BED, "oxi-b").expect("taken");
    two_oximeters(&mut ward, 20, 97, 80);
    let lines: Vec<_> = ward.fresh.iter().map(|it| ward.line(it)).collect();
    assert!(lines.iter().any(|it| it.contains("raised spo2-low O2 high")), "{lines:?}");
    ward.fresh.clear();
}

#[test]
fn a_bed_names_every_device_that_may_be_kept_and_no_other_until_one_is() {
    // safety:S8
    let mut ward = two_beds();
    let (pressure, none) = (Cuff::new(120, 80).message(), Vec::<String>::new());
    ward.message(BROKER, "cuff-07", pressure);
    heard(&mut ward, BED, "oxi-a", &[spo2(97)]);
    assert_eq!(to_choose(&ward, BED), none);
    for oximeter in ["oxi-b", "oxi", "oxi-b"] {
        heard(&mut ward, BED, oximeter, &[spo2(96)]);
    }
    assert_eq!(to_choose(&ward, BED), ["spo2, devices: oxi-a oxi-b oxi"]);
    assert_eq!(to_choose(&ward, OTHER_BED), none);
    assert_eq!(keep(&mut ward, BED, "cuff-07"), Err(Refused::AlreadySo));
    keep(&mut ward, BED, "oxi").expect("taken");
    assert_eq!(to_choose(&ward, BED), none);
    ward.fresh.clear();
}

#[test]
fn a_choice_needs_a_reason_a_device_of_the_bed_and_something_to_choose() {
    // safety:S8
    let mut ward = two_beds();
    heard(&mut ward, BED, "oxi-a", &[spo2(97)]);
    assert_eq!(keep(&mut ward, BED, "oxi-a"), Err(Refused::AlreadySo));
    assert_eq!(keep(&mut ward, BED, "oxi-z"), Err(Refused::Unknown(Unknown::Device)));
    assert_eq!(keep(&mut ward, BedIndex(9), "oxi-a"), Err(Refused::Unknown(Unknown::Bed)));
    let deed = Deed::KeepDevice { bed: BED, device: device("oxi-a") };
    let without = nurse(dosevigil::domain::ids::CommandId::from_bits(5), "Kim", deed);
    assert_eq!(ward.take(&without), Err(Refused::ReasonNeeded));
}

#[test]
fn a_device_of_two_beds_is_told_on_both_within_a_minute() {
    // technical:device-conflict safety:S8
    for (apart, told) in [("01:00", true), ("01:00.001", false)] {
        let mut ward = two_beds();
        heard(&mut ward, BED, "oxi", &[spo2(97)]);
        ward.at(apart);
        ward.fresh.clear();
        heard(&mut ward, OTHER_BED, "oxi", &[spo2(97)]);
        let lines = [
            "01:00 bay-2 raised device-conflict oxi high active r1",
            "01:00 raised device-conflict oxi high active r1",
        ];
        let conflicts: Vec<_> = ward.fresh.iter().map(|it| ward.line(it)).collect();
        assert_eq!(conflicts, lines[..if told { 2 } else { 0 }], "{apart}");
        ward.fresh.clear();
    }
}

#[test]
fn the_bed_that_keeps_it_has_it_and_the_other_does_not() {
    // technical:device-conflict safety:S8
    let mut ward = two_beds();
    heard(&mut ward, BED, "oxi", &[spo2(97)]);
    heard(&mut ward, OTHER_BED, "oxi", &[spo2(97)]);
    assert_eq!(saturation(&ward, OTHER_BED).state, Freshness::Grey);
    for bed in [BED, OTHER_BED] {
        assert_eq!(to_choose(&ward, bed), ["oxi, beds: oxi"]);
    }
    ward.fresh.clear();
    keep(&mut ward, BED, "oxi").expect("taken");
    ward.fresh.clear();
    for bed in [BED, OTHER_BED, BED] {
        heard(&mut ward, bed, "oxi", &[spo2(97)]);
    }
    ward.nothing_told();
    assert_eq!(saturation(&ward, BED).state, Freshness::Live);
    assert_eq!(saturation(&ward, OTHER_BED).state, Freshness::Absent);
    for bed in [BED, OTHER_BED] {
        assert_eq!(to_choose(&ward, bed), Vec::<String>::new());
    }
}

#[test]
fn declared_devices_and_hand_taken_values_are_no_conflict() {
    // technical:device-conflict
    let mut plan = plan(1, Watch::Session, &nothing_required());
    let declared = |name| DeclaredDevice { id: device(name), limb: Limb::Own };
    plan.beds[0].declared = vec![declared("oxi-a")];
    let mut ward = TestWard::of(plan, START);
    ward.session();
    ward.fresh.clear();
    heard(&mut ward, BED, "oxi-a", &[spo2(97)]);
    heard(&mut ward, BED, "oxi-b", &[spo2(97), pulse(80)]);
    ward.cuff(120, 80);
    ward.message(BROKER, "cuff-07", Cuff::new(121, 80).message());
    ward.by_hand(122, 80);
    ward.expect(&["00:00 session phase baseline"]);
}

#[test]
fn the_next_session_chooses_anew() {
    // safety:S8
    let mut ward = two_beds();
    two_oximeters(&mut ward, 2, 97, 96);
    ward.at("00:10");
    keep(&mut ward, BED, "oxi-a").expect("taken");
    ward.session_ended();
    ward.fresh.clear();
    ward.session();
    ward.fresh.clear();
    two_oximeters(&mut ward, 1, 97, 96);
    ward.expect(&["00:10 raised device-conflict spo2 high active r1"]);
}

/// A determination of one of two cuffs that the configuration knows nothing of.
fn measures(ward: &mut TestWard, cuff: &str, sys: i32, dia: i32) {
    ward.message(BROKER, cuff, Cuff::new(sys, dia).message());
}

#[test]
fn the_good_reading_of_one_cuff_does_not_end_what_the_other_raised() {
    // safety:S8 safety:A6 row:8 rule:B1 Goal: as with two oximeters, whichever is in danger counts;
    // a pressure that is taken by hand is nobody else's.
    let mut ward = two_beds();
    measures(&mut ward, "cuff-a", 205, 95);
    ward.acknowledge(AlarmFamily::BpHigh, "Kim");
    ward.at("01:00");
    measures(&mut ward, "cuff-b", 120, 80);
    ward.at("04:00");
    measures(&mut ward, "cuff-b", 121, 80);
    ward.expect(&[
        "00:00 raised bp-high B1 high active r1",
        "00:00 acknowledged bp-high B1 high acknowledged r1",
        "01:00 raised device-conflict nibp high active r1",
    ]);
    // The end of sensor care looks at the newest reading again, and so does a moved limit.
    ward.nurse_sets(sys("B1", 195)).expect("tighter");
    ward.act("Kim", Deed::PauseAlarms { bed: BED }).expect("it begins");
    ward.act("Kim", Deed::ResumeAlarms { bed: BED }).expect("it ends");
    ward.fresh.clear();
    assert_eq!(ward.acknowledge(AlarmFamily::BpHigh, "Kim").presence, Presence::Present);
    ward.fresh.clear();
    ward.at("05:00");
    measures(&mut ward, "cuff-a", 122, 80);
    ward.expect(&["05:00 ended bp-high B1 high none r1"]);
    measures(&mut ward, "cuff-b", 206, 95);
    ward.at("06:00").by_hand(124, 80);
    ward.expect(&[
        "05:00 raised bp-high B1 high active r1",
        "06:00 ended bp-high B1 high latched r1",
    ]);
}

#[test]
fn a_cuff_that_is_set_aside_or_long_silent_holds_no_alarm() {
    // safety:S8 row:8 Goal: the choice settles it; so does the age of what the other measured.
    let mut ward = two_beds();
    measures(&mut ward, "cuff-a", 205, 95);
    measures(&mut ward, "cuff-b", 120, 80);
    ward.at("00:10");
    keep(&mut ward, BED, "cuff-b").expect("taken");
    ward.fresh.clear();
    ward.at("01:00");
    measures(&mut ward, "cuff-b", 121, 80);
    ward.expect(&["01:00 ended bp-high B1 high latched r1"]);

    let mut ward = two_beds();
    measures(&mut ward, "cuff-a", 205, 95);
    measures(&mut ward, "cuff-b", 120, 80);
    ward.at("30:00").fresh.clear();
    measures(&mut ward, "cuff-b", 121, 80);
    assert!(ward.fresh.iter().any(|it| ward.line(it).contains("ended bp-high B1 high latched")));
    ward.fresh.clear();
}

#[test]
fn a_device_that_says_it_has_no_value_gives_none() {
    // technical:device-conflict Goal: an old oximeter lies on the table, still switched on.
    let mut ward = two_beds();
    heard(&mut ward, BED, "oxi-b", &[spo2(97)]);
    heard(&mut ward, BED, "oxi-a", &[absent(Metric::SpO2, ValueSource::Pleth)]);
    ward.nothing_told();
    assert_eq!(saturation(&ward, BED).state, Freshness::Live);
    heard(&mut ward, BED, "oxi-a", &[spo2(96)]);
    ward.expect(&["00:00 raised device-conflict spo2 high active r1"]);
}

#[test]
fn what_left_with_its_device_during_sensor_care_is_shown_as_missing_after_it() {
    // row:27 row:9 safety:S8 Goal: no fresh value: present and frozen.
    let mut ward = two_beds();
    for second in 0..12 {
        heard(&mut ward, BED, "oxi", &[spo2(80)]);
        ward.advance(crate::support::seconds(1));
        assert!(second < 10 || ward.find(AlarmFamily::SpO2Low).is_some());
    }
    ward.act("Kim", Deed::PauseAlarms { bed: BED }).expect("sensor care");
    heard(&mut ward, OTHER_BED, "oxi", &[spo2(97)]);
    keep(&mut ward, OTHER_BED, "oxi").expect("taken");
    ward.at("02:20").fresh.clear();
    assert!(ward.occurrence(AlarmFamily::SpO2Low).frozen);
}

#[test]
fn what_a_cuff_measured_that_is_set_aside_by_now_is_not_judged_again() {
    // safety:S8 row:24 row:27 rule:B1 Goal: neither the end of sensor care nor a moved limit ends
    // by it what the chosen one raised; a hand-taken reading of this patient does.
    let mut ward = two_beds();
    measures(&mut ward, "cuff-a", 205, 95);
    ward.at("00:10");
    measures(&mut ward, "cuff-b", 120, 80);
    keep(&mut ward, BED, "cuff-a").expect("taken");
    ward.at("00:20").act("Kim", Deed::PauseAlarms { bed: BED }).expect("it begins");
    ward.act("Kim", Deed::ResumeAlarms { bed: BED }).expect("it ends");
    ward.nurse_sets(sys("B1", 195)).expect("tighter");
    ward.at("00:30").fresh.clear();
    assert_eq!(ward.occurrence(AlarmFamily::BpHigh).presence, Presence::Present);
    ward.by_hand(124, 80);
    ward.expect(&["00:30 ended bp-high B1 high latched r1"]);
}
