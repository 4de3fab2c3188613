//! Rules that go by the patient's own baseline: a rise of pressure or pulse, a fall of saturation,
//! and a pulse that was low to begin with.

use dosevigil::domain::act::{Baseline, Refused};
use dosevigil::domain::alarm::AlarmFamily;
use dosevigil::domain::alarm::rule::Judged;
use dosevigil::domain::metric::Metric;

use crate::entering::USUAL;
use crate::feed::{Cuff, pulse, spo2};
use crate::support::TestWard;

#[test]
fn a_rise_of_pressure_that_is_repeated_alarms_at_forty_and_twenty_five() {
    // rule:B5 row:1a row:1b Goal: at and just under, from 124/78; two readings a minute apart.
    let table = [
        (Cuff::new(164, 80), true),
        (Cuff::new(163, 80), false),
        (Cuff::new(140, 103), true),
        (Cuff::new(140, 102), false),
    ];
    // B4 has 165 and 100: without it, only the rise speaks.
    let mut preset = crate::support::nothing_required().as_ref().clone();
    preset.families[0].bands.retain(|band| band.id.as_str() != "B4");
    preset.requires.clear();
    let preset = std::sync::Arc::new(preset);
    for (cuff, alarms) in table {
        let mut ward = TestWard::active_with(&preset);
        ward.baseline(USUAL).expect("taken");
        ward.determination(cuff);
        ward.at("01:00").determination(cuff);
        let mut told = vec!["00:00 session baseline active"];
        told.extend(alarms.then_some("01:00 raised bp-high B5 medium active r1"));
        ward.expect(&told);
    }
}

#[test]
fn a_rise_tells_its_baseline_its_change_and_an_absolute_limit() {
    // rule:B5
    let mut ward = TestWard::active_from(USUAL);
    ward.cuff(164, 80);
    ward.at("01:00").cuff(164, 80);
    ward.expect(&["01:00 raised bp-high B5 medium active r1"]);
    let told = ward.occurrence(AlarmFamily::BpHigh);
    assert_eq!(told.text, "Systolic 164, up 40 from 124");
    assert_eq!((told.limit, told.baseline), (Some(164), Some(124)));
    assert!(told.lines.iter().all(|line| !line.starts_with('Δ')));
}

#[test]
fn while_another_rule_governs_the_rise_is_a_line_of_it() {
    // rule:B5 rule:B2
    let mut ward = TestWard::active_from(USUAL);
    ward.cuff(186, 95);
    ward.expect(&["00:00 raised bp-high B2 medium active r1"]);
    let told = ward.occurrence(AlarmFamily::BpHigh);
    assert_eq!(told.text, "Systolic 186 ≥ 180 mmHg");
    assert_eq!(told.lines, ["Δ+62", "re-cuff now"]);
    assert_eq!((told.limit, told.baseline), (Some(180), Some(124)));
}

#[test]
fn without_a_baseline_a_rise_is_off_and_the_tile_says_so() {
    // rule:B5 rule:H3 rule:O3 rule:B6
    let mut ward = TestWard::active();
    for minute in ["01:00", "02:00", "03:00"] {
        ward.at(minute).cuff(164, 80);
    }
    ward.nothing_told();
    let off = ["B5 disabled", "H3 rise disabled", "O3 drop disabled", "B6 rise disabled"];
    let off = off.map(|what| std::sync::Arc::from(format!("{what}: no baseline")));
    assert_eq!(ward.shown().disabled, off);
    ward.baseline(USUAL).expect("taken");
    assert!(ward.shown().disabled.is_empty());
    ward.fresh.clear();
}

#[test]
fn a_pulse_that_rose_by_thirty_for_a_minute_alarms_low() {
    // rule:H3 Goal: from 72: 102, while 111 is far; at and just under.
    for (bpm, alarms) in [(102, true), (101, false)] {
        let mut ward = TestWard::active_from(USUAL);
        ward.stream(59, &[pulse(bpm)]);
        ward.nothing_told();
        ward.stream(2, &[pulse(bpm)]);
        ward.expect(if alarms { &["01:00 raised hr-high H3 low active r1"] } else { &[] });
    }
}

