//! Alarms that come again and again are said to, and are never silenced for it.

use dosevigil::domain::alarm::AlarmFamily::SpO2Low;
use dosevigil::domain::alarm::occurrence::Signal;

use crate::feed::{pulse, spo2};
use crate::support::{CUFF_LINE, OXIMETER_LINE, TestWard};

fn advisories(ward: &TestWard) -> Vec<String> {
    let view = ward.ward.beds()[0].view(ward.now);
    view.advisories.iter().map(ToString::to_string).collect()
}

/// O2 HIGH and over again, 25 s.
fn dip(ward: &mut TestWard) {
    ward.stream(11, &[pulse(90), spo2(84)]);
    ward.stream(14, &[pulse(90), spo2(97)]);
}

#[test]
fn the_fourth_alarm_of_a_family_in_ten_minutes_says_so_and_sounds() {
    // Goal: alarms 11, flapping: a line of it, an advisory to review the limits; HIGH never
    // suppressed.
    let mut ward = TestWard::active();
    for _ in 0..3 {
        dip(&mut ward);
    }
    assert!(advisories(&ward).is_empty());
    ward.stream(11, &[pulse(90), spo2(84)]);
    let fourth = ward.occurrence(SpO2Low);
    assert_eq!(fourth.lines.last().map(String::as_str), Some("recurring ×4"));
    assert_eq!(fourth.signal, Signal::Active);
    assert_eq!(advisories(&ward), ["Review limits: spo2-low recurring"]);
    ward.stream(10, &[pulse(90), spo2(88)]);
    let lower = ward.occurrence(SpO2Low);
    assert!(lower.lines.contains(&"recurring ×4".to_owned()), "kept with another band");
    ward.fresh.clear();
    ward.stream(600, &[pulse(90), spo2(97)]);
    assert!(advisories(&ward).is_empty());
    ward.fresh.clear();
}

#[test]
fn more_than_ten_alarms_in_a_minute_are_a_flood_that_is_shown() {
    let mut ward = TestWard::without_session();
    for _ in 0..5 {
        for line in [CUFF_LINE, OXIMETER_LINE] {
            ward.link_lost(line, "unplugged");
        }
        ward.advance(std::time::Duration::from_secs(5));
        for line in [CUFF_LINE, OXIMETER_LINE] {
            ward.link_online(line);
        }
        ward.advance(std::time::Duration::from_secs(6));
    }
    assert!(advisories(&ward).is_empty(), "ten lost links");
    (0..3).for_each(|_| ward.reject(CUFF_LINE, reject()));
    assert_eq!(advisories(&ward), ["Alarm flood: 11 in a minute"]);
    ward.fresh.clear();
}

const fn reject() -> dosevigil::domain::device::Reject {
    dosevigil::domain::device::Reject::Checksum
}
