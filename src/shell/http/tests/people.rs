//! Logging in and out as a browser does it, and what an admin does to users.

use std::time::Duration;

use super::sample;
use super::support::{Answer, As, Service};
use crate::domain::role::Role;
use crate::shell::http::Limits;
use crate::shell::lane::Published;

const COMMAND: &str = "01998f3e-0000-7000-8000-00000000000a";
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

/// A browser that is logged in.
struct Browser {
    cookie: String,
    csrf: String,
}

impl Browser {
    async fn log_in(service: &Service, name: &str) -> Self {
        let answer = log_in(service, name, &format!("{name}'s password")).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let cookie = answer.head.lines().find_map(|line| line.strip_prefix("set-cookie: "));
        let pair = cookie.and_then(|line| line.split(';').next()).expect("a cookie");
        let csrf = answer.json()["csrf"].as_str().expect("a CSRF token").to_owned();
        // Test answers come in lower case; the cookie's name is told apart by its case.
        let cookie = pair.replace("__host-", "__Host-");
        Self { cookie: format!("Cookie: {cookie}\r\n"), csrf }
    }

    fn full(&self) -> String {
        format!("{}X-CSRF-Token: {}\r\n", self.cookie, self.csrf)
    }

    async fn get(&self, service: &Service, path: &str) -> Answer {
        service.send("GET", path, As::Headers(&self.cookie), "").await
    }

    async fn acknowledge(&self, service: &Service) -> Answer {
        let (path, body) = acknowledgement();
        service.send("POST", &path, As::Headers(&self.full()), &body).await
    }
}

async fn log_in(service: &Service, name: &str, password: &str) -> Answer {
    let body = serde_json::json!({"name": name, "password": password}).to_string();
    service.send("POST", "/api/v1/login", As::Nobody, &body).await
}

