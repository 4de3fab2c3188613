//! Readings that a nurse accepts as the baseline: their medians, where they agree.

use dosevigil::domain::act::{Answer, Baseline, Deed, Done, Refused, Unknown, VisitDeed};
use dosevigil::domain::alarm::occurrence::{ActNote, Subject};
use dosevigil::domain::alarm::rule::Judged;
use dosevigil::domain::ids::{CommandId, ReadingId};
use dosevigil::domain::metric::Metric;
use dosevigil::domain::reading::{Measured, Validity};

use crate::entering::{SESSION, pair};
use crate::feed::{Cuff, pulse, spo2};
use crate::support::{TestWard, nurse};

const NOW: &str = "00:00";
const SYSTOLIC: Judged = Judged::Metric(Metric::NibpSys);

impl TestWard {
    /// A determination of the cuff; its systolic reading.
    fn measures(&mut self, at: &str, cuff: Cuff) -> ReadingId {
        self.at(at).determination(cuff);
        self.reading_of(SYSTOLIC)
    }

    fn newest_note(&self) -> &ActNote {
        let notes = self.fresh.iter().rev().filter_map(|it| match &it.subject {
            Subject::Session { note, .. } => note.as_deref(),
            Subject::Alarm { .. } => None,
        });
        notes.into_iter().next().expect("a note")
    }
}

fn accepted(answer: Answer) -> Baseline {
    let Ok(Done::BaselineAccepted(baseline)) = answer else { panic!("{answer:?}") };
    baseline
}

#[test]
fn the_medians_of_two_hand_taken_readings_with_their_own_pulse() {
    // rule:B5
    let mut ward = TestWard::intake();
    let of = |sys, dia, rate| [pair(sys, dia).as_slice(), &[(Metric::PulseRate, rate)]].concat();
    let first = ward.takes(NOW, &of(130, 80, 70));
    let second = ward.at("01:00").takes(NOW, &of(133, 85, 73));
    // A reading stands for its whole determination, whichever of it is named.
    let all = [first[2], second[0], second[1]];
    let baseline = accepted(ward.accepts(&all));
    let expected =
        Baseline { sys: Some(132), dia: Some(83), map: Some(99), heart_rate: Some(72), spo2: None };
    assert_eq!(baseline, expected);
    assert_eq!(ward.shown().session.and_then(|session| session.baseline), Some(expected));
    ward.expect(&[
        "00:00 session reading-entered intake",
        "00:00 session phase baseline",
        "01:00 session reading-entered baseline",
        "01:00 session baseline baseline",
    ]);
}

#[test]
fn rate_and_saturation_are_those_of_the_five_minutes_before_the_last_reading() {
    // Goal: what the oximeter showed before and after does not count, nor does the cuff's pulse.
    let mut ward = TestWard::intake();
    let with_pulse = Cuff { pulse: Some(90), ..Cuff::new(124, 78) };
    ward.stream(60, &[pulse(110), spo2(91)]);
    let first = ward.measures("03:00", with_pulse);
    ward.at("06:00").stream(60, &[pulse(64), spo2(97)]);
    let second = ward.measures("07:00", with_pulse);
    ward.stream(60, &[pulse(120), spo2(90)]);
    let baseline = accepted(ward.accepts(&[first, second]));
    assert_eq!((baseline.heart_rate, baseline.spo2), (Some(64), Some(97)));
    ward.fresh.clear();
}

#[test]
fn without_an_oximeter_they_are_what_the_cuff_told_with_its_pressures() {
    let mut ward = TestWard::intake();
    let with_pulse = |pulse| Cuff { pulse: Some(pulse), ..Cuff::new(124, 78) };
    let first = ward.measures("03:00", with_pulse(60));
    ward.measures("05:00", with_pulse(120));
    let second = ward.measures("07:00", with_pulse(66));
    let baseline = accepted(ward.accepts(&[first, second]));
    assert_eq!((baseline.heart_rate, baseline.spo2), (Some(63), None));
    ward.fresh.clear();
}

#[test]
fn readings_too_few_or_too_close_are_refused() {
    let mut ward = TestWard::intake();
    let first = ward.measures("01:00", Cuff::new(124, 78));
    let few = Err(Refused::TooFewReadings { needed: 2 });
    assert_eq!(ward.accepts(&[]), few);
    assert_eq!(ward.accepts(&[first, first]), few);
    let close = ward.measures("01:54", Cuff::new(124, 78));
    assert_eq!(ward.accepts(&[first, close]), few);
    let ago = Cuff { measured: Measured::SecondsAgo(10), ..Cuff::new(124, 78) };
    let apart = ward.measures("02:10", ago);
    assert_eq!(ward.accepts(&[first, close, apart]), few);
    assert!(ward.accepts(&[first, apart]).is_ok());
    ward.fresh.clear();
}