#[test]
fn a_saturation_that_fell_by_four_for_a_minute_alarms_low() {
    // rule:O3 Goal: from 99: 95, while 93 is far; at and just over.
    for (percent, alarms) in [(95, true), (96, false)] {
        let mut ward = TestWard::active_from(Baseline { spo2: Some(99), ..USUAL });
        ward.stream(59, &[spo2(percent)]);
        ward.nothing_told();
        ward.stream(2, &[spo2(percent)]);
        ward.expect(if alarms { &["01:00 raised spo2-low O3 low active r1"] } else { &[] });
        if alarms {
            assert_eq!(ward.occurrence(AlarmFamily::SpO2Low).limit, Some(95));
        }
    }
}

#[test]
fn a_slow_pulse_of_a_patient_who_came_with_one_is_low_only() {
    // rule:H4 Goal: baseline 54 makes the onset delayed; 55 does not; H5 stays HIGH.
    for (baseline, told) in [(54, "hr-low H4 low"), (55, "hr-low H4 medium")] {
        let mut ward = TestWard::active_from(Baseline { heart_rate: Some(baseline), ..USUAL });
        ward.stream(30, &[pulse(49)]);
        ward.expect(&[&format!("00:30 raised {told} active r1")]);
        ward.stream(10, &[pulse(39)]);
        ward.expect(&["00:40 escalated hr-low H5 high active r2"]);
    }
}

#[test]
fn a_baseline_accepted_while_an_alarm_stands_lowers_or_ends_it_by_name() {
    // row:24 rule:H4 rule:B5
    let mut ward = TestWard::active();
    ward.stream(40, &[pulse(45)]);
    ward.fresh.clear();
    ward.baseline(Baseline { heart_rate: Some(50), ..USUAL }).expect("taken");
    ward.expect(&["00:40 session baseline active", "00:40 updated hr-low H4 low active r2"]);

    let mut ward = TestWard::active_from(USUAL);
    ward.cuff(164, 80);
    ward.at("01:00").cuff(164, 80);
    ward.at("02:00").fresh.clear();
    ward.baseline(Baseline { sys: Some(130), ..USUAL }).expect("taken");
    assert_eq!(ward.ended_why(AlarmFamily::BpHigh), ("baseline changed", Some("Kim")));
    ward.expect(&["02:00 session baseline active", "02:00 ended bp-high B5 medium none r1"]);
}

#[test]
fn a_lower_baseline_awaits_the_repeat_of_the_reading_that_now_rose() {
    // row:24 row:1a rule:B5 Goal: the reading does not confirm itself.
    let mut ward = TestWard::active_from(Baseline { sys: Some(130), ..USUAL });
    ward.cuff(164, 80);
    ward.at("01:00").baseline(USUAL).expect("taken");
    ward.expect(&["01:00 session baseline active"]);
    assert_eq!(ward.shown().advisories, [std::sync::Arc::from("Repeat BP")]);
    ward.at("02:00").baseline(Baseline { spo2: None, ..USUAL }).expect("taken");
    ward.expect(&["02:00 session baseline active"]);
    ward.at("03:00").cuff(164, 80);
    ward.expect(&["03:00 raised bp-high B5 medium active r1"]);
}

#[test]
fn a_baseline_that_can_t_be_one_is_refused_and_another_one_needs_a_reason() {
    let mut ward = TestWard::active();
    for bad in [
        Baseline::default(),
        Baseline { sys: Some(80), dia: Some(80), ..Baseline::default() },
        Baseline { spo2: Some(101), ..USUAL },
    ] {
        assert_eq!(ward.baseline(bad), Err(Refused::BadValue));
    }
    ward.nothing_told();
    let take = |ward: &mut TestWard| {
        use dosevigil::domain::act::Deed;
        let deed = Deed::AcceptBaseline { session: crate::entering::SESSION, baseline: USUAL };
        let command = dosevigil::domain::ids::CommandId::from_bits(900 + ward.fresh.len() as u128);
        ward.take(&crate::support::nurse(command, "Kim", deed))
    };
    assert_eq!(take(&mut ward), Err(Refused::ReasonNeeded), "it is frozen at the dose");
    let mut before = TestWard::intake();
    take(&mut before).expect("the first one before the dose needs none");
    assert_eq!(take(&mut before), Err(Refused::ReasonNeeded));
    before.fresh.clear();
    ward.baseline(USUAL).expect("a reason is given");
    ward.expect(&["00:00 session baseline active"]);
    let limits = ward.shown().vitals;
    let judged = Judged::Metric(Metric::NibpSys);
    let systolic = limits.iter().find(|vital| vital.judged == judged).expect("its place");
    let b5 = systolic.limits.iter().find(|it| it.rule.as_str() == "B5").expect("it is in force");
    assert_eq!((b5.limit, b5.disabled), (164, None));
}
