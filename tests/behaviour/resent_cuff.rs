//! A cuff's determination counts once, however often it is sent.

use dosevigil::domain::device::Message;
use dosevigil::domain::metric::Metric;
use dosevigil::domain::reading::{Measured, ValueSource};
use dosevigil::domain::time::WallTime;

use crate::feed::{Cuff, dinamap_cuff, dinamap_cuff_pulse, reading};
use crate::support::{BROKER, CUFF_LINE, START, TestWard, seconds};

const FIRST: &str = "05:00 raised bp-high B2 medium active r1";

/// A payload of the device's clock: a determination at second `at`, sent at second `sent`.
fn payload(seq: u32, at: u32, sent: u32, sys: u32) -> String {
    let clock = |second: u32| format!("2026-11-24T08:{:02}:{:02}Z", second / 60, second % 60);
    format!(
        r#"{{"v":1,"device":{{"id":"cuff-07"}},"seq":{seq},"ts":"{}","obs":[{{"sig":"nibp",
            "sys":{sys},"dia":95,"pr":100,"unit":"mmHg","at":"{}"}}]}}"#,
        clock(sent),
        clock(at)
    )
}

#[test]
fn polling_the_same_determination_again_does_not_confirm_it() {
    // row:31 safety:A3 rule:B2 Goal: a cuff that repeats its last determination at each poll, with
    // its age; a decoder made anew (the line was opened again) makes no difference.
    let mut ward = TestWard::active();
    ward.at("05:00");
    for age in 0..60 {
        ward.serial_bytes(&dinamap_cuff(age, 184, 95, 120));
        if age % 20 == 10 {
            ward.decoders = crate::feed::Decoders::new();
        }
        ward.advance(seconds(1));
    }
    ward.expect(&[FIRST]);
    ward.serial_bytes(&dinamap_cuff(0, 184, 95, 120));
    ward.expect(&["06:00 confirmed bp-high B2 high active r2"]);
}

#[test]
fn a_redelivered_message_does_not_confirm_its_determination() {
    // row:31 safety:A3 safety:F4 Goal: the same payload again, and the same determination in a
    // later payload of the device.
    let mut ward = TestWard::active();
    ward.at("05:00").mqtt_payload(&payload(1, 299, 300, 184));
    ward.at("05:20").mqtt_payload(&payload(1, 299, 300, 184));
    ward.at("05:40").mqtt_payload(&payload(2, 299, 340, 184));
    ward.at("06:00").mqtt_payload(&payload(3, 301, 360, 184));
    ward.expect(&[FIRST]);
    ward.at("06:10").mqtt_payload(&payload(4, 369, 370, 184));
    ward.expect(&["06:10 confirmed bp-high B2 high active r2"]);
}

#[test]
fn a_restart_does_not_forget_which_determinations_were_judged() {
    // row:28 row:31 safety:A3
    let mut ward = TestWard::active();
    ward.at("05:00").serial_bytes(&dinamap_cuff(0, 184, 95, 120));
    ward.at("05:10").restart(seconds(10));
    ward.fresh.clear();
    ward.serial_bytes(&dinamap_cuff(20, 184, 95, 120));
    ward.nothing_told();
}

#[test]
fn an_older_determination_is_not_judged() {
    // row:31 Goal: a cuff of before the newest one, by another device: kept for the trend only.
    let mut ward = TestWard::active();
    ward.at("05:00").cuff(128, 80);
    let late = Cuff { measured: Measured::SecondsAgo(120), ..Cuff::new(205, 95) };
    ward.at("06:00").message(BROKER, "other", late.message());
    ward.nothing_told();
    assert_eq!(ward.ward.counts().older, 1);
}

#[test]
fn an_older_message_of_a_device_is_not_judged_and_a_later_one_is() {
    // row:31 safety:F4
    let mut ward = TestWard::active();
    ward.at("05:00").mqtt_payload(&payload(7, 299, 300, 128));
    ward.at("05:30").mqtt_payload(&payload(5, 269, 270, 205));
    ward.nothing_told();
    ward.at("06:00").mqtt_payload(&payload(8, 359, 360, 205));
    ward.expect(&["06:00 raised bp-high B1 high active r1"]);
}

#[test]
fn the_pulse_of_one_determination_is_one_spot_value() {
    // row:31 rule:H1 Goal: H1 takes two spot values; the cuff's pulse polled twice is one, also
    // after the line was opened again.
    let mut ward = TestWard::active();
    ward.at("05:00").serial_bytes(&dinamap_cuff(2, 128, 80, 96));
    ward.serial_bytes(&dinamap_cuff_pulse(130));
    ward.at("05:30").decoders = crate::feed::Decoders::new();
    ward.serial_bytes(&dinamap_cuff(32, 128, 80, 96));
    ward.serial_bytes(&dinamap_cuff_pulse(130));
    ward.nothing_told();
    ward.at("06:00").serial_bytes(&dinamap_cuff(2, 128, 80, 96));
    ward.serial_bytes(&dinamap_cuff_pulse(130));
    ward.expect(&["06:00 raised hr-high H1 medium active r1"]);
}