#[test]
fn readings_of_before_the_session_or_of_nothing_are_unknown() {
    let mut ward = TestWard::without_session();
    let before = ward.takes(NOW, &pair(124, 78))[0];
    ward.at("02:00").session();
    let late = ward.at("03:00").takes("01:01", &pair(124, 78))[0];
    let own = ward.at("04:00").takes(NOW, &pair(124, 78))[0];
    let lone = ward.at("05:00").takes(NOW, &[(Metric::PulseRate, 70)])[0];
    for reading in [before, late, lone, ReadingId(999)] {
        let refused = ward.accepts(&[own, reading]);
        assert_eq!(refused, Err(Refused::Unknown(Unknown::Reading)), "{reading:?}");
    }
    ward.fresh.clear();
}

#[test]
fn readings_that_vary_too_much_are_refused_with_how_much() {
    let mut ward = TestWard::intake();
    let first = ward.measures("01:00", Cuff::new(120, 78));
    let second = ward.measures("03:00", Cuff::new(135, 80));
    let vary = Refused::ReadingsVary { sys_tenths: 107, dia_tenths: 15 };
    assert_eq!(ward.accepts(&[first, second]), Err(vary));
    let third = ward.measures("05:00", Cuff::new(134, 95));
    let vary = Refused::ReadingsVary { sys_tenths: 99, dia_tenths: 121 };
    assert_eq!(ward.accepts(&[first, third]), Err(vary));
    ward.fresh.clear();
}

#[test]
fn a_questionable_reading_is_none_to_start_from() {
    let mut ward = TestWard::intake();
    let doubtful = Cuff { validity: Validity::Questionable, ..Cuff::new(110, 70) };
    let first = ward.measures("01:00", doubtful);
    let second = ward.measures("03:00", Cuff::new(124, 78));
    let few = Err(Refused::TooFewReadings { needed: 2 });
    assert_eq!(ward.accepts(&[first, second]), few);
    let third = ward.measures("05:00", Cuff::new(126, 80));
    let baseline = accepted(ward.accepts(&[first, second, third]));
    assert_eq!((baseline.sys, baseline.dia), (Some(125), Some(79)));
    ward.fresh.clear();
}

#[test]
fn readings_entered_in_the_wrong_order_count_all_the_same() {
    // row:31
    let mut ward = TestWard::intake();
    let of = |sys, rate| [pair(sys, 80).as_slice(), &[(Metric::PulseRate, rate)]].concat();
    ward.at("10:00");
    let second = ward.takes("02:00", &of(130, 70));
    let first = ward.takes("05:00", &of(126, 60));
    let baseline = accepted(ward.accepts(&[first[0], second[0]]));
    assert_eq!((baseline.sys, baseline.heart_rate), (Some(128), Some(65)));
    ward.fresh.clear();
}

#[test]
fn another_baseline_needs_a_reason_and_says_which_was_before() {
    let mut ward = TestWard::intake();
    let first = ward.measures("01:00", Cuff::new(124, 78));
    let second = ward.measures("03:00", Cuff::new(126, 80));
    let readings = vec![first, second];
    let deed = Deed::Visit(VisitDeed::AcceptReadings { session: SESSION, readings });
    let silent = |command| nurse(CommandId::from_bits(command), "Kim", deed.clone());
    assert!(ward.take(&silent(70)).is_ok());
    assert_eq!(ward.take(&silent(71)), Err(Refused::ReasonNeeded));
    assert!(ward.accepts(&[first, second]).is_ok());
    let ActNote { old, new, .. } = ward.newest_note();
    assert_eq!(old.as_deref(), Some("S 125 D 79 MAP 94"));
    assert_eq!(old, new);
    ward.fresh.clear();
}

#[test]
fn a_voided_reading_leaves_the_baseline_and_says_so() {
    // row:24
    let mut ward = TestWard::intake();
    let first = ward.measures("01:00", Cuff::new(124, 78));
    let second = ward.measures("03:00", Cuff::new(128, 80));
    let other = ward.measures("05:00", Cuff::new(130, 82));
    accepted(ward.accepts(&[first, second]));
    let accepted_ones = |ward: &TestWard| {
        let listed = ward.ward.beds()[0].recent_readings();
        listed.iter().filter(|it| it.accepted).map(|it| it.id).collect::<Vec<_>>()
    };
    let pair_of = |sys: ReadingId| [ReadingId(sys.0 + 1), sys];
    assert_eq!(accepted_ones(&ward), [pair_of(second), pair_of(first)].concat());
    ward.voids(first);
    let stays = "of the accepted baseline, which stays";
    assert_eq!(ward.newest_note().new.as_deref(), Some(stays));
    ward.amends(second, 127).expect("taken");
    assert_eq!(ward.newest_note().new.as_deref(), Some(&*format!("127, {stays}")));
    ward.voids(other);
    assert_eq!(ward.newest_note().new, None);
    let baseline = ward.shown().session.and_then(|session| session.baseline);
    assert_eq!(baseline.and_then(|it| it.sys), Some(126));
    let refused = ward.accepts(&[first, second]);
    assert_eq!(refused, Err(Refused::Unknown(Unknown::Reading)), "it stands no more");
    ward.fresh.clear();
}
