//! A dashboard: the live events of the service, and when each alarm could be seen on it.
//!
//! One thread reads and looks at the clock, another parses, so that a large snapshot does not make
//! the alarms behind it look late.

use std::io::BufRead;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::Instant;

use serde_json::Value;

use super::http;
use super::pace::{START_LIMIT, found_within};
use super::subject::{Shown, bed_number};

/// Events read and not yet parsed.
const UNREAD_MAX: usize = 100_000;

struct Frame {
    at: Instant,
    event: String,
    data: String,
}

/// Watches until the service is gone, or nobody looks any more.
pub(crate) fn watch(port: u16, who: String, shown: SyncSender<Shown>, resyncs: Arc<AtomicU64>) {
    let (read, frames) = sync_channel(UNREAD_MAX);
    thread::spawn(move || follow(port, &who, &read));
    thread::spawn(move || parse(&frames, &shown, &resyncs));
}

/// Reads the stream, and opens it again when it ends, from the last id on.
fn follow(port: u16, who: &str, frames: &SyncSender<Frame>) {
    let (mut event, mut id) = (String::new(), None::<String>);
    loop {
        let path = id.as_ref().map(|id| format!("?after={id}")).unwrap_or_default();
        let path = format!("/api/v1/events{path}");
        let Some(mut stream) = found_within(START_LIMIT, || http::open(port, &path, who)) else {
            return;
        };
        let mut line = String::new();
        while stream.read_line(&mut line).is_ok_and(|bytes| bytes > 0) {
            let at = Instant::now();
            match line.trim_end().split_once(": ") {
                Some(("event", name)) => event = name.to_owned(),
                Some(("id", number)) => id = Some(number.to_owned()),
                Some(("data", data)) => {
                    let frame = Frame { at, event: event.clone(), data: data.to_owned() };
                    if frames.send(frame).is_err() {
                        return;
                    }
                }
                _ => {}
            }
            line.clear();
        }
    }
}

fn parse(frames: &Receiver<Frame>, shown: &SyncSender<Shown>, resyncs: &AtomicU64) {
    for Frame { at, event, data } in frames {
        let alarms = match event.as_str() {
            "alarm" => vec![serde_json::from_str(&data).expect("JSON")],
            "snapshot" => {
                let mut snapshot: Value = serde_json::from_str(&data).expect("JSON");
                let occurrences = snapshot["occurrences"].take();
                occurrences.as_array().cloned().unwrap_or_default()
            }
            "resync" | "bye" => {
                resyncs.fetch_add(1, Ordering::Relaxed);
                continue;
            }
            _ => continue,
        };
        for alarm in alarms.iter().filter(|alarm| alarm["condition"] == "present") {
            let bed = alarm["bed"].as_str().and_then(bed_number);
            let seq = alarm["reading"]["seq"].as_u64().and_then(|seq| u32::try_from(seq).ok());
            let (Some(bed), Some(seq)) = (bed, seq) else { continue };
            if shown.send(Shown { bed, seq, at }).is_err() {
                return;
            }
        }
    }
}
