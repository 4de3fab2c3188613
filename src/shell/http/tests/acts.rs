//! People's acts over HTTP: each reaches the ward as it was meant, under the name of whoever asks;
//! each refusal has its own answer. What an act does is the ward's own business, and its tests'.

use serde_json::{Value, json};

use super::sample;
use super::support::{As, Mood, QUICK, Service};
use crate::domain::act::{Deed, LimitOf, LimitOrder, Refused, Unknown};
use crate::domain::alarm::rule::Judged;
use crate::domain::ids::{BedIndex, DeviceId, RuleId};
use crate::domain::metric::Metric;
use crate::domain::role::Role;
use crate::shell::http::Limits;

const COMMAND: &str = "01998f3e-0000-7000-8000-00000000000a";
const BED: BedIndex = BedIndex(0);

fn on_bed(what: &str) -> String {
    format!("/api/v1/beds/bay-1/{what}")
}

/// An act: how it is asked for, what the ward is told, what is answered.
type Asked = (&'static str, String, Value, Deed, Value);

fn on_the_bed() -> Vec<Asked> {
    let (none, nothing) = (json!({}), json!({}));
    let until = json!({"until": "2026-11-22T10:17:00.000Z"});
    let unlimited = json!({"until": null});
    let device = DeviceId::try_new("bay-1-cuff").expect("a right name");
    let keep = json!({"keep": "bay-1-cuff"});
    let bed = BED;
    let table = [
        ("POST", "audio-pause", none.clone(), Deed::PauseAudio { bed }, until.clone()),
        ("DELETE", "audio-pause", none.clone(), Deed::ResumeAudio { bed }, nothing.clone()),
        ("POST", "alarm-pause", none.clone(), Deed::PauseAlarms { bed }, until),
        ("DELETE", "alarm-pause", none.clone(), Deed::ResumeAlarms { bed }, nothing.clone()),
        ("POST", "standby", none.clone(), Deed::BeginStandby { bed }, unlimited),
        ("DELETE", "standby", none, Deed::EndStandby { bed }, nothing.clone()),
        ("POST", "devices", keep, Deed::KeepDevice { bed, device }, nothing),
    ];
    let asked = |(method, what, body, deed, answer)| (method, on_bed(what), body, deed, answer);
    table.map(asked).to_vec()
}

fn on_a_session() -> Vec<Asked> {
    let (session, handover) = (sample::SESSION, sample::HANDOVER);
    let limits = format!("/api/v1/sessions/{session}/limits");
    let path = |what| format!("/api/v1/handovers/{handover}/{what}");
    let (accept, reject) = (path("accept"), path("reject"));
    let limit = LimitOrder {
        rule: RuleId::try_new("B2").expect("a right name"),
        judged: Judged::Metric(Metric::NibpSys),
        family: None,
        of: LimitOf::Value,
        value: Some(170),
    };
    let to_170 = json!({"rule": "B2", "metric": "nibp_sys", "value": 170});
    let moved = json!({"rule": "B2", "metric": "nibp_sys", "old": 180, "new": 170});
    let both = json!({"sessions": [session.to_string()], "to": "lee"});
    let offer = Deed::OfferHandover { sessions: vec![session], to: "lee".into() };
    let offered = json!({"handover": COMMAND, "lapses": "2026-11-22T10:16:00.000Z"});
    let theirs = json!({"sessions": [session.to_string()]});
    vec![
        ("POST", limits, to_170, Deed::SetLimit { session, limit }, moved),
        ("POST", "/api/v1/handovers".into(), both, offer, offered),
        ("POST", accept, json!({}), Deed::AcceptHandover { handover }, theirs),
        ("POST", reject, json!({}), Deed::RejectHandover { handover }, json!({})),
    ]
}

fn with(mut body: Value, field: &str, value: Value) -> Value {
    body[field] = value;
    body
}

#[tokio::test]
async fn each_act_reaches_the_ward_under_the_name_of_whoever_asks() {
    // row:18 row:19 row:26 row:27 row:32 safety:X2 Goal: deed, name, role, reason and id arrive,
    // and the answer says what was done.
    let service = Service::start(9, Limits::CONTRACT).await;
    service.add_user("lee", Role::Lead).await;
    for (method, path, body, deed, expected) in [on_the_bed(), on_a_session()].concat() {
        let body = with(with(body, "command_id", json!(COMMAND)), "reason", json!("movement"));
        let answer = service.send(method, &path, As::Token(Role::Nurse), &body.to_string()).await;
        assert_eq!((answer.status, answer.json()), (200, expected), "{method} {path}");
        let act = service.ward().acts.pop().expect("one act");
        assert_eq!((act.deed, act.command.to_string()), (deed, COMMAND.to_owned()));
        assert_eq!((&*act.by.name, act.by.role), ("token:nurse", Role::Nurse));
        assert_eq!((act.reason.as_deref(), act.by.ordered_by), (Some("movement"), None));
    }
}

#[tokio::test]
async fn an_act_without_a_body_has_its_command_in_the_header() {
    // Goal: id and screen come from the headers; one that is no UUID changes nothing.
    let service = Service::start(9, Limits::CONTRACT).await;
    let headers = |command: &str| {
        format!("{}Command-Id: {command}\r\nScreen-Id: {}\r\n", service.nurse(), sample::SESSION)
    };
    let path = on_bed("audio-pause");
    let answer = service.send("DELETE", &path, As::Headers(&headers(COMMAND)), "").await;
    assert_eq!((answer.status, answer.json()), (200, json!({})));
    let act = service.ward().acts.pop().expect("one act");
    assert_eq!(act.command.to_string(), COMMAND);
    assert_eq!(act.by.screen.as_deref(), Some(sample::SESSION.to_string().as_str()));
    let wrong = service.send("DELETE", &path, As::Headers(&headers("7")), "").await;
    assert_eq!((wrong.status, wrong.problem().as_str()), (422, "invalid-body"));
    let none = service.post(&path, "").await;
    assert_eq!((none.status, none.problem().as_str()), (422, "invalid-body"));
    let detail = none.json()["detail"].to_string();
    assert!(detail.contains("`command_id`") && detail.contains("`Command-Id`"), "{detail}");
    assert!(service.ward().acts.is_empty());
}

#[tokio::test]
async fn a_verbal_order_carries_who_gave_it() {
    // safety:X2
    let service = Service::start(9, Limits::CONTRACT).await;
    let path = format!("/api/v1/sessions/{}/limits", sample::SESSION);
    let body = json!({"rule": "B2", "metric": "nibp_sys", "value": 190, "command_id": COMMAND,
        "reason": "known hypertension", "ordered_by": "Dr Ode"});
    assert_eq!(service.post(&path, &body.to_string()).await.status, 200);
    let act = service.ward().acts.pop().expect("one act");
    assert_eq!(act.by.ordered_by.as_deref(), Some("Dr Ode"));
    assert!(act.by.acts_as_lead());
}

#[tokio::test]
async fn each_refusal_of_the_ward_has_its_own_answer() {
    // safety:A5 Goal: status and type of all of them, and a detail that says what would be right.
    let service = Service::start(9, Limits { answer: QUICK, ..Limits::CONTRACT }).await;
    let (named, numbers) = (Some("kim".into()), ["60", "200"]);
    let table = [
        (Refused::Stale { current: 3 }, 409, "stale-revision", "revision 3"),
        (Refused::Ended, 409, "ended", "ended"),
        (Refused::AlarmPaused, 409, "alarm-paused", "end that first"),
        (Refused::CommandReused, 409, "command-reused", "new UUID"),
        (Refused::Role { needed: Role::Nurse }, 403, "role", "nurse"),
        (Refused::ReasonNeeded, 422, "reason-needed", "`reason`"),
        (Refused::NothingToPause, 409, "nothing-to-pause", "no alarm of this bed sounds"),
        (Refused::AlreadySo, 409, "already-so", "already"),
        (Refused::NotSo, 409, "not-so", "no such thing"),
        (Refused::OutsideRails { low: 60, high: 200 }, 422, "outside-rails", numbers[0]),
        (Refused::OutsideRails { low: 60, high: 200 }, 422, "outside-rails", numbers[1]),
        (Refused::LimitsCross { other: 90 }, 422, "limits-cross", "90"),
        (Refused::LeadNeeded, 403, "lead-needed", "`ordered_by`"),
        (Refused::Ambiguous, 422, "ambiguous", "`family`"),
        (
            Refused::HighUnacknowledged { occurrence: sample::ALARM },
            409,
            "high-unacknowledged",
            "01998f3e",
        ),
        (Refused::NotResponsible { responsible: named }, 403, "not-responsible", "kim"),
        (Refused::NotResponsible { responsible: None }, 403, "not-responsible", "nobody"),
        (Refused::NotOfferedTo { to: "lee".into() }, 403, "not-offered-to-you", "lee"),
        (Refused::HandoverOver, 409, "handover-over", "offer it again"),
        (Refused::BadValue, 422, "bad-value", "outside"),
        (Refused::Unknown(Unknown::Occurrence), 404, "unknown-occurrence", "/api/v1/alarms"),
        (Refused::Unknown(Unknown::Bed), 404, "unknown-bed", "/api/v1/beds"),
        (Refused::Unknown(Unknown::Session), 404, "unknown-session", "/api/v1/sessions"),
        (Refused::Unknown(Unknown::Rule), 404, "unknown-rule", "/api/v1/beds"),
        (Refused::Unknown(Unknown::Device), 404, "unknown-device", "/api/v1/beds"),
        (Refused::Unknown(Unknown::Reading), 404, "unknown-reading", "/readings"),
        (Refused::Unknown(Unknown::Handover), 404, "unknown-handover", "/api/v1/handovers"),
    ];
    let (path, body) = (on_bed("audio-pause"), json!({"command_id": COMMAND}).to_string());
    for (refused, status, kind, word) in table {
        service.ward().refusal = Some(refused);
        let answer = service.post(&path, &body).await;
        assert_eq!((answer.status, answer.problem().as_str()), (status, kind));
        let detail = answer.json()["detail"].as_str().expect("text").to_owned();
        assert!(detail.contains(word), "{kind}: {detail}");
    }
    service.ward().mood = Mood::Silent;
    let busy = service.post(&path, &body).await;
    assert_eq!((busy.status, busy.problem().as_str()), (503, "busy"));
}

#[tokio::test]
async fn a_request_for_what_there_is_not_reaches_nobody() {
    // Goal: unknown beds, sessions and hand-overs; bodies with a wrong field, which is named.
    let service = Service::start(9, Limits::CONTRACT).await;
    let id = json!({"command_id": COMMAND});
    let session = sample::SESSION.to_string();
    let keep = |keep: Value| with(id.clone(), "keep", keep);
    let offer = |sessions: Value| with(with(id.clone(), "sessions", sessions), "to", json!("lee"));
    let table = [
        ("/api/v1/beds/bay-9/audio-pause".into(), id.clone(), 404, "unknown-bed", "beds"),
        ("/api/v1/beds/%ff/standby".into(), id.clone(), 404, "unknown-bed", "beds"),
        ("/api/v1/sessions/7/limits".into(), id.clone(), 404, "unknown-session", "session"),
        ("/api/v1/handovers/7/accept".into(), id.clone(), 404, "unknown-handover", "handover"),
        (on_bed("audio-pause"), json!({"command_id": 7}), 422, "invalid-body", "`command_id`"),
        (on_bed("standby"), with(id.clone(), "reason", json!("")), 422, "invalid-body", "`reason`"),
        (on_bed("standby"), with(id.clone(), "until", json!(9)), 422, "invalid-body", "`until`"),
        (on_bed("devices"), keep(json!("")), 422, "invalid-body", "`keep`"),
        (on_bed("devices"), id.clone(), 422, "invalid-body", "`keep`"),
        ("/api/v1/handovers".into(), offer(json!([])), 422, "invalid-body", "`sessions`"),
        ("/api/v1/handovers".into(), offer(json!(["7"])), 422, "invalid-body", "`sessions`"),
        ("/api/v1/handovers".into(), offer(json!(session)), 422, "invalid-body", "`sessions`"),
    ];
    for (path, body, status, kind, word) in table {
        let path: String = path;
        let answer = service.post(&path, &body.to_string()).await;
        assert_eq!((answer.status, answer.problem().as_str()), (status, kind), "{path} {body}");
        let detail = answer.json()["detail"].as_str().expect("text").to_owned();
        assert!(detail.contains(word), "{detail}");
    }
    assert!(service.ward().acts.is_empty());
}

#[tokio::test]
async fn responsibility_is_offered_only_to_somebody_who_may_have_it() {
    // Goal: a nurse or a lead who may log in; nobody else, and no machine.
    let service = Service::start(9, Limits::CONTRACT).await;
    for (name, role) in [("ann", Role::Nurse), ("lee", Role::Lead)] {
        service.add_user(name, role).await;
    }
    for (name, role) in [("vic", Role::Viewer), ("ada", Role::Admin)] {
        service.add_user(name, role).await;
    }
    let left = json!({"command_id": COMMAND, "disabled": true}).to_string();
    service.add_user("max", Role::Nurse).await;
    let path = "/api/v1/users/max";
    assert_eq!(service.send("PUT", path, As::Token(Role::Admin), &left).await.status, 200);
    let sessions = json!([sample::SESSION.to_string()]);
    let offer = |to: Value| json!({"sessions": sessions, "to": to, "command_id": COMMAND});
    for to in ["ann", "lee"] {
        let answer = service.post("/api/v1/handovers", &offer(json!(to)).to_string()).await;
        assert_eq!(answer.status, 200, "{to}: {}", answer.body);
    }
    service.ward().acts.clear();
    let refused = [
        json!("vic"),
        json!("ada"),
        json!("max"),
        json!("nobody"),
        json!("token:nurse"),
        Value::Null,
        json!(7),
    ];
    for to in refused {
        let answer = service.post("/api/v1/handovers", &offer(to.clone()).to_string()).await;
        assert_eq!((answer.status, answer.problem().as_str()), (422, "invalid-body"), "{to}");
        assert!(answer.json()["detail"].to_string().contains("`to`"), "{to}");
    }
    assert!(service.ward().acts.is_empty());
}
