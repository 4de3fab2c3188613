//! Vital signs that a person took: they count as measured ones do, and nothing of them is missed.

use dosevigil::domain::act::{Deed, Done, Lateness, Refused};
use dosevigil::domain::alarm::occurrence::{ActNote, Subject};
use dosevigil::domain::alarm::rule::Judged;
use dosevigil::domain::alarm::{AlarmFamily, Priority};
use dosevigil::domain::metric::Metric;
use dosevigil::domain::reading::{Quantity, ValueSource};
use dosevigil::domain::time::WallTime;
use dosevigil::domain::view::Freshness;

use crate::entering::{pair, taken};
use crate::feed::{absent, pulse, spo2};
use crate::support::{TestWard, seconds};

const SYSTOLIC: Judged = Judged::Metric(Metric::NibpSys);
const NOW: &str = "00:00";

impl TestWard {
    /// The note of the newest change of the session or bed.
    fn noted(&self) -> &ActNote {
        let notes = self.fresh.iter().rev().filter_map(|it| match &it.subject {
            Subject::Session { note, .. } => note.as_deref(),
            Subject::Alarm { .. } => None,
        });
        notes.into_iter().next().expect("a note")
    }

    fn shows(&self, judged: Judged) -> (Option<i32>, Freshness) {
        let vitals = self.shown().vitals;
        let vital = vitals.iter().find(|vital| vital.judged == judged).expect("its place");
        (vital.value.map(|Quantity(value)| value), vital.state)
    }
}

#[test]
fn before_a_session_they_are_walk_in_readings_of_a_bed_without_any_device() {
    // technical:no-value Goal: a day later nothing is missed of them.
    let mut ward = TestWard::without_session();
    let all = [
        (Metric::NibpSys, 132),
        (Metric::NibpDia, 84),
        (Metric::PulseRate, 72),
        (Metric::SpO2, 97),
        (Metric::Temp, 368),
    ];
    assert_eq!(ward.takes(NOW, &all).len(), 5);
    let ActNote { by, what, new, .. } = ward.noted();
    assert_eq!((&**by, what.as_deref()), ("Kim", Some("aneroid, left arm, adult cuff")));
    assert_eq!(new.as_deref(), Some("132/84, pulse 72, spo2 97, temp 36.8"));
    ward.expect(&["00:00 session reading-entered -"]);
    assert_eq!(ward.shows(SYSTOLIC), (Some(132), Freshness::Live));
    assert_eq!(ward.shows(Judged::HeartRate), (Some(72), Freshness::Live));
    assert_eq!(ward.shown().links, []);
    ward.advance(seconds(25 * 3_600));
    ward.nothing_told();
    assert_eq!(ward.shows(SYSTOLIC).0, None);
}

#[test]
fn a_pressure_is_judged_at_entry() {
    // row:1 rule:B1
    let mut ward = TestWard::active();
    ward.takes(NOW, &pair(205, 95));
    ward.expect(&[
        "00:00 session reading-entered active",
        "00:00 raised bp-high B1 high active r1",
    ]);
    let reading = ward.occurrence(AlarmFamily::BpHigh).reading.clone().expect("its reading");
    assert_eq!((reading.source, reading.device.as_str()), (ValueSource::Manual, "by-hand"));
    ward.at("01:00").takes(NOW, &pair(128, 80));
    ward.expect(&[
        "01:00 session reading-entered active",
        "01:00 ended bp-high B1 high latched r1",
    ]);
}

#[test]
fn it_repeats_what_a_cuff_has_measured() {
    // row:1b rule:B2
    for (sys, then) in [
        (186, "01:00 confirmed bp-high B2 high active r2"),
        (128, "01:00 ended bp-high B2 medium none r1"),
    ] {
        let mut ward = TestWard::active();
        ward.cuff(185, 95);
        ward.at("01:00").takes(NOW, &pair(sys, 80));
        ward.expect(&[
            "00:00 raised bp-high B2 medium active r1",
            "01:00 session reading-entered active",
            then,
        ]);
    }
}

#[test]
fn it_meets_the_plan_from_when_it_was_taken() {
    // rule:T1 Goal: interval 10 min, LOW at 12 min from 05:00.
    let mut ward = TestWard::active();
    ward.at("08:00").takes("03:00", &pair(128, 80));
    ward.expect(&["08:00 session reading-entered active"]);
    ward.at("16:59").nothing_told();
    ward.at("17:00").expect(&["17:00 raised nibp-overdue T1 low active r1"]);
    ward.at("18:00").takes(NOW, &pair(128, 80));
    ward.expect(&[
        "18:00 session reading-entered active",
        "18:00 ended nibp-overdue T1 low none r1",
    ]);
}

