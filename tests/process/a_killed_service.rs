//! kill -9 of the service: in the midst of alarms, again and again; and what a screen sees of it.

use std::time::Duration;

use serde_json::Value;
use tokio::sync::watch;

use crate::clinic::Clinic;
use crate::clock::{SOON, eventually, wall};
use crate::events::{Event, Events};
use crate::ledger::Ledger;
use crate::lines::Monitor;
use crate::mosquitto::Mosquitto;
use crate::payload::{cuff, seconds_before, topic};
use crate::publisher::Publisher;
use crate::service::Service;

const BEDS: u32 = 24;
/// Very high, normal, very high, normal ... on each bed, an hour's readings sent late.
const PASSES: u32 = 4;
const ROUNDS: u32 = 6;

fn bed(number: u32) -> String {
    format!("bay-{number}")
}

/// Every other bed begins with a normal one, so that alarms come at any time.
fn is_high(pass: u32, number: u32) -> bool {
    (pass + number).is_multiple_of(2)
}

/// The pressure of a pass: each very high one is told from every other by its value.
fn systolic(pass: u32, number: u32) -> u32 {
    if is_high(pass, number) { 200 + pass * 10 + number % 10 } else { 120 }
}

/// Bed after bed, pass after pass, until all are sent; each round's share once it has begun, so
/// that each has its alarms, however long a start took.
async fn traffic(port: u16, mut begun: watch::Receiver<u32>) {
    let mut gateway = Publisher::connect(port, "gateway");
    for pass in 0..PASSES {
        let at = seconds_before(wall(), i64::from(60 * (PASSES - pass)));
        for number in 1..=BEDS {
            let share = (pass * BEDS + number - 1) * ROUNDS / (PASSES * BEDS);
            begun.wait_for(|begun| *begun > share).await.expect("the rounds go on");
            let bed = bed(number);
            gateway.publish(&topic(&bed), cuff(&bed, at, systolic(pass, number), 90)).await;
            // An alarm stays for 5 s at least: what follows sooner is the same one.
            tokio::time::sleep(Duration::from_millis(6000 / u64::from(BEDS))).await;
        }
    }
}

/// Lets the service work until something of this round has happened, then returns at once.
async fn work(round: u32, service: &Service, events: &mut Events, ledger: &mut Ledger) {
    let active = |event: &Event| event.name == "alarm" && event.has("signal", "active");
    match round % 3 {
        // Right after an alarm was shown.
        0 => drop(events.next(SOON, "an alarm", active).await),
        // Right after an acknowledgement was answered.
        1 => {
            // One that was missed may have ended since, and what a slow disk does not hold yet
            // has no number.
            let answer = loop {
                let alarm = events.next(SOON, "an alarm", active).await;
                let answer = service.acknowledge(&alarm.data, &service.nurse).await;
                let answer = answer.expect("an answer");
                let is_durable = || !answer.json()["occurrence"]["seq"].is_null();
                if answer.status != 409 && is_durable() {
                    break answer;
                }
            };
            ledger.acknowledged(&answer);
        }
        // With an acknowledgement under way: it may count or not, but not half.
        _ => {
            for _ in 0..5 {
                let _ = events.next(SOON, "an alarm", active).await;
            }
            let alarm = events.next(SOON, "an alarm", active).await;
            let under_way = service.acknowledge(&alarm.data, &service.other_nurse);
            let _ = tokio::time::timeout(Duration::from_millis(1), under_way).await;
        }
    }
}

/// What must hold right after a start, whatever the round.
async fn assert_restored(service: &Service, before: &[Value]) {
    let livez = service.get("/livez").await;
    let listed = service.list("/api/v1/alarms?state=present&limit=200").await;
    assert_eq!(livez.status, 200);
    let gap = listed.iter().any(|alarm| {
        alarm["family"] == "monitoring-gap"
            && alarm["signal"] == "latched"
            && alarm["outage"] == true
            && alarm["bed"].is_null()
            && alarm["restored"] == false
    });
    assert!(gap, "{listed:#?}");
    for alarm in before {
        let id = &alarm["occurrence"];
        let again = listed.iter().find(|listed| listed["occurrence"] == *id);
        let again = again.unwrap_or_else(|| panic!("{alarm} in {listed:#?}"));
        for key in ["revision", "priority", "value", "onset", "acknowledged"] {
            assert_eq!(again[key], alarm[key], "{key}");
        }
        let signal = if alarm["acknowledged"].is_null() { "active" } else { "acknowledged" };
        // A cable that is still out is found out anew at once.
        let frozen = alarm["kind"] == "physiological";
        assert!(again["signal"] == signal && again["frozen"] == frozen, "{again}");
        assert!(again["restored"] == true && again["condition"] == "present", "{again}");
    }
}