fn acknowledgement() -> (String, String) {
    let path = format!("/api/v1/alarms/{}/acknowledge", sample::ALARM);
    (path, format!(r#"{{"revision":2,"command_id":"{COMMAND}"}}"#))
}

fn kind(answer: &Answer) -> (u16, String) {
    (answer.status, answer.problem())
}

/// Goal: a log-in says who one is and acts under that name; the log-out ends it on the server.
#[tokio::test]
async fn a_log_in_acts_under_its_name_until_its_log_out() {
    // safety:X4
    let service = Service::start(9, Limits::CONTRACT).await;
    service.add_user("lee", Role::Nurse).await;
    let answer = log_in(&service, "lee", "lee's password").await;
    assert!(answer.head.contains("; path=/; secure; httponly; samesite=strict"), "{}", answer.head);
    let (lee, other) =
        (Browser::log_in(&service, "lee").await, Browser::log_in(&service, "lee").await);
    assert_ne!(lee.cookie, other.cookie);
    let me = lee.get(&service, "/api/v1/me").await.json();
    let expected = serde_json::json!(
        {"name": "lee", "role": "nurse", "display_only": false, "csrf": lee.csrf});
    assert_eq!(me, expected);
    assert_eq!(lee.acknowledge(&service).await.status, 200);
    assert_eq!(&*service.ward().acts[0].by.name, "lee");

    let out = service.send("POST", "/api/v1/logout", As::Headers(&lee.full()), "").await;
    assert_eq!(out.status, 204);
    assert!(out.head.contains("set-cookie: __host-dosevigil=; "), "{}", out.head);
    assert_eq!(kind(&lee.get(&service, "/api/v1/me").await), (401, "log-in-needed".into()));
    assert_eq!(other.get(&service, "/api/v1/me").await.status, 200, "another session lives on");
}

/// Goal: whoever is responsible for a running session hands it over before they leave.
#[tokio::test]
async fn nobody_logs_out_while_responsible_for_a_running_session() {
    let service = Service::start(9, Limits::CONTRACT).await;
    service.add_user("kim", Role::Nurse).await;
    let kim = Browser::log_in(&service, "kim").await;
    let out = service.send("POST", "/api/v1/logout", As::Headers(&kim.full()), "").await;
    assert_eq!(kind(&out), (409, "responsible".into()));
    assert_eq!(kim.acknowledge(&service).await.status, 200, "the log-in stands");
}

/// Goal: with a cookie, a change without the page's own token has no effect; reading needs none.
#[tokio::test]
async fn a_change_by_cookie_needs_the_csrf_token_of_its_own_log_in() {
    // safety:X5
    let service = Service::start(9, Limits::CONTRACT).await;
    service.add_user("kim", Role::Nurse).await;
    let (kim, other) =
        (Browser::log_in(&service, "kim").await, Browser::log_in(&service, "kim").await);
    let (path, body) = acknowledgement();
    let token = |value: &str| format!("{}X-CSRF-Token: {value}\r\n", kim.cookie);
    let twice = format!("{}X-CSRF-Token: {}\r\n", kim.full(), kim.csrf);
    let foreign = kim.full() + "Origin: http://evil.example\r\n";
    let table = [
        (kim.cookie.clone(), "csrf"),
        (token(""), "csrf"),
        (token(&other.csrf), "csrf"),
        (token(&kim.csrf[1..]), "csrf"),
        (twice, "csrf"),
        (foreign, "foreign-origin"),
    ];
    for (headers, problem) in table {
        let answer = service.send("POST", &path, As::Headers(&headers), &body).await;
        assert_eq!(kind(&answer), (403, problem.into()), "{headers}");
        let out = service.send("POST", "/api/v1/logout", As::Headers(&headers), "").await;
        assert_eq!(kind(&out), (403, problem.into()), "{headers}");
    }
    assert!(service.ward().acts.is_empty());
    assert_eq!(kim.get(&service, "/api/v1/beds").await.status, 200);
    assert_eq!(kim.acknowledge(&service).await.status, 200);
}

/// Goal: after 30 min without an act control is gone, the display is not; after 12 h all is over.
/// Method: what a page asks by itself goes on all the time and must not count.
#[tokio::test]
async fn an_idle_log_in_only_displays_and_ends_after_12_hours() {
    // safety:X4
    let service = Service::start(9, Limits::CONTRACT).await;
    service.add_user("kim", Role::Nurse).await;
    let kim = Browser::log_in(&service, "kim").await;
    for _ in 0..29 {
        service.pass(MINUTE);
        for path in ["/api/v1/me", "/api/v1/beds"] {
            assert_eq!(kim.get(&service, path).await.status, 200);
        }
        service.live_as("/api/v1/events", As::Headers(&kim.cookie)).await;
    }
    assert_eq!(kim.acknowledge(&service).await.status, 200);
    service.settle().await;
    service.pass(29 * MINUTE);
    assert_eq!(kim.acknowledge(&service).await.status, 200, "an act keeps the log-in");
    service.settle().await;

    service.pass(30 * MINUTE);
    let me = kim.get(&service, "/api/v1/me").await.json();
    assert_eq!((&me["display_only"], &me["name"]), (&true.into(), &"kim".into()));
    for _ in 0..2 {
        let answer = kim.acknowledge(&service).await;
        assert_eq!(kind(&answer), (401, "log-in-needed".into()));
        for path in ["/api/v1/beds", "/api/v1/beds/bay-1", "/api/v1/alarms"] {
            assert_eq!(kim.get(&service, path).await.status, 200, "{path}");
        }
        service.live_as("/api/v1/events", As::Headers(&kim.cookie)).await;
        // Looking does not wake it either.
        service.settle().await;
    }
    assert_eq!(service.ward().acts.len(), 2);
    service.pass(11 * HOUR);
    assert_eq!(kind(&kim.get(&service, "/api/v1/beds").await), (401, "log-in-needed".into()));
}

/// Goal: a display-only log-in can still be ended, and a new one of the same browser replaces it.
#[tokio::test]
async fn a_new_log_in_of_a_browser_ends_the_one_before() {
    // safety:X4
    let service = Service::start(9, Limits::CONTRACT).await;
    service.add_user("kim", Role::Nurse).await;
    let kim = Browser::log_in(&service, "kim").await;
    let body = r#"{"name":"kim","password":"kim's password"}"#;
    let again = service.send("POST", "/api/v1/login", As::Headers(&kim.cookie), body).await;
    assert_eq!(again.status, 200);
    assert_eq!(kim.get(&service, "/api/v1/me").await.status, 401);
    let idle = Browser::log_in(&service, "kim").await;
    service.pass(HOUR);
    let out = service.send("POST", "/api/v1/logout", As::Headers(&idle.full()), "").await;
    assert_eq!(out.status, 204);
    assert_eq!(idle.get(&service, "/api/v1/beds").await.status, 401);
}

/// Goal: unknown, disabled and mistyped are one answer; the body says nothing else either.
#[tokio::test]
async fn every_refused_log_in_gets_the_same_answer() {
    // safety:X3
    let service = Service::start(9, Limits::CONTRACT).await;
    service.add_user("kim", Role::Nurse).await;
    service.add_user("ann", Role::Nurse).await;
    let disable = format!(r#"{{"command_id":"{COMMAND}","disabled":true}}"#);
    let admin = As::Token(Role::Admin);
    let disabled = service.send("PUT", "/api/v1/users/ann", admin, &disable).await;
    assert_eq!(disabled.status, 200);
    let refused = [
        ("kim", "ann's password"),
        ("kim", ""),
        ("ann", "ann's password"),
        ("nobody", "kim's password"),
        ("Kim", "kim's password"),
        ("", ""),
    ];
    let mut bodies = Vec::new();
    for (name, password) in refused {
        let answer = log_in(&service, name, password).await;
        assert_eq!(kind(&answer), (401, "wrong-log-in".into()), "{name}");
        assert!(!answer.head.contains("set-cookie"), "{name}");
        bodies.push(answer.body);
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "{bodies:?}");
    let table = [("{", 400), ("{}", 422), (r#"{"name":"kim","password":1}"#, 422)];
    for (body, status) in table {
        let answer = service.send("POST", "/api/v1/login", As::Nobody, body).await;
        assert_eq!(kind(&answer), (status, "invalid-body".into()), "{body}");
    }
}

/// Goal: an admin adds and changes users; a command repeated has one effect and one answer.
#[tokio::test]
async fn an_admins_commands_have_one_effect_each() {
    let service = Service::start(9, Limits::CONTRACT).await;
    let admin = As::Token(Role::Admin);
    let new = |name: &str, password: &str| {
        format!(
            r#"{{"command_id":"{COMMAND}","name":"{name}","role":"nurse","password":"{password}"}}"#
        )
    };
    let short = service.send("POST", "/api/v1/users", admin, &new("kim", "eleven char")).await;
    assert_eq!(kind(&short), (422, "invalid-body".into()));
    assert!(short.json()["detail"].as_str().expect("text").contains("12 characters"));
    // The prefix is the boards'.
    let board = new("board.hall", "kim's password");
    let board = service.send("POST", "/api/v1/users", admin, &board).await;
    assert_eq!(kind(&board), (422, "invalid-body".into()));
    assert!(board.json()["detail"].as_str().expect("text").contains("`board.`"));
    let expected = serde_json::json!({"name": "kim", "role": "nurse", "disabled": false});
    for _ in 0..2 {
        let body = new("kim", "kim's password");
        let added = service.send("POST", "/api/v1/users", admin, &body).await;
        assert_eq!((added.status, added.json()), (201, expected.clone()), "{}", added.body);
    }
    for (path, method, body) in [
        ("/api/v1/users", "POST", new("lee", "lee's password")),
        ("/api/v1/users/kim", "PUT", format!(r#"{{"command_id":"{COMMAND}","role":"lead"}}"#)),
    ] {
        let reused = service.send(method, path, admin, &body).await;
        assert_eq!(kind(&reused), (409, "command-reused".into()), "{path}");
    }
    // The same in another order of its keys is the same, and an act is another.
    let turned = format!(
        r#"{{"password":"kim's password","role":"nurse","name":"kim","command_id":"{COMMAND}"}}"#
    );
    assert_eq!(service.send("POST", "/api/v1/users", admin, &turned).await.status, 201);
    let pairing = format!(r#"{{"command_id":"{COMMAND}"}}"#);
    let pairing = service.send("POST", "/api/v1/screens/pairings", admin, &pairing).await;
    assert_eq!(kind(&pairing), (409, "command-reused".into()));
    let again = new("kim", "kim's password").replace("000a", "000b");
    let taken = service.send("POST", "/api/v1/users", admin, &again).await;
    assert_eq!(kind(&taken), (409, "name-taken".into()));
    let lead = r#"{"command_id":"01998f3e-0000-7000-8000-00000000000c","role":"lead"}"#;
    let changed = service.send("PUT", "/api/v1/users/kim", admin, lead).await;
    assert_eq!(changed.json()["role"], "lead", "{}", changed.body);
    let nobody = lead.replace("000c", "000d");
    let unknown = service.send("PUT", "/api/v1/users/lee", admin, &nobody).await;
    assert_eq!(kind(&unknown), (404, "unknown-user".into()));
    let list = service.send("GET", "/api/v1/users", admin, "").await.json();
    let expected = serde_json::json!({"items": [
        {"name": "kim", "role": "lead", "disabled": false}], "next": null});
    assert_eq!(list, expected);
}

/// Goal: whoever is disabled, or gets a new password, is out at once: requests and open streams.
#[tokio::test]
async fn a_disabled_users_log_ins_and_streams_end() {
    // safety:X4
    let service = Service::start(9, Limits::CONTRACT).await;
    service.add_user("kim", Role::Nurse).await;
    let changes = [r#""disabled":true"#, r#""password":"kim's password","disabled":false"#];
    let (before, admin) = (Browser::log_in(&service, "kim").await, As::Token(Role::Admin));
    let mut kim = before;
    for (number, change) in changes.iter().enumerate() {
        let mut live = service.live_as("/api/v1/events", As::Headers(&kim.cookie)).await;
        assert_eq!(live.next().await.expect("an event").name, "snapshot");
        let command = format!("01998f3e-0000-7000-8000-0000000001{number:02}");
        let body = format!(r#"{{"command_id":"{command}",{change}}}"#);
        let changed = service.send("PUT", "/api/v1/users/kim", admin, &body).await;
        assert_eq!(changed.status, 200, "{}", changed.body);
        assert_eq!(kim.get(&service, "/api/v1/beds").await.status, 401);
        service.hub.publish(heartbeat());
        let last = live.next().await.expect("a last event");
        assert_eq!((last.name.as_str(), &last.data["reason"]), ("bye", &"logged out".into()));
        assert!(live.next().await.is_none());
        if number == 0 {
            assert_eq!(log_in(&service, "kim", "kim's password").await.status, 401);
            let enabled =
                r#"{"command_id":"01998f3e-0000-7000-8000-000000000200","disabled":false}"#;
            service.send("PUT", "/api/v1/users/kim", admin, enabled).await;
            kim = Browser::log_in(&service, "kim").await;
        }
    }
}

fn heartbeat() -> Published {
    sample::heartbeat(9_500)
}

/// Goal: log-ins, refusals, log-outs and changes are in the audit with who, from where and what,
/// and no secret is in any file of the database.
#[tokio::test]
async fn the_audit_tells_who_did_what_and_the_files_hold_no_secret() {
    // safety:X10 safety:X11
    let service = Service::start(9, Limits::CONTRACT).await;
    service.add_user("lee", Role::Viewer).await;
    let lee = Browser::log_in(&service, "lee").await;
    log_in(&service, "lee", "mistyped password").await;
    log_in(&service, "mistyped password", "").await;
    assert_eq!(lee.acknowledge(&service).await.status, 403);
    service.send("POST", "/api/v1/logout", As::Headers(&lee.full()), "").await;
    let audit = service.audit().await;
    let expected = [
        ("command-line", "user added", "", "lee, role viewer"),
        ("lee", "log-in", "127.0.0.1", ""),
        ("", "log-in refused", "127.0.0.1", "user lee"),
        ("", "log-in refused", "127.0.0.1", "an unknown user"),
        (
            "lee",
            "refused",
            "127.0.0.1",
            "POST /api/v1/alarms/{occurrence}/acknowledge: this needs the role nurse or lead; \
             yours is viewer",
        ),
        ("lee", "log-out", "127.0.0.1", ""),
    ];
    let audit: Vec<_> = audit.iter().map(|[a, b, c, d]| (&**a, &**b, &**c, &**d)).collect();
    assert_eq!(audit[audit.len() - expected.len()..], expected);

    let nurse = service.nurse();
    let secret = |line: &str| line.trim_end().rsplit(['=', ' ']).next().map(str::to_owned);
    let secrets = [secret(&nurse), secret(&lee.cookie), Some(lee.csrf)];
    let words = [Some("lee's password".into()), Some("mistyped password".into())];
    for file in std::fs::read_dir(service.folder.path()).expect("a folder") {
        let bytes = std::fs::read(file.expect("a file").path()).expect("readable");
        for secret in secrets.iter().chain(&words).map(|word| word.as_ref().expect("a word")) {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{secret} is in the database");
        }
    }
}
