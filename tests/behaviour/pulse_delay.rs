//! A high pulse alarms after its delay and not before, short dips or not.

use dosevigil::domain::reading::Reading;

use crate::feed::pulse;
use crate::support::TestWard;

/// One sample a second: `v` is 130 (violates H1), `-` is 119 (neither), `c` is 90.
fn feed(ward: &mut TestWard, letters: &str) {
    for letter in letters.chars() {
        ward.stream(1, &[sample(letter)]);
    }
}

fn sample(letter: char) -> Reading {
    match letter {
        'v' => pulse(130),
        '-' => pulse(119),
        _ => pulse(90),
    }
}

#[test]
fn a_high_pulse_alarms_after_its_delay_and_not_before() {
    // row:2 row:3 row:4 rule:H1 rule:H2
    for (bpm, delay, told) in [
        (121, "00:30", "00:30 raised hr-high H1 medium active r1"),
        (141, "00:15", "00:15 raised hr-high H2 high active r1"),
    ] {
        let mut ward = TestWard::active();
        let samples = crate::support::span(delay).as_secs();
        ward.stream(samples, &[pulse(bpm)]);
        assert_eq!(ward.fresh.len(), 1, "at the delay's end, by time alone");
        ward.expect(&[told]);
    }
    let mut ward = TestWard::active();
    ward.stream(29, &[pulse(130)]);
    ward.nothing_told();
    ward.stream(1, &[pulse(90)]);
    ward.stream(40, &[pulse(90)]);
    ward.nothing_told();
}

#[test]
fn a_short_dip_neither_resets_nor_stops_the_delay() {
    // row:5 rule:H1 Goal: three seconds of 119 or 90 in the middle.
    for dip in ["---", "ccc"] {
        let mut ward = TestWard::active();
        feed(&mut ward, &format!("{}{dip}{}", "v".repeat(12), "v".repeat(14)));
        ward.nothing_told();
        feed(&mut ward, "v");
        ward.expect(&["00:30 raised hr-high H1 medium active r1"]);
    }
}

#[test]
fn a_longer_dip_starts_the_delay_again() {
    // row:5 rule:H1 Goal: more than 3 s without a break.
    let mut ward = TestWard::active();
    feed(&mut ward, &format!("{}ccccc{}", "v".repeat(20), "v".repeat(29)));
    ward.nothing_told();
    feed(&mut ward, "v");
    ward.expect(&["00:55 raised hr-high H1 medium active r1"]);
}

#[test]
fn many_short_dips_are_too_much() {
    // row:5 Goal: more than a fifth of the time, judged once the delay has run.
    let mut ward = TestWard::active();
    feed(&mut ward, &"vvvcc".repeat(24));
    ward.nothing_told();
}

#[test]
fn a_dip_at_the_delays_end_waits_for_the_next_sample() {
    // row:4 rule:H1 Goal: at 30 s the newest sample doesn't violate; the one after does.
    let mut ward = TestWard::active();
    feed(&mut ward, &format!("{}-", "v".repeat(29)));
    ward.nothing_told();
    feed(&mut ward, "-v");
    ward.expect(&["00:31 raised hr-high H1 medium active r1"]);
}

#[test]
fn the_delay_counts_from_the_first_violating_sample() {
    // row:2 Goal: other samples before it do not count.
    let mut ward = TestWard::active();
    feed(&mut ward, &format!("{}{}", "-".repeat(25), "v".repeat(30)));
    ward.expect(&["00:55 raised hr-high H1 medium active r1"]);
}
