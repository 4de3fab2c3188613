//! A nurse and a lead at work in the demo, over HTTP as the dashboard uses it: an alarm is
//! silenced, looked at too late, left alone, answered; a session changes hands. The README tells
//! the same.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::process::Child;

use crate::clock::{SOON, within};
use crate::events::{Event, Events};
use crate::http::{self, Answer};
use crate::service::{Log, await_address, follow, program, send_signal};

/// Clinical time runs so fast that the story is over soon, and so slow that an offer of 60 s stands
/// for half a minute: far longer than two requests take, on a busy machine too.
const SPEED: &str = "2";
const PASSWORD: &str = "watching the demo";
/// The story's second reading of 25 + 60 s, an escalation's 30 s, at that speed, on a busy machine.
const STORY: Duration = Duration::from_secs(150);

struct Demo {
    address: SocketAddr,
    child: Child,
    errors: Log,
    _folder: tempfile::TempDir,
}

/// Somebody who is logged in as a browser is.
struct Person {
    address: SocketAddr,
    who: String,
}

impl Demo {
    async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut command = program();
        command.args(["demo", "--speed", SPEED, "--listen", "127.0.0.1:0"]);
        command.env("DOSEVIGIL_DEMO_PASSWORD", PASSWORD).env("TMPDIR", folder.path());
        let mut child = command.spawn().expect("the demo starts");
        let (errors, _) = follow(child.stderr.take().expect("it is piped"), |_| None);
        let (_, found) = follow(child.stdout.take().expect("it is piped"), |line| {
            let (_, rest) = line.split_once("http://")?;
            rest.split('/').next()?.parse().ok()
        });
        let address = await_address(found, &errors).await;
        Self { address, child, errors, _folder: folder }
    }

    async fn person(&self, name: &str) -> Person {
        let address = self.address;
        let cookie = http::log_in(address, name, PASSWORD).await.expect("a log-in");
        let me = http::get(address, "/api/v1/me", &cookie).await.expect("an answer").json();
        let csrf = me["csrf"].as_str().expect("a token for changes");
        Person { address, who: format!("{cookie}x-csrf-token: {csrf}\r\n") }
    }

    async fn stop(mut self) {
        send_signal(&self.child, "-INT").await;
        let status = within(SOON, "the demo's end", self.child.wait()).await.expect("it is ours");
        assert_eq!(status.code(), Some(0), "{}", self.errors.text());
        self.errors.assert_calm();
    }
}

impl Person {
    async fn get(&self, path: &str) -> Value {
        let answer = http::get(self.address, &format!("/api/v1{path}"), &self.who).await;
        let answer = answer.expect("an answer");
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.json()
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        let path = format!("/api/v1{path}");
        http::post(self.address, &path, &self.who, &body).await.expect("an answer")
    }

    /// Acknowledges what `event` told, at `revision`.
    async fn acknowledge(&self, event: &Event, revision: u64, command: &str) -> Answer {
        let path = format!("/alarms/{}/acknowledge", event.text("occurrence"));
        self.post(&path, json!({"revision": revision, "command_id": command})).await
    }
}

fn command(n: u8) -> String {
    format!("01998f3e-0000-7000-8000-0000000000{n:02x}")
}

