//! What goes otherwise: a refused dose, a device late, a pause, the toilet, another bed, a restart,
//! midnight, and a reading that was none.

use dosevigil::domain::act::{Act, Actor, Deed, Disposition, Done, Refused, Unknown, VisitDeed};
use dosevigil::domain::alarm::AlarmFamily;
use dosevigil::domain::alarm::rule::Phase;
use dosevigil::domain::ids::{BedIndex, CommandId};
use dosevigil::domain::role::Role;
use dosevigil::domain::session::checks::{Checks, Missing};
use dosevigil::domain::session::dose::DoseChange;
use dosevigil::domain::time::{Stamp, WallTime};

use super::visit::{BOTH, Taken, Visit, device, mg};
use crate::support::{BED, START, seconds};

fn lead() -> Actor {
    Actor::new("Lee", Role::Lead)
}

fn names(refused: &Refused) -> Vec<&'static str> {
    let Refused::NotReady { missing } = refused else { panic!("not a gate: {refused:?}") };
    missing.iter().map(Missing::name).collect()
}

#[test]
fn a_pressure_too_high_before_the_dose_stops_it_and_the_patient_goes_home_undosed() {
    // rule:B8 rule:B7
    for taken in BOTH {
        let mut visit = Visit::arrives(taken, "ketamine", "iv", "ketamine-iv");
        let first = visit.pressure(164, 102);
        visit.until(2);
        let second = visit.pressure(166, 103);
        let (session, readings) = (visit.session, vec![first, second]);
        visit
            .does(Deed::Visit(VisitDeed::AcceptReadings { session, readings }))
            .expect("they are alike");
        let refused = visit.gives(mg(35)).expect_err("B8 stops it");
        assert!(names(&refused).contains(&"pressure"), "{refused:?}");
        assert_eq!(visit.phase(), Some(Phase::Baseline));
        visit.acknowledges_all();
        let (disposition, checks) = (Disposition::NotDosed, Checks::default());
        let ended = visit.does(Deed::EndSession { session, disposition, checks });
        assert_eq!(ended, Ok(Done::Taken));
        let after = visit.gives(mg(35)).expect_err("the session has ended");
        assert_eq!(after, Refused::SessionOver);
    }
}

#[test]
fn a_lead_overrides_the_gate_with_a_reason() {
    let mut visit = Visit::arrives(Taken::ByMonitor, "ketamine", "iv", "ketamine-iv");
    visit.pressure(146, 92);
    visit.until(2);
    visit.pressure(148, 93);
    let refused = visit.gives(mg(35)).expect_err("no baseline, and B7 stops it");
    assert_eq!(names(&refused), ["baseline", "pressure"]);
    let (session, dose) = (visit.session, mg(35));
    let given = visit.does_as(lead(), Deed::Visit(VisitDeed::GiveDose { session, dose }));
    assert!(matches!(given, Ok(Done::DoseGiven { .. })), "{given:?}");
    assert_eq!(visit.phase(), Some(Phase::Active));
}

#[test]
fn a_second_device_that_comes_late_moves_neither_the_two_hours_nor_the_40_minutes() {
    let mut visit = Visit::arrives(Taken::ByMonitor, "esketamine", "nasal", "esketamine-nasal");
    visit.accepts_a_baseline();
    visit.gives(device(1)).expect("all gates are passed");
    visit.until(15);
    visit.pressure(130, 82);
    visit.until(25);
    visit.gives(device(2)).expect("the rest is over");
    visit.until(42);
    visit.pressure(132, 84);
    visit.until(50);
    assert!(!visit.raised.contains(&"timed-reading"), "{:?}", visit.raised);
    visit.until(93);
    assert_eq!(visit.phase(), Some(Phase::Recovery), "90 minutes from the first device");
}

#[test]
fn a_paused_infusion_stays_active_and_goes_on() {
    let mut visit = Visit::arrives(Taken::ByMonitor, "ketamine", "iv", "ketamine-iv");
    visit.accepts_a_baseline();
    let infusion = visit.gives(mg(35)).expect("all gates are passed");
    visit.until(20);
    assert_eq!(visit.changes(infusion, DoseChange::Pause { at: None }), Ok(Done::Taken));
    visit.until(30);
    assert_eq!(visit.phase(), Some(Phase::Active));
    assert_eq!(visit.changes(infusion, DoseChange::Resume { at: None }), Ok(Done::Taken));
    visit.until(52);
    visit.ends_infusion(infusion);
    visit.until(81);
    assert_eq!(visit.phase(), Some(Phase::Active), "30 minutes from the real end");
    visit.until(83);
    assert_eq!(visit.phase(), Some(Phase::Recovery));
}

