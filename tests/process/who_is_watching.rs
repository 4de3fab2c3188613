//! What screens say of themselves, and what the service makes of it: whom nobody watches, whom
//! nobody hears, and which alarm nobody has shown.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::json;

use crate::clinic::Clinic;
use crate::clock::{SOON, now, wall};
use crate::events::{Event, Events};
use crate::http;
use crate::mosquitto::Mosquitto;
use crate::payload::{cuff, topic};
use crate::publisher::Publisher;
use crate::screen::Screen;
use crate::service::{await_address, follow, program, send_signal};

/// Alarms 9: nobody is missed before that.
const FROM_START: Duration = Duration::from_secs(60);
/// Alarms 13.
const UNWATCHED: Duration = Duration::from_secs(10);
/// Alarms 14.
const RECEIPT: Duration = Duration::from_secs(4);
/// Alarms 12: without a screen's doing an alarm goes to its first step after that.
const NEXT_STEP: Duration = Duration::from_secs(30);
/// Pairs of beds.
const TRIES: u32 = 10;
const PASSWORD: &str = "watching the demo";

/// The header lines of a log-in that may change something.
async fn nurse(address: SocketAddr) -> String {
    let body = json!({"name": "nurse", "password": PASSWORD});
    let answer = http::post(address, "/api/v1/login", "", &body).await.expect("an answer");
    let cookie = answer.head.lines().find_map(|line| line.strip_prefix("set-cookie: "));
    let cookie = cookie.and_then(|line| line.split(';').next()).expect("a cookie");
    let csrf = answer.json()["csrf"].as_str().expect("a token").to_owned();
    format!("cookie: {cookie}\r\nx-csrf-token: {csrf}\r\n")
}

#[tokio::test]
async fn a_clinic_that_nobody_hears_or_sees_is_told_so_from_a_minute_after_its_start() {
    // Goal: sessions run (the demo's); the one screen has its sound locked, then has it on, then
    // leaves. Leases are real time, so this test takes more than a minute.
    // technical:sound-locked technical:nobody-watching safety:F8
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut command = program();
    command.args(["demo", "--listen", "127.0.0.1:0"]).env("DOSEVIGIL_DEMO_PASSWORD", PASSWORD);
    let begun = now();
    let mut child = command.env("TMPDIR", folder.path()).spawn().expect("the demo starts");
    let (errors, _) = follow(child.stderr.take().expect("it is piped"), |_| None);
    let (_told, found) = follow(child.stdout.take().expect("it is piped"), |line| {
        let (_, address) = line.split_once("Dashboard: http://")?;
        address.split('/').next()?.parse().ok()
    });
    let address = await_address(found, &errors).await;
    let nurse = nurse(address).await;
    let mut events = Events::open(address, &nurse, None).await;
    let locked = json!({"visible": true, "audio": "locked", "beds": "all", "seen": 0});
    let screen = Screen::open(address, &nurse, 1, locked).await;
    let counted = |event: &Event| event.name == "heartbeat" && event.has("watching", 1);
    events.until(SOON, "one screen watches", counted).await;

    let silent = |event: &Event| event.is_alarm("", "sound-locked");
    let silent = events.until(FROM_START + SOON, "nobody can hear", silent).await;
    assert!(silent.at - begun >= FROM_START, "{:?}", silent.at - begun);
    assert_eq!((silent.text("priority"), silent.text("condition")), ("medium", "present"));
    screen.says("audio", "unlocked");
    let heard =
        |event: &Event| event.is_alarm("", "sound-locked") && event.has("condition", "ended");
    events.until(SOON, "somebody can hear", heard).await;
    let unwatched = |event: &Event| event.is_alarm("", "nobody-watching");
    assert!(!events.seen.iter().any(unwatched), "the screen is visible all the while");

    let left = now();
    screen.close().await;
    let alone = events.until(UNWATCHED + SOON, "nobody watches", unwatched).await;
    assert!(alone.at - left >= UNWATCHED, "{:?}", alone.at - left);
    assert_eq!((alone.text("priority"), alone.text("signal")), ("high", "active"));
    send_signal(&child, "-INT").await;
    assert!(child.wait().await.expect("it is ours").success(), "{}", errors.text());
}

#[tokio::test]
async fn an_alarm_that_no_screen_has_painted_goes_to_its_next_step_after_four_seconds() {
    // Goal: two beds alarm at once; the one visible screen shows the second bed only and has
    // painted all that came. The first bed's alarm was received by nobody.
    // Method: a receipt is in time or not. On a machine that stood still meanwhile it was not,
    // which tells nothing: two other beds alarm then.
    // safety:F8 row:23
    let broker = Mosquitto::started().await;
    let pairs = (1..=TRIES).map(|n| [format!("bay-{}", 2 * n - 1), format!("bay-{}", 2 * n)]);
    let pairs: Vec<_> = pairs.collect();
    let clinic = Clinic::of_beds(&pairs.concat()).with_broker(broker.port());
    let service = clinic.start().await;
    service.ready().await;
    let mut events = Events::open(service.address, &service.nurse, None).await;
    let shown: Vec<_> = pairs.iter().map(|[_, shown]| shown.clone()).collect();
    let shows = json!({"visible": true, "audio": "unlocked", "beds": shown, "seen": 0});
    let screen = Screen::open(service.address, &service.nurse, 1, shows).await;
    let mut gateway = Publisher::connect(broker.port(), "gateway");
    let mut in_time = false;
    for beds in &pairs {
        in_time = receipt_in_time(beds, &mut gateway, &mut events, &screen).await;
        if in_time {
            break;
        }
    }
    assert!(in_time, "the machine was never fast enough for a receipt");
    screen.close().await;
    service.stop().await;
}

/// Both beds alarm and the screen receipts what came. Whether that was in time; if so, what must
/// come of it has come.
async fn receipt_in_time(
    beds: &[String; 2],
    gateway: &mut Publisher,
    events: &mut Events,
    screen: &Screen,
) -> bool {
    let begun = now();
    for bed in beds {
        gateway.publish(&topic(bed), cuff(bed, wall(), 219, 121)).await;
    }
    let mut raised = Vec::new();
    for bed in beds {
        let alarm = |event: &Event| event.is_alarm(bed, "bp-high") && event.id.is_some();
        raised.push(events.until(SOON, "both alarms", alarm).await);
    }
    screen.tells("seen", raised.iter().filter_map(|alarm| alarm.id).max()).await;
    let received = now() - begun < RECEIPT;
    let [unseen, seen] = beds;
    let step = |bed: &str, event: &Event| {
        event.is_alarm(bed, "bp-high") && event.has("escalation", 1)
    };
    let first = |event: &Event| step(unseen, event);
    let stepped = events.until(SOON, "the first step", first).await;
    let took = stepped.at - begun;
    assert!(took >= RECEIPT, "{took:?}");
    assert_eq!(stepped.data["revision"], raised[0].data["revision"]);
    // The other one's four seconds are over, too, when this has come twice.
    for _ in 0..2 {
        events.next(SOON, "a heartbeat", |event| event.name == "heartbeat").await;
    }
    if !received || now() - begun >= NEXT_STEP {
        return false;
    }
    assert!(!events.seen.iter().any(|event| step(seen, event)), "it was received");
    true
}
