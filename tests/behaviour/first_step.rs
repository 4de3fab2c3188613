//! A new alarm begins at the first step of its escalation, whatever is told of it later.

use dosevigil::domain::alarm::AlarmFamily::{self, BpHigh, MonitoringGap};
use dosevigil::domain::alarm::occurrence::{Change, Subject};

use crate::support::{TestWard, seconds};

/// The steps with which alarms of this family were raised.
fn raised_at(ward: &TestWard, family: AlarmFamily) -> Vec<u8> {
    let step = |subject: &Subject| match subject {
        Subject::Alarm { change: Change::Raised, occurrence } if occurrence.family == family => {
            Some(occurrence.escalation)
        }
        Subject::Alarm { .. } | Subject::Session { .. } => None,
    };
    ward.fresh.iter().filter_map(|told| step(&told.subject)).collect()
}

#[test]
fn an_alarm_is_raised_at_step_0() {
    // row:1 row:23
    let mut ward = TestWard::active();
    ward.at("05:00").cuff(205, 95);
    assert_eq!(raised_at(&ward, BpHigh), [0]);
    ward.fresh.clear();
}

#[test]
fn the_gap_of_a_restart_is_raised_at_step_0_and_stays_there() {
    // row:28
    let mut ward = TestWard::active();
    ward.restart(seconds(4));
    assert_eq!(raised_at(&ward, MonitoringGap), [0]);
    assert_eq!(ward.occurrence(MonitoringGap).escalation, 0);
    ward.fresh.clear();
}
