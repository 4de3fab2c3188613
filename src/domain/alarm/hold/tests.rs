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

#[test]
fn a_clear_sample_ends_the_hold_at_ten_seconds_and_not_before() {
    // row:8
    let clearing = Hold::Clearing { since: at(100) };
    assert_eq!(clearing.deadline(TD), Some(at(110)));
    assert_eq!(clearing.sample(&sample(Verdict::Clear), at(109)), clearing);
    assert_eq!(clearing.sample(&sample(Verdict::Clear), at(110)), Hold::Idle);
}

#[test]
fn a_hazard_that_is_declared_holds_at_its_first_violation() {
    // row:14 Goal: a sample that violates holds, from idle and from a running delay; no other does.
    let declared = |verdict| Sample { declared: Declared::Yes, ..sample(verdict) };
    let running = fed(&"v".repeat(5));
    for hold in [Hold::Idle, running] {
        assert_eq!(hold.sample(&declared(Verdict::Violated), at(6)), Hold::Held);
        assert_ne!(hold.sample(&declared(Verdict::Between), at(6)), Hold::Held);
    }
    assert_eq!(running.declared(), Hold::Held);
    for hold in [Hold::Idle, fed("vv-"), running.missing(at(6)), Hold::Clearing { since: at(1) }] {
        assert_eq!(hold.declared(), hold, "it does not violate now");
    }
}

#[test]
fn a_cuffs_pressure_or_a_rule_without_a_delay_decides_at_once() {
    // row:1 row:6 row:8
    let cuff = |verdict| Sample { sampling: Sampling::Intermittent, ..sample(verdict) };
    for hold in [Hold::Idle, fed("v")] {
        assert_eq!(hold.sample(&cuff(Verdict::Violated), at(2)), Hold::Held);
        assert_eq!(hold.sample(&cuff(Verdict::Between), at(2)), Hold::Idle);
    }
    assert_eq!(Hold::Held.sample(&cuff(Verdict::Clear), at(2)), Hold::Idle);
    let one = Sampling::Spot { needed: 1 };
    let spot = Sample { sampling: one, ..sample(Verdict::Violated) };
    assert_eq!(Hold::Idle.sample(&spot, at(2)), Hold::Held);
}

#[test]
fn spot_values_are_counted_and_have_no_clock() {
    // row:3 row:4 row:11
    let spot = Sample { sampling: Sampling::Spot { needed: 3 }, ..sample(Verdict::Violated) };
    let one = Hold::Idle.sample(&spot, at(1));
    let two = one.sample(&spot, at(600));
    assert!(matches!(one, Hold::Running(Run { spots: 1, .. })), "{one:?}");
    let Hold::Running(run) = two else { panic!("{two:?}") };
    assert_eq!((run.since, run.newest, run.spots), (at(1), at(600), 2));
    assert_eq!(two.sample(&spot, at(1_200)), Hold::Held);
    assert_eq!(one.deadline(TD), None);
    assert_eq!(one.timer(TD, Newest::Spot, at(9_999)), one);
    // A continuous value begins anew.
    let anew = one.sample(&sample(Verdict::Violated), at(40));
    assert_eq!(anew, start(&sample(Verdict::Violated), at(40)));
}

#[test]
fn a_running_delay_wakes_at_its_end_and_only_where_no_sample_could_decide_it() {
    // row:4
    let Hold::Running(run) = fed("v") else { panic!("one sample only begins the delay") };
    let table = [
        (run, Some(at(31))),
        (Run { newest: at(30), ..run }, Some(at(31))),
        (Run { newest: at(31), ..run }, None),
        (Run { newest: at(32), ..run }, None),
        (Run { lost: Some(at(2)), ..run }, None),
        (Run { spots: 1, ..run }, None),
    ];
    for (run, due) in table {
        assert_eq!(Hold::Running(run).deadline(TD), due, "{run:?}");
    }
    assert_eq!(Hold::Idle.deadline(TD), None);
    assert_eq!(Hold::Held.deadline(TD), None);
}

#[test]
fn at_the_end_of_the_delay_the_timer_goes_by_the_newest_sample_and_the_dips() {
    // row:4 row:5
    let violating = fed(&"v".repeat(30));
    assert_eq!(violating.timer(TD, Newest::Fresh, at(30)), violating, "a second before");
    assert_eq!(violating.timer(TD, Newest::Fresh, at(31)), Hold::Held);
    assert_eq!(violating.timer(TD, Newest::Spot, at(31)), violating);
    let lost = violating.missing(at(31));
    assert_eq!(lost.timer(TD, Newest::Fresh, at(32)), lost, "the next sample decides");
    assert_eq!(lost.timer(TD, Newest::Missing, at(32)), lost, "it is lost since the first time");

    let dip = fed(&format!("{}c", "v".repeat(29))).timer(TD, Newest::Fresh, at(31));
    assert!(matches!(dip, Hold::Running(Run { violating: false, .. })), "{dip:?}");
    assert_eq!(dip.deadline(TD), None, "the next sample decides");
    let many = fed(&"vvvcc".repeat(6)).timer(TD, Newest::Fresh, at(31));
    assert_eq!(many, Hold::Idle);
}

#[test]
fn a_dip_of_up_to_three_periods_and_at_least_three_seconds_is_tolerated() {
    // row:5 Goal: the period of a value in ms, the longest dip in seconds.
    for (period, longest) in [(500, 3), (1_000, 3), (2_000, 6)] {
        let every = |verdict| Sample {
            sampling: Sampling::Continuous { period: Duration::from_millis(period) },
            ..sample(verdict)
        };
        let dip = Hold::Idle
            .sample(&every(Verdict::Violated), at(0))
            .sample(&every(Verdict::Clear), at(2));
        let last = dip.sample(&every(Verdict::Between), at(2 + longest));
        assert!(matches!(last, Hold::Running(_)), "{period} {last:?}");
        assert_eq!(dip.sample(&every(Verdict::Between), at(3 + longest)), Hold::Idle, "{period}");
    }
}

#[test]
fn dips_add_up_and_a_fifth_of_the_time_is_the_most() {
    // row:5 Goal: the last of several dips decides at the end of the delay.
    let table = [("vvvvvvvvccvvvvvvvccvvvvvvvcc", 6), ("vvvvvvvvccvvvvvvvccvvvvvvccc", 7)];
    for (text, seconds) in table {
        let hold = fed(&format!("{text}vv"));
        let Hold::Running(run) = hold else { panic!("{hold:?}") };
        assert_eq!((run.dips, run.violating), (Duration::from_secs(seconds), true));
        assert_eq!(run.dip_since, None);
        let violated = sample(Verdict::Violated);
        let next = hold.sample(&violated, at(31));
        let expected = if seconds == 6 { Hold::Held } else { start(&violated, at(31)) };
        assert_eq!(next, expected, "{text}");
    }
}

#[test]
fn what_was_not_seen_is_no_dip() {
    // row:5 row:11
    let lost = fed("vvvc").missing(at(5));
    let back = lost.sample(&sample(Verdict::Violated), at(15));
    let Hold::Running(run) = back else { panic!("{back:?}") };
    assert_eq!((run.dips, run.lost), (Duration::ZERO, None));
}

#[test]
fn at_the_end_of_the_delay_a_sample_that_does_not_violate_waits_unless_dips_were_too_many() {
    // row:5
    let waits = fed(&format!("{}c", "v".repeat(30)));
    assert!(matches!(waits, Hold::Running(Run { violating: false, .. })), "{waits:?}");
    assert_eq!(fed(&format!("{}c", "vvvcc".repeat(6))), Hold::Idle);
}