#[test]
fn its_pulse_is_a_spot_value_and_the_same_entry_counts_once() {
    // rule:H1 row:31
    let mut ward = TestWard::active();
    let fast = [(Metric::PulseRate, 125)];
    ward.at("05:00").takes(NOW, &fast);
    ward.at("05:20");
    let again = taken(ward.now.wall.minus(seconds(20)), &fast);
    assert_eq!(ward.enters(again), Err(Refused::AlreadySo));
    let more = [fast.as_slice(), &[(Metric::Temp, 368)]].concat();
    ward.takes("00:20", &more);
    ward.expect(&["05:00 session reading-entered active", "05:20 session reading-entered active"]);
    ward.at("10:00").takes(NOW, &fast);
    ward.expect(&[
        "10:00 session reading-entered active",
        "10:00 raised hr-high H1 medium active r1",
    ]);
}

#[test]
fn a_saturation_or_respiration_that_a_person_counted_waits_for_no_delay() {
    // row:1 rule:O2 rule:R1 Goal: and the next one ends it.
    for (metric, bad, good, raised, ended) in [
        (
            Metric::SpO2,
            84,
            97,
            "01:00 raised spo2-low O2 high active r1",
            "06:00 ended spo2-low O2 high latched r1",
        ),
        (
            Metric::RespRate,
            6,
            14,
            "01:00 raised resp-low R1 high active r1",
            "06:00 ended resp-low R1 high latched r1",
        ),
    ] {
        let mut ward = TestWard::active();
        ward.at("01:00").takes(NOW, &[(metric, bad)]);
        ward.expect(&["01:00 session reading-entered active", raised]);
        ward.at("05:59").nothing_told();
        ward.at("06:00").takes(NOW, &[(metric, good)]);
        ward.expect(&["06:00 session reading-entered active", ended]);
    }
}

#[test]
fn it_ends_what_an_oximeter_raised_before_it_came_off() {
    // row:9 row:8 rule:O2
    let mut ward = TestWard::active();
    ward.stream(20, &[spo2(84), pulse(70)]);
    ward.sends(&[absent(Metric::SpO2, ValueSource::Pleth)]);
    ward.at("01:00").fresh.clear();
    assert!(ward.occurrence(AlarmFamily::SpO2Low).frozen);
    ward.takes(NOW, &[(Metric::SpO2, 97)]);
    let ended: Vec<_> = ward.fresh.iter().map(|it| ward.line(it)).collect();
    assert!(ended.iter().any(|it| it.contains("ended spo2-low O2 high latched")), "{ended:?}");
    ward.fresh.clear();
}

#[test]
fn one_that_was_taken_before_a_stream_turned_bad_says_nothing_against_it() {
    // row:9 row:27 Goal: the end of an alarm pause looks at everything again.
    let mut ward = TestWard::active();
    ward.takes(NOW, &[(Metric::SpO2, 97)]);
    ward.at("00:10").stream(20, &[spo2(84)]);
    ward.sends(&[absent(Metric::SpO2, ValueSource::Pleth)]);
    ward.act("Kim", Deed::PauseAlarms { bed: crate::support::BED }).expect("paused");
    ward.at("05:00").fresh.clear();
    assert!(ward.occurrence(AlarmFamily::SpO2Low).frozen);
}

#[test]
fn while_the_oximeter_is_live_it_is_in_force() {
    // rule:O2 Goal: alarms 14: the best live source.
    let mut ward = TestWard::active();
    ward.stream(10, &[spo2(97), pulse(70)]);
    ward.takes(NOW, &[(Metric::SpO2, 84), (Metric::PulseRate, 150)]);
    ward.stream(10, &[spo2(97), pulse(70)]);
    ward.takes(NOW, &[(Metric::PulseRate, 150)]);
    ward.stream(1, &[spo2(97), pulse(70)]);
    ward.expect(&["00:10 session reading-entered active", "00:20 session reading-entered active"]);
}

#[test]
fn one_older_than_the_newest_is_not_judged_and_the_gate_still_asks_it() {
    // row:31 rule:B7
    let mut ward = TestWard::intake();
    ward.at("05:00").cuff(145, 80);
    ward.at("06:00").takes("03:00", &pair(205, 95));
    ward.expect(&[
        "05:00 session phase baseline",
        "06:00 session reading-entered baseline",
        "06:00 raised pre-dose B7 low active r1",
    ]);
    assert_eq!(ward.shows(SYSTOLIC).0, Some(145));
}

