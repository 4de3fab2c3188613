//! What may be done to a dose in each of its states.

use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::domain::session::tests::at;

const ID: DoseId = DoseId::from_bits(1);

fn kim() -> Arc<str> {
    "kim".into()
}

/// 35 mg by infusion from second 100 on, entered at once.
fn running() -> Dose {
    let order = DoseOrder { micrograms: Some(35_000), ..DoseOrder::default() };
    Dose::of_order(ID, &order, Way::Infusion, at(0), at(100)).expect("it may run")
}

fn changed(change: DoseChange, second: u64) -> Dose {
    let mut dose = running();
    dose.change(change, at(second)).expect("it runs");
    dose
}

const PAUSE: DoseChange = DoseChange::Pause { at: None };
const RESUME: DoseChange = DoseChange::Resume { at: None };
const END: DoseChange = DoseChange::End { at: None, given_micrograms: None };

#[test]
fn every_deed_in_every_state_does_what_the_table_says() {
    let over = Err(Refused::DoseOver);
    let late = Err(Refused::UndoTooLate);
    let voided = {
        let mut dose = running();
        dose.void(&kim()).expect("it counts");
        dose
    };
    let states = [running(), changed(PAUSE, 110), changed(END, 120), voided];
    type Told = Result<(), Refused>;
    type Deed = fn(&mut Dose) -> Told;
    type Row = (&'static str, Deed, [Told; 4]);
    let deeds: [Row; 7] = [
        (
            "pause",
            |it| it.change(PAUSE, at(130)),
            [Ok(()), Err(Refused::AlreadySo), over.clone(), over.clone()],
        ),
        (
            "resume",
            |it| it.change(RESUME, at(130)),
            [Err(Refused::NotSo), Ok(()), over.clone(), over.clone()],
        ),
        ("end", |it| it.change(END, at(130)), [Ok(()), Ok(()), over.clone(), over.clone()]),
        (
            "undo in time",
            |it| it.undo(&kim(), at(160).mono),
            [Ok(()), Ok(()), Ok(()), over.clone()],
        ),
        (
            "undo late",
            |it| it.undo(&kim(), at(161).mono),
            [late.clone(), late.clone(), late, over.clone()],
        ),
        ("void", |it| it.void(&kim()), [Ok(()), Ok(()), Ok(()), over.clone()]),
        ("amend", |it| it.amend(30_000), [Ok(()), Ok(()), Ok(()), over]),
    ];
    for (name, deed, answers) in deeds {
        for (place, (state, answer)) in states.iter().zip(answers).enumerate() {
            assert_eq!(deed(&mut state.clone()), answer, "{name}, state {place}");
        }
    }
}

#[test]
fn what_is_refused_leaves_no_trace_and_what_is_done_says_so() {
    let mut dose = changed(PAUSE, 110);
    assert_eq!((dose.words().as_str(), dose.paused_since()), ("35 mg, paused", Some(at(110))));
    dose.change(RESUME, at(115)).expect("paused");
    assert_eq!((dose.words().as_str(), dose.paused_since()), ("35 mg, running", None));
    dose.change(PAUSE, at(120)).expect("running");
    // Ended while it is paused: the pause lasts until then.
    let half = DoseChange::End { at: None, given_micrograms: Some(17_500) };
    dose.change(half, at(125)).expect("paused");
    assert_eq!(dose.pauses, [(at(110), Some(at(115))), (at(120), Some(at(125)))]);
    assert_eq!((dose.ended, dose.runs(), dose.paused_since()), (Some(at(125)), false, None));
    assert_eq!(dose.words(), "17.5 mg, ended");
    dose.void(&kim()).expect("it counts");
    assert_eq!((dose.counts(), dose.voided.clone()), (false, Some(kim())));
}

#[test]
fn a_paused_infusion_that_is_voided_is_not_paused() {
    let mut dose = changed(PAUSE, 110);
    dose.void(&kim()).expect("it counts");
    assert_eq!((dose.paused_since(), dose.runs()), (None, false));
}

#[test]
fn what_happens_to_a_dose_comes_in_order_and_never_in_the_future() {
    let wall = |second| Some(at(second).wall);
    let resumed = || {
        let mut dose = changed(PAUSE, 110);
        dose.change(RESUME, at(120)).expect("paused");
        dose
    };
    let pause = |second| DoseChange::Pause { at: wall(second) };
    let resume = |second| DoseChange::Resume { at: wall(second) };
    let end = |second| DoseChange::End { at: wall(second), given_micrograms: None };
    let table = [
        (running(), pause(99), false),
        (running(), pause(100), true),
        (running(), pause(202), true),
        (running(), pause(203), false),
        (running(), end(99), false),
        (running(), end(100), true),
        (running(), end(203), false),
        (changed(PAUSE, 110), resume(109), false),
        (changed(PAUSE, 110), resume(110), true),
        (changed(PAUSE, 110), end(109), false),
        (changed(PAUSE, 110), end(110), true),
        (resumed(), pause(119), false),
        (resumed(), pause(120), true),
        (resumed(), end(119), false),
        (resumed(), end(120), true),
    ];
    for (place, (mut dose, change, right)) in table.into_iter().enumerate() {
        let answer = dose.change(change, at(200));
        assert_eq!(answer, if right { Ok(()) } else { Err(Refused::BadTime) }, "{place}");
    }
}

#[test]
fn a_time_that_was_shown_in_milliseconds_is_not_before_what_it_was_shown_of() {
    let order = DoseOrder::default();
    let started = at(100).plus(Duration::from_micros(999));
    let mut dose = Dose::of_order(ID, &order, Way::Infusion, at(0), started).expect("it may run");
    let shown = Some(at(100).wall);
    dose.change(DoseChange::Pause { at: shown }, at(200)).expect("not before its start");
    assert_eq!(dose.paused_since(), Some(started));

    let started = at(100).plus(Duration::from_micros(1_000));
    let mut dose = Dose::of_order(ID, &order, Way::Infusion, at(0), started).expect("it may run");
    assert_eq!(dose.change(DoseChange::Pause { at: shown }, at(200)), Err(Refused::BadTime));
}

#[test]
fn an_end_may_say_that_less_or_nothing_was_given_but_never_more() {
    let end = |given| DoseChange::End { at: None, given_micrograms: Some(given) };
    for (given, right) in [(0, true), (1, true), (35_000, true), (35_001, false)] {
        let answer = running().change(end(given), at(200));
        assert_eq!(answer, if right { Ok(()) } else { Err(Refused::BadValue) }, "{given}");
    }
    // Of an infusion whose amount nobody said, any that there can be.
    for (given, right) in [(2_000_000, true), (2_000_001, false)] {
        let mut dose = Dose::plain(ID, at(100));
        let answer = dose.change(end(given), at(200));
        assert_eq!(answer, if right { Ok(()) } else { Err(Refused::BadValue) }, "{given}");
    }
}

#[test]
fn an_amount_is_amended_to_another_one_that_there_can_be() {
    let mut dose = running();
    assert_eq!(dose.amend(35_000), Err(Refused::AlreadySo));
    assert_eq!(dose.amend(0), Err(Refused::BadValue));
    assert_eq!(dose.amend(2_000_001), Err(Refused::BadValue));
    assert_eq!((dose.amend(2_000_000), dose.micrograms), (Ok(()), Some(2_000_000)));
}

#[test]
fn an_infusion_runs_and_all_else_is_given_in_a_moment() {
    for route in ["iv", "nasal", "im", "sc", "sl", "po"] {
        let dose = Dose::of_order(ID, &DoseOrder::default(), Way::of(route), at(0), at(9));
        let dose = dose.expect("it may be given");
        assert_eq!(dose.runs(), route == "iv", "{route}");
        assert_eq!(dose.ended, (route != "iv").then_some(at(9)), "{route}");
        let words = if route == "iv" { ", running" } else { "" };
        assert_eq!(dose.words(), format!("amount not known{words}"), "{route}");
    }
}

#[test]
fn an_order_is_refused_where_its_times_or_its_amount_can_not_be() {
    let order = |started: u64, ended: Option<u64>, micrograms| DoseOrder {
        micrograms,
        started: Some(at(started).wall),
        ended: ended.map(|second| at(second).wall),
        ..DoseOrder::default()
    };
    let table = [
        (order(50, None, Some(1)), Ok(())),
        (order(49, None, Some(1)), Err(Refused::BadTime)),
        (order(102, None, Some(1)), Ok(())),
        (order(103, None, Some(1)), Err(Refused::BadTime)),
        (order(60, Some(60), Some(1)), Ok(())),
        (order(60, Some(59), Some(1)), Err(Refused::BadTime)),
        (order(60, Some(103), Some(1)), Err(Refused::BadTime)),
        (order(60, None, None), Ok(())),
        (order(60, None, Some(0)), Err(Refused::BadValue)),
        (order(60, None, Some(2_000_000)), Ok(())),
        (order(60, None, Some(2_000_001)), Err(Refused::BadValue)),
    ];
    for way in [Way::Infusion, Way::Nasal, Way::Moment] {
        for (order, answer) in &table {
            let dose = Dose::of_order(ID, order, way, at(50), at(100));
            assert_eq!(dose.map(|_| ()), *answer, "{way:?} {order:?}");
        }
    }
    let whole = Dose::of_order(ID, &table[4].0, Way::Infusion, at(50), at(100));
    let whole = whole.expect("an ended one may be entered whole");
    assert_eq!((whole.started, whole.ended, whole.entered), (at(60), Some(at(60)), at(100)));
}

#[test]
fn only_a_nasal_spray_has_devices_and_never_more_than_three() {
    for (number, nasal) in [(0, false), (1, true), (2, true), (3, true), (4, false), (255, false)] {
        let order = DoseOrder { device_number: Some(number), ..DoseOrder::default() };
        for (way, right) in [(Way::Nasal, nasal), (Way::Infusion, false), (Way::Moment, false)] {
            let dose = Dose::of_order(ID, &order, way, at(0), at(9));
            let answer = if right { Ok(()) } else { Err(Refused::BadValue) };
            assert_eq!(dose.map(|_| ()), answer, "{number} {way:?}");
        }
    }
}

#[test]
fn a_dose_is_told_in_the_words_of_the_clinic() {
    let of = |micrograms, lot: Option<&str>, device_number| {
        let lot = lot.map(Into::into);
        let order = DoseOrder { micrograms, lot, device_number, ..DoseOrder::default() };
        let dose = Dose::of_order(ID, &order, Way::Nasal, at(0), at(9)).expect("it may be given");
        (dose.name(), dose.words())
    };
    let table = [
        (of(Some(28_000), Some("L1"), Some(2)), ("device 2", "28 mg, lot L1")),
        (of(Some(500), None, None), ("dose", "0.5 mg")),
        (of(Some(100_000), None, None), ("dose", "100 mg")),
        (of(Some(12_345), None, None), ("dose", "12.345 mg")),
        (of(None, Some("7"), None), ("dose", "amount not known, lot 7")),
    ];
    for ((name, words), told) in table {
        assert_eq!((name.as_str(), words.as_str()), told);
    }
}
