//! A monitor whose battery is low, and what its lost link means then.

use dosevigil::domain::alarm::AlarmFamily;
use dosevigil::domain::device::StatusCode;

use crate::sensor_off::status;
use crate::support::{OXIMETER_LINE, TestWard};

#[test]
fn a_low_battery_is_medium_until_the_device_takes_it_back() {
    // technical:battery-low
    for (mut ward, priority) in [(TestWard::active(), "medium"), (TestWard::intake(), "low")] {
        ward.message(OXIMETER_LINE, "oximeter", status(StatusCode::LowBattery, true));
        ward.expect(&[&format!("00:00 raised battery-low oximeter {priority} active r1")]);
        ward.at("10:00");
        ward.fresh.clear();
        ward.message(OXIMETER_LINE, "oximeter", status(StatusCode::LowBattery, false));
        ward.expect(&[&format!("10:00 ended battery-low oximeter {priority} none r1")]);
    }
}

#[test]
fn a_link_that_is_lost_with_a_low_battery_is_high_as_soon_as_it_is_told() {
    // technical:battery-low technical:link-down
    let mut ward = TestWard::active();
    ward.message(OXIMETER_LINE, "oximeter", status(StatusCode::LowBattery, true));
    ward.fresh.clear();
    ward.link_lost(OXIMETER_LINE, "no data");
    ward.at("00:03.999").nothing_told();
    ward.at("00:40").expect(&["00:04 raised link-down oximeter T3 high active r1"]);
    let text = &ward.occurrence(AlarmFamily::LinkDown).text;
    assert_eq!(text, "Link down: oximeter (no data; its battery was low)");
}
