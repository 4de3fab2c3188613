//! Missing data never ends, lowers or acknowledges an alarm.

use dosevigil::domain::alarm::AlarmFamily;
use dosevigil::domain::alarm::occurrence::Signal;
use dosevigil::domain::metric::Metric;
use dosevigil::domain::reading::ValueSource;

use crate::feed::{absent, pulse, reading};
use crate::support::{CUFF_LINE, OXIMETER_LINE, TestWard, seconds};

/// H1 present at 00:30, the next sample due then.
fn high_pulse() -> TestWard {
    let mut ward = TestWard::active();
    ward.stream(30, &[pulse(130)]);
    ward.expect(&["00:30 raised hr-high H1 medium active r1"]);
    ward
}

const NO_PULSE: ValueSource = ValueSource::Pleth;

#[test]
fn an_alarm_whose_input_says_no_value_stays_and_is_marked() {
    // row:9 safety:A6 Goal: at the first absent sample; the next valid one takes the mark off.
    let mut ward = high_pulse();
    ward.stream(1, &[absent(Metric::PulseRate, NO_PULSE)]);
    ward.stream(3, &[pulse(130)]);
    ward.expect(&[
        "00:30 frozen hr-high H1 medium active r1 frozen",
        "00:31 thawed hr-high H1 medium active r1",
    ]);
}

#[test]
fn a_value_outside_its_plausible_band_is_missing() {
    // row:9 safety:S1 Goal: 320 is no pulse; the alarm stays.
    let mut ward = high_pulse();
    ward.stream(1, &[reading(Metric::PulseRate, 320, NO_PULSE)]);
    ward.expect(&[
        "00:30 frozen hr-high H1 medium active r1 frozen",
        "00:30 raised implausible pulse low active r1",
    ]);
}

#[test]
fn an_alarm_whose_input_falls_silent_stays_for_good() {
    // row:9 safety:A6 Goal: grey after 5 s, "no value" after 10 s, and the alarm a day later.
    let mut ward = high_pulse();
    ward.at("00:50").expect(&[
        "00:34 frozen hr-high H1 medium active r1 frozen",
        "00:39 raised no-value pulse T3 medium active r1",
    ]);
    ward.advance(seconds(24 * 3600));
    ward.fresh.clear();
    let alarm = ward.occurrence(AlarmFamily::HrHigh);
    assert_eq!((alarm.signal, alarm.frozen, alarm.revision), (Signal::Active, true, 1));
}

#[test]
fn a_clear_delay_does_not_run_out_over_missing_data() {
    // row:8 row:9 Goal: five seconds past the clear level, then silence: present again; after the
    // gap the clear delay starts from 0.
    let mut ward = high_pulse();
    ward.stream(5, &[pulse(80)]);
    ward.at("00:44");
    ward.stream(10, &[pulse(80)]);
    ward.expect(&[
        "00:30 clearing hr-high H1 medium active r1",
        "00:39 returned hr-high H1 medium active r1 frozen",
        "00:44 clearing hr-high H1 medium active r1",
        "00:54 ended hr-high H1 medium none r1",
    ]);
}

#[test]
fn a_lost_line_freezes_the_alarm_at_once() {
    // row:9 safety:A6
    let mut ward = high_pulse();
    ward.link_lost(OXIMETER_LINE, "unplugged");
    ward.expect(&["00:30 frozen hr-high H1 medium active r1 frozen"]);
    ward.at("00:33");
    ward.link_online(OXIMETER_LINE);
    ward.stream(2, &[pulse(130)]);
    ward.expect(&["00:33 thawed hr-high H1 medium active r1"]);
}

#[test]
fn a_gap_shorter_than_fifteen_seconds_does_not_stop_a_running_delay() {
    // row:10 row:11 rule:H1 Goal: 20 s of 130, a gap of 12 s, the next 130 at 32 s.
    let mut ward = TestWard::active();
    ward.stream(20, &[pulse(130)]);
    ward.at("00:32");
    ward.stream(1, &[pulse(130)]);
    ward.expect(&[
        "00:29 raised no-value pulse T3 medium active r1",
        "00:32 raised hr-high H1 medium active r1",
        "00:32 clearing no-value pulse T3 medium active r1",
    ]);
    ward.stream(5, &[pulse(130)]);
    ward.expect(&["00:34 ended no-value pulse T3 medium none r1"]);
}

#[test]
fn a_longer_gap_starts_the_delay_again() {
    // row:10 row:11 row:12 Goal: unknown for 15 s or more: no credit; a sample inside the limits
    // leaves nothing pending.
    let mut ward = TestWard::active();
    ward.stream(20, &[pulse(130)]);
    ward.at("00:45");
    ward.stream(29, &[pulse(130)]);
    ward.fresh.retain(|it| !ward_line_is_technical(it));
    ward.nothing_told();
    ward.stream(1, &[pulse(130)]);
    ward.expect(&["01:15 raised hr-high H1 medium active r1"]);
}

fn ward_line_is_technical(transition: &dosevigil::domain::alarm::occurrence::Transition) -> bool {
    use dosevigil::domain::alarm::occurrence::Subject;
    matches!(&transition.subject, Subject::Alarm { occurrence, .. }
        if occurrence.family == AlarmFamily::NoValue)
}

#[test]
fn a_cuff_alarm_lives_on_when_its_reading_grows_old() {
    // row:9 safety:A6 Goal: alarms 14, "age never ends it"; the line is cut, the day passes. The
    // acknowledgement has long been voided by its reminders (row 20).
    let mut ward = TestWard::active();
    ward.at("05:00").cuff(205, 95);
    ward.acknowledge(AlarmFamily::BpHigh, "Kim");
    ward.link_lost(CUFF_LINE, "unplugged");
    ward.advance(seconds(24 * 3600));
    ward.fresh.clear();
    let alarm = ward.occurrence(AlarmFamily::BpHigh);
    assert_eq!((alarm.signal, alarm.priority.name()), (Signal::Active, "high"));
}

#[test]
fn two_cuffs_and_one_grown_old_leave_the_alarm_of_the_other_current() {
    // row:9 Goal: an alarm is marked only when the newest of its readings is old.
    let mut ward = TestWard::active();
    ward.at("00:10").by_hand(120, 80);
    for minute in [5, 9, 13, 17] {
        ward.at(&format!("{minute:02}:00")).cuff(205, 95);
    }
    ward.at("20:00").expect(&["05:00 raised bp-high B1 high active r1"]);
    assert!(!ward.occurrence(AlarmFamily::BpHigh).frozen);
}
