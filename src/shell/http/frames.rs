//! SSE frames: an event's name, id and data as the bytes that go out, made once for all streams.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use axum::body::Bytes;

use super::AppState;
use super::wire::bed::Bed;
use super::wire::event::{Beat, Farewell, Heartbeat, SessionChanged, SessionStep, Snapshot};
use super::wire::json;
use super::wire::occurrence::{Occurrence, Sending};
use crate::domain::alarm::occurrence::{Subject, Transition};
use crate::domain::ids::Seq;
use crate::domain::view::SessionView;
use crate::shell::lane::{Published, WardView};

/// Frames kept for the streams that have not got them yet. A slower stream makes its own.
const KEPT: usize = 64;

/// What all streams have in common.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    recent: Mutex<VecDeque<(Arc<Published>, Bytes)>>,
    open: Arc<AtomicU64>,
    resyncs: AtomicU64,
    byes: AtomicU64,
}

/// Counts a stream as open as long as it lives.
#[derive(Debug)]
pub(crate) struct Open(Arc<AtomicU64>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Shared {
    pub(crate) fn open_one(&self) -> Open {
        self.open.fetch_add(1, Ordering::Relaxed);
        Open(Arc::clone(&self.open))
    }

    pub(crate) fn count_resync(&self) {
        self.resyncs.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn count_bye(&self) {
        self.byes.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn open(&self) -> u64 {
        self.open.load(Ordering::Relaxed)
    }

    pub(crate) fn resyncs(&self) -> u64 {
        self.resyncs.load(Ordering::Relaxed)
    }

    pub(crate) fn byes(&self) -> u64 {
        self.byes.load(Ordering::Relaxed)
    }

    /// The frame of an event, where a stream has made it lately. The kept `Arc` holds the event's
    /// address, so that equal addresses are the same event.
    fn find(&self, event: &Arc<Published>) -> Option<Bytes> {
        let recent = self.recent.lock().expect("no holder of this lock panics");
        let found = recent.iter().rev().find(|(kept, _)| Arc::ptr_eq(kept, event));
        found.map(|(_, frame)| frame.clone())
    }

    fn keep(&self, event: &Arc<Published>, frame: &Bytes) {
        let mut recent = self.recent.lock().expect("no holder of this lock panics");
        if recent.len() == KEPT {
            recent.pop_front();
        }
        recent.push_back((Arc::clone(event), frame.clone()));
    }
}

/// The frame of a live event.
pub(crate) async fn of(state: &AppState, event: &Arc<Published>) -> Bytes {
    if let Some(frame) = state.0.streams.find(event) {
        return frame;
    }
    let site = &state.0.site;
    let frame = match &**event {
        Published::Alarm { seq, change, occurrence, latency, .. } => {
            let data = Occurrence::new(*seq, occurrence).told(*change);
            let data = data.timed(*latency, state.0.clock.real());
            frame("alarm", *seq, &json(&data))
        }
        Published::Session { transition } => session(state, transition).await,
        Published::Vitals { bed } => frame("vitals", None, &json(&Bed::new(site, bed))),
        Published::Heartbeat { at, self_check, self_test, watching, sources, undeclared } => {
            let beat = Beat {
                at: *at,
                self_check: *self_check,
                self_test: *self_test,
                watching: *watching,
                undeclared: *undeclared,
            };
            let data = Heartbeat::new(site, beat, sources);
            frame("heartbeat", None, &json(&data))
        }
        Published::SelfTest { .. } => Bytes::new(), // `stream` lets none of these through
    };
    state.0.streams.keep(event, &frame);
    frame
}

/// A session's change with the session as it runs now, which the transition itself does not hold.
async fn session(state: &AppState, transition: &Transition) -> Bytes {
    let view = state.answer(state.0.engine.view()).await.ok();
    let running = view.as_ref().and_then(|view| {
        let bed = view.beds.iter().find(|bed| match &transition.subject {
            Subject::Alarm { .. } => false,
            Subject::Session { bed: id, .. } => bed.id == *id,
        });
        bed.and_then(|bed| bed.session.as_ref())
    });
    of_transition(transition, running, Sending::First)
}

/// A transition that was sent before, from the journal.
pub(crate) fn replayed(transition: &Transition) -> Bytes {
    of_transition(transition, None, Sending::Replayed)
}

fn of_transition(
    transition: &Transition,
    running: Option<&SessionView>,
    sending: Sending,
) -> Bytes {
    let (seq, at) = (transition.seq, transition.at);
    match &transition.subject {
        Subject::Alarm { change, occurrence } => {
            let data = Occurrence::new(Some(seq), occurrence).told(*change).sent(sending);
            frame("alarm", Some(seq), &json(&data))
        }
        Subject::Session { change, bed, session, phase, note } => {
            let (change, phase, note) = (*change, *phase, note.as_deref());
            let step = SessionStep { seq, at, change, bed, session: *session, phase, note };
            let data = SessionChanged::new(step, running, sending);
            frame("session", Some(seq), &json(&data))
        }
    }
}

pub(crate) fn snapshot(state: &AppState, view: &WardView) -> Bytes {
    frame("snapshot", None, &json(&Snapshot::new(&state.0.site, view)))
}

/// Start again from the snapshot that follows.
pub(crate) fn resync(reason: &'static str) -> Bytes {
    frame("resync", None, &json(&Farewell { reason }))
}

/// The stream ends.
pub(crate) fn bye(reason: &'static str) -> Bytes {
    frame("bye", None, &json(&Farewell { reason }))
}

/// How soon a browser connects again (`dependencies` Web 3).
pub(crate) fn retry() -> Bytes {
    Bytes::from_static(b"retry: 1000\n\n")
}

/// `data` is JSON on one line: it holds no line break, for JSON text escapes them.
fn frame(event: &str, id: Option<Seq>, data: &str) -> Bytes {
    let id = id.map_or_else(String::new, |seq| format!("id: {}\n", seq.0));
    Bytes::from(format!("event: {event}\n{id}data: {data}\n\n"))
}
