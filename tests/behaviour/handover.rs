//! Each session has one responsible nurse; responsibility moves by offer and acceptance only.

use dosevigil::domain::act::{Actor, Answer, Deed, Done, HandoverId, Refused, Unknown};
use dosevigil::domain::alarm::occurrence::{ActNote, Subject};
use dosevigil::domain::bed::Watch;
use dosevigil::domain::ids::{BedIndex, SessionId};
use dosevigil::domain::input::{Input, SessionStart};
use dosevigil::domain::role::Role;

use crate::support::{START, TestWard, ketamine_iv, plan, seconds};

const FIRST: SessionId = SessionId::from_bits(1);
const SECOND: SessionId = SessionId::from_bits(2);

/// Two beds: Kim is responsible for the first session, nobody for the second.
fn two_sessions() -> TestWard {
    let mut ward = TestWard::of(plan(2, Watch::Session, &ketamine_iv()), START);
    for (bed, id, responsible) in [(0, FIRST, Some("Kim".into())), (1, SECOND, None)] {
        let start = SessionStart {
            id,
            initials: "A.B.".into(),
            drug: "ketamine".into(),
            route: "iv".into(),
            age_years: None,
            responsible,
        };
        ward.input(&Input::SessionStarted { bed: BedIndex(bed), start });
    }
    ward.fresh.clear();
    ward
}

fn offer(ward: &mut TestWard, by: &str, to: &str, sessions: &[SessionId]) -> Answer {
    ward.act(by, Deed::OfferHandover { sessions: sessions.to_vec(), to: to.into() })
}

fn offered(answer: Answer) -> HandoverId {
    match answer {
        Ok(Done::HandoverOffered { handover, .. }) => handover,
        other => panic!("not an offer: {other:?}"),
    }
}

fn accept(ward: &mut TestWard, by: &str, handover: HandoverId) -> Answer {
    ward.act(by, Deed::AcceptHandover { handover })
}

fn responsible(ward: &TestWard, bed: usize) -> Option<String> {
    let session = ward.ward.beds()[bed].view(ward.now).session.expect("a session");
    session.responsible.map(|it| it.name.to_string())
}

fn notes(ward: &mut TestWard) -> Vec<ActNote> {
    let told = std::mem::take(&mut ward.fresh);
    let note = |it: &dosevigil::domain::alarm::occurrence::Transition| match &it.subject {
        Subject::Session { note, .. } => note.as_deref().cloned(),
        Subject::Alarm { .. } => None,
    };
    told.iter().filter_map(note).collect()
}

#[test]
fn responsibility_stays_until_the_offer_is_accepted() {
    let mut ward = two_sessions();
    let handover = offered(offer(&mut ward, "Kim", "Lee", &[FIRST]));
    assert_eq!(responsible(&ward, 0).as_deref(), Some("Kim"));
    assert_eq!(ward.ward.handovers().len(), 1);
    let refused = accept(&mut ward, "Kim", handover);
    assert_eq!(refused, Err(Refused::NotOfferedTo { to: "Lee".into() }));
    ward.at("00:30");
    let done = accept(&mut ward, "Lee", handover);
    assert_eq!(done, Ok(Done::HandedOver { sessions: vec![FIRST] }));
    assert_eq!(responsible(&ward, 0).as_deref(), Some("Lee"));
    let lines: Vec<_> = ward.fresh.iter().map(|it| ward.line(it)).collect();
    assert_eq!(
        lines,
        ["00:00 session handover-offered intake", "00:30 session handed-over intake"]
    );
    let names: Vec<_> = notes(&mut ward).into_iter().map(|it| (it.by, it.old, it.new)).collect();
    let (kim, lee) = (Some("Kim".into()), Some("Lee".into()));
    assert_eq!(names, [("Kim".into(), kim.clone(), lee.clone()), ("Lee".into(), kim, lee)]);
    assert_eq!(accept(&mut ward, "Lee", handover), Err(Refused::HandoverOver));
}

#[test]
fn an_offer_that_nobody_answers_lapses_after_a_minute() {
    let mut ward = two_sessions();
    let handover = offered(offer(&mut ward, "Kim", "Lee", &[FIRST]));
    ward.at("00:59").expect(&["00:00 session handover-offered intake"]);
    ward.at("01:01").expect(&["01:00 session handover-lapsed intake"]);
    assert_eq!(accept(&mut ward, "Lee", handover), Err(Refused::HandoverOver));
    assert_eq!(responsible(&ward, 0).as_deref(), Some("Kim"));
}

