//! What decides a reading that awaits its repeat: only the next valid determination of that cuff,
//! or a hand-taken one, and only with the values that violated.

use dosevigil::domain::alarm::AlarmFamily;
use dosevigil::domain::device::Message;
use dosevigil::domain::metric::Metric;
use dosevigil::domain::reading::{Absent, Reading, Validity, ValueSource};

use crate::feed::{Cuff, value};
use crate::support::{BROKER, CUFF_LINE, TestWard};

const FIRST: &str = "05:00 raised bp-high B2 medium active r1";

fn awaiting() -> TestWard {
    let mut ward = TestWard::active();
    ward.at("05:00").cuff(184, 95);
    ward.expect(&[FIRST]);
    ward
}

#[test]
fn a_repeat_in_a_lower_band_makes_that_band_stand() {
    // row:1b row:14 Goal: 184 then 170: this pair confirms B4; still MEDIUM, no new sound.
    let mut ward = awaiting();
    ward.acknowledge(AlarmFamily::BpHigh, "Kim");
    ward.at("06:00").cuff(170, 95);
    ward.expect(&[
        "05:00 acknowledged bp-high B2 medium acknowledged r1",
        "06:00 confirmed bp-high B4 medium acknowledged r2",
    ]);
    assert_eq!(ward.occurrence(AlarmFamily::BpHigh).confirm_until, None);
    ward.at("09:00").nothing_told();
}

#[test]
fn a_band_that_was_there_before_is_there_again() {
    // row:1a row:1b Goal: B4 present, one reading in B2 (rev+1, sounds again), a repeat that is
    // not past B4's clear level: back to B4.
    let mut ward = TestWard::active();
    ward.at("01:00").cuff(170, 95);
    ward.at("02:00").cuff(170, 95);
    ward.acknowledge(AlarmFamily::BpHigh, "Kim");
    ward.at("05:00").cuff(184, 95);
    ward.at("06:00").cuff(162, 95);
    ward.expect(&[
        "02:00 raised bp-high B4 medium active r1",
        "02:00 acknowledged bp-high B4 medium acknowledged r1",
        "05:00 confirming bp-high B2 medium active r2",
        "06:00 confirmed bp-high B4 medium active r3",
    ]);
    ward.at("07:00").cuff(160, 95);
    ward.expect(&["07:00 ended bp-high B4 medium none r3"]);
}

#[test]
fn a_band_that_was_there_before_and_is_past_its_clear_level_ends() {
    // row:1b Goal: the same, with a repeat past every clear level.
    let mut ward = TestWard::active();
    ward.at("01:00").cuff(170, 95);
    ward.at("02:00").cuff(170, 95);
    ward.at("05:00").cuff(184, 95);
    ward.at("06:00").cuff(140, 80);
    ward.expect(&[
        "02:00 raised bp-high B4 medium active r1",
        "05:00 confirming bp-high B2 medium active r2",
        "06:00 ended bp-high B2 medium none r2",
    ]);
}

#[test]
fn another_cuff_decides_nothing_and_a_hand_taken_pressure_does() {
    // row:1b
    let mut ward = awaiting();
    ward.at("05:30").message(BROKER, "other", Cuff::new(140, 80).message());
    ward.nothing_told();
    ward.at("06:00").by_hand(140, 80);
    ward.expect(&["06:00 ended bp-high B2 medium none r1"]);
}

#[test]
fn a_questionable_repeat_may_confirm_but_not_clear() {
    // row:1b row:6 Goal: alarms 14, "a questionable reading may raise, never clear".
    let questionable = |sys| Cuff { validity: Validity::Questionable, ..Cuff::new(sys, 90) };
    let mut ward = awaiting();
    ward.at("05:30").determination(questionable(140));
    ward.nothing_told();
    ward.at("06:00").determination(questionable(185));
    ward.expect(&["06:00 confirmed bp-high B2 high active r2"]);
    ward.at("06:30").determination(questionable(120));
    ward.nothing_told();
}

#[test]
fn a_repeat_without_the_value_that_violated_decides_nothing() {
    // row:1b safety:A6 Goal: missing data never clears: the systolic awaited its repeat, and the
    // next message has a diastolic only, then an invalid pair.
    let mut ward = awaiting();
    let only = |metric, mmhg| Message {
        readings: vec![value(metric, mmhg, ValueSource::Nibp)],
        ..Message::default()
    };
    ward.at("05:30").message(CUFF_LINE, "cuff", only(Metric::NibpDia, 80));
    ward.nothing_told();
    ward.at("06:00").cuff(80, 90);
    assert_eq!(ward.occurrence(AlarmFamily::BpHigh).priority.name(), "medium");
    ward.at("08:00");
    let told: Vec<_> = std::mem::take(&mut ward.fresh);
    let told: Vec<_> = told.iter().map(|it| ward.line(it)).collect();
    let last = told.last().expect("row 1c");
    assert!(last.starts_with("08:00 confirmed bp-high B2 high active r2"), "{told:?}");
}

#[test]
fn a_failed_repeat_decides_nothing() {
    // row:1b row:1c Goal: the cuff says that it has no value; the countdown goes on.
    let mut ward = awaiting();
    let none = |metric| Reading::new(metric, Err(Absent::Unavailable), ValueSource::Nibp);
    let readings = vec![none(Metric::NibpSys), none(Metric::NibpDia), none(Metric::NibpMap)];
    ward.at("06:00").message(CUFF_LINE, "cuff", Message { readings, ..Message::default() });
    ward.at("07:59");
    assert_eq!(ward.occurrence(AlarmFamily::BpHigh).revision, 1);
    ward.at("08:00");
    assert_eq!(ward.occurrence(AlarmFamily::BpHigh).priority.name(), "high");
    ward.fresh.clear();
}

#[test]
fn a_very_high_reading_while_a_repeat_is_awaited_is_high_at_once() {
    // row:13 rule:B1
    let mut ward = awaiting();
    ward.at("05:30").cuff(205, 95);
    ward.expect(&["05:30 escalated bp-high B1 high active r2"]);
    ward.at("06:00").cuff(190, 95);
    ward.expect(&["06:00 updated bp-high B2 high active r3"]);
    ward.at("07:00").cuff(170, 95);
    ward.expect(&["07:00 updated bp-high B4 medium active r4"]);
    ward.at("08:00").cuff(150, 95);
    ward.expect(&["08:00 ended bp-high B4 medium latched r4"]);
}
