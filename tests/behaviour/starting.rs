//! A nurse starts a session: what is refused, whose readings count, and what stays.

use dosevigil::domain::act::{Deed, Done, Refused, Unknown, VisitDeed};
use dosevigil::domain::alarm::AlarmFamily::{BpHigh, PreDose};
use dosevigil::domain::alarm::occurrence::SessionChange;
use dosevigil::domain::bed::Inhibition;
use dosevigil::domain::ids::{BedIndex, SessionId};
use dosevigil::domain::session::start::{Patient, StartOrder, TurnOver};
use dosevigil::domain::view::Freshness;

use crate::entering::SESSION;
use crate::feed::pulse;
use crate::support::{BED, TestWard, seconds};
use crate::visiting::{CAUTIOUS, IV, NASAL, OTHER_BED, order};

fn answered(turn_over: TurnOver) -> StartOrder {
    StartOrder { turn_over, ..order() }
}

#[test]
fn whoever_starts_a_session_is_responsible_and_it_goes_by_the_beds_own_preset() {
    let mut ward = TestWard::clinic();
    assert_eq!(ward.starts(order()), Ok(Done::SessionStarted { session: SESSION }));
    let notes = ward.notes_of(SessionChange::Started);
    assert_eq!((&*notes[0].0, &*notes[0].1.by), ("bay-1", "Kim"));
    assert_eq!(notes[0].1.new.as_deref(), Some("ketamine-iv 1.0.0"));
    ward.expect(&["00:00 session started intake"]);
    let shown = ward.shown();
    let session = shown.session.expect("it runs");
    assert_eq!(session.patient, order().patient);
    assert_eq!(session.responsible.map(|it| it.name.to_string()), Some("Kim".to_owned()));
    assert_eq!(&*shown.preset.name, IV);
}

#[test]
fn a_session_may_begin_with_another_preset_and_its_end_gives_the_bed_its_own_back() {
    let mut ward = TestWard::clinic();
    ward.starts(StartOrder { preset: Some(CAUTIOUS.into()), ..order() }).expect("it begins");
    assert_eq!(&*ward.shown().preset.name, CAUTIOUS);
    ward.session_ended();
    assert_eq!(&*ward.shown().preset.name, IV);
    ward.fresh.clear();
}

#[test]
fn a_start_that_contradicts_bed_session_or_preset_is_refused_with_what_is_wrong() {
    let mut ward = TestWard::clinic();
    let wrong =
        |drug: &str, route: &str| StartOrder { drug: drug.into(), route: route.into(), ..order() };
    let of = |preset: &str| StartOrder { preset: Some(preset.into()), ..order() };
    let needed = |drug: &str, routes: &str| Refused::WrongPreset {
        drug: drug.into(),
        routes: routes.into(),
    };
    assert_eq!(ward.starts(of("none")), Err(Refused::Unknown(Unknown::Preset)));
    assert_eq!(ward.starts(of(NASAL)), Err(needed("esketamine", "nasal")));
    assert_eq!(ward.starts(wrong("esketamine", "iv")), Err(needed("ketamine", "iv")));
    assert_eq!(ward.starts(wrong("ketamine", "im")), Err(needed("ketamine", "iv")));
    let nowhere = Deed::Visit(VisitDeed::StartSession { bed: BedIndex(2), order: order() });
    assert_eq!(ward.act("Kim", nowhere), Err(Refused::Unknown(Unknown::Bed)));
    ward.nothing_told();

    ward.starts(order()).expect("it begins");
    let again = StartOrder { id: SessionId::from_bits(8), ..order() };
    assert_eq!(ward.starts(again), Err(Refused::BedInUse { session: SESSION }));
    let twice = Deed::Visit(VisitDeed::StartSession { bed: OTHER_BED, order: order() });
    assert_eq!(ward.act("Kim", twice), Err(Refused::AlreadySo));
    ward.session_ended();
    assert_eq!(ward.starts(order()), Err(Refused::SessionOver));
    ward.fresh.clear();
}

#[test]
fn a_patient_who_can_be_none_is_refused() {
    // Goal: 700 kg, and a birth that is still to come.
    let mut ward = TestWard::clinic();
    let of = |patient| StartOrder { patient, ..order() };
    let heavy = Patient { weight_g: Some(700_000), ..order().patient };
    let unborn = Patient { birth_year: Some(2027), ..order().patient };
    for patient in [heavy, unborn] {
        assert_eq!(ward.starts(of(patient)), Err(Refused::BadValue));
    }
    ward.starts(of(Patient { birth_year: Some(2026), ..order().patient })).expect("plausible");
    ward.fresh.clear();
}

#[test]
fn above_65_by_the_year_of_birth_the_gate_is_the_older_patients() {
    // rule:B7 Goal: the test's year is 2026.
    for (born, told) in [(1961, true), (1960, false)] {
        let mut ward = TestWard::clinic();
        let patient = Patient { birth_year: Some(born), ..order().patient };
        ward.starts(StartOrder { patient, ..order() }).expect("it begins");
        ward.cuff(145, 80);
        ward.at("01:00").cuff(145, 80);
        assert_eq!(ward.find(PreDose).is_some(), told, "{born}");
        ward.fresh.clear();
    }
}

