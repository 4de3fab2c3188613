//! Each route: what it answers, and what it says when it cannot.

use super::sample;
use super::support::{Mood, QUICK, Service};
use crate::domain::act::{Deed, Refused, Unknown};
use crate::shell::http::Limits;

const COMMAND: &str = "01998f3e-0000-7000-8000-00000000000a";

fn acknowledge_path() -> String {
    format!("/api/v1/alarms/{}/acknowledge", sample::ALARM)
}

fn body(revision: &str) -> String {
    format!(r#"{{"revision":{revision},"command_id":"{COMMAND}","reason":null}}"#)
}

/// Goal: `/livez` needs nobody, `/readyz` gives reasons, `/metrics` joins both sides' figures.
#[tokio::test]
async fn health_is_told_with_reasons() {
    let service = Service::start(9, Limits { answer: QUICK, ..Limits::CONTRACT }).await;
    assert_eq!(service.get("/livez").await.body, "ok");
    let ready = service.get("/readyz").await;
    assert_eq!((ready.status, &ready.json()["ready"]), (200, &true.into()));
    service.ward().not_ready = vec!["source clinic is lost".into()];
    let not_ready = service.get("/readyz").await;
    assert_eq!(not_ready.status, 503);
    assert_eq!(not_ready.json()["reasons"][0], "source clinic is lost");
    assert_eq!(not_ready.json()["self_check_age_s"], 0.25);
    let metrics = service.get("/metrics").await;
    assert!(metrics.body.starts_with("dosevigil_readings_total 7\n# HELP"), "{}", metrics.body);
    assert!(metrics.body.contains("\ndosevigil_streams_open 0\n"), "{}", metrics.body);

    service.ward().mood = Mood::Silent;
    let silent = service.get("/readyz").await;
    assert_eq!(silent.status, 503);
    assert_eq!(silent.json()["reasons"][0], "the engine does not answer");
    assert_eq!(service.get("/livez").await.status, 200);
    for path in ["/metrics", "/api/v1/beds", "/api/v1/alarms", "/api/v1/events"] {
        let answer = service.get(path).await;
        assert_eq!((answer.status, answer.problem().as_str()), (503, "busy"), "{path}");
        assert!(answer.head.contains("\r\nretry-after: 1"), "{}", answer.head);
    }
}

/// Goal: beds in the configuration's order, one by its id, an unknown one said so.
#[tokio::test]
async fn beds_are_listed_and_found() {
    let service = Service::start(9, Limits::CONTRACT).await;
    let beds = service.get("/api/v1/beds").await.json();
    assert_eq!(beds["items"][0]["label"], "Bay 1");
    assert_eq!(beds["items"][1]["id"], "bay-0");
    assert_eq!(beds["items"][1]["watch"], "always");
    assert!(beds["next"].is_null());
    let one = service.get("/api/v1/beds/bay-1").await.json();
    assert_eq!(one, beds["items"][0]);
    for unknown in ["bay-9", "%ff", "Bay%201"] {
        let answer = service.get(&format!("/api/v1/beds/{unknown}")).await;
        assert_eq!((answer.status, answer.problem().as_str()), (404, "unknown-bed"));
    }
}

/// Goal: what is present comes from the ward, unlogged ones first; filters and pages hold.
#[tokio::test]
async fn present_alarms_are_filtered_and_paged() {
    let service = Service::start(9, Limits::CONTRACT).await;
    let family = |path: String| {
        let service = &service;
        async move {
            let answer = service.get(&format!("/api/v1/alarms?{path}")).await;
            assert_eq!(answer.status, 200, "{}", answer.body);
            let page = answer.json();
            let items = page["items"].as_array().expect("items").clone();
            let families = items.iter().map(|one| one["family"].as_str().expect("text").to_owned());
            (families.collect::<Vec<_>>().join(" "), page["next"].as_str().map(str::to_owned))
        }
    };
    let session = sample::SESSION;
    let table = [
        (String::new(), "link-down bp-high"),
        ("state=present&bed=bay-1".into(), "bp-high"),
        ("bed=bay-0".into(), ""),
        (format!("session={session}"), "bp-high"),
        ("since=2026-11-22T10:15:07Z".into(), "link-down bp-high"),
        ("since=2026-11-22T10:15:08Z".into(), ""),
    ];
    for (path, families) in table {
        assert_eq!(family(path.clone()).await, (families.into(), None), "{path}");
    }
    assert_eq!(family("limit=1".into()).await, ("link-down".into(), Some("3".into())));
    assert_eq!(family("limit=1&next=3".into()).await, ("bp-high".into(), None));
}

/// Goal: older alarms come from the journal, newest first, page by page without loss.
#[tokio::test]
async fn all_alarms_are_reached_page_by_page() {
    let service = Service::start(450, Limits::CONTRACT).await;
    let (mut seqs, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/api/v1/alarms?state=all&limit=200{cursor}");
        let page = service.get(&path).await.json();
        let items = page["items"].as_array().expect("items");
        seqs.extend(items.iter().map(|one| one["seq"].as_u64().expect("a seq")));
        match page["next"].as_str() {
            Some(next) => cursor = format!("&next={next}"),
            None => break,
        }
    }
    assert_eq!(seqs, (1..=450).rev().collect::<Vec<_>>());
    let wrong = service.get("/api/v1/alarms?limit=201").await;
    assert_eq!((wrong.status, wrong.problem().as_str()), (400, "invalid-parameter"));
    assert_eq!(wrong.json()["detail"], "parameter `limit` must be a number from 1 to 200");
}

/// Goal: an acknowledgement reaches the engine under the name of whoever is logged in, and says who
/// was first.
#[tokio::test]
async fn an_acknowledgement_reaches_the_engine() {
    let service = Service::start(9, Limits::CONTRACT).await;
    let answer = service.post(&acknowledge_path(), &body("2")).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.json()["first"]["by"], "token:nurse");
    assert_eq!(answer.json()["first"]["at"], "2026-11-22T10:15:09.000Z");
    assert_eq!(answer.json()["occurrence"]["occurrence"], sample::ALARM.to_string());
    let act = service.ward().acts.pop().expect("one act");
    let deed = Deed::Acknowledge { occurrence: sample::ALARM, revision: 2 };
    assert_eq!((act.deed, &*act.by.name), (deed, "token:nurse"));
    assert_eq!(act.command.to_string(), COMMAND);
}