#[test]
fn what_lies_in_the_future_or_cant_be_is_refused() {
    // Goal: 2 s for a browser's clock.
    let mut ward = TestWard::intake();
    let at = |ms: u64| std::time::Duration::from_millis(ms);
    let soon = taken(ward.now.wall.plus(at(2_001)), &pair(120, 80));
    assert_eq!(ward.enters(soon), Err(Refused::BadTime));
    let bad: [&[(Metric, i32)]; 10] = [
        &[],
        &pair(80, 80),
        &pair(301, 80),
        &[(Metric::NibpSys, 120)],
        &[(Metric::NibpDia, 80)],
        &[(Metric::NibpMap, 90)],
        &[(Metric::SpO2, 101)],
        &[(Metric::PulseRate, 70), (Metric::PulseRate, 71)],
        &[(Metric::ArtSys, 120)],
        &[(Metric::Moaas, 5)],
    ];
    for values in bad {
        let reading = taken(ward.now.wall, values);
        assert_eq!(ward.enters(reading), Err(Refused::BadValue), "{values:?}");
    }
    ward.nothing_told();
    let now = taken(ward.now.wall.plus(at(2_000)), &pair(120, 80));
    assert!(ward.enters(now).is_ok());
    assert_eq!(ward.shown().vitals[0].age, Some(seconds(0)));
    ward.fresh.clear();
}

#[test]
fn one_that_is_entered_more_than_five_minutes_later_is_marked_late() {
    let mut ward = TestWard::intake();
    for (now, ago, lateness) in
        [("10:00", "05:00", Lateness::InTime), ("15:00", "05:01", Lateness::Late)]
    {
        ward.at(now);
        let at = ward.now.wall.minus(crate::support::span(ago));
        let done = ward.enters(taken(at, &pair(120, 80)));
        assert!(
            matches!(done, Ok(Done::ReadingsEntered { lateness: it, .. }) if it == lateness),
            "{ago}: {done:?}"
        );
    }
    let what = ward.noted().what.as_deref().expect("how");
    assert_eq!(what, "aneroid, left arm, adult cuff, entered 5 min late");
    let listed = ward.ward.beds()[0].recent_readings();
    let late: Vec<_> = listed.iter().map(|it| it.late == Lateness::Late).collect();
    assert_eq!(late, [true, true, false, false]);
    ward.fresh.clear();
}

#[test]
fn it_is_voided_and_amended_as_any_other() {
    // row:24
    let mut ward = TestWard::active();
    let high = ward.takes(NOW, &[pair(205, 95).as_slice(), &[(Metric::PulseRate, 80)]].concat());
    ward.at("01:00").voids(high[0]);
    assert_eq!(ward.ended_why(AlarmFamily::BpHigh), ("reading voided", Some("Kim")));
    assert_eq!(ward.shows(SYSTOLIC).0, None);
    assert_eq!(ward.amends(high[2], 70), Ok(Done::Taken));
    assert_eq!(ward.shows(Judged::HeartRate).0, Some(70));
    ward.fresh.clear();
    let [dia, sys] = &ward.ward.beds()[0].recent_readings()[1..] else { panic!("two pressures") };
    assert_eq!((dia.voided.as_deref(), sys.voided.as_deref()), (Some("Kim"), Some("Kim")));
}

#[test]
fn what_was_voided_may_be_entered_again_and_is_judged() {
    // row:24 row:1 Goal: voided by mistake.
    let mut ward = TestWard::active();
    let high = ward.takes(NOW, &pair(205, 95));
    ward.voids(high[0]);
    ward.at("01:00").fresh.clear();
    ward.takes("01:00", &pair(205, 95));
    ward.expect(&[
        "01:00 session reading-entered active",
        "01:00 raised bp-high B1 high active r1",
    ]);
    assert_eq!(ward.shows(SYSTOLIC).0, Some(205));
    ward.at("02:00");
    let again = taken(ward.now.wall.minus(seconds(120)), &pair(205, 95));
    assert_eq!(ward.enters(again), Err(Refused::AlreadySo));
}

