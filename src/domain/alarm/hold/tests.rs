//! A component's hold, cell by cell of its table, and the delays at their edges.

use super::*;

const TD: Duration = Duration::from_secs(30);

fn at(seconds: u64) -> MonoTime {
    MonoTime::from_micros(seconds * 1_000_000)
}

fn sample(verdict: Verdict) -> Sample {
    Sample {
        verdict,
        validity: Validity::Good,
        sampling: Sampling::Continuous { period: Duration::from_secs(1) },
        persist: TD,
        declared: Declared::No,
    }
}

/// Feeds one sample a second from second 1 on: `v` violates, `-` lies between, `c` is clear.
fn fed(text: &str) -> Hold {
    text.chars().zip(1..).fold(Hold::Idle, |hold, (letter, second)| {
        let verdict = match letter {
            'v' => Verdict::Violated,
            '-' => Verdict::Between,
            _ => Verdict::Clear,
        };
        hold.sample(&sample(verdict), at(second))
    })
}

#[test]
fn a_violation_holds_after_its_delay_and_not_before() {
    // row:2 row:3
    assert!(matches!(fed(&"v".repeat(30)), Hold::Running(_)));
    assert_eq!(fed(&"v".repeat(31)), Hold::Held);
}

#[test]
fn a_short_dip_neither_resets_nor_stops_the_delay() {
    // row:5 a dip of up to 3 s, and up to a fifth of the time, is tolerated
    assert_eq!(fed(&format!("{}ccc{}", "v".repeat(10), "v".repeat(18))), Hold::Held);
}

#[test]
fn a_dip_longer_than_three_seconds_resets_the_delay() {
    // row:5
    assert_eq!(fed(&format!("{}cccc", "v".repeat(10))), Hold::Running(dip_of(10, 4)));
    assert_eq!(fed(&format!("{}ccccc", "v".repeat(10))), Hold::Idle);
}

fn dip_of(violating: u64, dip: u64) -> Run {
    Run {
        since: at(1),
        newest: at(violating + dip),
        violating: false,
        dip_since: Some(at(violating + 1)),
        dips: Duration::from_secs(dip - 1),
        spots: 0,
        lost: None,
    }
}

#[test]
fn many_short_dips_over_a_fifth_of_the_time_do_not_hold() {
    // row:5 judged only once the delay has run
    let hold = fed(&"vvvcc".repeat(6));
    assert!(matches!(hold, Hold::Running(_)), "{hold:?}");
    let later = fed(&format!("{}v", "vvvcc".repeat(6)));
    assert_eq!(later, start(&sample(Verdict::Violated), at(31)));
}

#[test]
fn the_timer_holds_a_fresh_violation_and_keeps_a_gap_pending() {
    // row:4 row:10
    let running = fed(&"v".repeat(30));
    assert_eq!(running.deadline(TD), Some(at(31)));
    assert_eq!(running.timer(TD, Newest::Fresh, at(31)), Hold::Held);
    let lost = running.timer(TD, Newest::Missing, at(31));
    assert!(matches!(lost, Hold::Running(Run { lost: Some(_), .. })));
}

#[test]
fn a_gap_under_fifteen_seconds_keeps_the_clock_a_longer_one_starts_it_again() {
    // row:11
    let lost = fed(&"v".repeat(20)).missing(at(21));
    assert_eq!(lost.sample(&sample(Verdict::Violated), at(35)), Hold::Held);
    let again = lost.sample(&sample(Verdict::Violated), at(36));
    assert_eq!(again, start(&sample(Verdict::Violated), at(36)));
}

#[test]
fn clearing_takes_ten_seconds_past_the_clear_level_and_any_return_cancels_it() {
    // row:6 row:7 row:8
    let clearing = Hold::Held.sample(&sample(Verdict::Clear), at(100));
    assert_eq!(clearing, Hold::Clearing { since: at(100) });
    assert_eq!(clearing.timer(TD, Newest::Fresh, at(109)), clearing);
    assert_eq!(clearing.timer(TD, Newest::Fresh, at(110)), Hold::Idle);
    assert_eq!(clearing.sample(&sample(Verdict::Between), at(105)), Hold::Held);
    assert_eq!(Hold::Held.sample(&sample(Verdict::Between), at(105)), Hold::Held);
}

#[test]
fn missing_data_never_ends_a_hold() {
    // row:9
    assert_eq!(Hold::Held.missing(at(5)), Hold::Held);
    assert_eq!(Hold::Clearing { since: at(1) }.missing(at(5)), Hold::Held);
    assert_eq!(Hold::Clearing { since: at(1) }.timer(TD, Newest::Missing, at(50)), Hold::Held);
}

#[test]
fn a_questionable_sample_may_raise_but_never_clears() {
    let questionable = |verdict| Sample { validity: Validity::Questionable, ..sample(verdict) };
    assert_eq!(Hold::Held.sample(&questionable(Verdict::Clear), at(5)), Hold::Held);
    let at_once = Sample { persist: Duration::ZERO, ..questionable(Verdict::Violated) };
    assert_eq!(Hold::Idle.sample(&at_once, at(5)), Hold::Held);
}

#[test]
fn two_violating_spot_values_in_a_row_hold_and_one_that_does_not_starts_over() {
    // row:3 row:5
    let spot = |verdict| Sample { sampling: Sampling::Spot { needed: 2 }, ..sample(verdict) };
    let one = Hold::Idle.sample(&spot(Verdict::Violated), at(0));
    assert!(matches!(one, Hold::Running(_)));
    assert_eq!(one.sample(&spot(Verdict::Violated), at(600)), Hold::Held);
    assert_eq!(one.sample(&spot(Verdict::Between), at(600)), Hold::Idle);
}

#[test]
fn a_restart_drops_a_running_delay_and_keeps_what_holds() {
    // row:28
    assert_eq!(fed(&"v".repeat(20)).restarted(), Hold::Idle);
    assert_eq!(Hold::Clearing { since: at(1) }.restarted(), Hold::Held);
}
