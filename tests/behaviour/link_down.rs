//! An unplugged line is told after four seconds, gets worse at thirty, and heals.

use dosevigil::domain::alarm::AlarmFamily::{LinkDown, NoValue};
use dosevigil::domain::alarm::occurrence::Signal;
use dosevigil::domain::input::LinkChange;
use dosevigil::domain::time::Stamp;
use dosevigil::domain::view::Freshness;

use crate::feed::{pulse, spo2};
use crate::support::{BED, OXIMETER_LINE, TestWard};

fn unplugged(mut ward: TestWard) -> TestWard {
    ward.stream(60, &[pulse(80), spo2(97)]);
    ward.link_lost(OXIMETER_LINE, "unplugged");
    ward.nothing_told();
    ward
}

fn states(ward: &TestWard) -> Vec<Freshness> {
    let view = ward.ward.beds()[BED.0 as usize].view(ward.now);
    view.vitals[3..5].iter().map(|vital| vital.state).collect()
}

#[test]
fn an_unplugged_line_is_told_after_four_seconds_and_is_high_at_thirty() {
    // technical:link-down
    // rule:T3 safety:S5 Goal: one alarm, no "no value" lines beside it, numbers gone at once.
    let mut ward = unplugged(TestWard::active());
    assert_eq!(states(&ward), [Freshness::Removed; 2]);
    ward.at("01:03.999").nothing_told();
    ward.at("01:04").expect(&["01:04 raised link-down oximeter T3 medium active r1"]);
    assert_eq!(ward.occurrence(LinkDown).text, "Link down: oximeter (unplugged)");
    ward.at("01:30").expect(&["01:30 escalated link-down oximeter T3 high active r2"]);
    ward.at("05:00").nothing_told();
    assert!(ward.find(NoValue).is_none());
}

#[test]
fn the_alarm_names_the_first_cause_and_not_the_vain_attempts_to_open_the_line_again() {
    // rule:T3 Goal: "unplugged" helps a nurse; "no such device" is what follows from it.
    let mut ward = unplugged(TestWard::active());
    ward.at("01:02").link_lost(OXIMETER_LINE, "no such device");
    ward.at("01:04").expect(&["01:04 raised link-down oximeter T3 medium active r1"]);
    assert_eq!(ward.occurrence(LinkDown).text, "Link down: oximeter (unplugged)");
}

#[test]
fn before_the_dose_it_is_one_lower() {
    // rule:T3 row:13 Goal: alarms 13, "one lower"; the dose raises it.
    let mut ward = unplugged(TestWard::intake());
    ward.at("01:30").expect(&[
        "01:04 raised link-down oximeter T3 low active r1",
        "01:30 escalated link-down oximeter T3 medium active r2",
    ]);
    ward.at("02:00").dose();
    ward.expect(&[
        "02:00 session dose intake",
        "02:00 session phase active",
        "02:00 escalated link-down oximeter T3 high active r3",
    ]);
}

#[test]
fn a_line_that_is_back_ends_it_and_an_unacknowledged_high_stays_latched() {
    // rule:T3 row:8
    let mut ward = unplugged(TestWard::active());
    ward.at("01:31");
    ward.fresh.clear();
    ward.link_online(OXIMETER_LINE);
    ward.expect(&["01:31 ended link-down oximeter T3 high latched r2"]);
    ward.stream(20, &[pulse(80), spo2(97)]);
    ward.nothing_told();
    assert_eq!(states(&ward), [Freshness::Live; 2]);
    assert_eq!(ward.occurrence(LinkDown).signal, Signal::Latched);
}

#[test]
fn an_acknowledged_one_that_heals_leaves_nothing() {
    // rule:T3 row:15
    let mut ward = unplugged(TestWard::active());
    ward.at("01:31");
    ward.acknowledge(LinkDown, "Kim");
    ward.link_online(OXIMETER_LINE);
    ward.fresh.clear();
    assert!(ward.find(LinkDown).is_none());
}

#[test]
fn a_short_loss_is_not_told() {
    // rule:T3 Goal: back within four seconds.
    let mut ward = unplugged(TestWard::active());
    ward.at("01:03");
    ward.link_online(OXIMETER_LINE);
    ward.stream(30, &[pulse(80), spo2(97)]);
    ward.nothing_told();
}

#[test]
fn trying_to_open_the_line_again_is_the_same_loss() {
    // rule:T3 safety:S5 Goal: reopened every second, one alarm and its steps count on.
    let mut ward = unplugged(TestWard::active());
    for _ in 0..60 {
        ward.advance(crate::support::seconds(1));
        ward.link(OXIMETER_LINE, LinkChange::Opening);
        ward.link_lost(OXIMETER_LINE, "no such port");
    }
    ward.expect(&[
        "01:04 raised link-down oximeter T3 medium active r1",
        "01:30 escalated link-down oximeter T3 high active r2",
    ]);
}

#[test]
fn a_loss_that_was_found_late_is_told_at_once() {
    // rule:T3 safety:S3 Goal: silence found after 10 s counts from its first sign.
    let mut ward = TestWard::active();
    ward.stream(60, &[pulse(80)]);
    ward.at("01:09");
    let since = Stamp { mono: ward.now.mono.minus(crate::support::seconds(9)), ..ward.now };
    ward.link(OXIMETER_LINE, LinkChange::Lost { since, why: "silent".into() });
    ward.expect(&["01:09 raised link-down oximeter T3 medium active r1"]);
    ward.at("01:30").expect(&["01:30 escalated link-down oximeter T3 high active r2"]);
}

#[test]
fn a_healed_line_whose_sensor_stays_silent_is_told_within_ten_seconds() {
    // rule:T3 safety:S3 Goal: the alarm of the line does not hide a sensor that stays away; an
    // up and down line does not either.
    let mut ward = unplugged(TestWard::active());
    ward.at("01:31");
    ward.acknowledge(LinkDown, "Kim");
    ward.link_online(OXIMETER_LINE);
    ward.fresh.clear();
    ward.at("01:38").nothing_told();
    ward.link_lost(OXIMETER_LINE, "unplugged");
    ward.at("01:40");
    ward.link_online(OXIMETER_LINE);
    ward.nothing_told();
    ward.at("01:42").expect(&[
        "01:41 raised no-value pulse T3 medium active r1",
        "01:41 raised no-value spo2 T3 medium active r1",
    ]);
}