/// Goal: each refusal has its own type and status, and nothing that is wrong reaches the engine.
#[tokio::test]
async fn each_refused_acknowledgement_has_its_own_answer() {
    let service = Service::start(9, Limits { answer: QUICK, ..Limits::CONTRACT }).await;
    let (path, good) = (acknowledge_path(), body("2"));
    let refusals = [
        (Refused::Stale { current: 3 }, 409, "stale-revision"),
        (Refused::Ended, 409, "ended"),
        (Refused::Unknown(Unknown::Occurrence), 404, "unknown-occurrence"),
        (Refused::CommandReused, 409, "command-reused"),
    ];
    for (refusal, status, kind) in refusals {
        service.ward().refusal = Some(refusal);
        let answer = service.post(&path, &good).await;
        assert_eq!((answer.status, answer.problem().as_str()), (status, kind));
        assert_eq!(answer.json()["status"], status);
        let current = (kind == "stale-revision").then_some(3);
        assert_eq!(answer.json()["current"].as_u64(), current, "{kind}");
    }
    service.ward().acts.clear();
    let table = [
        (path.as_str(), body("\"2\""), 422, "invalid-body"),
        (path.as_str(), "{}".into(), 422, "invalid-body"),
        (path.as_str(), "{".into(), 400, "invalid-body"),
        ("/api/v1/alarms/7/acknowledge", good.clone(), 404, "unknown-occurrence"),
        ("/api/v1/alarms/%ff/acknowledge", good.clone(), 404, "unknown-occurrence"),
        ("/api/v1/beds", good.clone(), 405, "method-not-allowed"),
        ("/api/v1/nothing", good.clone(), 404, "unknown-path"),
    ];
    for (path, body, status, kind) in table {
        let answer = service.post(path, &body).await;
        assert_eq!((answer.status, answer.problem().as_str()), (status, kind), "{path} {body}");
        assert!(!answer.json()["detail"].as_str().expect("text").is_empty());
    }
    assert!(service.ward().acts.is_empty());
    for path in ["/api/v1/beds", "/"] {
        let answer = service.post(path, &good).await;
        assert_eq!((answer.status, answer.problem().as_str()), (405, "method-not-allowed"));
        assert!(answer.head.contains("\r\nallow: get,head"), "{path}: {}", answer.head);
    }
    service.ward().mood = Mood::Silent;
    let busy = service.post(&path, &good).await;
    assert_eq!((busy.status, busy.problem().as_str()), (503, "busy"));
}