#[track_caller]
fn assert_refused(answer: &Answer, status: u16, kind: &str) {
    let found = answer.json();
    assert_eq!(answer.status, status, "{found}");
    assert_eq!(found["type"], format!("/problems/{kind}"), "{found}");
    assert!(found["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{found}");
}

#[tokio::test]
async fn a_nurse_answers_an_alarm_and_hands_the_session_to_the_lead() {
    // row:15 row:16 row:16a row:17 row:18 row:19 row:23 safety:A4 safety:A5 safety:A7
    // Goal: each act over the whole way to the real ward and journal, once; each refusal says why.
    let demo = Demo::start().await;
    let (nurse, lead) = (demo.person("nurse").await, demo.person("lead").await);
    let mut events = Events::open(demo.address, &nurse.who, None).await;
    let is_it = |event: &Event| event.is_alarm("bay-2", "bp-high");

    // Re-cuff now: MEDIUM; the nurse silences the bay while the cuff runs again.
    let recuff = events.until(STORY, "a high reading", is_it).await;
    assert!(recuff.has("change", "raised") && recuff.has("priority", "medium"), "{}", recuff.data);
    let seen = recuff.data["revision"].as_u64().expect("a revision");
    let pause = nurse.post("/beds/bay-2/audio-pause", json!({"command_id": command(1)})).await;
    assert_eq!(pause.status, 200, "{}", pause.body);
    let again = nurse.post("/beds/bay-2/audio-pause", json!({"command_id": command(1)})).await;
    assert_eq!((again.status, &again.body), (200, &pause.body), "the same id, the same answer");
    let bed = nurse.get("/beds/bay-2").await;
    assert_eq!(bed["audio_paused_until"], pause.json()["until"], "{bed}");
    assert_eq!(bed["audio_paused_by"], "nurse");
    let more = nurse.post("/beds/bay-2/audio-pause", json!({"command_id": command(2)})).await;
    assert_refused(&more, 409, "nothing-to-pause");

    // The repeat is no better: HIGH, which sounds through the pause and ends it.
    let is_high = |event: &Event| is_it(event) && event.has("priority", "high");
    let high = events.until(STORY, "the repeat", is_high).await;
    assert!(high.has("signal", "active"), "{}", high.data);
    let bed = nurse.get("/beds/bay-2").await;
    assert_eq!(bed["audio_paused_until"], Value::Null, "{bed}");
    let late = nurse.acknowledge(&high, seen, &command(3)).await;
    assert_refused(&late, 409, "stale-revision");
    let now = late.json()["current"].as_u64().expect("the revision now");
    assert!(now > seen);

    // Left alone it goes on to the next step.
    let is_step = |event: &Event| is_high(event) && event.has("change", "stepped-up");
    let step = events.until(STORY, "an escalation", is_step).await;
    assert!(step.data["escalation"].as_u64() >= Some(1), "{}", step.data);
    let viewer = demo.person("viewer").await;
    assert_refused(&viewer.acknowledge(&high, now, &command(4)).await, 403, "role");
    let answer = nurse.acknowledge(&high, now, &command(5)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.json()["first"]["by"], "nurse");
    let second = lead.acknowledge(&high, now, &command(6)).await;
    assert_eq!(second.json()["first"]["by"], "nurse", "who came first stays");
    let twice = nurse.acknowledge(&high, now, &command(5)).await;
    assert_eq!((twice.status, twice.body), (200, answer.body), "the same id, the same answer");

    hand_over(&nurse, &lead).await;
    let admin = demo.person("admin").await;
    assert_audit(&admin.get("/audit?limit=200").await);
    demo.stop().await;
}

/// Responsibility goes on when it is accepted, by whom it was offered to.
async fn hand_over(nurse: &Person, lead: &Person) {
    let bed = nurse.get("/beds/bay-2").await;
    assert_eq!(bed["responsible"]["name"], "nurse");
    let session = bed["session"]["id"].clone();
    let offer = |to: &str, n| json!({"sessions": [session], "to": to, "command_id": command(n)});
    assert_refused(&nurse.post("/handovers", offer("viewer", 7)).await, 422, "invalid-body");
    let offered = nurse.post("/handovers", offer("lead", 8)).await;
    assert_eq!(offered.status, 200, "{}", offered.body);
    let handover = offered.json()["handover"].as_str().expect("an id").to_owned();
    let open = lead.get("/handovers").await;
    assert_eq!(open["items"][0]["handover"], handover.as_str(), "{open}");
    let accept = format!("/handovers/{handover}/accept");
    let own = nurse.post(&accept, json!({"command_id": command(9)})).await;
    assert_refused(&own, 403, "not-offered-to-you");
    let accepted = lead.post(&accept, json!({"command_id": command(10)})).await;
    assert_eq!(accepted.json(), json!({"sessions": [session]}));
    assert_eq!(nurse.get("/beds/bay-2").await["responsible"]["name"], "lead");
    let over = lead.post(&accept, json!({"command_id": command(11)})).await;
    assert_refused(&over, 409, "handover-over");
}

/// Each act once with its answer, each by its name.
fn assert_audit(audit: &Value) {
    let items = audit["items"].as_array().expect("a list");
    let of = |what: &str, n: u8| {
        let it = items.iter().filter(|item| item["what"] == what);
        let it: Vec<_> = it.filter(|item| item["command_id"] == command(n)).collect();
        it.iter().filter(|item| item["answer"] == "done").count()
    };
    for (what, n) in [("pause-audio", 1), ("acknowledge", 5), ("offer-handover", 8)] {
        assert_eq!(of(what, n), 1, "{what}: {audit:#}");
    }
    assert_eq!((of("accept-handover", 9), of("accept-handover", 10)), (0, 1));
    let refused = items.iter().find(|item| item["what"] == "refused").expect("the viewer's");
    assert_eq!(refused["who"], "viewer");
    assert!(items.iter().any(|item| item["what"] == "log-in" || item["from"] == "127.0.0.1"));
}
