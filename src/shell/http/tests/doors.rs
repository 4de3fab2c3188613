//! Every route that is described, against everybody who may come: what the table of access says is
//! what happens.

use axum::http::Method;
use serde_json::{Value, json};

use super::sample;
use super::support::{As, Service};
use crate::domain::role::{Needed, Role};
use crate::shell::http::Limits;
use crate::shell::http::access::{Access, ROUTES, Route};

const COMMAND: &str = "01998f3e-0000-7000-8000-00000000000a";

/// A request that is right but for who sends it.
fn request(route: &Route) -> (String, String) {
    let path = route.path.replace("{bed}", "bay-1").replace("{name}", "lee");
    let path = path.replace("{occurrence}", &sample::ALARM.to_string());
    let id = if path.contains("handovers") { sample::HANDOVER } else { sample::SESSION };
    let reading = format!("/readings/{}/", sample::TEMP.0);
    let path = path.replace("/readings/{id}/", &reading).replace("{id}", &id.to_string());
    let path = path.replace("{dose}", &sample::ALARM.to_string());
    let path = path.replace("presets/lee", "presets/ketamine-iv");
    let body = match (route.method.as_str(), route.path) {
        ("POST", "/api/v1/login") => r#"{"name":"lee","password":"lee's password"}"#.into(),
        ("POST", "/api/v1/users") => format!(
            r#"{{"command_id":"{COMMAND}","name":"ann","role":"nurse",
               "password":"ann's password"}}"#
        ),
        ("PUT", "/api/v1/users/{name}") => {
            format!(r#"{{"command_id":"{}","role":"lead"}}"#, COMMAND.replace("0a", "0b"))
        }
        ("POST", "/api/v1/alarms/{occurrence}/acknowledge") => {
            format!(r#"{{"revision":2,"command_id":"{COMMAND}","reason":null}}"#)
        }
        ("POST", "/api/v1/screens") => {
            format!(r#"{{"command_id":"{COMMAND}","name":"desk","kind":"station"}}"#)
        }
        ("POST", "/api/v1/screens/{id}/lease") => {
            r#"{"visible":true,"audio":"unlocked","beds":"all","seen":9}"#.into()
        }
        ("POST", "/api/v1/screens/{id}/sound-test") => {
            format!(r#"{{"command_id":"{COMMAND}","heard":true}}"#)
        }
        ("POST", "/api/v1/screens/pairings") => format!(r#"{{"command_id":"{COMMAND}"}}"#),
        ("POST", "/api/v1/screens/pair") => r#"{"code":"NOT A CODE","name":"hall"}"#.into(),
        ("POST", "/api/v1/beds/{bed}/devices") => {
            format!(r#"{{"keep":"bay-1-cuff","command_id":"{COMMAND}"}}"#)
        }
        ("POST", "/api/v1/sessions/{id}/limits") => {
            format!(r#"{{"rule":"B2","metric":"nibp_sys","value":170,"command_id":"{COMMAND}"}}"#)
        }
        ("POST", "/api/v1/handovers") => {
            format!(r#"{{"sessions":["{}"],"to":"lee","command_id":"{COMMAND}"}}"#, sample::SESSION)
        }
        ("POST" | "PUT", of_a_visit) => {
            format!(r#"{{"command_id":"{COMMAND}"{}}}"#, fields(of_a_visit))
        }
        _ => String::new(),
    };
    // An id is good for one kind of request.
    let kind = match route.path {
        "/api/v1/screens/pairings" => "1a",
        screens if screens.starts_with("/api/v1/screens") => "1b",
        "/api/v1/users" => "1c",
        _ => "0a",
    };
    let body: String = body;
    (path, body.replace(COMMAND, &COMMAND.replace("0a", kind)))
}

/// The fields that an act of a visit needs beside its id.
fn fields(path: &str) -> &'static str {
    match path.strip_prefix("/api/v1/sessions/{id}").unwrap_or(path) {
        "/api/v1/sessions" => {
            r#","bed":"bay-0","drug":"ketamine","route":"iv",
               "patient":{"reference":"7","initials":"A"}"#
        }
        "/preset" => r#","preset":"ketamine-iv""#,
        "/baseline" => r#","accept":[7]"#,
        "/doses/{dose}" => r#","action":"end""#,
        "/doses/{dose}/amend" => r#","value":28"#,
        "/readings" | "/api/v1/beds/{bed}/readings" => {
            r#","method":"counted","taken":"2026-11-22T10:14:00Z","values":{"pulse":72}"#
        }
        "/api/v1/readings/{id}/amend" => r#","value":36.9"#,
        "/observations" => r#","symptoms":[]"#,
        "/interventions" => r#","drug":"water""#,
        "/move" => r#","bed":"bay-0""#,
        "/end" => r#","disposition":"admitted""#,
        _ => "",
    }
}

fn permits(access: Access, role: Role) -> bool {
    match access {
        Access::Public | Access::Local | Access::Display => true,
        Access::Role(needed) => role.permits(needed),
    }
}

/// Goal: the description has each line of the table and no other route, with its role and its query
/// parameters; each schema that it names is there.
#[tokio::test]
async fn the_description_and_the_table_have_the_same_routes() {
    // safety:X1
    let service = Service::start(9, Limits::CONTRACT).await;
    let document = service.get("/api/openapi.json").await.json();
    let paths = document["paths"].as_object().expect("paths");
    let described: usize =
        paths.values().map(|path| path.as_object().expect("methods").len()).sum();
    assert_eq!(described, ROUTES.len());
    for Route { method, path, access, query, .. } in ROUTES {
        let operation = &paths[*path][method.as_str().to_lowercase()];
        assert_eq!(operation["x-role"], access.name(), "{method} {path}");
        let open = *access == Access::Public;
        let security = operation["security"].as_array().expect("security");
        assert_eq!(security.is_empty(), open, "{method} {path}");
        assert_eq!(operation["responses"]["403"] == Value::Null, open, "{method} {path}");
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let asked = parameters.filter(|parameter| parameter["in"] == "query");
        let asked: Vec<_> = asked.map(|parameter| &parameter["name"]).collect();
        assert_eq!(asked, *query, "{method} {path}");
    }
    for reference in document.to_string().split("#/components/schemas/").skip(1) {
        let name = reference.split('"').next().expect("a name");
        assert!(document["components"]["schemas"][name].is_object(), "{name}");
    }
}

/// Goal: an answer that is no problem is not described as one; what a body must have is said.
#[tokio::test]
async fn the_description_says_what_is_answered_and_what_is_needed() {
    let service = Service::start(9, Limits::CONTRACT).await;
    let document = service.get("/api/openapi.json").await.json();
    let not_ready = &document["paths"]["/readyz"]["get"]["responses"]["503"]["content"];
    let kinds: Vec<_> = not_ready.as_object().expect("content").keys().collect();
    assert_eq!(kinds, ["application/json"]);
    let busy = &document["paths"]["/api/v1/alarms"]["get"]["responses"]["503"]["content"];
    let kinds: Vec<_> = busy.as_object().expect("content").keys().collect();
    assert_eq!(kinds, ["application/problem+json"]);
    for (body, needed) in [
        ("StartBody", vec!["bed", "patient", "drug", "route"]),
        ("PatientBody", vec!["reference", "initials"]),
        ("HandBody", vec!["method", "taken", "values"]),
        ("ChangeBody", vec!["action"]),
        ("AmendBody", vec!["value"]),
    ] {
        assert_eq!(document["components"]["schemas"][body]["required"], json!(needed), "{body}");
    }
}

/// Goal: a parameter that a route does not take is named, whatever the route.
#[tokio::test]
async fn a_parameter_that_a_route_does_not_take_is_named_everywhere() {
    let service = Service::start(9, Limits::CONTRACT).await;
    for Route { method, path, access, .. } in ROUTES {
        if !path.starts_with("/api/") || method != Method::GET || !permits(*access, Role::Nurse) {
            continue;
        }
        let path = path.replace("{bed}", "bay-1").replace("{name}", "ketamine-iv");
        let path = path.replace("{id}", &sample::SESSION.to_string());
        let answer = service.get(&format!("{path}?colour=red")).await;
        let told = (answer.status, answer.problem());
        assert_eq!(told, (400, "invalid-parameter".to_owned()), "{path}");
        assert!(answer.body.contains("`colour`"), "{path}: {}", answer.body);
    }
    let service_watchers = service.get("/readyz?verbose").await;
    assert_eq!(service_watchers.status, 200);
    assert_eq!(service.get("/api/v1/beds?").await.status, 200);
}

/// Goal: each route answers those whom the table admits; others are refused before anything
/// happens, with what would be needed. Method: the table, walked with nobody, a token that is not
/// one, and a token of each role, refusals first.
#[tokio::test]
async fn each_route_is_open_to_those_whom_the_table_admits_and_to_nobody_else() {
    // safety:X1 safety:X2
    let service = Service::start(9, Limits::CONTRACT).await;
    service.add_user("lee", Role::Nurse).await;
    let unknown = format!("Authorization: Bearer {}\r\n", "0".repeat(64));
    for route in ROUTES {
        let (path, body) = request(route);
        let method = route.method.as_str();
        let local = matches!(route.access, Access::Public | Access::Local);
        for sender in [As::Nobody, As::Headers(&unknown)].iter().filter(|_| !local) {
            let answer = service.send(method, &path, *sender, &body).await;
            assert_eq!(
                (answer.status, answer.problem().as_str()),
                (401, "log-in-needed"),
                "{path}"
            );
            assert!(answer.head.contains("\r\nwww-authenticate: bearer"), "{}", answer.head);
        }
        let (admitted, refused): (Vec<_>, Vec<_>) =
            Role::ALL.into_iter().partition(|role| permits(route.access, *role));
        for role in refused {
            let answer = service.send(method, &path, As::Token(role), &body).await;
            assert_eq!((answer.status, answer.problem().as_str()), (403, "role"), "{path}");
            let detail = answer.json()["detail"].as_str().expect("text").to_owned();
            let Access::Role(needed) = route.access else { panic!("{path} admits all roles") };
            assert!(detail.contains(needed.roles()) && detail.ends_with(role.name()), "{detail}");
        }
        for role in admitted {
            if path.ends_with("/events") {
                service.live_as(&path, As::Token(role)).await;
                continue;
            }
            if path.ends_with("/pair") {
                let answer = service.send(method, &path, As::Token(role), &body).await;
                assert_eq!(answer.problem(), "wrong-code", "whoever asks needs a code");
                continue;
            }
            // A user can be added once under a name, whoever adds.
            let answer = service.send(method, &path, As::Token(role), &body).await;
            assert!((200..300).contains(&answer.status), "{method} {path}: {}", answer.body);
        }
    }
    let acts = ROUTES.iter().filter(|route| route.access == Access::Role(Needed::Nurse));
    let acts = acts.filter(|route| route.method != Method::GET && !route.path.contains("screens"));
    let acts = acts.count();
    assert_eq!(service.ward().acts.len(), 2 * acts, "a nurse's and a lead's");
}

/// Goal: what is no route is open and empty; a method that a path does not take is said so.
#[tokio::test]
async fn other_methods_and_paths_lead_nowhere() {
    // safety:X1
    let service = Service::start(9, Limits::CONTRACT).await;
    for sender in [As::Nobody, As::Token(Role::Admin)] {
        let answer = service.send("DELETE", "/api/v1/users/lee", sender, "").await;
        assert_eq!((answer.status, answer.problem().as_str()), (405, "method-not-allowed"));
        assert!(answer.head.contains("\r\nallow: put\r\n"), "{}", answer.head);
        let answer = service.send("GET", "/api/v1/nothing", sender, "").await;
        assert_eq!((answer.status, answer.problem().as_str()), (404, "unknown-path"));
    }
    assert_eq!(service.send("GET", "/", As::Nobody, "").await.status, 200);
    let head = service.send("HEAD", "/api/v1/beds", As::Nobody, "").await;
    assert_eq!(head.status, 401);
}
