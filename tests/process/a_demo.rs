//! The demo as a stranger starts it: a clinic at work, everything marked, and a clean end.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use simulators::scenario::{ExpectedAlarm, Priority, Scenario};

use crate::clock::{SOON, eventually, within};
use crate::events::{Event, Events};
use crate::http;
use crate::service::{await_address, follow, program, send_signal};

/// So slow that each part of the story lasts for seconds: a machine that stands still for some of
/// them leaves none out.
const SPEED: u32 = 5;
/// The story is followed up to this clinical second.
const UNTIL_S: f64 = 320.0;
const PASSWORD: &str = "watching the demo";

/// Places arrivals on the story's line of time.
struct Story {
    opened: Timestamp,
    server_time: Timestamp,
    arrived: Instant,
}

impl Story {
    fn of(snapshot: &Event) -> Self {
        let time = |text: &serde_json::Value| -> Timestamp {
            text.as_str().expect("a time").parse().expect("RFC 3339")
        };
        Self {
            opened: time(&snapshot.data["simulation"]["played_until"]),
            server_time: time(&snapshot.data["server_time"]),
            arrived: snapshot.at,
        }
    }

    fn second(&self, event: &Event) -> f64 {
        let known = self.server_time.duration_since(self.opened).as_secs_f64();
        known + (event.at - self.arrived).as_secs_f64() * f64::from(SPEED)
    }

    fn tells(&self, event: &Event, alarm: &ExpectedAlarm) -> bool {
        let priority = match alarm.priority {
            Priority::Low => "low",
            Priority::Medium => "medium",
            Priority::High => "high",
        };
        event.is_alarm(&alarm.bed, &alarm.family)
            && event.has("priority", priority)
            && event.has("condition", "present")
            && alarm.rule.as_deref().is_none_or(|rule| event.has("rule", rule))
            && self.second(event) >= alarm.from_s
    }
}

#[tokio::test]
async fn the_demo_raises_the_alarms_of_its_story_and_no_other_and_leaves_nothing_behind() {
    // Goal: the whole line from simulated monitors to live events, faster than they happen.
    // Method: the story's own list of alarms is the expectation; none may come before its time.
    // rule:B2 rule:H1 rule:O1 rule:T3 row:1a row:13
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut command = program();
    command.args(["demo", "--speed", &SPEED.to_string(), "--listen", "127.0.0.1:0"]);
    command.env("DOSEVIGIL_DEMO_PASSWORD", PASSWORD);
    let mut child = command.env("TMPDIR", folder.path()).spawn().expect("the demo starts");
    let (errors, _) = follow(child.stderr.take().expect("it is piped"), |_| None);
    let (told, found) = follow(child.stdout.take().expect("it is piped"), |line| {
        let (_, rest) = line.split_once("http://")?;
        rest.split('/').next()?.parse().ok()
    });
    let address = await_address(found, &errors).await;
    // What is told comes line by line, and the address is not the last.
    for word in ["SIMULATED", PASSWORD] {
        eventually(SOON, word, async || told.text().contains(word).then_some(())).await;
    }
    let viewer = http::log_in(address, "viewer", PASSWORD).await.expect("a log-in");
    let mut events = Events::open(address, &viewer, None).await;
    let snapshot = events.until(SOON, "a snapshot", |event| event.name == "snapshot").await;
    let story = Story::of(&snapshot);
    let until_the_end = Duration::from_secs_f64(UNTIL_S) / SPEED + SOON;
    let is_over = |event: &Event| story.second(event) >= UNTIL_S;
    events.next(until_the_end, "the story's time", is_over).await;
    let expected = Scenario::first_clinic().expected;
    for alarm in expected.iter().filter(|alarm| alarm.to_s <= UNTIL_S) {
        events.until(SOON, &format!("{alarm:?}"), |event| story.tells(event, alarm)).await;
    }
    let alarms: Vec<&Event> = events.seen.iter().filter(|event| event.name == "alarm").collect();
    for event in alarms.iter().filter(|event| event.has("kind", "physiological")) {
        let of = |alarm: &&ExpectedAlarm| event.is_alarm(&alarm.bed, &alarm.family);
        assert!(expected.iter().any(|alarm| of(&alarm)), "{}", list(&story, &alarms));
    }
    // safety:S3: nor does the broker lose the service, as over acknowledgements out of order.
    let broker = alarms.iter().find(|event| event.is_alarm("", "link-down"));
    assert!(broker.is_none(), "{broker:?}");
    assert_marked(&snapshot, &alarms);
    assert_at_work(address).await;

    send_signal(&child, "-INT").await;
    let status = within(SOON, "the demo's end", child.wait()).await.expect("it is ours");
    assert_eq!(status.code(), Some(0), "{}", errors.text());
    errors.assert_calm();
    events.ended(SOON).await;
    assert!(events.seen.iter().any(|event| event.name == "bye"));
    let left: Vec<_> = std::fs::read_dir(folder.path()).expect("it is there").collect();
    assert!(left.is_empty(), "{left:?}");
}

/// Four patients, each with the limits of their way of dosing and a baseline to rise from.
async fn assert_at_work(address: SocketAddr) {
    let nurse = http::log_in(address, "nurse", PASSWORD).await.expect("a log-in");
    let get = async |path: String| {
        let answer = http::get(address, &format!("/api/v1/sessions{path}"), &nurse).await;
        answer.expect("an answer").json()
    };
    let running = get(String::new()).await;
    let mut presets = Vec::new();
    for session in running["items"].as_array().expect("a list") {
        let id = session["id"].as_str().expect("a name");
        let session = get(format!("/{id}")).await;
        assert!(session["baseline"]["sys"].is_u64() && session["baseline"]["heart_rate"].is_u64());
        assert!(session["doses"].as_array().is_some_and(|doses| !doses.is_empty()), "{session}");
        assert_eq!(session["responsible"]["name"], "nurse");
        presets.push(format!("{} {}", session["bed"], session["preset"]).replace('"', ""));
    }
    presets.sort();
    let all = ["ketamine-iv", "ketamine-iv", "esketamine-nasal", "ketamine-im"];
    let all: Vec<_> = (1..).zip(all).map(|(n, preset)| format!("bay-{n} {preset}")).collect();
    assert_eq!(presets, all);
}

/// Simulated, on everything that could be taken for a patient's.
fn assert_marked(snapshot: &Event, alarms: &[&Event]) {
    assert!(snapshot.has("simulated", true) && snapshot.data["simulation"]["speed"] == SPEED);
    let beds = snapshot.data["beds"].as_array().expect("beds");
    assert!(beds.iter().all(|bed| bed["simulated"] == true), "{beds:#?}");
    let free: Vec<_> = beds.iter().filter(|bed| bed["session"].is_null()).collect();
    assert!(beds.len() == 5 && free.len() == 1, "a clinic at work, and a bed for the next patient");
    for event in alarms {
        assert!(event.has("simulated", true), "{}", event.data);
    }
}

fn list(story: &Story, alarms: &[&Event]) -> String {
    let line = |event: &&Event| {
        let Event { data, .. } = event;
        let keys = ["bed", "family", "rule", "priority", "condition", "text"];
        let keys: Vec<_> = keys.iter().map(|key| data[key].to_string()).collect();
        format!("\n{:6.1} s {}", story.second(event), keys.join(" "))
    };
    alarms.iter().map(line).collect()
}
