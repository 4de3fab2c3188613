//! What may be read beside beds and alarms: sessions, hand-overs, presets, the set-up, the audit.
//! The snapshots are the contract, as in `wire`.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::sample;
use super::support::{As, Service};
use crate::domain::role::Role;
use crate::shell::http::Limits;

async fn read(role: Role, path: &str) -> Value {
    let service = Service::start(9, Limits::CONTRACT).await;
    let answer = service.send("GET", path, As::Token(role), "").await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).expect("it was JSON")
}

#[tokio::test]
async fn the_sessions_that_run_are_listed_and_each_is_found_by_its_id() {
    let service = Service::start(9, Limits::CONTRACT).await;
    let list = service.get("/api/v1/sessions").await.json();
    assert_eq!((list["items"].as_array().map(Vec::len), &list["next"]), (Some(1), &Value::Null));
    assert_eq!(service.get("/api/v1/sessions?state=running").await.json(), list);
    let one = service.get(&format!("/api/v1/sessions/{}", sample::SESSION)).await.json();
    let in_list = list["items"][0].as_object().expect("a session");
    assert!(in_list.iter().all(|(name, value)| one[name] == *value), "all of it, and more");
    assert_snapshot!(pretty(&one));
    for other in [sample::HANDOVER.to_string(), "7".into()] {
        let answer = service.get(&format!("/api/v1/sessions/{other}")).await;
        assert_eq!((answer.status, answer.problem().as_str()), (404, "unknown-session"));
    }
    for (query, named) in [
        ("state=over", "running"),
        ("colour=red", "state"),
        ("state=running&state=running", "once"),
    ] {
        let answer = service.get(&format!("/api/v1/sessions?{query}")).await;
        assert_eq!((answer.status, answer.problem().as_str()), (400, "invalid-parameter"));
        assert!(answer.json()["detail"].to_string().contains(named), "{}", answer.body);
    }
}

#[tokio::test]
async fn all_sessions_that_ever_ran_say_how_they_ended() {
    let all = read(Role::Nurse, "/api/v1/sessions?state=all&limit=2").await;
    assert_snapshot!(pretty(&all));
    // One that has ended is found by its id, as it stands in the list.
    let ended = &all["items"][1];
    let path = format!("/api/v1/sessions/{}", ended["id"].as_str().expect("an id"));
    assert_eq!(&read(Role::Nurse, &path).await, ended);
}

#[tokio::test]
async fn a_beds_readings_say_what_people_did_to_them() {
    let service = Service::start(9, Limits::CONTRACT).await;
    let path = "/api/v1/beds/bay-1/readings";
    let page = service.get(&format!("{path}?since=2026-11-22T10:15:00Z&limit=4")).await.json();
    assert_snapshot!(pretty(&page));
    let wrong = service.get(&format!("{path}?limit=0")).await;
    assert_eq!((wrong.status, wrong.problem().as_str()), (400, "invalid-parameter"));
    let unknown = service.get("/api/v1/beds/bay-9/readings").await;
    assert_eq!((unknown.status, unknown.problem().as_str()), (404, "unknown-bed"));
}

#[tokio::test]
async fn a_trend_has_its_gaps_doses_and_alarms() {
    let (from, to) = ("2026-11-22T10:15:00Z", "2026-11-22T10:15:10Z");
    let path = format!("/api/v1/beds/bay-1/trend?from={from}&to={to}&points=4");
    assert_snapshot!(pretty(&read(Role::Viewer, &path).await));
    let service = Service::start(9, Limits::CONTRACT).await;
    let plain = service.get("/api/v1/beds/bay-1/trend").await.json();
    assert_eq!(
        (&plain["from"], &plain["bucket_s"]),
        (&json!("2026-11-22T08:15:10.009Z"), &json!(30.0))
    );
    let wrong = service.get(&format!("/api/v1/beds/bay-1/trend?from={to}&to={from}")).await;
    assert_eq!((wrong.status, wrong.problem().as_str()), (400, "invalid-parameter"));
}

#[tokio::test]
async fn an_open_offer_says_who_offers_what_to_whom_and_until_when() {
    let list = read(Role::Nurse, "/api/v1/handovers").await;
    let expected = json!({"items": [{
        "handover": sample::HANDOVER.to_string(),
        "sessions": [sample::SESSION.to_string()],
        "by": "kim",
        "to": "lee",
        "offered": "2026-11-22T10:15:08.000Z",
        "lapses": "2026-11-22T10:16:08.000Z",
    }], "next": null});
    assert_eq!(list, expected);
}

#[tokio::test]
async fn a_preset_is_read_with_its_limits_and_where_they_come_from() {
    let service = Service::start(9, Limits::CONTRACT).await;
    let list = service.get("/api/v1/presets").await.json();
    assert_eq!(list["items"][0]["name"], "ketamine-iv");
    assert_eq!(list["items"][0]["approved_by"], Value::Null, "limits not approved");
    assert_eq!(list["items"][0]["in_force"], true);
    let one = service.get("/api/v1/presets/ketamine-iv").await;
    assert_snapshot!(pretty(&one.json()));
    let answer = service.get("/api/v1/presets/esketamine").await;
    assert_eq!((answer.status, answer.problem().as_str()), (404, "unknown-preset"));
}

#[tokio::test]
async fn the_setup_has_beds_sources_presets_and_the_effective_configuration() {
    for role in [Role::Lead, Role::Admin] {
        let setup = read(role, "/api/v1/setup").await;
        assert_eq!(setup["effective"][0], "Site demo-clinic");
    }
    assert_snapshot!(pretty(&read(Role::Admin, "/api/v1/setup").await));
}

#[tokio::test]
async fn the_audit_says_who_did_what_from_what_to_what_and_why() {
    // safety:X10 Goal: an act on the ward, an act of a bed that is gone, and what happened to
    // users, in one list.
    let service = Service::start(9, Limits::CONTRACT).await;
    let all = service.send("GET", "/api/v1/audit?limit=200", As::Token(Role::Admin), "").await;
    let items = all.json()["items"].as_array().expect("a list").clone();
    let what: Vec<_> = items.iter().filter_map(|item| item["what"].as_str()).collect();
    assert_eq!(
        what,
        [
            "enter-reading",
            "set-limit",
            "unreadable",
            "token created",
            "token created",
            "token created",
            "token created"
        ]
    );
    // Refused, for the session had ended: no bed's act.
    let late = &items[0];
    assert_eq!(
        (&late["sessions"], &late["bed"]),
        (&json!([sample::SESSION.to_string()]), &Value::Null)
    );
    assert_snapshot!(pretty(&json!(items[1..3])));
    let made = &items[3];
    assert_eq!((&made["who"], &made["from"]), (&json!("command-line"), &Value::Null));
    assert_eq!(all.json()["next"], Value::Null);
    let later = "/api/v1/audit?since=2030-01-01T00:00:00Z";
    let later = service.send("GET", later, As::Token(Role::Admin), "").await.json();
    assert!(later["items"].as_array().expect("a list").iter().all(|item| item["from"].is_null()));
    for wrong in ["limit=0", "next=7", "since=yesterday", "colour=red"] {
        let path = format!("/api/v1/audit?{wrong}");
        let answer = service.send("GET", &path, As::Token(Role::Admin), "").await;
        assert_eq!((answer.status, answer.problem().as_str()), (400, "invalid-parameter"));
    }
}