#[test]
fn a_wrong_one_that_is_voided_leaves_the_one_before_it_and_its_alarm() {
    // row:24 rule:O2 rule:R1 Goal: 97 % was another patient's; 84 % still stands.
    for (metric, low, usual, family) in [
        (Metric::SpO2, 84, 97, AlarmFamily::SpO2Low),
        (Metric::RespRate, 6, 14, AlarmFamily::RespLow),
    ] {
        let mut ward = TestWard::active();
        ward.takes(NOW, &[(metric, low)]);
        let wrong = ward.at("02:00").takes(NOW, &[(metric, usual)]);
        assert!(ward.occurrence(family).ended.is_some(), "{metric:?}");
        ward.at("03:00").fresh.clear();
        ward.voids(wrong[0]);
        assert_eq!(ward.shows(Judged::Metric(metric)).0, Some(low));
        let open = ward.occurrence(family);
        assert_eq!((open.priority, open.ended), (Priority::High, None), "{metric:?}");
        ward.fresh.clear();
    }
}

#[test]
fn the_only_one_that_is_voided_ends_what_it_raised() {
    // row:24 rule:R1 Goal: 6 was typed for 16, and there is no device to wait for.
    let mut ward = TestWard::active();
    let wrong = ward.takes(NOW, &[(Metric::RespRate, 6)]);
    ward.at("01:00").fresh.clear();
    ward.voids(wrong[0]);
    assert_eq!(ward.ended_why(AlarmFamily::RespLow), ("reading voided", Some("Kim")));
    ward.fresh.clear();
}

#[test]
fn a_voided_high_reading_no_longer_shortens_the_interval() {
    // row:24 rule:T1 Goal: contract 3.2 `after_high`.
    let mut ward = TestWard::active();
    ward.takes(NOW, &pair(120, 80));
    let high = ward.at("01:00").takes(NOW, &pair(170, 80));
    let interval = |ward: &TestWard| ward.shown().interval;
    assert_eq!(interval(&ward), seconds(300));
    ward.voids(high[0]);
    assert_eq!(interval(&ward), seconds(600));
    let high = ward.at("02:00").takes(NOW, &pair(170, 80));
    ward.at("03:00").takes(NOW, &pair(120, 80));
    assert_eq!(interval(&ward), seconds(300));
    ward.amends(high[0], 130).expect("taken");
    assert_eq!(interval(&ward), seconds(600));
    ward.fresh.clear();
}

#[test]
fn in_a_stand_by_it_says_that_the_patient_is_back() {
    // row:32
    let mut ward = TestWard::active();
    ward.act("Kim", Deed::BeginStandby { bed: crate::support::BED }).expect("taken");
    ward.at("01:00").takes(NOW, &pair(205, 95));
    let advised = ward.shown().advisories;
    assert!(advised.iter().any(|it| it.starts_with("Patient back?")), "{advised:?}");
    assert!(ward.find(AlarmFamily::BpHigh).is_none());
    ward.fresh.clear();
}

#[test]
fn its_numbers_are_given_to_nothing_else() {
    let mut ward = TestWard::active();
    let first = ward.takes(NOW, &pair(120, 80));
    let refused = ward.enters(taken(ward.now.wall, &pair(80, 120)));
    assert_eq!(refused, Err(Refused::BadValue));
    ward.at("01:00").cuff(121, 81);
    let cuff = ward.reading_of(SYSTOLIC);
    let last = ward.at("02:00").takes(NOW, &pair(122, 82));
    let all = [first[0], first[1], cuff, last[0], last[1]];
    assert!(all.is_sorted_by(|a, b| a < b), "{all:?}");
    ward.fresh.clear();
}

#[test]
fn one_taken_long_before_the_visit_is_a_slip_of_the_pen() {
    // Goal: an hour before the session's start at most, however long that runs; without a session,
    // an hour before now. A day of 1970 counts for nothing.
    let pulse = [(Metric::PulseRate, 72)];
    let mut ward = TestWard::intake();
    let start = ward.now.wall;
    let ago = |minutes: u64| taken(start.minus(seconds(60 * minutes)), &pulse);
    ward.at("300:00").fresh.clear();
    assert_eq!(ward.enters(ago(61)), Err(Refused::BadTime));
    assert_eq!(ward.enters(taken(WallTime::from_micros(0), &pulse)), Err(Refused::BadTime));
    ward.nothing_told();
    ward.enters(ago(60)).expect("it is of the visit");
    ward.fresh.clear();
    let mut ward = TestWard::without_session();
    assert_eq!(ward.enters(ago(61)), Err(Refused::BadTime));
    ward.enters(ago(60)).expect("it is of a walk-in");
    ward.fresh.clear();
}
