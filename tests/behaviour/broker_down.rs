//! A lost broker is one alarm of the service, and all values that came through it are withdrawn.

use dosevigil::domain::alarm::AlarmFamily;
use dosevigil::domain::bed::Watch;
use dosevigil::domain::device::Message;
use dosevigil::domain::ids::BedIndex;
use dosevigil::domain::input::Input;
use dosevigil::domain::view::Freshness;

use crate::feed::{heart, pulse};
use crate::support::{BROKER, START, TestWard, device, ketamine_iv, plan, seconds};

const BEDS: u32 = 3;

fn three_beds() -> TestWard {
    TestWard::of(plan(BEDS, Watch::Always, &ketamine_iv()), START)
}

fn send_all(ward: &mut TestWard, samples: u64) {
    for _ in 0..samples {
        for bed in 0..BEDS {
            let message = Message { readings: vec![heart(80)], ..Message::default() };
            let device = device(&format!("ecg-{bed}"));
            ward.input(&Input::Message { bed: BedIndex(bed), source: BROKER, device, message });
        }
        ward.advance(seconds(1));
    }
}

fn states(ward: &TestWard) -> Vec<Freshness> {
    ward.ward.beds().iter().map(|bed| bed.view(ward.now).vitals[3].state).collect()
}

#[test]
fn a_lost_broker_is_one_service_wide_alarm() {
    // technical:link-down
    // rule:T3 safety:S3 Goal: MEDIUM at 4 s, HIGH at 30 s, never lowered; nothing per bed.
    let mut ward = three_beds();
    send_all(&mut ward, 60);
    ward.link_lost(BROKER, "connection refused");
    assert_eq!(states(&ward), [Freshness::Removed; 3]);
    ward.at("02:00").expect(&[
        "01:04 service raised link-down clinic T3 medium active r1",
        "01:30 service escalated link-down clinic T3 high active r2",
    ]);
    let alarm = ward.occurrence(AlarmFamily::LinkDown);
    assert_eq!(
        (alarm.bed.as_ref(), alarm.text.as_str()),
        (None, "Link down: clinic (connection refused)")
    );
}

#[test]
fn a_broker_that_is_back_ends_it_and_the_values_are_live_again() {
    // rule:T3 safety:S3 row:8 Goal: no alarm per value in the moment between link and first value.
    let mut ward = three_beds();
    send_all(&mut ward, 60);
    ward.link_lost(BROKER, "connection refused");
    ward.at("02:00");
    ward.fresh.clear();
    ward.link_online(BROKER);
    ward.expect(&["02:00 service ended link-down clinic T3 high latched r2"]);
    ward.advance(seconds(1));
    send_all(&mut ward, 20);
    assert_eq!(states(&ward), [Freshness::Live; 3]);
    ward.nothing_told();
    ward.acknowledge(AlarmFamily::LinkDown, "Kim");
    ward.expect(&["02:21 service acknowledged link-down clinic T3 high none r2"]);
}

#[test]
fn a_serial_line_of_the_same_bed_is_not_concerned() {
    // rule:T3 Goal: only what came through the broker is withdrawn.
    let mut ward = three_beds();
    ward.stream(30, &[pulse(80)]);
    ward.link_lost(BROKER, "connection refused");
    assert_eq!(states(&ward)[0], Freshness::Live);
}

#[test]
fn a_broker_that_is_absent_at_start_is_told_too() {
    // safety:S4 rule:T3
    let mut ward = three_beds();
    ward.link_lost(BROKER, "connection refused");
    ward.at("00:05").expect(&["00:04 service raised link-down clinic T3 medium active r1"]);
}