#[test]
fn the_toilet_in_the_middle_silences_nothing_for_longer_than_ten_minutes() {
    // row:32
    let mut visit = Visit::arrives(Taken::ByMonitor, "ketamine", "im", "ketamine-im");
    visit.accepts_a_baseline();
    visit.gives(mg(35)).expect("all gates are passed");
    visit.until(10);
    let away = visit.does(Deed::BeginStandby { bed: BED });
    assert!(matches!(away, Ok(Done::Until(_))), "{away:?}");
    visit.ward.advance(seconds(601));
    visit.look();
    assert!(visit.raised.contains(&"standby-overrun"), "{:?}", visit.raised);
    assert_eq!(visit.phase(), Some(Phase::Active), "the dose's time went on");
}

#[test]
fn a_moved_patient_keeps_dose_baseline_and_phase() {
    let mut visit = Visit::arrives(Taken::ByMonitor, "ketamine", "im", "ketamine-im");
    visit.accepts_a_baseline();
    visit.gives(mg(35)).expect("all gates are passed");
    visit.until(20);
    let (session, to) = (visit.session, BedIndex(1));
    visit.does(Deed::Visit(VisitDeed::MoveSession { session, bed: to })).expect("the bed is free");
    let beds = visit.ward.ward.beds();
    let views = [beds[0].view(visit.ward.now), beds[1].view(visit.ward.now)];
    assert_eq!(views[0].session.as_ref().map(|it| it.id), None);
    let moved = views[1].session.as_ref().expect("it is on the other bed");
    assert_eq!(moved.id, session);
    assert_eq!(moved.baseline.and_then(|baseline| baseline.sys), Some(121));
    assert_eq!(views[1].phase, Some(Phase::Active));
    assert_eq!(views[1].since_dose, Some(seconds(18 * 60)));
    assert_eq!(&*views[1].preset.name, "ketamine-im");
}

#[test]
fn a_reading_for_a_session_that_moved_or_ended_meanwhile_is_nobody_elses() {
    let mut visit = Visit::arrives(Taken::ByMonitor, "ketamine", "im", "ketamine-im");
    let session = visit.session;
    visit
        .does(Deed::Visit(VisitDeed::MoveSession { session, bed: BedIndex(1) }))
        .expect("the bed is free");
    let reading = visit.by_hand(205, 95);
    let stale = Deed::Visit(VisitDeed::EnterReading { bed: BED, session: Some(session), reading });
    assert_eq!(visit.does(stale.clone()), Err(Refused::Unknown(Unknown::Session)));
    let (disposition, checks) = (Disposition::Transferred, Checks::default());
    visit.does(Deed::EndSession { session, disposition, checks }).expect("it ends");
    assert_eq!(visit.does(stale), Err(Refused::SessionOver));
    assert_eq!(visit.raised, Vec::<&str>::new());
}

#[test]
fn a_restart_in_the_middle_keeps_the_session_and_its_times() {
    // row:28
    let mut visit = Visit::arrives(Taken::ByMonitor, "ketamine", "im", "ketamine-im");
    visit.accepts_a_baseline();
    visit.gives(mg(35)).expect("all gates are passed");
    visit.until(20);
    visit.ward.restart(seconds(120));
    visit.look();
    let view = visit.ward.ward.beds()[0].view(visit.ward.now);
    assert_eq!(view.since_dose, Some(seconds(20 * 60)));
    assert_eq!(view.phase, Some(Phase::Active));
    assert!(visit.raised.contains(&"monitoring-gap"), "{:?}", visit.raised);
}

#[test]
fn a_reading_voided_after_its_alarm_ends_the_alarm_with_the_nurses_name() {
    // row:24
    for taken in BOTH {
        let mut visit = Visit::arrives(taken, "ketamine", "im", "ketamine-im");
        visit.accepts_a_baseline();
        visit.gives(mg(35)).expect("all gates are passed");
        visit.until(12);
        visit.pressure(132, 84);
        visit.until(20);
        let wrong = visit.pressure(204, 96);
        assert!(visit.ward.find(AlarmFamily::BpHigh).is_some());
        visit.does(Deed::VoidReading { reading: wrong }).expect("the reading is known");
        visit.ward.advance(seconds(6)); // shown for at least 5 s
        let left = visit.ward.find(AlarmFamily::BpHigh);
        assert!(left.is_none_or(|it| it.ended.is_some()), "{taken:?}: {left:?}");
    }
}

