//! A reading that a nurse voids or amends: the newest one that stands decides.

use dosevigil::domain::act::{Deed, Refused, Unknown};
use dosevigil::domain::alarm::AlarmFamily;
use dosevigil::domain::alarm::rule::Judged;
use dosevigil::domain::ids::{CommandId, ReadingId};
use dosevigil::domain::metric::Metric;
use dosevigil::domain::reading::Quantity;

use crate::feed::{pulse, spo2};
use crate::support::{TestWard, nurse};

const SYSTOLIC: Judged = Judged::Metric(Metric::NibpSys);

impl TestWard {
    fn voids_systolic(&mut self) {
        self.voids(self.reading_of(SYSTOLIC));
    }

    fn systolic(&self) -> Option<i32> {
        let vitals = self.shown().vitals;
        let vital = vitals.iter().find(|vital| vital.judged == SYSTOLIC).expect("its place");
        vital.value.map(|Quantity(value)| value)
    }
}

#[test]
fn a_voided_reading_ends_what_it_raised_and_leaves_the_one_before() {
    // row:24
    let mut ward = TestWard::active();
    ward.cuff(130, 80);
    ward.at("01:00").cuff(205, 95);
    ward.at("02:00").voids_systolic();
    assert_eq!(ward.ended_why(AlarmFamily::BpHigh), ("reading voided", Some("Kim")));
    ward.expect(&[
        "01:00 raised bp-high B1 high active r1",
        "02:00 session reading-voided active",
        "02:00 ended bp-high B1 high latched r1",
    ]);
    assert_eq!(ward.systolic(), Some(130));
}

#[test]
fn when_no_reading_is_left_the_alarm_ends_all_the_same() {
    // row:24
    let mut ward = TestWard::active();
    ward.cuff(205, 95);
    ward.at("01:00").voids_systolic();
    ward.expect(&[
        "00:00 raised bp-high B1 high active r1",
        "01:00 session reading-voided active",
        "01:00 ended bp-high B1 high latched r1",
    ]);
    assert_eq!(ward.systolic(), None);
}

#[test]
fn a_voided_normal_reading_leaves_the_high_one_before_it() {
    // row:24 row:1a Goal: the re-cuff that was voided never came.
    let mut ward = TestWard::active();
    ward.cuff(185, 95);
    ward.at("01:00").cuff(128, 80);
    ward.at("02:00").voids_systolic();
    ward.at("04:59").expect(&[
        "00:00 raised bp-high B2 medium active r1",
        "01:00 ended bp-high B2 medium none r1",
        "02:00 session reading-voided active",
        "02:00 raised bp-high B2 medium active r1",
    ]);
    ward.at("05:00").expect(&["05:00 confirmed bp-high B2 high active r2"]);
}

#[test]
fn an_amended_reading_is_judged_at_its_new_value() {
    // row:24
    let mut ward = TestWard::active();
    ward.cuff(205, 95);
    let reading = ward.reading_of(SYSTOLIC);
    ward.at("01:00").amends(reading, 125).expect("taken");
    assert_eq!(ward.ended_why(AlarmFamily::BpHigh), ("reading voided", Some("Kim")));
    ward.fresh.clear();
    assert_eq!(ward.systolic(), Some(125));
    ward.amends(reading, 201).expect("taken");
    ward.expect(&["01:00 session reading-voided active", "01:00 raised bp-high B1 high active r1"]);
    let derived = Judged::Metric(Metric::NibpMap);
    assert_eq!(ward.reading_of(derived), reading, "the mean that was worked out follows");
}

#[test]
fn what_can_t_be_is_refused() {
    // row:24
    let mut ward = TestWard::active();
    ward.cuff(130, 80);
    let reading = ward.reading_of(SYSTOLIC);
    for value in [301, 19, 80, 79] {
        assert_eq!(ward.amends(reading, value), Err(Refused::BadValue), "{value}");
    }
    let unknown = ReadingId(9_999);
    assert_eq!(ward.amends(unknown, 120), Err(Refused::Unknown(Unknown::Reading)));
    let deed = Deed::VoidReading { reading };
    let silent = nurse(CommandId::from_bits(77), "Kim", deed);
    assert_eq!(ward.take(&silent), Err(Refused::ReasonNeeded));
    ward.nothing_told();
}

#[test]
fn a_voided_newest_sample_freezes_an_alarm_and_does_not_end_it() {
    // row:24 row:9 Goal: one sample of a stream raised nothing by itself.
    let mut ward = TestWard::active();
    ward.stream(20, &[spo2(88), pulse(80)]);
    ward.fresh.clear();
    let newest = ward.reading_of(Judged::Metric(Metric::SpO2));
    ward.voids(newest);
    let open = ward.occurrence(AlarmFamily::SpO2Low);
    assert!(open.frozen);
    ward.fresh.clear();
}

#[test]
fn the_gate_before_the_dose_asks_the_readings_that_stand() {
    // row:24 rule:B7
    let mut ward = TestWard::intake();
    ward.cuff(145, 80);
    ward.at("02:00").cuff(145, 80);
    ward.at("03:00").voids_systolic();
    assert_eq!(ward.ended_why(AlarmFamily::PreDose), ("reading voided", Some("Kim")));
    ward.fresh.clear();
}

#[test]
fn what_a_session_has_measured_can_be_corrected_as_long_as_it_runs() {
    // row:24 Goal: an early cuff and an early hand-taken pulse, after hours of others.
    let mut ward = TestWard::active();
    ward.cuff(205, 95);
    let cuff = ward.reading_of(SYSTOLIC);
    let by_hand = ward.at("01:00").takes("00:00", &[(Metric::PulseRate, 72)])[0];
    for minute in 2..62 {
        ward.at(&format!("{minute:02}:00")).cuff(128, 80);
        ward.takes("00:00", &[(Metric::PulseRate, 74)]);
    }
    ward.voids(cuff);
    ward.amends(by_hand, 70).expect("taken");
    assert_eq!((ward.systolic(), ward.amends(cuff, 130)), (Some(128), Err(Refused::ReadingPast)));
    ward.fresh.clear();
}

#[test]
fn a_reading_of_a_session_that_has_ended_stays_as_it_is_in_its_record() {
    // row:24 row:29 Goal: why not is told, for those that the bed still shows and for the others.
    let mut ward = TestWard::active();
    ward.cuff(130, 80);
    ward.stream(30, &[spo2(97)]);
    let (first, shown) = (ReadingId(1), ward.reading_of(Judged::Metric(Metric::SpO2)));
    ward.at("05:00").cuff(131, 80);
    let cuff = ward.reading_of(SYSTOLIC);
    ward.at("06:00").session_ended();
    ward.at("07:00").cuff(205, 95);
    let walk_in = ward.reading_of(SYSTOLIC);
    ward.fresh.clear();
    for reading in [first, shown, cuff] {
        assert_eq!(ward.amends(reading, 99), Err(Refused::SessionOver), "{reading:?}");
    }
    let one_of_the_stream = ReadingId(shown.0 - 1);
    assert_eq!(ward.amends(one_of_the_stream, 99), Err(Refused::ReadingPast));
    ward.nothing_told();
    ward.voids(walk_in);
    ward.fresh.clear();
}
