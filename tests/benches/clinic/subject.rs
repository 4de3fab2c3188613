//! Who is measured, the service or L1: started as a process of its own, and watched for the alarms
//! that it shows.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::broker::free_port;
use super::pace::{START_LIMIT, wait_until};
use super::{http, screen};

/// Alarms that may wait to be looked at.
const SHOWN_MAX: usize = 100_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Service,
    Bare,
}

/// An alarm that somebody could see, and when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown {
    pub(crate) bed: u32,
    /// The number of the message that caused it.
    pub(crate) seq: u32,
    pub(crate) at: Instant,
}

pub(crate) struct Subject {
    pub(crate) alarms: Receiver<Shown>,
    /// Streams that were told to start again, because they were too slow.
    pub(crate) resyncs: Arc<AtomicU64>,
    pub(crate) spawned: Instant,
    /// Messages that L1 has read.
    read: Arc<AtomicU64>,
    http: Option<u16>,
    child: Child,
    _folder: TempDir,
}

impl Subject {
    /// Spawns it and a watcher of its alarms; does not wait for it.
    pub(crate) fn spawn(kind: Kind, broker: u16, beds: u32) -> Self {
        let folder = super::folder();
        let (shown, alarms) = sync_channel(SHOWN_MAX);
        let (resyncs, read) = (Arc::default(), Arc::new(AtomicU64::new(0)));
        let http = (kind == Kind::Service).then(free_port);
        let (mut command, who) = match http {
            Some(port) => service(broker, port, beds, folder.path()),
            None => (bare(broker, folder.path()), String::new()),
        };
        let spawned = Instant::now();
        let mut child = command.spawn().expect("it is built");
        match http {
            Some(port) => screen::watch(port, who, shown, Arc::clone(&resyncs)),
            None => {
                let lines = child.stdout.take().expect("it is piped");
                let read = Arc::clone(&read);
                thread::spawn(move || lines_of(BufReader::new(lines), &shown, &read));
            }
        }
        Self { alarms, resyncs, spawned, read, http, child, _folder: folder }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits until `/livez` answers; how long that took from the spawn on. L1 has none.
    pub(crate) fn until_live(&self) -> Option<Duration> {
        let port = self.http?;
        wait_until(START_LIMIT, "the service answers", || http::get(port, "/livez", ""));
        Some(self.spawned.elapsed())
    }

    /// Messages taken in so far, each of `readings` readings.
    pub(crate) fn messages(&self, readings: u64) -> u64 {
        match self.http {
            Some(_) => self.metric("dosevigil_readings_total").round() as u64 / readings,
            None => self.read.load(Ordering::Relaxed),
        }
    }

    /// A line of the service's own figures.
    pub(crate) fn metric(&self, name: &str) -> f64 {
        let port = self.http.expect("only the service has figures");
        let text = http::get(port, "/metrics", "").expect("the service answers");
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.and_then(|value| value.parse().ok()).unwrap_or_else(|| panic!("no figure {name}"))
    }
}

impl Drop for Subject {
    fn drop(&mut self) {
        // Already gone is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The service, and the header line of a viewer's token for its screen.
fn service(broker: u16, port: u16, beds: u32, folder: &Path) -> (Command, String) {
    let presets = fs::canonicalize("config/presets").expect("they are shipped");
    let presets = presets.display();
    let mut config = format!(
        r#"
[site]
name = "bench"
timezone = "UTC"
[storage]
path = "dosevigil.db"
[audit]
key_file = "audit.key"
[http]
listen = "127.0.0.1:{port}"
[alarms]
preset = "ketamine-iv"
presets_dir = "{presets}"
[[mqtt]]
name = "clinic"
url = "mqtt://127.0.0.1:{broker}"
client_id = "dosevigil-bench"
[[mqtt.topic]]
topic = "vitals/v1/bench/{{bed}}/{{device}}/obs"
format = "vitals-json"
"#
    );
    for bed in 0..beds {
        config += &format!("[[bed]]\nid = \"bay-{bed}\"\nlabel = \"Bay {bed}\"\n");
    }
    let path = folder.join("monitor.toml");
    fs::write(&path, config).expect("a writable folder");
    let log = fs::File::create(folder.join("log")).expect("a writable folder");
    // Another build may be measured instead, to compare the two.
    let program = std::env::var("DOSEVIGIL_BIN");
    let program = program.unwrap_or_else(|_| env!("CARGO_BIN_EXE_dosevigil").to_owned());
    let who = token(&program, &path);
    let mut command = Command::new(program);
    command.arg("run").arg("--config").arg(path).env_remove("RUST_LOG");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
    (command, who)
}

/// Nothing for a build that knows no tokens and asks for none.
fn token(program: &str, config: &Path) -> String {
    let mut command = Command::new(program);
    command.args(["token", "create", "--name", "screen", "--role", "viewer", "--config"]);
    let output = command.arg(config).output().expect("it is built");
    if !output.status.success() {
        return String::new();
    }
    let token = String::from_utf8(output.stdout).expect("text");
    format!("Authorization: Bearer {}\r\n", token.trim_end())
}

fn bare(broker: u16, folder: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.arg(super::BARE).arg(broker.to_string()).arg(folder);
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    command
}

fn lines_of(lines: impl BufRead, shown: &SyncSender<Shown>, read: &AtomicU64) {
    for line in lines.lines() {
        let (at, Ok(line)) = (Instant::now(), line) else { return };
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            ["alarm", bed, seq] => {
                let (Some(bed), Ok(seq)) = (bed_number(bed), seq.parse()) else { continue };
                // Nobody looks any more.
                let _ = shown.send(Shown { bed, seq, at });
            }
            ["read", count] => read.store(count.parse().unwrap_or_default(), Ordering::Relaxed),
            _ => panic!("L1 says {line:?}"),
        }
    }
}

pub(crate) fn bed_number(name: &str) -> Option<u32> {
    name.strip_prefix("bay-")?.parse().ok()
}
