//! A visit over HTTP that is not answered as it asks: each wrong field is named, what there is not
//! is unknown, and a gate tells all that is missing.

use serde_json::{Value, json};

use super::sample;
use super::support::{As, Service};
use super::visits::{COMMAND, DOSE, hand, of_dose, of_session, start, with};
use crate::domain::act::{Refused, Unknown};
use crate::domain::role::Role;
use crate::shell::http::Limits;

/// A right body, the fields that make it wrong, and the field that must be named.
type Wrong = (String, Value, Value, &'static str);

fn wrong_starts() -> Vec<Wrong> {
    let patient = |fields| json!({"patient": with(start()["patient"].clone(), fields)});
    let table = [
        (patient(json!({"weight_kg": 700})), "patient.weight_kg"),
        (patient(json!({"weight_kg": 19.9})), "patient.weight_kg"),
        (patient(json!({"weight_kg": 82.55})), "patient.weight_kg"),
        (patient(json!({"birth_year": 84})), "patient.birth_year"),
        (patient(json!({"reference": ""})), "patient.reference"),
        (patient(json!({"initials": "A.B.C.D.E"})), "patient.initials"),
        (patient(json!({"name": "Ann"})), "patient"),
        (json!({"patient": ["K", "A"]}), "patient"),
        (json!({"patient": null}), "patient"),
        (json!({"bed": 7}), "bed"),
        (json!({"drug": null}), "drug"),
        (json!({"route": ""}), "route"),
        (json!({"preset": 7}), "preset"),
        (json!({"new_patient": "no"}), "new_patient"),
        (json!({"colour": "red"}), "colour"),
        (json!({"command_id": "7"}), "command_id"),
    ];
    let at = |(fields, named)| ("/api/v1/sessions".to_owned(), start(), fields, named);
    let preset = (of_session("/preset"), json!({}), json!({}), "preset");
    let baseline =
        |accept| (of_session("/baseline"), json!({}), json!({"accept": accept}), "accept");
    let accepts = [json!([]), json!(["7"]), json!(7), Value::Null].map(baseline);
    table.map(at).into_iter().chain([preset]).chain(accepts).collect()
}

fn wrong_doses() -> Vec<Wrong> {
    let dose = |fields, named| (of_session("/doses"), json!({}), fields, named);
    let change = |fields, named| (of_dose(""), json!({}), fields, named);
    let amend = |fields| (of_dose("/amend"), json!({}), fields, "value");
    vec![
        dose(json!({"mg": 0}), "mg"),
        dose(json!({"mg": 0.0005}), "mg"),
        dose(json!({"mg": 2000.001}), "mg"),
        dose(json!({"mg": "56"}), "mg"),
        dose(json!({"device_number": 4}), "device_number"),
        dose(json!({"device_number": 1.5}), "device_number"),
        dose(json!({"lot": ""}), "lot"),
        dose(json!({"started": "10:15"}), "started"),
        dose(json!({"ended": 7}), "ended"),
        change(json!({}), "action"),
        change(json!({"action": "stop"}), "action"),
        change(json!({"action": "end", "mg_given": -1}), "mg_given"),
        change(json!({"action": "pause", "mg_given": 5}), "mg_given"),
        change(json!({"action": "pause", "at": "now"}), "at"),
        amend(json!({})),
        amend(json!({"value": 0})),
    ]
}

fn wrong_readings() -> Vec<Wrong> {
    let at = |fields, named| (of_session("/readings"), hand(), fields, named);
    let values = |values, named| at(json!({"values": values}), named);
    let amend = |id: u64, value| {
        (format!("/api/v1/readings/{id}/amend"), json!({}), json!({"value": value}), "value")
    };
    vec![
        at(json!({"method": null}), "method"),
        at(json!({"taker": 7}), "taker"),
        at(json!({"taken": null}), "taken"),
        at(json!({"arm": "both"}), "arm"),
        at(json!({"cuff_size": "xl"}), "cuff_size"),
        values(json!({}), "values"),
        values(json!([132, 84]), "values"),
        values(json!({"art_sys": 120}), "values"),
        values(json!({"nibp_sys": 132}), "values.nibp_sys"),
        values(json!({"nibp_sys": 84, "nibp_dia": 84}), "values.nibp_sys"),
        values(json!({"nibp_sys": 132, "nibp_dia": 84, "nibp_map": 140}), "values.nibp_sys"),
        values(json!({"nibp_map": 90}), "values.nibp_sys"),
        values(json!({"spo2": 101}), "values.spo2"),
        values(json!({"pulse": 72.5}), "values.pulse"),
        values(json!({"temp": 98.6}), "values.temp"),
        amend(sample::TEMP.0, json!(36.66)),
        amend(88_213, json!(133.5)),
        amend(88_213, Value::Null),
    ]
}

fn wrong_rest() -> Vec<Wrong> {
    let end =
        |fields, named| (of_session("/end"), json!({"disposition": "admitted"}), fields, named);
    let observe =
        |fields, named| (of_session("/observations"), json!({"symptoms": []}), fields, named);
    let intervene = |fields, named| (of_session("/interventions"), json!({}), fields, named);
    vec![
        observe(json!({"symptoms": null}), "symptoms"),
        observe(json!({"symptoms": ["sad"]}), "symptoms"),
        observe(json!({"symptoms": "nausea"}), "symptoms"),
        observe(json!({"moaas": 6}), "moaas"),
        observe(json!({"note": ""}), "note"),
        intervene(json!({}), "drug"),
        intervene(json!({"drug": "x", "dose": 4}), "dose"),
        intervene(json!({"drug": "x", "note": 4}), "note"),
        (of_session("/move"), json!({}), json!({}), "bed"),
        end(json!({"disposition": "home"}), "disposition"),
        end(json!({"checks": {"gait": "yes"}}), "checks.gait"),
        end(json!({"checks": {"shoes": true}}), "checks"),
        end(json!({"checks": [true]}), "checks"),
    ]
}

#[tokio::test]
async fn each_wrong_field_of_a_visit_is_named_with_what_would_be_right() {
    // Goal: nothing that was typed is lost for want of a word on which field it is; nothing of it
    // reaches the ward.
    let service = Service::start(9, Limits::CONTRACT).await;
    let table = [wrong_starts(), wrong_doses(), wrong_readings(), wrong_rest()].concat();
    for (path, right, fields, named) in table {
        let body = with(with(right, json!({"command_id": COMMAND})), fields).to_string();
        let puts = path.ends_with("/preset") || path.ends_with(&DOSE.to_string());
        let method = if puts { "PUT" } else { "POST" };
        let answer = service.send(method, &path, As::Token(Role::Nurse), &body).await;
        assert_eq!((answer.status, answer.problem().as_str()), (422, "invalid-body"), "{body}");
        let detail = answer.json()["detail"].as_str().expect("text").to_owned();
        assert!(detail.contains(&format!("`{named}`")), "{path} {body}: {detail}");
    }
    assert!(service.ward().acts.is_empty());
    let heavy = with(start()["patient"].clone(), json!({"weight_kg": 700}));
    let heavy = with(start(), json!({"patient": heavy, "command_id": COMMAND}));
    let answer = service.post("/api/v1/sessions", &heavy.to_string()).await;
    assert!(answer.json()["detail"].to_string().contains("20 to 300 kg"), "{}", answer.body);
}

#[tokio::test]
async fn what_there_is_not_is_unknown_and_reaches_nobody() {
    let service = Service::start(9, Limits::CONTRACT).await;
    let id = json!({"command_id": COMMAND});
    let void = |session: &str, dose: &str| format!("/api/v1/sessions/{session}/doses/{dose}/void");
    let session = sample::SESSION.to_string();
    let value = with(id.clone(), json!({"value": 1}));
    let table = [
        (
            "/api/v1/sessions".into(),
            with(with(start(), id.clone()), json!({"bed": "bay-9"})),
            "bed",
        ),
        ("/api/v1/beds/bay-9/readings".into(), with(hand(), id.clone()), "bed"),
        (of_session("/move"), with(id.clone(), json!({"bed": "bay-9"})), "bed"),
        ("/api/v1/sessions/7/readings".into(), with(hand(), id.clone()), "session"),
        ("/api/v1/sessions/7/end".into(), id.clone(), "session"),
        (void("7", &session), id.clone(), "session"),
        (void(&session, "7"), id.clone(), "dose"),
        ("/api/v1/readings/seven/void".into(), id, "reading"),
        ("/api/v1/readings/5/amend".into(), value, "reading"),
    ];
    for (path, body, what) in table {
        let path: String = path;
        let answer = service.post(&path, &body.to_string()).await;
        assert_eq!((answer.status, answer.problem()), (404, format!("unknown-{what}")), "{path}");
    }
    assert!(service.ward().acts.is_empty());
}

#[tokio::test]
async fn a_reading_for_a_session_on_no_bed_is_for_the_ward_to_answer() {
    // row:17. Goal: the ward knows whether it has taken this very command before.
    let service = Service::start(9, Limits::CONTRACT).await;
    let path = format!("/api/v1/sessions/{}/readings", sample::HANDOVER);
    let body = with(hand(), json!({"command_id": COMMAND})).to_string();
    assert_eq!(service.post(&path, &body).await.status, 200, "the answer of before");
    service.ward().refusal = Some(Refused::SessionOver);
    let refused = service.post(&path, &body).await;
    assert_eq!((refused.status, refused.problem().as_str()), (409, "session-over"));
}

#[tokio::test]
async fn a_gate_lists_all_that_is_missing() {
    let service = Service::start(9, Limits::CONTRACT).await;
    let path = of_session("/end");
    let body = json!({"disposition": "home_escorted", "command_id": COMMAND}).to_string();
    service.ward().refusal = Some(Refused::NotReady { missing: sample::missing() });
    let answer = service.post(&path, &body).await;
    assert_eq!((answer.status, answer.problem().as_str()), (409, "not-ready"));
    let expected = json!([
        {"what": "baseline"},
        {"what": "pressure", "rule": "B8"},
        {"what": "readings", "rule": "B7"},
        {"what": "device_rest", "until": "2026-11-22T10:20:00.000Z"},
        {"what": "dose_running"},
        {"what": "observation", "until": "2026-11-22T12:15:00.000Z"},
        {"what": "discharge_pressure", "rule": "B6"},
        {"what": "timed_reading", "id": "T2"},
        {"what": "sedation", "moaas": 4},
        {"what": "symptoms"},
        {"what": "escort"},
    ]);
    assert_eq!(answer.json()["missing"], expected);
    assert!(answer.json()["detail"].to_string().contains("escort"), "{}", answer.body);
    service.ward().refusal = Some(Refused::SessionOver);
    let answer = service.post(&path, &body).await;
    assert_eq!(answer.json().get("missing"), None, "only a gate has that");
}

#[tokio::test]
async fn each_refusal_in_a_visit_has_its_own_answer() {
    let service = Service::start(9, Limits::CONTRACT).await;
    let (drug, routes) = ("esketamine".into(), "nasal".into());
    let table = [
        (Refused::BedInUse { session: sample::SESSION }, 409, "bed-in-use", "01998e00"),
        (Refused::NewPatientUnanswered, 409, "new-patient", "`new_patient`"),
        (Refused::BadTime, 422, "bad-time", "future"),
        (Refused::SessionOver, 409, "session-over", "ended"),
        (Refused::DoseOver, 409, "dose-over", "taken back"),
        (Refused::UndoTooLate, 409, "undo-too-late", "void it"),
        (Refused::ReadingPast, 409, "reading-past", "session is over"),
        (Refused::WrongPreset { drug, routes }, 422, "wrong-preset", "esketamine by nasal"),
        (Refused::TooFewReadings { needed: 2 }, 422, "too-few-readings", "2 determinations"),
        (
            Refused::ReadingsVary { sys_tenths: 123, dia_tenths: 40 },
            422,
            "readings-vary",
            "12.3, of diastolic 4.0",
        ),
        (Refused::BadValue, 422, "bad-value", "`patient`"),
        (Refused::Unknown(Unknown::Dose), 404, "unknown-dose", "dose"),
        (Refused::Unknown(Unknown::Preset), 404, "unknown-preset", "preset"),
    ];
    let body = with(start(), json!({"command_id": COMMAND})).to_string();
    for (refused, status, kind, word) in table {
        service.ward().refusal = Some(refused);
        let answer = service.post("/api/v1/sessions", &body).await;
        assert_eq!((answer.status, answer.problem().as_str()), (status, kind));
        let detail = answer.json()["detail"].as_str().expect("text").to_owned();
        assert!(detail.contains(word), "{kind}: {detail}");
    }
}

#[tokio::test]
async fn a_refusal_is_told_in_the_words_of_what_was_asked() {
    // Goal: what is so already, what there is nothing of, and which time is not right, by the
    // server's own clock.
    let service = Service::start(9, Limits::CONTRACT).await;
    let session = format!("/api/v1/sessions/{}", sample::SESSION);
    let dose = format!("{session}/doses/{}", sample::ALARM);
    let (change, doses) = (|action: &str| json!({ "action": action }), format!("{session}/doses"));
    let limit = json!({"rule": "B2", "metric": "nibp_sys", "value": 170});
    let hand = json!({"method": "counted", "taken": "2026-11-22T10:14:00Z",
        "values": {"pulse": 72}});
    let table = [
        ("PUT", dose.clone(), change("resume"), Refused::NotSo, "the dose is not paused"),
        ("PUT", dose.clone(), change("pause"), Refused::AlreadySo, "the dose is paused already"),
        ("PUT", dose.clone(), change("end"), Refused::BadTime, "`at`"),
        ("POST", doses.clone(), json!({}), Refused::BadTime, "`started`"),
        ("POST", doses, json!({}), Refused::AlreadySo, "infusion"),
        ("POST", format!("{session}/readings"), hand, Refused::BadTime, "an hour before"),
        ("POST", format!("{session}/limits"), limit, Refused::AlreadySo, "limit"),
        ("POST", format!("{dose}/amend"), json!({"value": 28}), Refused::AlreadySo, "amount"),
        (
            "PUT",
            format!("{session}/preset"),
            json!({"preset": "ketamine-iv"}),
            Refused::AlreadySo,
            "preset",
        ),
        ("POST", format!("{session}/move"), json!({"bed": "bay-0"}), Refused::AlreadySo, "bed"),
    ];
    let at = json!({"command_id": COMMAND, "reason": "as it was"});
    for (method, path, body, refused, word) in table {
        service.ward().refusal = Some(refused.clone());
        let body = with(body, at.clone()).to_string();
        let answer = service.send(method, &path, As::Token(Role::Nurse), &body).await;
        let detail = answer.json()["detail"].as_str().expect("text").to_owned();
        assert!(detail.contains(word), "{path}: {detail}");
        assert!(!detail.contains("longer"), "{path}: {detail}");
        let told = detail.contains("it is 2026-11-22T");
        assert_eq!(told, refused == Refused::BadTime, "{path}: {detail}");
    }
}
