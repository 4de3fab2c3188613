//! What a session admits, state by state.

use super::*;
use crate::domain::act::Baseline;
use crate::domain::ids::Uuid;
use crate::domain::session::tests::{at, session};

fn order(started: u64, device_number: Option<u8>) -> DoseOrder {
    DoseOrder { started: Some(at(started).wall), device_number, ..DoseOrder::default() }
}

/// Nasal, with these devices given at these seconds.
fn given(devices: &[(u8, u64)]) -> Session {
    let mut session = session("nasal");
    for (number, second) in devices {
        let id = Uuid::from_bits(100 + u128::from(*number));
        let dose = Dose::of_order(id, &order(*second, Some(*number)), Way::Nasal, at(0), at(2_000));
        session.doses.push(dose.expect("it may be given"));
    }
    session
}

const NEW: DoseId = Uuid::from_bits(900);

#[test]
fn devices_come_each_once_and_in_order() {
    type Devices<'a> = &'a [(u8, u64)];
    let table: [(Devices<'_>, u8, u64, Result<(), Refused>); 12] = [
        (&[], 1, 500, Ok(())),
        (&[], 2, 500, Err(Refused::BadValue)),
        (&[(1, 500)], 1, 900, Err(Refused::AlreadySo)),
        (&[(1, 500)], 2, 900, Ok(())),
        (&[(1, 500)], 2, 500, Ok(())),
        (&[(1, 500)], 2, 499, Err(Refused::BadTime)),
        (&[(1, 500)], 3, 900, Err(Refused::BadValue)),
        (&[(1, 500), (2, 900)], 3, 1_300, Ok(())),
        // One that was voided is entered again: between its neighbours.
        (&[(2, 900)], 1, 500, Ok(())),
        (&[(2, 900)], 1, 900, Ok(())),
        (&[(2, 900)], 1, 901, Err(Refused::BadTime)),
        (&[(1, 500), (3, 1_300)], 2, 1_301, Err(Refused::BadTime)),
    ];
    for (devices, number, second, answer) in table {
        let admitted = given(devices).admit(NEW, &order(second, Some(number)), at(2_000));
        assert_eq!(admitted.map(|_| ()), answer, "{devices:?} then {number} at {second}");
    }
}

#[test]
fn a_voided_device_may_be_given_again() {
    let mut session = given(&[(1, 500)]);
    session.doses[0].void(&"kim".into()).expect("it counts");
    assert!(session.admit(NEW, &order(600, Some(1)), at(2_000)).is_ok());
    assert_eq!(session.admit(NEW, &order(600, Some(2)), at(2_000)), Err(Refused::BadValue));
}

#[test]
fn a_device_rests_five_minutes_from_its_start() {
    let session = given(&[(1, 500), (2, 900)]);
    let table = [
        (499, None),
        (500, Some(800)),
        (799, Some(800)),
        (800, None),
        (899, None),
        (900, Some(1_200)),
        (1_199, Some(1_200)),
        (1_200, None),
    ];
    for (second, until) in table {
        assert_eq!(session.rests_until(at(second).mono), until.map(at), "{second}");
    }
    let mut voided = session;
    voided.doses[1].void(&"kim".into()).expect("it counts");
    assert_eq!(voided.rests_until(at(900).mono), None);
    let by_another_way = Session { route: "im".into(), ..given(&[(1, 500)]) };
    assert_eq!(by_another_way.rests_until(at(501).mono), None);
}

#[test]
fn one_infusion_runs_at_a_time() {
    let mut session = session("iv");
    let first = session.admit(NEW, &order(100, None), at(200)).expect("the first one");
    session.doses.push(first);
    let next = Uuid::from_bits(901);
    let answer = session.admit(next, &order(150, None), at(200));
    assert_eq!(answer, Err(Refused::AlreadySo));
    // One that is over may be entered whole.
    let whole = DoseOrder { ended: Some(at(60).wall), ..order(50, None) };
    assert!(session.admit(next, &whole, at(200)).is_ok());
    session.doses[0].void(&"kim".into()).expect("it counts");
    assert!(session.admit(next, &order(150, None), at(200)).is_ok());
}

#[test]
fn a_command_names_one_dose() {
    // Goal: two people's commands of one id, which the ward does not take for one.
    let mut session = session("im");
    session.doses.push(Dose::plain(NEW, at(10)));
    let answer = session.admit(NEW, &order(100, None), at(200));
    assert_eq!(answer, Err(Refused::CommandReused));
    session.doses[0].void(&"kim".into()).expect("it counts");
    let answer = session.admit(NEW, &order(100, None), at(200));
    assert_eq!(answer, Err(Refused::CommandReused));
}

#[test]
fn a_baseline_holds_for_half_an_hour_before_the_dose() {
    // Goal: clinical 2.3; a minute's grace for times that people give in whole minutes.
    let taken = |second: u64| Session {
        baseline: Some(Baseline { sys: Some(124), ..Baseline::default() }),
        baseline_taken: Some(at(second).mono),
        ..session("iv")
    };
    let table = [(0, 1_800, true), (0, 1_801, false), (1_000, 940, true), (1_000, 939, false)];
    for (second, dose, holds) in table {
        assert_eq!(taken(second).baseline_holds(at(dose).mono), holds, "{second} {dose}");
    }
    assert!(!session("iv").baseline_holds(at(10).mono));
    let not_accepted = Session { baseline: None, ..taken(0) };
    assert!(!not_accepted.baseline_holds(at(10).mono));
}
