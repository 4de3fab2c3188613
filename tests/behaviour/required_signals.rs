//! Signals that the preset requires are missed from the dose on, and all of them together are the
//! worst that can be missing.

use dosevigil::domain::bed::Watch;
use dosevigil::domain::metric::Metric;
use dosevigil::domain::reading::ValueSource;
use dosevigil::domain::view::Freshness;

use crate::feed::{absent, heart, pulse, spo2};
use crate::support::{BROKER, OXIMETER_LINE, START, TestWard, ketamine_iv, plan, seconds};

/// Readings that vary, so that nothing stands still.
fn stream(ward: &mut TestWard, from: i32, seconds: i32) {
    for n in from..from + seconds {
        ward.stream(1, &[pulse(80 + n % 2), spo2(97)]);
    }
}

/// Cuff, pulse and saturation are there, and then the dose at 01:00.
fn dosed() -> TestWard {
    let mut ward = TestWard::with_requirements();
    ward.cuff(120, 80);
    stream(&mut ward, 0, 60);
    ward.dose();
    ward.fresh.clear();
    ward
}

#[test]
fn one_that_was_never_seen_is_told_ten_seconds_after_the_dose() {
    // technical:signal-lost
    let mut ward = TestWard::with_requirements();
    ward.cuff(120, 80);
    for _ in 0..120 {
        ward.stream(1, &[spo2(97)]);
    }
    ward.expect(&["00:00 session phase baseline"]);
    ward.dose();
    ward.expect(&[
        "02:00 session dose baseline",
        "02:00 session phase active",
        "02:00 raised no-baseline low active r1",
    ]);
    for _ in 0..10 {
        ward.stream(1, &[spo2(97)]);
    }
    ward.expect(&["02:10 raised signal-lost heart_rate T3 medium active r1"]);
    for n in 0..6 {
        ward.stream(1, &[pulse(80 + n % 2), spo2(97)]);
    }
    ward.expect(&[
        "02:10 clearing signal-lost heart_rate T3 medium active r1",
        "02:15 ended signal-lost heart_rate T3 medium none r1",
    ]);
}

#[test]
fn one_that_is_lost_takes_the_place_of_its_no_value_line() {
    // technical:signal-lost technical:no-value Goal: SpO2 falls silent at 01:10, before which the
    // monitor says "no value"; the heart rate has another source, so only its own line is told.
    let mut ward = dosed();
    for n in 0..10 {
        ward.stream(1, &[heart(80 + n % 2), pulse(80 + n % 2), spo2(97)]);
    }
    for n in 0..16 {
        ward.stream(1, &[heart(80 + n % 2), absent(Metric::SpO2, ValueSource::Pleth)]);
    }
    ward.expect(&[
        "01:19 raised signal-lost spo2 T3 medium active r1",
        "01:19 raised no-value pulse T3 medium active r1",
    ]);
    ward.stream(1, &[heart(80), pulse(80), spo2(97)]);
    ward.expect(&[
        "01:26 ended signal-lost spo2 T3 medium none r1",
        "01:26 ended no-value pulse T3 medium none r1",
    ]);
}

#[test]
fn it_is_not_lowered_after_the_dose() {
    // technical:signal-lost Goal: recovery begins 30 min after the dose's end.
    let mut ward = dosed();
    ward.dose_ended();
    ward.at("31:00");
    ward.fresh.clear();
    stream(&mut ward, 0, 20);
    ward.at("31:31");
    let lost: Vec<_> = ward.fresh.iter().map(|it| ward.line(it)).collect();
    let raised: Vec<_> = lost.iter().filter(|line| line.contains("raised signal-lost")).collect();
    assert_eq!(raised.len(), 2, "{lost:#?}");
    assert!(raised.iter().all(|line| line.contains(" medium ")), "{raised:?}");
    ward.fresh.clear();
}

#[test]
fn a_cuff_that_is_not_seen_after_the_dose_is_told_and_a_late_one_is_overdue_only() {
    // technical:signal-lost technical:nibp-overdue Goal: interval 10 min, so 12 min after the dose.
    for (measures, told) in [(false, true), (true, false)] {
        let mut ward = dosed();
        if measures {
            ward.at("05:00").cuff(121, 80);
        }
        ward.at("12:59");
        ward.fresh.clear();
        ward.at("18:00");
        let lines: Vec<_> = ward.fresh.iter().map(|it| ward.line(it)).collect();
        let of = |word: &str| lines.iter().any(|line| line.contains(word));
        assert_eq!(of("13:00 raised signal-lost nibp T3 medium"), told, "{lines:#?}");
        assert!(of("nibp-overdue T1"), "{lines:#?}");
        ward.fresh.clear();
    }
}

#[test]
fn all_of_them_lost_for_thirty_seconds_are_high_unless_the_cuff_is_in_time() {
    // technical:signal-lost Goal: the cuff is overdue at 12:00, values stop at 20:00 or stay away
    // from 01:00 on; a cuff in time counts as present.
    let mut ward = dosed();
    ward.at("12:29");
    ward.fresh.clear();
    ward.at("12:30").expect(&["12:30 raised signal-lost all T3 high active r1"]);
    ward.cuff(120, 80);
    ward.at("12:36").expect(&[
        "12:30 ended nibp-overdue T1 low none r1",
        "12:30 clearing signal-lost all T3 high active r1",
        "12:35 ended signal-lost all T3 high latched r1",
    ]);
}

#[test]
fn a_lost_link_speaks_for_its_signals() {
    // technical:signal-lost technical:link-down Goal: one cause, one line.
    let mut ward = dosed();
    ward.link_lost(OXIMETER_LINE, "unplugged");
    ward.at("02:00").expect(&[
        "01:04 raised link-down oximeter T3 medium active r1",
        "01:30 escalated link-down oximeter T3 high active r2",
    ]);
}

#[test]
fn without_a_dose_nothing_is_required() {
    // technical:signal-lost
    let mut ward = TestWard::with_requirements();
    ward.at("05:00").nothing_told();
    ward.message(BROKER, "monitor", dosevigil::domain::device::Message::default());
    ward.nothing_told();
}

#[test]
fn a_bed_is_as_current_as_the_worst_signal_that_its_session_requires() {
    // safety:F1 technical:signal-lost Goal: contract 6, `state` of a bed: one that was never seen
    // is absent, and so is the bed; without a session what was seen counts.
    let state = |ward: &TestWard| ward.ward.beds()[0].view(ward.now).state;
    let mut ward = TestWard::of(plan(1, Watch::Session, &ketamine_iv()), START);
    ward.stream(1, &[pulse(80), spo2(97)]);
    assert_eq!(state(&ward), Freshness::Live, "no session");
    ward.session();
    ward.stream(1, &[pulse(80), spo2(97)]);
    assert_eq!(state(&ward), Freshness::Absent, "no pressure yet");
    ward.cuff(120, 80);
    assert_eq!(state(&ward), Freshness::Live);
    ward.sends(&[absent(Metric::RespRate, ValueSource::Ecg)]);
    assert_eq!(state(&ward), Freshness::Live, "respiration is not required");
    ward.advance(seconds(6));
    assert_eq!(state(&ward), Freshness::Grey);
    ward.fresh.clear();
}
