//! Nasal devices: each once, in order, with a rest between; the clock starts at the first one.

use dosevigil::domain::act::Refused;
use dosevigil::domain::session::checks::Missing;
use dosevigil::domain::session::dose::DoseOrder;

use crate::dosing::{device, given, mg, missing, wall};
use crate::support::{START, TestWard, span};

#[test]
fn eighty_four_milligrams_are_three_devices_and_the_clock_starts_at_the_first() {
    // row:25 Goal: clinical 1.3, contract 3.2: active 90 min and observed 120 min from device 1.
    let mut ward = TestWard::nasal().made_ready();
    for (clock, number) in [("02:00", 1), ("07:00", 2), ("12:30", 3)] {
        ward.at(clock).gives(device(number));
        let told = format!("dose Kim: device {number}: - > 28 mg, lot L1");
        assert_eq!(ward.dose_notes(), [told]);
    }
    assert_eq!((ward.phase_shown(), ward.minutes_since_dose()), ("active", Some(10)));
    ward.at("91:59").expect_session(&[]);
    ward.at("121:59").expect_session(&["92:00 session phase recovery"]);
    ward.at("122:00").expect_session(&["122:00 session phase discharge"]);
}

#[test]
fn a_device_before_the_rest_is_over_is_stopped_until_then() {
    let mut ward = TestWard::nasal().made_ready();
    ward.at("02:00").gives(device(1));
    ward.fresh.clear();
    let answer = ward.at("06:59").orders(device(2));
    let until = START.plus(span("07:00"));
    let missing = vec![Missing::DeviceRest { until }];
    assert_eq!(answer, Err(Refused::NotReady { missing }));
    ward.nothing_told();
    given(ward.lead_orders(device(2)));
    let told = "dose Lee: device 2, override: device rest: - > 28 mg, lot L1";
    assert_eq!(ward.dose_notes(), [told]);
    // The rest counts from the newest one.
    assert_eq!(self::missing(ward.at("11:58").orders(device(3))), ["device rest"]);
    ward.at("11:59").gives(device(3));
    ward.fresh.clear();
}

#[test]
fn devices_out_of_order_are_refused() {
    let mut ward = TestWard::nasal().made_ready();
    assert_eq!(ward.orders(device(2)), Err(Refused::BadValue));
    assert_eq!(ward.orders(device(0)), Err(Refused::BadValue));
    ward.at("02:00").gives(device(1));
    ward.at("10:00");
    let table = [
        (device(1), Refused::AlreadySo),
        (device(3), Refused::BadValue),
        (device(4), Refused::BadValue),
        // Before the first one.
        (DoseOrder { started: Some(wall("01:30")), ..device(2) }, Refused::BadTime),
    ];
    for (order, refused) in table {
        assert_eq!(ward.orders(order.clone()), Err(refused), "{order:?}");
    }
    ward.fresh.clear();
    let mut ward = TestWard::im().made_ready();
    assert_eq!(ward.orders(device(1)), Err(Refused::BadValue));
}

#[test]
fn a_spray_without_a_number_rests_as_well() {
    let mut ward = TestWard::nasal().made_ready();
    ward.at("02:00").gives(mg(25));
    assert_eq!(missing(ward.at("06:00").orders(mg(25))), ["device rest"]);
    ward.at("07:00").gives(mg(25));
    ward.fresh.clear();
}

#[test]
fn beside_numbered_devices_a_dose_without_a_number_is_refused() {
    // Goal: no fourth device of 28 mg after the three of 84 mg, and none that may be one of them.
    let mut ward = TestWard::nasal().made_ready();
    for (clock, number) in [("02:00", 1), ("07:00", 2), ("12:00", 3)] {
        ward.at(clock).gives(device(number));
        assert_eq!(ward.lead_orders(mg(28)), Err(Refused::BadValue), "after {number}");
    }
    ward.fresh.clear();
}

/// When T2 is told by 60:00.
fn told_of_the_timed_reading(ward: &mut TestWard) -> Vec<String> {
    ward.at("60:00");
    let told = std::mem::take(&mut ward.fresh);
    let lines = told.iter().map(|it| ward.line(it));
    lines.filter(|it| it.contains("raised timed-reading")).collect()
}

#[test]
fn a_second_device_that_is_delayed_delays_neither_the_reading_nor_the_phase() {
    // rule:T2 technical:timed-reading
    let mut ward = TestWard::nasal().made_ready();
    ward.at("02:00").gives(device(1));
    ward.at("32:00").gives(device(2));
    assert_eq!(ward.minutes_since_dose(), Some(30));
    let told = told_of_the_timed_reading(&mut ward);
    assert_eq!(told, ["47:00 raised timed-reading T2 T2 medium active r1"]);
    ward.at("92:00");
    assert_eq!(ward.phase_shown(), "recovery");
    ward.fresh.clear();
}

#[test]
fn a_first_device_that_was_not_given_leaves_the_clock_to_the_second() {
    // rule:T2 technical:timed-reading
    let mut ward = TestWard::nasal().made_ready();
    let first = ward.at("02:00").gives(device(1));
    ward.at("08:00").gives(device(2));
    ward.at("10:00").voids_dose(first).expect("it counts");
    assert_eq!(ward.minutes_since_dose(), Some(2));
    let told = told_of_the_timed_reading(&mut ward);
    assert_eq!(told, ["53:00 raised timed-reading T2 T2 medium active r1"]);
    ward.at("97:59");
    assert_eq!(ward.phase_shown(), "active");
    ward.at("98:00");
    assert_eq!(ward.phase_shown(), "recovery");
    ward.fresh.clear();
}

#[test]
fn a_dose_that_was_voided_asks_for_no_timed_reading() {
    // rule:T2 technical:timed-reading
    let mut ward = TestWard::nasal().made_ready();
    let only = ward.at("02:00").gives(device(1));
    ward.at("50:00").voids_dose(only).expect("it counts");
    let told: Vec<_> = ward.fresh.iter().map(|it| ward.line(it)).collect();
    let of_it: Vec<_> = told
        .iter()
        .filter(|it| it.contains(" timed-reading ") && !it.contains("stepped-up"))
        .collect();
    assert_eq!(
        of_it,
        [
            "47:00 raised timed-reading T2 T2 medium active r1",
            "50:00 ended timed-reading T2 T2 medium none r1",
        ]
    );
    ward.fresh.clear();
}

#[test]
fn a_device_that_was_taken_back_is_entered_again_at_once() {
    let mut ward = TestWard::nasal().made_ready();
    let wrong = ward.at("02:00").gives(device(1));
    ward.at("02:30").undoes(wrong).expect("in time");
    ward.gives(device(1));
    let told = ward.dose_notes();
    assert_eq!(told[1], "dose-changed Kim: device 1: 28 mg, lot L1 > taken back");
    assert_eq!(told.len(), 3);
}