#[tokio::test]
async fn killed_again_and_again_during_alarms_it_loses_none_and_doubles_none() {
    // Goal: safety:P1 safety:A3 safety:A6 safety:A8 row:28. Method: readings stream in through a
    // real broker, alarms come, end and are acknowledged; six kills at varied moments; what any
    // screen has seen must be in the one series that the last process tells from its beginning.
    let broker = Mosquitto::started().await;
    let beds: Vec<String> = (1..=BEDS).map(bed).collect();
    let clinic = Clinic::of_beds(&beds).with_broker(broker.port());
    let mut ledger = Ledger::default();
    let mut service = clinic.start().await;
    service.ready().await;
    let (begin, begun) = watch::channel(0);
    let traffic = tokio::spawn(traffic(broker.port(), begun));
    for round in 0..ROUNDS {
        let mut events = Events::open(service.address, &service.nurse, ledger.last_id()).await;
        begin.send_replace(round + 1);
        work(round, &service, &mut events, &mut ledger).await;
        service.kill().await;
        events.ended(SOON).await;
        ledger.take(&events);
        assert_eq!(clinic.integrity().await, "ok");
        service = clinic.start().await;
        assert_restored(&service, &[]).await;
    }
    service.ready().await;
    traffic.await.expect("the traffic ends");

    let mut events = Events::open(service.address, &service.nurse, Some(0)).await;
    let (pass, number) = (PASSES - 1, BEDS - 1);
    assert!(is_high(pass, number));
    let last = |event: &Event| {
        let of_it = event.is_alarm(&bed(number), "bp-high") && event.id.is_some();
        of_it && event.has("value", systolic(pass, number))
    };
    events.until(SOON, "everything up to the last very high reading", last).await;
    ledger.assert_kept_in(&events);
    for (pass, number) in (0..PASSES).flat_map(|pass| (1..=BEDS).map(move |bed| (pass, bed))) {
        if is_high(pass, number) {
            ledger.assert_once(&events, &bed(number), systolic(pass, number));
        }
    }
    service.stop().await;
    assert_eq!(clinic.integrity().await, "ok");
}

