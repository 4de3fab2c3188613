//! A visit over HTTP: each act reaches the ward as it was meant. What an act does is the ward's own
//! business, and its tests'.

use serde_json::{Value, json};

use super::sample;
use super::support::{As, Service};
use crate::domain::act::{Deed, Disposition, Symptom, Symptoms, VisitDeed};
use crate::domain::ids::{BedIndex, ReadingId, Uuid};
use crate::domain::metric::Metric;
use crate::domain::reading::Quantity;
use crate::domain::role::Role;
use crate::domain::session::checks::Checks;
use crate::domain::session::dose::{DoseChange, DoseOrder};
use crate::domain::session::hand::{Arm, CuffSize, HandReading};
use crate::domain::session::start::{Patient, StartOrder, TurnOver};
use crate::domain::time::WallTime;
use crate::shell::http::Limits;

pub(super) const COMMAND: &str = "01998f3e-0000-7000-8000-00000000000a";
pub(super) const DOSE: Uuid = Uuid::from_bits(0x0199_8f3e_0000_7000_8000_0000_0000_0021);
const EMPTY: BedIndex = BedIndex(1);

/// How it is asked for, what the ward is told, what is answered.
type Asked = (&'static str, String, Value, Deed, Value);

pub(super) fn of_session(what: &str) -> String {
    format!("/api/v1/sessions/{}{what}", sample::SESSION)
}

pub(super) fn of_dose(what: &str) -> String {
    of_session(&format!("/doses/{DOSE}{what}"))
}

fn command() -> Uuid {
    Uuid::parse(COMMAND).expect("a UUID")
}

/// 2026-11-22 at so many minutes after ten, UTC.
fn ten_past(minutes: i64) -> WallTime {
    WallTime::from_micros(sample::at(0).wall.as_micros() + (minutes - 15) * 60_000_000)
}

pub(super) fn start() -> Value {
    json!({"bed": "bay-0", "drug": "ketamine", "route": "iv", "preset": "ketamine-iv",
        "new_patient": false,
        "patient": {"reference": "K-0417", "initials": "A.B.", "birth_year": 1984,
            "weight_kg": 82.5}})
}

fn starts() -> Vec<Asked> {
    let session = sample::SESSION;
    let order = StartOrder {
        id: command(),
        patient: sample::patient(),
        drug: "ketamine".into(),
        route: "iv".into(),
        preset: Some("ketamine-iv".into()),
        turn_over: TurnOver::SamePatient,
    };
    let short = json!({"bed": "bay-0", "drug": "ketamine", "route": "im",
        "patient": {"reference": "7", "initials": "C"}});
    let plain = StartOrder {
        patient: Patient { reference: "7".into(), initials: "C".into(), ..Patient::default() },
        route: "im".into(),
        preset: None,
        turn_over: TurnOver::Unanswered,
        ..order.clone()
    };
    let begun = json!({"session": COMMAND});
    let at = || "/api/v1/sessions".to_owned();
    let preset = Deed::Visit(VisitDeed::ChoosePreset { session, preset: "ketamine-im".into() });
    let accept = Deed::Visit(VisitDeed::AcceptReadings {
        session,
        readings: vec![ReadingId(7), ReadingId(12)],
    });
    let none = json!({"nibp_sys": null, "nibp_dia": null, "nibp_map": null, "heart_rate": null,
        "spo2": null});
    let bed = EMPTY;
    vec![
        ("POST", at(), start(), Deed::Visit(VisitDeed::StartSession { bed, order }), begun.clone()),
        ("POST", at(), short, Deed::Visit(VisitDeed::StartSession { bed, order: plain }), begun),
        ("PUT", of_session("/preset"), json!({"preset": "ketamine-im"}), preset, json!({})),
        ("POST", of_session("/baseline"), json!({"accept": [7, 12]}), accept, none),
    ]
}

fn doses() -> Vec<Asked> {
    let (session, dose) = (sample::SESSION, DOSE);
    let sent = json!({"mg": 41.3, "lot": "L1", "started": "2026-11-22T10:20:00Z",
        "ended": "2026-11-22T05:30:00-05:00"});
    let order = DoseOrder {
        micrograms: Some(41_300),
        lot: Some("L1".into()),
        started: Some(ten_past(20)),
        ended: Some(ten_past(30)),
        ..DoseOrder::default()
    };
    let device = DoseOrder { device_number: Some(2), ..DoseOrder::default() };
    let at = Some(ten_past(25));
    let time = "2026-11-22T10:25:00Z";
    let change = |change| Deed::Visit(VisitDeed::ChangeDose { session, dose, change });
    let gives = |dose| Deed::Visit(VisitDeed::GiveDose { session, dose });
    let undo = Deed::Visit(VisitDeed::UndoDose { session, dose });
    let void = Deed::Visit(VisitDeed::VoidDose { session, dose });
    let stopped = DoseChange::End { at, given_micrograms: Some(0) };
    let given = json!({"dose": COMMAND});
    let amend = Deed::Visit(VisitDeed::AmendDose { session, dose, micrograms: 28_005 });
    let none = json!({});
    let (give, put) = (|| of_session("/doses"), || of_dose(""));
    vec![
        ("POST", give(), sent, gives(order), given.clone()),
        ("POST", give(), json!({"device_number": 2}), gives(device), given),
        (
            "PUT",
            put(),
            json!({"action": "pause"}),
            change(DoseChange::Pause { at: None }),
            none.clone(),
        ),
        (
            "PUT",
            put(),
            json!({"action": "resume", "at": time}),
            change(DoseChange::Resume { at }),
            none.clone(),
        ),
        (
            "PUT",
            put(),
            json!({"action": "end", "at": time, "mg_given": 0}),
            change(stopped),
            none.clone(),
        ),
        ("DELETE", put(), json!({}), undo, none.clone()),
        ("POST", of_dose("/void"), json!({}), void, none.clone()),
        ("POST", of_dose("/amend"), json!({"value": 28.005}), amend, none),
    ]
}

pub(super) fn hand() -> Value {
    json!({"method": "aneroid", "taker": "lee", "taken": "2026-11-22T10:14:00Z", "arm": "left",
        "cuff_size": "adult", "values": {"temp": 36.6, "nibp_sys": 132, "nibp_dia": 84}})
}

fn readings() -> Vec<Asked> {
    let reading = HandReading {
        method: "aneroid".into(),
        taker: Some("lee".into()),
        taken: ten_past(14),
        values: vec![
            (Metric::NibpSys, Quantity(132)),
            (Metric::NibpDia, Quantity(84)),
            (Metric::Temp, Quantity(366)),
        ],
        arm: Some(Arm::Left),
        cuff_size: Some(CuffSize::Adult),
    };
    let entered = json!({"late": false, "readings": {"nibp_sys": 1, "nibp_dia": 2, "temp": 3}});
    let at = |bed, session| {
        Deed::Visit(VisitDeed::EnterReading { bed, session, reading: reading.clone() })
    };
    let of_reading = |id: u64, what: &str| format!("/api/v1/readings/{id}/{what}");
    let amend = |reading, value| Deed::AmendReading { reading, value };
    let (newest, old) = (ReadingId(88_213), sample::TEMP);
    vec![
        (
            "POST",
            of_session("/readings"),
            hand(),
            at(BedIndex(0), Some(sample::SESSION)),
            entered.clone(),
        ),
        ("POST", "/api/v1/beds/bay-0/readings".into(), hand(), at(EMPTY, None), entered),
        (
            "POST",
            of_reading(9, "void"),
            json!({}),
            Deed::VoidReading { reading: ReadingId(9) },
            json!({}),
        ),
        (
            "POST",
            of_reading(newest.0, "amend"),
            json!({"value": 133}),
            amend(newest, 133),
            json!({}),
        ),
        ("POST", of_reading(old.0, "amend"), json!({"value": 36.9}), amend(old, 369), json!({})),
    ]
}

fn rest() -> Vec<Asked> {
    let session = sample::SESSION;
    let seen = json!({"symptoms": ["nausea", "headache"], "moaas": 4, "note": "sick, calm"});
    let observe = Deed::Observe {
        session,
        symptoms: Symptoms::of(&[Symptom::Nausea, Symptom::Headache]),
        moaas: Some(4),
        note: Some("sick, calm".into()),
    };
    let nothing = Symptoms::default();
    let well = Deed::Observe { session, symptoms: nothing, moaas: None, note: None };
    let drug = json!({"drug": "ondansetron", "dose": "4 mg iv"});
    let intervene = Deed::Visit(VisitDeed::Intervene {
        session,
        drug: "ondansetron".into(),
        dose: Some("4 mg iv".into()),
    });
    let home = json!({"disposition": "home_escorted", "checks": {"awake": true, "oriented": true,
        "gait": true, "symptoms_gone": true, "escort": true}});
    let end = |disposition, checks| Deed::EndSession { session, disposition, checks };
    let (none, at) = (json!({}), of_session);
    let refused = json!({"disposition": "not_dosed"});
    let some = json!({"disposition": "admitted", "checks": {"gait": false, "escort": true}});
    let ticked = Checks { escort: true, ..Checks::default() };
    vec![
        ("POST", at("/observations"), seen, observe, none.clone()),
        ("POST", at("/observations"), json!({"symptoms": []}), well, none.clone()),
        ("POST", at("/interventions"), drug, intervene, none.clone()),
        (
            "POST",
            at("/move"),
            json!({"bed": "bay-0"}),
            Deed::Visit(VisitDeed::MoveSession { session, bed: EMPTY }),
            none.clone(),
        ),
        ("POST", at("/end"), home, end(Disposition::HomeEscorted, Checks::ALL), none.clone()),
        ("POST", at("/end"), refused, end(Disposition::NotDosed, Checks::default()), none.clone()),
        ("POST", at("/end"), some, end(Disposition::Admitted, ticked), none),
    ]
}

pub(super) fn with(mut body: Value, fields: Value) -> Value {
    let Value::Object(fields) = fields else { panic!("an object") };
    fields.into_iter().for_each(|(name, value)| body[name] = value);
    body
}

#[tokio::test]
async fn each_act_of_a_visit_reaches_the_ward_as_it_was_meant() {
    // safety:X2 Goal: deed, name, role, reason, order by phone and id arrive; the answer says what
    // was done.
    let service = Service::start(9, Limits::CONTRACT).await;
    for (method, path, body, deed, expected) in [starts(), doses(), readings(), rest()].concat() {
        let shared = json!({"command_id": COMMAND, "reason": "as asked", "ordered_by": "Dr Ode"});
        let body = with(body, shared).to_string();
        let answer = service.send(method, &path, As::Token(Role::Nurse), &body).await;
        assert_eq!((answer.status, answer.json()), (200, expected), "{method} {path} {body}");
        let act = service.ward().acts.pop().expect("one act");
        assert_eq!((act.deed, act.command), (deed, command()), "{body}");
        assert_eq!((&*act.by.name, act.by.role), ("token:nurse", Role::Nurse));
        assert_eq!(act.reason.as_deref(), Some("as asked"));
        assert_eq!(act.by.ordered_by.as_deref(), Some("Dr Ode"));
    }
    for (method, path, ..) in [starts(), doses(), readings(), rest()].concat() {
        let refused = service.send(method, &path, As::Token(Role::Viewer), "{}").await;
        assert_eq!((refused.status, refused.problem().as_str()), (403, "role"), "{path}");
    }
}

#[tokio::test]
async fn a_note_is_why_something_was_done_for_the_patient() {
    let service = Service::start(9, Limits::CONTRACT).await;
    let body = json!({"drug": "water", "note": "dry mouth", "command_id": COMMAND});
    let path = of_session("/interventions");
    assert_eq!(service.post(&path, &body.to_string()).await.status, 200);
    let act = service.ward().acts.pop().expect("one act");
    assert_eq!(act.reason.as_deref(), Some("dry mouth"));
    let both = with(body, json!({"reason": "dry mouth"})).to_string();
    let answer = service.post(&path, &both).await;
    assert_eq!((answer.status, answer.problem().as_str()), (422, "invalid-body"));
    assert!(answer.json()["detail"].to_string().contains("`note`"), "{}", answer.body);
}
