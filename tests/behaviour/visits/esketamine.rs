//! Esketamine 84 mg: three devices with rests of 5 minutes, the reading at 40 minutes, two hours
//! from the first device.

use dosevigil::domain::act::Refused;
use dosevigil::domain::alarm::rule::Phase;
use dosevigil::domain::session::checks::Missing;

use super::visit::{BOTH, Visit, device};

/// Three devices at minutes 2, 7 and 12.
fn dosed(visit: &mut Visit) {
    visit.accepts_a_baseline();
    visit.gives(device(1)).expect("all gates are passed");
    let early = visit.gives(device(2));
    assert!(
        matches!(&early, Err(Refused::NotReady { missing })
            if matches!(missing[..], [Missing::DeviceRest { .. }])),
        "{early:?}"
    );
    visit.until(7);
    visit.gives(device(2)).expect("5 minutes have passed");
    visit.until(12);
    visit.gives(device(3)).expect("5 minutes have passed");
}

#[test]
fn three_devices_the_40_minute_reading_and_two_hours_from_the_first_device() {
    // rule:T2
    for taken in BOTH {
        let mut visit = Visit::arrives(taken, "esketamine", "nasal", "esketamine-nasal");
        dosed(&mut visit);
        for minute in [17, 32, 42, 57, 72, 87] {
            visit.until(minute);
            visit.pressure(136, 85);
            assert_eq!(visit.phase(), Some(Phase::Active), "{taken:?} at {minute} min");
        }
        visit.until(93);
        assert_eq!(visit.phase(), Some(Phase::Recovery), "90 minutes from the first device");
        visit.until(102);
        visit.pressure(130, 82);
        visit.until(117);
        visit.pressure(126, 80);
        assert_eq!(visit.missing_to_leave(), ["observation"]);
        visit.until(122);
        visit.pressure(124, 79);
        visit.acknowledges_all();
        visit.leaves().expect("two hours have passed");
        assert!(!visit.raised.contains(&"timed-reading"), "{:?}", visit.raised);
        assert!(!visit.raised.contains(&"bp-high"), "{:?}", visit.raised);
    }
}

#[test]
fn a_40_minute_reading_that_was_not_taken_is_an_alarm_and_blocks_the_discharge() {
    // rule:T2
    for taken in BOTH {
        let mut visit = Visit::arrives(taken, "esketamine", "nasal", "esketamine-nasal");
        dosed(&mut visit);
        visit.until(17);
        visit.pressure(130, 82);
        visit.until(49);
        assert!(visit.raised.contains(&"timed-reading"), "{taken:?}: {:?}", visit.raised);
    }
}