#[test]
fn what_is_wrong_is_refused_with_what_would_be_right() {
    let mut visit = Visit::arrives(Taken::ByHand, "ketamine", "im", "ketamine-im");
    let session = visit.session;
    // A session on a bed in use.
    let mut order = visit.order("ketamine", "im", "ketamine-im");
    order.id = dosevigil::domain::ids::SessionId::from_bits(78);
    let second =
        visit.does(Deed::Visit(VisitDeed::StartSession { bed: BED, order: order.clone() }));
    assert_eq!(second, Err(Refused::BedInUse { session }));
    // A weight of 700 kg.
    order.patient.weight_g = Some(700_000);
    let heavy =
        visit.does(Deed::Visit(VisitDeed::StartSession { bed: BedIndex(1), order: order.clone() }));
    assert_eq!(heavy, Err(Refused::BadValue));
    // Another drug's preset.
    order.patient.weight_g = Some(70_000);
    order.preset = Some("esketamine-nasal".into());
    let other =
        visit.does(Deed::Visit(VisitDeed::StartSession { bed: BedIndex(1), order: order.clone() }));
    assert!(matches!(other, Err(Refused::WrongPreset { .. })), "{other:?}");
    order.preset = Some("unheard-of".into());
    let none = visit.does(Deed::Visit(VisitDeed::StartSession { bed: BedIndex(1), order }));
    assert_eq!(none, Err(Refused::Unknown(Unknown::Preset)));
    // A reading dated in the future.
    let mut reading = visit.by_hand(120, 80);
    reading.taken = reading.taken.plus(seconds(60));
    let early =
        visit.does(Deed::Visit(VisitDeed::EnterReading { bed: BED, session: None, reading }));
    assert_eq!(early, Err(Refused::BadTime));
    // A dose without a baseline, and a discharge too early.
    let dose = visit.gives(mg(35)).expect_err("no baseline");
    assert!(names(&dose).contains(&"baseline"), "{dose:?}");
}

#[test]
fn midnight_and_the_hour_that_clocks_are_put_back_change_nothing() {
    // safety:F3 Goal: times are counted, never read off a clock. The first visit crosses midnight
    // UTC, the second the end of summer time in New York (2026-11-01T06:00:00Z).
    for wall in [1_795_564_200_000_000, 1_793_511_000_000_000] {
        let start = Stamp { wall: WallTime::from_micros(wall), ..START };
        let what = ["ketamine", "im", "ketamine-im"];
        let mut visit = Visit::arrives_at(start, Taken::ByHand, what);
        visit.accepts_a_baseline();
        visit.gives(mg(35)).expect("all gates are passed");
        for (minute, phase) in [(50, Phase::Active), (63, Phase::Recovery), (93, Phase::Discharge)]
        {
            visit.until(minute);
            let view = visit.ward.ward.beds()[0].view(visit.ward.now);
            assert_eq!(view.since_dose, Some(seconds((minute - 2) * 60)));
            assert_eq!(view.phase, Some(phase), "at {minute} min from {wall}");
        }
    }
}

#[test]
fn a_reading_asked_for_again_after_the_patient_moved_or_went_is_the_first_one() {
    // row:17
    let mut visit = Visit::arrives(Taken::ByMonitor, "ketamine", "im", "ketamine-im");
    let (session, reading) = (visit.session, visit.by_hand(128, 80));
    let entry = |bed| Act {
        command: CommandId::from_bits(9),
        by: Actor::new("Kim", Role::Nurse),
        reason: None,
        deed: Deed::Visit(VisitDeed::EnterReading {
            bed,
            session: Some(session),
            reading: reading.clone(),
        }),
    };
    let first = visit.ward.take(&entry(BED));
    assert!(matches!(first, Ok(Done::ReadingsEntered { .. })), "{first:?}");
    visit
        .does(Deed::Visit(VisitDeed::MoveSession { session, bed: BedIndex(1) }))
        .expect("the bed is free");
    assert_eq!(visit.ward.take(&entry(BedIndex(1))), first, "on the bed where it is now");
    let (disposition, checks) = (Disposition::Transferred, Checks::default());
    visit.does(Deed::EndSession { session, disposition, checks }).expect("it ends");
    assert_eq!(visit.ward.take(&entry(BED)), first, "when it is on no bed");
}
