//! A high cuff reading after the dose asks for a re-measure, and the repeat decides.

use dosevigil::domain::alarm::AlarmFamily;

use crate::support::{TestWard, span};

const FIRST: &str = "05:00 raised bp-high B2 medium active r1";

fn after_a_high_reading() -> TestWard {
    let mut ward = TestWard::active();
    ward.at("05:00").cuff(184, 95);
    ward.expect(&[FIRST]);
    ward
}

#[test]
fn a_high_cuff_reading_asks_for_a_re_measure() {
    // row:1a rule:B2 Goal: MEDIUM at once, with the words and the countdown of 180 s.
    let ward = after_a_high_reading();
    let alarm = ward.occurrence(AlarmFamily::BpHigh);
    assert_eq!(alarm.lines, ["re-cuff now"]);
    let until = alarm.confirm_until.expect("a countdown");
    assert_eq!(until.mono.since(alarm.onset.mono), span("03:00"));
    assert_eq!(until.wall, alarm.onset.wall.plus(span("03:00")));
}

#[test]
fn it_turns_high_when_no_repeat_comes_in_three_minutes() {
    // row:1c rule:B2
    let mut ward = after_a_high_reading();
    ward.at("07:59.999").nothing_told();
    ward.at("08:00").expect(&["08:00 confirmed bp-high B2 high active r2"]);
    let alarm = ward.occurrence(AlarmFamily::BpHigh);
    assert_eq!(alarm.lines, ["not re-measured", "measured 3 min ago"]);
    assert_eq!(alarm.confirm_until, None);
    ward.at("11:01").expect(&[
        "11:00 raised nibp-overdue T1 low active r1",
        "11:00 frozen bp-high B2 high active r2 frozen",
    ]);
}

#[test]
fn it_turns_high_when_the_repeat_is_high_too() {
    // row:1b rule:B2 Goal: at the repeat, whenever it comes, and by either component.
    for (sys, dia) in [(180, 95), (150, 110)] {
        let mut ward = after_a_high_reading();
        ward.at("06:10").cuff(sys, dia);
        ward.expect(&["06:10 confirmed bp-high B2 high active r2"]);
        assert_eq!(ward.occurrence(AlarmFamily::BpHigh).confirm_until, None);
    }
}

#[test]
fn it_clears_when_the_repeat_is_normal() {
    // row:1b row:8 rule:B2 Goal: a false first reading is gone with the repeat.
    let mut ward = after_a_high_reading();
    ward.at("06:10").cuff(150, 90);
    ward.expect(&["06:10 ended bp-high B2 medium none r1"]);
    ward.at("12:00").nothing_told();
}

#[test]
fn a_second_spell_alarms_again_and_asks_again() {
    // row:1a Goal: nothing is left over from the first spell.
    let mut ward = after_a_high_reading();
    ward.at("06:10").cuff(150, 90);
    ward.at("11:00").cuff(181, 90);
    ward.expect(&[
        "06:10 ended bp-high B2 medium none r1",
        "11:00 raised bp-high B2 medium active r1",
    ]);
}

#[test]
fn a_confirmed_high_pressure_goes_on_until_a_reading_past_the_clear_level() {
    // row:6 row:8 rule:B2 Goal: h = 5 mmHg, Tc 0: 176 keeps it, 175 with dia 100 to 105 leaves B4.
    let mut ward = after_a_high_reading();
    ward.at("06:10").cuff(184, 95);
    ward.at("07:00").cuff(176, 95);
    ward.expect(&["06:10 confirmed bp-high B2 high active r2"]);
    ward.at("08:00").cuff(160, 95);
    ward.expect(&["08:00 ended bp-high B2 high latched r2"]);
}
