//! A device that never comes back: what is told of it ends a day later, once somebody has
//! acknowledged it. No alarm stands for ever.

use dosevigil::domain::alarm::AlarmFamily;
use dosevigil::domain::device::StatusCode;
use dosevigil::domain::input::{Input, LinkChange};

use crate::sensor_off::status;
use crate::support::{BED, BROKER, CUFF_LINE, TestWard, device, seconds};

const DAY: u64 = 24 * 60 * 60;

fn offline(ward: &mut TestWard) {
    let change = LinkChange::Lost { since: ward.now, why: "device says offline".into() };
    let device = Some(device("old"));
    ward.input(&Input::Link { bed: Some(BED), source: BROKER, device, change });
}

#[test]
fn its_acknowledged_alarms_end_after_a_day_and_unacknowledged_ones_stand() {
    // technical:link-down technical:battery-low
    for acknowledged in [true, false] {
        let mut ward = TestWard::without_session();
        ward.message(BROKER, "old", status(StatusCode::LowBattery, true));
        offline(&mut ward);
        ward.at("00:40");
        if acknowledged {
            ward.acknowledge(AlarmFamily::LinkDown, "Kim");
            ward.acknowledge(AlarmFamily::BatteryLow, "Kim");
        }
        ward.advance(seconds(DAY - 120));
        assert!(ward.find(AlarmFamily::LinkDown).is_some());
        ward.advance(seconds(240));
        let stands = [AlarmFamily::LinkDown, AlarmFamily::BatteryLow]
            .map(|family| ward.find(family).is_some());
        assert_eq!(stands, [!acknowledged; 2]);
        ward.fresh.clear();
    }
}

#[test]
fn a_serial_line_of_the_configuration_is_never_forgotten() {
    // technical:link-down
    let mut ward = TestWard::without_session();
    ward.link_lost(CUFF_LINE, "unplugged");
    ward.at("00:40").acknowledge(AlarmFamily::LinkDown, "Kim");
    ward.advance(seconds(2 * DAY));
    assert!(ward.find(AlarmFamily::LinkDown).is_some());
    ward.fresh.clear();
}