#[tokio::test]
async fn what_stands_when_it_is_killed_stands_again_when_it_is_back() {
    // Goal: row:28 safety:A8 on both kinds of line: an acknowledged alarm of a cuff on a serial
    // line, one of a monitor over MQTT, and a link that is down; a second kill before anybody has
    // read anything changes nothing; the gaps say from when to when; a new reading thaws.
    let broker = Mosquitto::started().await;
    let clinic = Clinic::of_beds(&["bay-1", "bay-2", "bay-3"]).with_broker(broker.port());
    let clinic = clinic.with_serial("bay-1-cuff", "bay-1", "ge-dinamap-ascii", "");
    let clinic = clinic.with_serial("bay-3-oximeter", "bay-3", "nonin", "format = 2");
    let monitor = Monitor::cuff(&clinic.port("bay-1-cuff"));
    let mut gateway = Publisher::connect(broker.port(), "gateway");
    let service = clinic.start().await;
    eventually(SOON, "the broker is online", async || {
        (!service.get("/readyz").await.body.contains("clinic")).then_some(())
    })
    .await;
    let mut events = Events::open(service.address, &service.nurse, None).await;
    monitor.measures(211, 117).await;
    let earlier = seconds_before(wall(), 60);
    gateway.publish(&topic("bay-2"), cuff("bay-2", earlier, 204, 101)).await;
    let mut before = Vec::new();
    for (bed, family) in [("bay-1", "bp-high"), ("bay-2", "bp-high"), ("bay-3", "link-down")] {
        let durable = |event: &Event| event.is_alarm(bed, family) && event.id.is_some();
        before.push(events.until(SOON, family, durable).await.data);
    }
    let answer = service.acknowledge(&before[0], &service.nurse).await.expect("an answer").json();
    before[0] = answer["occurrence"].clone();
    let durable = |event: &Event| {
        let of_it = event.has("occurrence", before[0]["occurrence"].clone());
        of_it && event.id.is_some() && !event.data["acknowledged"].is_null()
    };
    events.until(SOON, "the acknowledgement is durable", durable).await;

    let mut service = service;
    for _ in 0..2 {
        service.kill().await;
        service = clinic.start().await;
        assert_restored(&service, &before).await;
    }
    let mut events = Events::open(service.address, &service.nurse, None).await;
    let snapshot = events.until(SOON, "a snapshot", |event| event.name == "snapshot").await;
    let shown = snapshot.data["occurrences"].as_array().expect("occurrences");
    let gaps: Vec<&Value> =
        shown.iter().filter(|shown| shown["family"] == "monitoring-gap").collect();
    assert_eq!(gaps.len(), 2, "{shown:#?}");
    for gap in gaps {
        assert_eq!(service.acknowledge(gap, &service.nurse).await.expect("an answer").status, 200);
    }
    gateway.publish(&topic("bay-2"), cuff("bay-2", wall(), 206, 102)).await;
    let thawed = |event: &Event| event.is_alarm("bay-2", "bp-high") && event.has("frozen", false);
    let thawed = events.until(SOON, "a reading thaws it", thawed).await;
    assert_eq!(thawed.data["occurrence"], before[1]["occurrence"]);
    service.stop().await;
}

#[tokio::test]
async fn a_screen_that_comes_back_after_a_kill_misses_nothing_and_sees_nothing_twice() {
    // Goal: safety:F5 safety:P1. Method: one screen with Last-Event-ID, another without any; alarms
    // come before the kill, after it while the screen is away, and once it is back.
    let broker = Mosquitto::started().await;
    let beds: Vec<String> = (1..=9).map(bed).collect();
    let clinic = Clinic::of_beds(&beds).with_broker(broker.port());
    let mut gateway = Publisher::connect(broker.port(), "gateway");
    let mut raise = async |numbers: std::ops::RangeInclusive<u32>| {
        for number in numbers {
            let bed = bed(number);
            gateway.publish(&topic(&bed), cuff(&bed, wall(), 200 + number, 90)).await;
        }
    };
    let alarm = |number: u32| move |event: &Event| event.is_alarm(&bed(number), "bp-high");

    let service = clinic.start().await;
    service.ready().await;
    let mut screen = Events::open(service.address, &service.nurse, None).await;
    let snapshot = screen.until(SOON, "a snapshot", |event| event.name == "snapshot").await;
    let known = snapshot.data["seq"].as_u64().expect("a number");
    raise(1..=3).await;
    screen.until(SOON, "the third alarm", alarm(3)).await;
    service.kill().await;
    screen.ended(SOON).await;
    let first = screen.ids();
    let last = *first.last().expect("alarms came");

    let service = clinic.start().await;
    service.ready().await;
    raise(4..=6).await;
    eventually(SOON, "the sixth alarm", async || {
        (!service.list("/api/v1/alarms?state=present&bed=bay-6").await.is_empty()).then_some(())
    })
    .await;
    let mut screen = Events::open(service.address, &service.nurse, Some(last)).await;
    let snapshot = screen.until(SOON, "a snapshot", |_| true).await;
    assert_eq!(snapshot.name, "snapshot", "first on every new connection");
    let stands_for = snapshot.data["seq"].as_u64().expect("a number");
    raise(7..=9).await;
    screen.until(SOON, "the ninth alarm", alarm(9)).await;
    let second = screen.ids();
    let newest = *second.last().expect("alarms came");
    let all: Vec<u64> = first.iter().chain(&second).copied().collect();
    assert_eq!(all, (known + 1..=newest).collect::<Vec<_>>());
    for event in screen.seen.iter().filter(|event| event.id.is_some()) {
        assert_eq!(event.is_replayed(), event.id <= Some(stands_for), "{}", event.data);
    }
    service.stop().await;
}