#[test]
fn a_start_soon_after_readings_asks_whose_they_are() {
    // Goal: at ten minutes and just past it; a sensor without a finger is nobody's.
    for (clock, asked) in [("10:00", true), ("10:01", false)] {
        let mut ward = TestWard::clinic();
        ward.cuff(120, 70);
        let answer = ward.at(clock).starts(answered(TurnOver::Unanswered));
        let unanswered = answer == Err(Refused::NewPatientUnanswered);
        assert_eq!((unanswered, answer.is_ok()), (asked, !asked), "{clock}");
        ward.fresh.clear();
    }
    let mut ward = TestWard::clinic();
    let none = crate::feed::absent(
        dosevigil::domain::metric::Metric::SpO2,
        dosevigil::domain::reading::ValueSource::Pleth,
    );
    ward.stream(3, &[none]);
    ward.starts(answered(TurnOver::Unanswered)).expect("nobody's");
    ward.fresh.clear();
}

#[test]
fn readings_before_a_new_patient_are_on_no_gate_and_on_no_tile() {
    // rule:B7 Goal: of two readings that would stop the dose the first is another patient's.
    let mut ward = TestWard::clinic();
    ward.cuff(150, 80);
    ward.at("01:00").starts(answered(TurnOver::NewPatient)).expect("it begins");
    let shown = ward.shown();
    assert!(shown.vitals.iter().all(|vital| vital.state == Freshness::Absent), "{shown:?}");
    ward.at("02:00").cuff(150, 80);
    assert!(ward.find(PreDose).is_none());
    ward.at("03:00").cuff(150, 80);
    assert!(ward.find(PreDose).is_some());
    ward.fresh.clear();
}

#[test]
fn walk_in_readings_of_the_same_patient_count() {
    // rule:B7 Goal: since the session before ended, and no older than an hour.
    let mut ward = TestWard::clinic();
    ward.cuff(150, 80);
    ward.at("01:00").starts(answered(TurnOver::SamePatient)).expect("it begins");
    ward.at("02:00").cuff(150, 80);
    assert!(ward.find(PreDose).is_some());
    ward.fresh.clear();
    ward.at("03:00").session_ended();
    let next = StartOrder { id: SessionId::from_bits(8), ..answered(TurnOver::SamePatient) };
    ward.at("04:00").starts(next).expect("it begins");
    ward.at("05:00").cuff(150, 80);
    assert!(ward.find(PreDose).is_none(), "the reading of 02:00 was the session's before");
    ward.fresh.clear();

    let mut ward = TestWard::clinic();
    ward.cuff(150, 80);
    ward.at("60:01").starts(answered(TurnOver::SamePatient)).expect("it begins");
    ward.at("61:00").cuff(150, 80);
    assert!(ward.find(PreDose).is_none(), "it was more than an hour old");
    ward.fresh.clear();
}

#[test]
fn an_open_alarm_stays_and_what_a_device_sends_all_the_time_is_of_now() {
    // Goal: A session start keeps open occurrences (alarms 11), whoever the patient is.
    let mut ward = TestWard::clinic();
    ward.cuff(205, 95);
    ward.stream(3, &[pulse(80)]);
    let before = ward.occurrence(BpHigh).id;
    ward.fresh.clear();
    ward.starts(order()).expect("it begins");
    ward.expect(&["00:03 session started intake", "00:03 frozen bp-high B1 high active r1 frozen"]);
    assert_eq!(ward.occurrence(BpHigh).id, before);
    let rate = ward.shown().vitals.into_iter().find(|it| it.judged.name() == "heart_rate");
    assert_eq!(rate.map(|it| it.state), Some(Freshness::Live));
}

#[test]
fn a_start_finds_its_patient_in_the_empty_room() {
    // row:32
    let mut ward = TestWard::clinic();
    ward.act("Kim", Deed::BeginStandby { bed: BED }).expect("it begins");
    ward.fresh.clear();
    ward.starts(order()).expect("it begins");
    ward.expect(&["00:00 session standby-ended -", "00:00 session started intake"]);
    assert_eq!(ward.ward.beds()[0].inhibition(), Inhibition::None);
}

#[test]
fn the_reading_of_an_empty_room_is_not_the_next_patients() {
    // row:32 rule:B7 Goal: even where the nurse says "same patient".
    let mut ward = TestWard::clinic();
    ward.cuff(150, 80);
    ward.at("01:00").act("Kim", Deed::BeginStandby { bed: BED }).expect("it begins");
    ward.at("02:00").starts(answered(TurnOver::SamePatient)).expect("it begins");
    ward.at("03:00").cuff(150, 80);
    assert!(ward.find(PreDose).is_none());
    ward.fresh.clear();
}

#[test]
fn a_recording_never_replaces_a_session_that_runs() {
    let mut ward = TestWard::visit();
    let before = ward.shown().session;
    ward.advance(seconds(60));
    ward.session();
    assert_eq!(ward.shown().session, before);
    assert_eq!(ward.ward.counts().refused_starts, 1);
    ward.nothing_told();
}

#[test]
fn an_act_on_a_session_that_ended_is_told_so() {
    let mut ward = TestWard::visit();
    ward.session_ended();
    assert_eq!(ward.end_session(), Err(Refused::SessionOver));
    assert_eq!(ward.moves(OTHER_BED), Err(Refused::SessionOver));
    let (sessions, to) = (vec![SESSION], "Lee".into());
    let offer = Deed::OfferHandover { sessions, to };
    assert_eq!(ward.act("Kim", offer), Err(Refused::SessionOver));
    ward.fresh.clear();
}
