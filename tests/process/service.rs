//! The program as a process: started, asked, killed or stopped; its log kept and looked through.

use std::net::SocketAddr;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::clinic::Clinic;
use crate::clock::{SOON, eventually, now, within};
use crate::http::{self, Answer};

pub(crate) struct Service {
    pub(crate) address: SocketAddr,
    pub(crate) begun: Instant,
    /// Header lines of the tokens of two nurses, `kim` and `lee`.
    pub(crate) nurse: String,
    pub(crate) other_nurse: String,
    child: Child,
    log: Log,
}

/// What a process has written, by lines.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<String>>>);

/// A process that ended by itself.
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) errors: String,
}

pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dosevigil"));
    command.env("NO_COLOR", "1").env_remove("RUST_LOG").env_remove("DOSEVIGIL_CONFIG");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

impl Clinic {
    /// Starts the service and waits until it listens.
    pub(crate) async fn start(&self) -> Service {
        let (nurse, other_nurse) = (self.nurse("kim").await, self.nurse("lee").await);
        let begun = now();
        let child = program().arg("run").arg("--config").arg(self.config()).spawn();
        let mut child = child.expect("the program starts");
        let errors = child.stderr.take().expect("it is piped");
        let (log, found) = follow(errors, |line| {
            let (_, rest) = line.split_once("the service is up address=")?;
            rest.split(' ').next()?.parse().ok()
        });
        let address = await_address(found, &log).await;
        Service { address, begun, nurse, other_nurse, child, log }
    }

    /// Starts the service where it must not start, and waits for its end.
    pub(crate) async fn refused(&self) -> Ended {
        let mut command = program();
        command.arg("run").arg("--config").arg(self.config());
        let output = within(SOON, "an end", command.output()).await.expect("the program starts");
        let errors = String::from_utf8(output.stderr).expect("its errors are text");
        Ended { code: output.status.code(), errors }
    }
}

/// Keeps the lines of `output`, and tells the first address that `find` finds in one.
pub(crate) fn follow(
    output: impl AsyncRead + Unpin + Send + 'static,
    find: impl Fn(&str) -> Option<SocketAddr> + Send + 'static,
) -> (Log, watch::Receiver<Option<SocketAddr>>) {
    let log = Log::default();
    let (tell, found) = watch::channel(None);
    let lines = Arc::clone(&log.0);
    let _until_the_end: JoinHandle<()> = tokio::spawn(async move {
        let mut output = BufReader::new(output).lines();
        while let Ok(Some(line)) = output.next_line().await {
            if let Some(address) = find(&line) {
                tell.send_replace(Some(address));
            }
            lines.lock().expect("no holder panics").push(line);
        }
    });
    (log, found)
}

pub(crate) async fn await_address(
    mut found: watch::Receiver<Option<SocketAddr>>,
    log: &Log,
) -> SocketAddr {
    let address = within(SOON, "an address", found.wait_for(Option::is_some)).await;
    let address = address.ok().and_then(|address| *address);
    address.unwrap_or_else(|| panic!("it did not start:\n{}", log.text()))
}

impl Log {
    pub(crate) fn text(&self) -> String {
        self.0.lock().expect("no holder panics").join("\n")
    }

    /// Nothing went wrong that the test did not bring about.
    pub(crate) fn assert_calm(&self) {
        let wrong = |line: &&String| line.contains(" ERROR ") || line.contains("panicked");
        let lines = self.0.lock().expect("no holder panics");
        let wrong: Vec<_> = lines.iter().filter(wrong).collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}

impl Service {
    pub(crate) async fn get(&self, path: &str) -> Answer {
        let answer = within(SOON, path, http::get(self.address, path, &self.nurse)).await;
        answer.unwrap_or_else(|error| panic!("{path}: {error}\n{}", self.log.text()))
    }

    /// What it has written so far.
    pub(crate) fn log(&self) -> String {
        self.log.text()
    }

    /// The items of every page.
    pub(crate) async fn list(&self, path: &str) -> Vec<Value> {
        let (mut items, mut next) = (Vec::new(), String::new());
        loop {
            let answer = self.get(&format!("{path}{next}")).await;
            assert_eq!(answer.status, 200, "{path}: {}", answer.body);
            let mut page = answer.json();
            let Value::Array(page_items) = page["items"].take() else {
                panic!("a list: {page}");
            };
            items.extend(page_items);
            match page["next"].as_str() {
                Some(cursor) => next = format!("&next={cursor}"),
                None => return items,
            }
        }
    }

    /// A vital as `GET /beds/{bed}` shows it.
    pub(crate) async fn vital(&self, bed: &str, metric: &str) -> Value {
        let bed = self.get(&format!("/api/v1/beds/{bed}")).await.json();
        let vitals = bed["vitals"].as_array().expect("a bed has vitals");
        let vital = vitals.iter().find(|vital| vital["metric"] == metric);
        vital.unwrap_or_else(|| panic!("{metric} in {bed}")).clone()
    }

    /// A figure of `/metrics`, by its line without the number.
    pub(crate) async fn figure(&self, name: &str) -> u64 {
        let text = self.get("/metrics").await.body;
        let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        let value = value.unwrap_or_else(|| panic!("{name} in\n{text}"));
        value.parse().expect("a whole number")
    }

    /// Waits until every source is online.
    pub(crate) async fn ready(&self) {
        eventually(SOON, "every source is online", async || {
            (self.get("/readyz").await.status == 200).then_some(())
        })
        .await;
    }

    /// `nurse`: the header line of the token of whoever acknowledges.
    pub(crate) async fn acknowledge(&self, alarm: &Value, nurse: &str) -> std::io::Result<Answer> {
        let occurrence = alarm["occurrence"].as_str().expect("an alarm");
        let command = command_id(occurrence, nurse);
        let path = format!("/api/v1/alarms/{occurrence}/acknowledge");
        let body = serde_json::json!({"revision": alarm["revision"], "command_id": command,
            "reason": null});
        http::post(self.address, &path, nurse, &body).await
    }

    /// kill -9, at this instant.
    pub(crate) async fn kill(mut self) {
        self.child.kill().await.expect("it is ours");
        self.log.assert_calm();
    }

    /// SIGTERM; it must end with 0, which it does not do when it takes more than 5 s (safety P2).
    pub(crate) async fn stop(self) {
        self.end("-TERM").await;
    }

    pub(crate) async fn end(self, signal: &str) {
        let log = self.log.clone();
        self.end_troubled(signal).await;
        log.assert_calm();
    }

    /// As `end`, after a test that made it log errors.
    pub(crate) async fn end_troubled(mut self, signal: &str) {
        self.signal(signal).await;
        let log = self.log.clone();
        let status = self.exit(SOON).await;
        assert_eq!(status.code(), Some(0), "{}", log.text());
    }

    pub(crate) async fn signal(&self, signal: &str) {
        send_signal(&self.child, signal).await;
    }

    pub(crate) async fn exit(&mut self, limit: Duration) -> ExitStatus {
        within(limit, "an exit", self.child.wait()).await.expect("it is ours")
    }
}

pub(crate) async fn send_signal(child: &Child, signal: &str) {
    let pid = child.id().expect("it runs").to_string();
    let sent = Command::new("kill").args([signal, &pid]).status().await.expect("kill is there");
    assert!(sent.success());
}

/// The same for the same act, so that a repeated request has no second effect: the occurrence's own
/// id with the last digits from who asks.
fn command_id(occurrence: &str, who: &str) -> String {
    let sum = who.bytes().fold(7_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    format!("{}{:04x}", &occurrence[..occurrence.len() - 4], sum & 0xFFFF)
}
