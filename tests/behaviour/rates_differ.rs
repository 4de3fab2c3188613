//! ECG rate and oximeter pulse that contradict each other (T4).

use dosevigil::domain::alarm::AlarmFamily;
use dosevigil::domain::metric::Metric;
use dosevigil::domain::reading::ValueSource;

use crate::feed::{absent, heart, pulse};
use crate::support::TestWard;

#[test]
fn a_difference_of_more_than_twenty_for_thirty_seconds_is_low() {
    // technical:rate-conflict rule:T4
    for (beats, seconds, told) in [(100, 60, false), (101, 29, false), (101, 31, true)] {
        let mut ward = TestWard::active();
        ward.stream(seconds, &[heart(80), pulse(beats)]);
        let line = "00:30 raised rate-conflict T4 low active r1";
        ward.expect(&[line][..usize::from(told)]);
    }
}

#[test]
fn one_agreeing_pair_starts_it_again_and_ends_what_is_told() {
    // technical:rate-conflict rule:T4
    let mut ward = TestWard::active();
    ward.stream(29, &[heart(80), pulse(110)]);
    ward.stream(1, &[heart(80), pulse(81)]);
    ward.stream(29, &[heart(80), pulse(110)]);
    ward.nothing_told();
    ward.stream(7, &[heart(80), pulse(110)]);
    ward.expect(&["01:00 raised rate-conflict T4 low active r1"]);
    assert_eq!(
        ward.occurrence(AlarmFamily::RateConflict).text,
        "ECG rate 80 and pulse 110 /min differ"
    );
    ward.stream(1, &[heart(80), pulse(95)]);
    ward.expect(&["01:06 ended rate-conflict T4 low none r1"]);
}

#[test]
fn a_pulse_that_is_away_does_not_end_it() {
    // technical:rate-conflict safety:A6
    let mut ward = TestWard::active();
    ward.stream(40, &[heart(80), pulse(110)]);
    ward.fresh.clear();
    ward.stream(30, &[heart(80), absent(Metric::PulseRate, ValueSource::Pleth)]);
    ward.expect(&["00:49 raised no-value pulse T3 medium active r1"]);
    assert!(ward.find(AlarmFamily::RateConflict).is_some());
}
