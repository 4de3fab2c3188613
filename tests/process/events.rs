//! One reader of the live events (contract 7): everything that came, in order, each with the
//! instant of its arrival.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

use crate::clock::{SOON, now, within};

/// More than any test brings: this reader is never the slow one.
const KEPT: usize = 100_000;

#[derive(Clone, Debug)]
pub(crate) struct Event {
    /// The event's `id`.
    pub(crate) id: Option<u64>,
    pub(crate) name: String,
    pub(crate) data: Value,
    pub(crate) at: Instant,
}

pub(crate) struct Events {
    pub(crate) seen: Vec<Event>,
    lane: mpsc::Receiver<Event>,
}

impl Event {
    /// An alarm of this bed ("" for none) and family.
    pub(crate) fn is_alarm(&self, bed: &str, family: &str) -> bool {
        self.name == "alarm"
            && self.data["bed"].as_str().unwrap_or("") == bed
            && self.data["family"] == family
    }

    pub(crate) fn has(&self, key: &str, value: impl Into<Value>) -> bool {
        self.data[key] == value.into()
    }

    pub(crate) fn text(&self, key: &str) -> &str {
        self.data[key].as_str().unwrap_or("")
    }

    pub(crate) fn is_replayed(&self) -> bool {
        self.data["replayed"] == true
    }
}

impl Events {
    /// Opens a stream and has its snapshot: what happens from then on comes as events. `who` is the
    /// header line of whoever looks, `last` what a browser sends as Last-Event-ID.
    pub(crate) async fn open(address: SocketAddr, who: &str, last: Option<u64>) -> Self {
        let mut stream = TcpStream::connect(address).await.expect("the service listens");
        let last = last.map(|id| format!("last-event-id: {id}\r\n")).unwrap_or_default();
        let who = format!("{who}{last}");
        let request = format!("GET /api/v1/events HTTP/1.1\r\nhost: {address}\r\n{who}\r\n");
        stream.write_all(request.as_bytes()).await.expect("the service takes a request");
        let (sender, lane) = mpsc::channel(KEPT);
        tokio::spawn(read(BufReader::new(stream), sender));
        let mut events = Self { seen: Vec::new(), lane };
        drop(events.until(SOON, "a snapshot", |event| event.name == "snapshot").await);
        events
    }

    /// The first event, of all that came so far or will, that is wanted.
    pub(crate) async fn until(
        &mut self,
        limit: Duration,
        what: &str,
        wanted: impl Fn(&Event) -> bool,
    ) -> Event {
        if let Some(found) = self.seen.iter().find(|event| wanted(event)) {
            return found.clone();
        }
        self.next(limit, what, wanted).await
    }

    /// The first event that is wanted among those that no call has looked at yet.
    pub(crate) async fn next(
        &mut self,
        limit: Duration,
        what: &str,
        wanted: impl Fn(&Event) -> bool,
    ) -> Event {
        let found = async {
            loop {
                let event = self.lane.recv().await;
                let event = event.unwrap_or_else(|| panic!("the stream ended before: {what}"));
                self.seen.push(event.clone());
                if wanted(&event) {
                    return event;
                }
            }
        };
        within(limit, what, found).await
    }

    /// Waits until the server has closed the stream.
    pub(crate) async fn ended(&mut self, limit: Duration) {
        let all = async {
            while let Some(event) = self.lane.recv().await {
                self.seen.push(event);
            }
        };
        within(limit, "the end of the stream", all).await;
    }

    /// Takes what has arrived by now, without waiting.
    pub(crate) fn take_arrived(&mut self) {
        while let Ok(event) = self.lane.try_recv() {
            self.seen.push(event);
        }
    }

    /// The ids that came, in order.
    pub(crate) fn ids(&self) -> Vec<u64> {
        self.seen.iter().filter_map(|event| event.id).collect()
    }
}

/// Reads until the end; a connection that breaks off is an end.
async fn read(mut stream: BufReader<TcpStream>, lane: mpsc::Sender<Event>) {
    let mut line = String::new();
    while stream.read_line(&mut line).await.is_ok_and(|n| n > 0) && line != "\r\n" {
        assert!(!line.starts_with("HTTP/") || line.contains("200"), "{line}");
        line.clear();
    }
    let mut text = Vec::new();
    loop {
        let mut size = String::new();
        if !stream.read_line(&mut size).await.is_ok_and(|n| n > 0) {
            return;
        }
        let size = usize::from_str_radix(size.trim_end(), 16).expect("a chunk's size");
        let mut chunk = vec![0; size + 2];
        if size == 0 || stream.read_exact(&mut chunk).await.is_err() {
            return;
        }
        text.extend_from_slice(&chunk[..size]);
        let at = now();
        while let Some(end) = text.windows(2).position(|pair| pair == b"\n\n") {
            let block: Vec<u8> = text.drain(..end + 2).collect();
            let block = String::from_utf8(block).expect("events are UTF-8");
            if let Some(event) = parse(&block, at)
                && lane.send(event).await.is_err()
            {
                return;
            }
        }
    }
}

/// `None` for `retry` and comments.
fn parse(block: &str, at: Instant) -> Option<Event> {
    let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name));
    let name = field("event: ").or_else(|| field("event:"))?.to_owned();
    let data = field("data: ").or_else(|| field("data:")).expect("an event has data");
    let id = field("id: ").or_else(|| field("id:")).map(|id| id.parse().expect("a number"));
    let data = serde_json::from_str(data).expect("data is JSON");
    Some(Event { id, name, data, at })
}
