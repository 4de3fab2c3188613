//! Screens over HTTP: what reaches the engine, what is refused, and wall boards, which are paired
//! once and then read.

use super::sample;
use super::support::{Answer, As, Service};
use crate::domain::ids::{BedIndex, Seq, Uuid};
use crate::domain::role::Role;
use crate::domain::screens::{
    Audio, Coverage, Heard, Lease, ScreenDeed, ScreenKind, ScreenRefused, Visibility, Whose,
};
use crate::shell::http::Limits;

const ID: &str = "01998f3e-0000-7000-8000-00000000000a";

fn id() -> Uuid {
    Uuid::parse(ID).expect("a UUID")
}

async fn open(service: &Service, sender: As<'_>) -> Answer {
    let body = format!(r#"{{"command_id":"{ID}","name":"desk","kind":"station"}}"#);
    service.send("POST", "/api/v1/screens", sender, &body).await
}

async fn lease(service: &Service, sender: As<'_>) -> Answer {
    let body = r#"{"visible":true,"audio":"unlocked","beds":["bay-0"],"seen":9}"#;
    service.send("POST", &format!("/api/v1/screens/{ID}/lease"), sender, body).await
}

/// Goal: opening, lease, sound test and close reach the engine under the name of who is logged in.
#[tokio::test]
async fn what_a_screen_does_reaches_the_engine_under_its_owners_name() {
    // safety:F8
    let service = Service::start(9, Limits::CONTRACT).await;
    let viewer = As::Token(Role::Viewer);
    let opened = open(&service, viewer).await;
    assert_eq!((opened.status, &opened.json()["id"]), (201, &ID.into()));
    assert_eq!(lease(&service, viewer).await.status, 204);
    let path = format!("/api/v1/screens/{ID}");
    let test = format!(r#"{{"command_id":"{ID}","heard":false}}"#);
    assert_eq!(service.post(&format!("{path}/sound-test"), &test).await.status, 204);
    for role in [Role::Viewer, Role::Admin] {
        assert_eq!(service.send("DELETE", &path, As::Token(role), "").await.status, 204);
    }

    let ward = service.ward();
    let by: Vec<_> = ward.orders.iter().map(|order| &*order.by).collect();
    assert_eq!(by, ["token:viewer", "token:nurse", "token:viewer", "token:admin"]);
    let deeds: Vec<_> = ward.orders.iter().map(|order| order.deed.clone()).collect();
    let close = |whose| ScreenDeed::Close { screen: id(), whose };
    let expected = [
        ScreenDeed::Open { name: "desk".into(), kind: ScreenKind::Station },
        ScreenDeed::SoundTest { screen: id(), heard: Heard::No },
        close(Whose::Own),
        close(Whose::Anyones),
    ];
    assert_eq!(deeds, expected);
    let shown = Coverage::Beds([BedIndex(1)].into());
    let (visibility, audio) = (Visibility::Visible, Audio::Unlocked);
    let renewed = Lease { visibility, audio, beds: shown, seen: Seq(9) };
    assert_eq!(ward.leases, [(id(), "token:viewer".into(), renewed)]);
}

/// Goal: each refusal of the engine has its status and type, for orders and leases alike.
#[tokio::test]
async fn what_the_engine_refuses_is_told_as_a_problem() {
    let service = Service::start(9, Limits::CONTRACT).await;
    let table = [
        (ScreenRefused::Unknown, 404, "unknown-screen"),
        (ScreenRefused::NotOwn, 403, "not-your-screen"),
        (ScreenRefused::TooMany, 503, "too-many-screens"),
        (ScreenRefused::CommandReused, 409, "command-reused"),
        (ScreenRefused::Unsent { newest: Seq(9) }, 422, "unsent"),
    ];
    let nurse = As::Token(Role::Nurse);
    for (refused, status, kind) in table {
        service.ward().screen_refusal = Some(refused);
        for answer in [open(&service, nurse).await, lease(&service, nurse).await] {
            assert_eq!((answer.status, answer.problem().as_str()), (status, kind));
        }
    }
    for wrong in ["/api/v1/screens/desk/lease", "/api/v1/screens/%ff/lease"] {
        let answer = service.post(wrong, "{}").await;
        assert_eq!((answer.status, answer.problem().as_str()), (404, "unknown-screen"));
    }
    let bare = format!(
        "DELETE /api/v1/screens/{ID} HTTP/1.0\r\nHost: localhost\r\n{}\r\n",
        service.nurse()
    );
    let answer = service.ask(&bare).await;
    assert_eq!((answer.status, answer.problem().as_str()), (422, "invalid-body"));
    assert!(answer.body.contains("Command-Id"), "{}", answer.body);
}

/// Goal: the list says of each screen whether it is seen, and what of.
#[tokio::test]
async fn screens_are_listed_with_what_their_leases_say() {
    let service = Service::start(9, Limits::CONTRACT).await;
    let list = service.get("/api/v1/screens").await.json();
    let of = |key: &str| -> Vec<String> {
        let items = list["items"].as_array().expect("items");
        items.iter().map(|one| one[key].to_string().replace('"', "")).collect()
    };
    assert_eq!(of("state"), ["visible", "lost", "silent"]);
    assert_eq!(of("kind"), ["station", "board", "station"]);
    assert_eq!(of("audio"), ["locked", "locked", "null"]);
    assert_eq!(of("beds"), ["[bay-1]", "null", "null"]);
    assert_eq!(of("seen"), ["8", "8", "null"]);
    assert_eq!(of("age_s"), ["1", "61", "1"]);
    assert_eq!(list["items"].as_array().map(Vec::len), Some(sample::screens().len()));
}

/// Goal: a code of an admin makes a browser a board, once; the board reads, opens a screen and
/// leases, and changes nothing; it stays until its token is revoked.
#[tokio::test]
async fn a_board_is_paired_once_and_then_only_reads() {
    // safety:X4 safety:X5
    let service = Service::start(9, Limits::CONTRACT).await;
    let admin = As::Token(Role::Admin);
    let body = format!(r#"{{"command_id":"{ID}"}}"#);
    let given = service.send("POST", "/api/v1/screens/pairings", admin, &body).await;
    assert_eq!((given.status, &given.json()["valid_s"]), (201, &600.into()));
    let code = given.json()["code"].as_str().expect("a code").to_owned();
    let again = service.send("POST", "/api/v1/screens/pairings", admin, &body).await;
    assert_eq!(again.json()["code"], code.as_str(), "the same command, the same code");

    let pair = |code: &str, name: &str| {
        let body = format!(r#"{{"code":"{code}","name":"{name}"}}"#);
        let service = &service;
        async move { service.send("POST", "/api/v1/screens/pair", As::Nobody, &body).await }
    };
    for wrong in ["Hall 1", "", &"h".repeat(27)] {
        let nameless = pair(&code, wrong).await;
        assert_eq!((nameless.status, nameless.problem().as_str()), (422, "invalid-body"));
    }
    let paired = pair(&code, "hall").await;
    assert_eq!((paired.status, &paired.json()["name"]), (201, &"board.hall".into()));
    let used = pair(&code, "other").await;
    assert_eq!((used.status, used.problem().as_str()), (401, "wrong-code"));

    let line = paired.head.lines().find_map(|line| line.strip_prefix("set-cookie: "));
    let line = line.expect("a cookie");
    for attribute in ["path=/", "secure", "httponly", "samesite=strict", "max-age="] {
        assert!(line.contains(attribute), "{line}");
    }
    let cookie = line.split(';').next().expect("a cookie").replace("host-", "Host-");
    let reads = format!("Cookie: {}\r\n", cookie.replace("__host", "__Host"));
    let me = service.send("GET", "/api/v1/me", As::Headers(&reads), "").await.json();
    assert_eq!((&me["name"], &me["display_only"]), (&"token:board.hall".into(), &true.into()));
    let csrf = me["csrf"].as_str().expect("a token");
    let full = format!("{reads}X-CSRF-Token: {csrf}\r\n");
    assert_eq!(service.send("GET", "/api/v1/beds", As::Headers(&reads), "").await.status, 200);
    let foreign = open(&service, As::Headers(&reads)).await;
    assert_eq!((foreign.status, foreign.problem().as_str()), (403, "csrf"));
    assert_eq!(open(&service, As::Headers(&full)).await.status, 201);
    assert_eq!(lease(&service, As::Headers(&full)).await.status, 204);
    let test = format!(r#"{{"command_id":"{ID}","heard":true}}"#);
    let path = format!("/api/v1/screens/{ID}/sound-test");
    let act = service.send("POST", &path, As::Headers(&full), &test).await;
    assert_eq!((act.status, act.problem().as_str()), (401, "log-in-needed"));
    // Long after any log-in has ended, it still reads.
    service.pass(std::time::Duration::from_secs(30 * 24 * 3600));
    assert_eq!(service.send("GET", "/api/v1/beds", As::Headers(&reads), "").await.status, 200);

    // Another token is no cookie.
    let nurse = service.nurse();
    let token = nurse.trim().rsplit(' ').next().expect("a token");
    let stolen = format!("Cookie: __Host-dosevigil={token}\r\n");
    assert_eq!(service.send("GET", "/api/v1/beds", As::Headers(&stolen), "").await.status, 401);
}

/// Goal: a name is a board's for ever; a board that was refused for it may try another one.
#[tokio::test]
async fn a_board_whose_name_is_taken_may_choose_another() {
    let service = Service::start(9, Limits::CONTRACT).await;
    let mut statuses = Vec::new();
    for (number, names) in [(1, vec!["hall"]), (2, vec!["hall", "stairs"])] {
        let body = format!(r#"{{"command_id":"01998f3e-0000-7000-8000-00000000010{number}"}}"#);
        let admin = As::Token(Role::Admin);
        let given = service.send("POST", "/api/v1/screens/pairings", admin, &body).await.json();
        for name in names {
            let body = format!(r#"{{"code":{},"name":"{name}"}}"#, given["code"]);
            let answer = service.send("POST", "/api/v1/screens/pair", As::Nobody, &body).await;
            statuses.push(answer.status);
        }
    }
    assert_eq!(statuses, [201, 409, 201]);
}