#[test]
fn an_offer_is_rejected_with_a_reason() {
    let mut ward = two_sessions();
    let handover = offered(offer(&mut ward, "Kim", "Lee", &[FIRST]));
    let reject = Deed::RejectHandover { handover };
    let command = dosevigil::domain::ids::CommandId::from_bits(70);
    let without = crate::support::nurse(command, "Lee", reject.clone());
    assert_eq!(ward.take(&without), Err(Refused::ReasonNeeded));
    assert_eq!(ward.act("Lee", reject), Ok(Done::Taken));
    ward.at("02:00").expect(&[
        "00:00 session handover-offered intake",
        "00:00 session handover-rejected intake",
    ]);
    assert_eq!(responsible(&ward, 0).as_deref(), Some("Kim"));
}

#[test]
fn only_the_responsible_nurse_or_a_lead_offers_and_anybody_where_nobody_is() {
    let mut ward = two_sessions();
    let refused = Err(Refused::NotResponsible { responsible: Some("Kim".into()) });
    assert_eq!(offer(&mut ward, "Lee", "Lee", &[FIRST]), refused);
    assert_eq!(offer(&mut ward, "Lee", "Lee", &[SECOND, FIRST]), refused);
    assert_eq!(offer(&mut ward, "Kim", "Kim", &[FIRST]), Err(Refused::AlreadySo));
    let unknown = Err(Refused::Unknown(Unknown::Session));
    assert_eq!(offer(&mut ward, "Kim", "Lee", &[SessionId::from_bits(9)]), unknown);
    assert_eq!(offer(&mut ward, "Kim", "Lee", &[]), unknown);
    let viewer = Actor::new("Pat", Role::Viewer);
    let deed = Deed::OfferHandover { sessions: vec![SECOND], to: "Pat".into() };
    assert_eq!(ward.act_as(viewer, deed), Err(Refused::Role { needed: Role::Nurse }));
    let own = offered(offer(&mut ward, "Lee", "Lee", &[SECOND]));
    assert!(accept(&mut ward, "Lee", own).is_ok());
    assert_eq!(responsible(&ward, 1).as_deref(), Some("Lee"));
    let deed = Deed::OfferHandover { sessions: vec![FIRST, SECOND], to: "Mo".into() };
    let all = offered(ward.act_as(Actor::new("Dr. Ng", Role::Lead), deed));
    assert!(accept(&mut ward, "Mo", all).is_ok());
    assert_eq!(responsible(&ward, 0).as_deref(), Some("Mo"));
    assert_eq!(responsible(&ward, 1).as_deref(), Some("Mo"));
    ward.fresh.clear();
}

#[test]
fn a_newer_offer_of_a_session_takes_the_place_of_the_older() {
    // Goal: of that session only; the rest of a bulk offer stands.
    let mut ward = two_sessions();
    let own = offered(offer(&mut ward, "Kim", "Kim", &[SECOND]));
    accept(&mut ward, "Kim", own).expect("accepted");
    let both = offered(offer(&mut ward, "Kim", "Lee", &[FIRST, SECOND]));
    ward.at("00:10").fresh.clear();
    let one = offered(offer(&mut ward, "Kim", "Mo", &[FIRST]));
    ward.expect(&["00:10 session handover-lapsed intake", "00:10 session handover-offered intake"]);
    let done = accept(&mut ward, "Lee", both);
    assert_eq!(done, Ok(Done::HandedOver { sessions: vec![SECOND] }));
    assert!(accept(&mut ward, "Mo", one).is_ok());
    ward.fresh.clear();
}

#[test]
fn an_offer_survives_a_restart_and_lapses_if_its_time_is_over() {
    // row:28
    let mut ward = two_sessions();
    let handover = offered(offer(&mut ward, "Kim", "Lee", &[FIRST]));
    ward.at("00:10").restart(seconds(10));
    assert!(accept(&mut ward, "Lee", handover).is_ok());
    let late = offered(offer(&mut ward, "Lee", "Kim", &[FIRST]));
    ward.restart(seconds(100));
    assert_eq!(accept(&mut ward, "Kim", late), Err(Refused::HandoverOver));
    assert_eq!(responsible(&ward, 0).as_deref(), Some("Lee"));
    ward.fresh.clear();
}
