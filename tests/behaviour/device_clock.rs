//! A device's own clock: steadily off it is told once and its values are live; set back, its order
//! is broken; what was held back is judged and never painted live.

use dosevigil::domain::alarm::AlarmFamily;
use dosevigil::domain::device::Message;
use dosevigil::domain::input::{FaultState, Input, ServiceFault};
use dosevigil::domain::metric::Metric;
use dosevigil::domain::reading::{Measured, Reading};
use dosevigil::domain::time::WallTime;
use dosevigil::domain::view::{Freshness, VitalView};

use crate::feed::{Cuff, pulse, spo2};
use crate::support::{BED, BROKER, TestWard, seconds};

/// A message of a device whose clock is so many seconds behind ours.
fn sent(ward: &mut TestWard, behind: i64, readings: &[Reading]) {
    let at = WallTime::from_micros(ward.now.wall.as_micros() - behind * 1_000_000);
    let message = Message { sent: Some(at), readings: readings.to_vec(), ..Message::default() };
    ward.message(BROKER, "monitor", message);
}

fn stream(ward: &mut TestWard, samples: u64, behind: i64) {
    for _ in 0..samples {
        sent(ward, behind, &[spo2(97)]);
        ward.advance(seconds(1));
    }
}

fn saturation(ward: &TestWard) -> VitalView {
    let view = ward.ward.beds()[BED.0 as usize].view(ward.now);
    view.vitals.into_iter().find(|it| it.metric == Metric::SpO2).expect("a fixed place")
}

fn beside_link(ward: &TestWard) -> Option<String> {
    let view = ward.ward.beds()[BED.0 as usize].view(ward.now);
    view.links.iter().find_map(|link| link.why.as_ref().map(ToString::to_string))
}

#[test]
fn a_steady_offset_is_advised_from_five_seconds_and_told_from_sixty() {
    // technical:device-clock safety:F2 Goal: behind and ahead; 1970 and an hour of summer time too.
    let table = [
        (5, None, false),
        (6, Some("its clock is 6 s behind"), false),
        (-6, Some("its clock is 6 s ahead"), false),
        (60, Some("its clock is 1 min behind"), false),
        (61, Some("its clock is 1 min behind"), true),
        (3_600, Some("its clock is 1 h 0 min behind"), true),
        (-3_600, Some("its clock is 1 h 0 min ahead"), true),
        (1_795_507_200, Some("its clock is 498752 h 0 min behind"), true),
    ];
    for (behind, advised, told) in table {
        let mut ward = TestWard::active();
        stream(&mut ward, 20, behind);
        let line = "00:01 raised device-clock monitor low active r1";
        ward.expect(&[line][..usize::from(told)]);
        assert_eq!(beside_link(&ward).as_deref(), advised, "{behind}");
        assert_eq!(saturation(&ward).state, Freshness::Live, "{behind}");
    }
}

#[test]
fn it_names_the_offset_and_ends_when_the_clock_was_put_right() {
    // technical:device-clock safety:F2
    let mut ward = TestWard::active();
    stream(&mut ward, 10, 3_600);
    ward.expect(&["00:01 raised device-clock monitor low active r1"]);
    let text = &ward.occurrence(AlarmFamily::DeviceClock).text;
    assert_eq!(text, "Clock of monitor: 1 h 0 min behind");
    stream(&mut ward, 2, 0);
    ward.expect(&["00:11 ended device-clock monitor low none r1"]);
}

#[test]
fn a_clock_that_was_set_back_is_medium_while_its_order_is_broken() {
    // technical:device-clock safety:F2 safety:F4 Goal: by two minutes; then the order holds for a
    // minute, and what is left is the offset.
    let mut ward = TestWard::active();
    stream(&mut ward, 10, 0);
    stream(&mut ward, 3, 120);
    ward.expect(&["00:11 raised device-clock monitor medium active r1"]);
    stream(&mut ward, 60, 120);
    ward.expect(&["01:11 updated device-clock monitor low active r2"]);
}

#[test]
fn what_was_held_back_is_judged_with_its_age_and_never_painted_live() {
    // safety:F2 rule:B1 Goal: a gateway held a cuff's reading of 01:00 back for 60 s and for 61 s.
    for (held_back, live) in [(60, true), (61, false)] {
        let mut ward = TestWard::active();
        stream(&mut ward, 10, 0);
        ward.at("01:00").advance(seconds(held_back));
        let at = ward.now.wall.minus(seconds(held_back));
        let cuff = Cuff::new(205, 95).message();
        ward.message(BROKER, "monitor", Message { sent: Some(at), ..cuff });
        let lines: Vec<_> = ward.fresh.iter().map(|it| ward.line(it)).collect();
        assert!(lines.iter().any(|it| it.contains("raised bp-high B1 high")), "{lines:?}");
        assert!(!lines.iter().any(|it| it.contains("device-clock")), "{lines:?}");
        let told = &ward.occurrence(AlarmFamily::BpHigh).lines;
        assert_eq!(told.iter().any(|it| it == "measured 1 min ago"), !live, "{told:?}");
        let view = ward.ward.beds()[BED.0 as usize].view(ward.now);
        assert_eq!(view.vitals[0].state == Freshness::Live, live);
        ward.fresh.clear();
    }
}

#[test]
fn the_offset_is_taken_off_the_age_of_a_measurement() {
    // safety:F2 Goal: a cuff an hour behind that measured 20 s before it sent.
    let mut ward = TestWard::active();
    stream(&mut ward, 3, 3_600);
    ward.fresh.clear();
    let sent_at = WallTime::from_micros(ward.now.wall.as_micros() - 3_600_000_000);
    let measured = Measured::DeviceClock(sent_at.minus(seconds(20)));
    let cuff = Cuff { measured, ..Cuff::new(120, 80) }.message();
    ward.message(BROKER, "monitor", Message { sent: Some(sent_at), ..cuff });
    let view = ward.ward.beds()[BED.0 as usize].view(ward.now);
    assert_eq!(view.vitals[0].age, Some(seconds(20)));
}

#[test]
fn a_step_of_our_own_clock_changes_no_timer_and_is_told_for_ten_minutes() {
    // technical:service-clock safety:F3 row:30 Goal: by an hour and a day, both ways, to 1970.
    for step in [3_600, -3_600, 86_400, -86_400, -1_795_507_200_i64] {
        let mut ward = TestWard::active();
        ward.stream(5, &[pulse(150)]);
        ward.now.wall = WallTime::from_micros(ward.now.wall.as_micros() + step * 1_000_000);
        let state = FaultState::Present { why: "stepped".into() };
        ward.input(&Input::Service { fault: ServiceFault::ClockStepped, state });
        ward.expect(&["00:05 service raised service-clock clock-stepped low active r1"]);
        ward.stream(11, &[pulse(150)]);
        ward.expect(&["00:15 raised hr-high H2 high active r1"]);
        ward.at("10:05");
        let lines: Vec<_> = ward.fresh.iter().map(|it| ward.line(it)).collect();
        let ended = "10:05 service ended service-clock clock-stepped low none r1";
        assert!(lines.iter().any(|it| it == ended), "{lines:?}");
        ward.fresh.clear();
    }
}