#[test]
fn the_order_of_values_in_a_message_makes_no_difference() {
    // row:31 rule:H1 Goal: the pulse may stand before the pressures.
    let mut ward = TestWard::active();
    let at = Measured::DeviceClock(WallTime::from_micros(START.wall.as_micros() + 290_000_000));
    let mut readings =
        Cuff { pulse: Some(130), measured: at, ..Cuff::new(128, 80) }.message().readings;
    readings.reverse();
    for clock in ["05:00", "05:30", "06:00"] {
        let readings = readings.clone();
        ward.at(clock).message(CUFF_LINE, "cuff", Message { readings, ..Message::default() });
    }
    ward.nothing_told();
}

#[test]
fn two_different_determinations_are_two() {
    // row:31 Goal: more than five seconds apart, or other figures: the guard is not too wide.
    let mut ward = TestWard::active();
    ward.at("05:00").cuff(184, 95);
    ward.at("05:06").cuff(184, 95);
    ward.expect(&[FIRST, "05:06 confirmed bp-high B2 high active r2"]);
    let lone = reading(Metric::NibpSys, 120, ValueSource::Nibp);
    ward.at("05:08").message(
        CUFF_LINE,
        "cuff",
        Message { readings: vec![lone], ..Message::default() },
    );
    ward.expect(&["05:08 ended bp-high B2 high latched r2"]);
}

/// The same without a number of its own.
fn unnumbered(at: u32, sent: u32, sys: u32) -> String {
    payload(9, at, sent, sys).replace(r#""seq":9,"#, "")
}

#[test]
fn a_step_of_our_wall_clock_loses_no_reading() {
    // row:31 safety:F2 safety:F4
    let mut ward = TestWard::active();
    ward.at("05:00").mqtt_payload(&payload(1, 299, 300, 128));
    ward.now.wall = ward.now.wall.plus(seconds(3600));
    ward.advance(seconds(300));
    ward.mqtt_payload(&payload(2, 599, 600, 205));
    ward.expect(&[
        "10:00 raised bp-high B1 high active r1",
        "10:00 raised device-clock cuff-07 low active r1",
    ]);
}

#[test]
fn a_device_clock_that_is_set_back_loses_no_high_reading() {
    // row:31 safety:F4 Goal: numbered or not, and after one time of the future. A numbered one
    // counts as held back for as long as the clock was set back, until the next one agrees.
    let high = "10:00 raised bp-high B1 high active r1";
    let overdue = "10:00 raised nibp-overdue T1 medium active r1";
    let numbered = [payload(1, 3299, 3300, 128), payload(2, 599, 600, 205)];
    let plain = [unnumbered(3299, 3300, 128), unnumbered(599, 600, 205)];
    let set_back = "10:00 raised device-clock cuff-07 medium active r1";
    for ([before, after], told) in [(numbered, &[high, overdue, set_back][..]), (plain, &[high])] {
        let mut ward = TestWard::active();
        ward.at("05:00").mqtt_payload(&before);
        ward.at("10:00").mqtt_payload(&after);
        ward.expect(told);
    }
}

#[test]
fn a_reading_of_before_the_newest_by_its_clock_clears_nothing() {
    // row:31 safety:F4 Goal: without numbers it may be a late one: it raises, it never clears.
    let mut ward = TestWard::active();
    ward.at("05:00").mqtt_payload(&unnumbered(3299, 3300, 205));
    ward.expect(&["05:00 raised bp-high B1 high active r1"]);
    ward.at("07:00").mqtt_payload(&unnumbered(419, 420, 120));
    ward.nothing_told();
}

#[test]
fn a_device_whose_time_stands_still_is_judged_by_its_figures() {
    // row:31 safety:F4
    let mut ward = TestWard::active();
    ward.at("05:00").mqtt_payload(&payload(1, 299, 300, 128));
    ward.at("06:00").mqtt_payload(&payload(2, 299, 300, 128));
    ward.nothing_told();
    ward.at("10:00").mqtt_payload(&payload(3, 299, 300, 205));
    ward.expect(&["10:00 raised bp-high B1 high active r1"]);
}

#[test]
fn a_determination_after_one_that_was_told_before_is_judged() {
    // row:31 Goal: both in one message, as a device sends its list.
    let at = |second: i64| {
        Measured::DeviceClock(WallTime::from_micros(START.wall.as_micros() + second * 1_000_000))
    };
    let cuff = |second, sys| Cuff { measured: at(second), ..Cuff::new(sys, 80) }.message().readings;
    let mut ward = TestWard::active();
    let message = |readings| Message { readings, ..Message::default() };
    ward.at("05:00").message(BROKER, "list", message(cuff(290, 128)));
    let both = [cuff(290, 128), cuff(590, 205)].concat();
    ward.at("10:00").message(BROKER, "list", message(both));
    ward.expect(&["10:00 raised bp-high B1 high active r1"]);
}