/// Goal: every answer carries the headers of safety X6, errors and files included.
#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let service = Service::start(9, Limits::CONTRACT).await;
    let csp = "\r\ncontent-security-policy: default-src 'none'; script-src 'self'; style-src \
        'self'; connect-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri \
        'none'; form-action 'self'; require-trusted-types-for 'script'\r\n";
    for path in ["/", "/livez", "/api/v1/beds", "/api/v1/beds/x", "/nothing", "/api/nothing"] {
        let head = service.get(path).await.head + "\r\n";
        for header in [csp, "\r\nx-content-type-options: nosniff\r\n"] {
            assert!(head.contains(header), "{path}: {head}");
        }
        assert!(head.contains("\r\nreferrer-policy: no-referrer\r\n"), "{path}: {head}");
        let caching = if path == "/" { "no-cache" } else { "no-store" };
        assert!(head.contains(&format!("\r\ncache-control: {caching}\r\n")), "{path}: {head}");
    }
}

/// Goal: another site's page can neither read (a foreign name for this machine) nor change.
#[tokio::test]
async fn requests_from_elsewhere_are_refused() {
    let service = Service::start(9, Limits::CONTRACT).await;
    let foreign = service.ask("GET /api/v1/beds HTTP/1.0\r\nHost: evil.example\r\n\r\n").await;
    // safety:X5
    assert_eq!((foreign.status, foreign.problem().as_str()), (403, "foreign-host"));
    let nameless = service.ask("GET /livez HTTP/1.0\r\n\r\n").await;
    assert_eq!((nameless.status, nameless.problem().as_str()), (403, "foreign-host"));
    let post = |headers: &str| {
        let (path, body) = (acknowledge_path(), body("2"));
        let length = body.len();
        format!(
            "POST {path} HTTP/1.0\r\nHost: 127.0.0.1:8080\r\n{}{headers}\
             Content-Length: {length}\r\n\r\n{body}",
            service.nurse()
        )
    };
    let json = "Content-Type: application/json\r\n";
    let table = [
        (format!("{json}Origin: http://evil.example\r\n"), 403, "foreign-origin"),
        (format!("{json}Origin: http://127.0.0.1:8081\r\n"), 403, "foreign-origin"),
        ("Content-Type: text/plain\r\n".into(), 415, "content-type"),
        (String::new(), 415, "content-type"),
    ];
    for (headers, status, kind) in table {
        let answer = service.ask(&post(&headers)).await;
        assert_eq!((answer.status, answer.problem().as_str()), (status, kind), "{headers}");
    }
    assert!(service.ward().acts.is_empty());
    let own = post(&format!("{json}Origin: http://127.0.0.1:8080\r\n"));
    assert_eq!(service.ask(&own).await.status, 200);
}
