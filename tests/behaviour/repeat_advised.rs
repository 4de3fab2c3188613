//! A moderately high or low cuff reading only advises a repeat; the next reading, or its absence,
//! makes it an alarm.

use dosevigil::domain::alarm::AlarmFamily;

use crate::feed::Cuff;
use crate::support::{BED, TestWard};

/// The advice beside the bed: information, never an alarm.
fn advice(ward: &TestWard) -> Vec<String> {
    let view = ward.ward.beds()[BED.0 as usize].view(ward.now);
    view.advisories.iter().map(ToString::to_string).collect()
}

#[test]
fn a_moderately_high_or_low_reading_advises_a_repeat_and_raises_no_alarm() {
    // row:1a rule:B4 rule:B9
    for (sys, dia) in [(165, 90), (150, 100), (89, 60)] {
        let mut ward = TestWard::active();
        ward.at("05:00").cuff(sys, dia);
        ward.at("06:00").nothing_told();
        assert_eq!(advice(&ward), ["Repeat BP"], "{sys}/{dia}");
    }
}

#[test]
fn a_second_such_reading_is_a_medium_alarm() {
    // row:1b rule:B4 rule:B9
    let table = [((165, 90), "bp-high B4"), ((89, 60), "bp-low B9")];
    for ((sys, dia), rule) in table {
        let mut ward = TestWard::active();
        ward.at("05:00").cuff(sys, dia);
        ward.at("10:00").cuff(sys, dia);
        ward.expect(&[&format!("10:00 raised {rule} medium active r1")]);
        assert_eq!(advice(&ward), [""; 0]);
    }
}

#[test]
fn a_normal_second_reading_leaves_nothing() {
    // row:1b rule:B4 rule:B9
    for (sys, dia) in [(170, 90), (85, 60)] {
        let mut ward = TestWard::active();
        ward.at("05:00").cuff(sys, dia);
        ward.at("10:00").cuff(128, 80);
        ward.at("11:30").nothing_told();
        assert_eq!(advice(&ward), [""; 0]);
    }
}

#[test]
fn without_a_second_reading_it_is_a_medium_alarm_one_minute_after_it_was_due() {
    // row:1c rule:B4 Goal: interval + 60 s; the high reading brings the next one forward to 5 min.
    let mut ward = TestWard::active();
    ward.at("05:00").cuff(170, 90);
    ward.at("10:59.999").nothing_told();
    ward.at("11:01").expect(&[
        "11:00 raised bp-high B4 medium active r1",
        "11:00 raised nibp-overdue T1 low active r1",
        "11:00 frozen bp-high B4 medium active r1 frozen",
    ]);
    let alarm = ward.occurrence(AlarmFamily::BpHigh);
    assert_eq!(alarm.lines[0], "not re-measured");
}

#[test]
fn a_low_mean_pressure_counts_measured_or_worked_out() {
    // rule:B9 rule:B10 Goal: MAP < 65 with a usual systolic; D + (S - D) / 3 where none is sent.
    let measured = Cuff { map: Some(64), ..Cuff::new(95, 60) };
    let worked_out = Cuff::new(94, 49);
    for cuff in [measured, worked_out] {
        let mut ward = TestWard::active();
        ward.at("05:00").determination(cuff);
        ward.at("06:00").determination(cuff);
        ward.expect(&["06:00 raised bp-low B9 medium active r1"]);
    }
    let mut ward = TestWard::active();
    ward.at("05:00").determination(Cuff { map: Some(54), ..Cuff::new(95, 60) });
    ward.expect(&["05:00 raised bp-low B10 high active r1"]);
    assert_eq!(ward.occurrence(AlarmFamily::BpLow).text, "MAP 54 ≤ 54 mmHg");
}

#[test]
fn a_very_low_reading_is_high_at_once_and_steps_down_without_a_gap() {
    // rule:B10 rule:B9 row:1 row:14
    let mut ward = TestWard::active();
    ward.at("05:00").cuff(79, 60);
    ward.at("06:00").cuff(84, 70);
    ward.at("07:00").cuff(94, 70);
    ward.expect(&[
        "05:00 raised bp-low B10 high active r1",
        "06:00 updated bp-low B9 medium active r2",
        "07:00 ended bp-low B9 medium latched r2",
    ]);
}
