//! `GET /api/v1/events`: live events as SSE (contract 7).
//!
//! Order: subscribe, then the snapshot, then what `Last-Event-ID` or `?after=` missed, then live
//! without what the snapshot already holds. Subscribing first is what leaves no gap; the seq is
//! what leaves no double. A reader that falls behind is never waited for: once it gets `resync` and
//! a new snapshot, then `bye` (safety P6).

use std::collections::{BTreeSet, VecDeque};
use std::convert::Infallible;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use super::credentials::By;
pub(crate) use super::frames::Shared;
use super::frames::{self, Open};
use super::problem::{Problem, ProblemBody};
use super::{AppState, query};
use crate::domain::alarm::occurrence::Transition;
use crate::domain::ids::{OccurrenceId, Seq};
use crate::domain::time::MonoTime;
use crate::domain::view::BedView;
use crate::shell::identity::Caller;
use crate::shell::lane::{Published, WardView};

/// Transitions read from the journal at once.
const PAGE: usize = 500;

/// Further behind than this an id is too old: a snapshot tells more than so many events.
const REPLAY_MAX: u64 = 10_000;

/// Header of a browser that connects again.
const LAST_EVENT_ID: &str = "last-event-id";

/// The live events of the ward.
#[utoipa::path(
    get,
    path = "/api/v1/events",
    tag = "events",
    params(
        ("after" = Option<u64>, Query, description = "The last id seen; what was missed comes"),
        ("Last-Event-ID" = Option<u64>, Header, description = "As `after`, and before it")
    ),
    responses(
        (status = 200, content_type = "text/event-stream", body = str,
         description = "Events snapshot, vitals, alarm, session, heartbeat, resync and bye, with \
             the data Snapshot, Bed, Occurrence, SessionChanged, Heartbeat and Farewell"),
        (status = 400, description = "A parameter is not right", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 503, description = "The engine does not answer", body = ProblemBody,
         content_type = "application/problem+json")
    )
)]
pub(crate) async fn events(
    State(state): State<AppState>,
    By(caller): By,
    Query(parameters): Query<Vec<(String, String)>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let asked = query::after(&parameters)?;
    let sent = headers.get(LAST_EVENT_ID).map(|id| id.to_str().unwrap_or("not a number"));
    let reader = Reader::open(state, caller, sent.or(asked)).await?;
    let frames = stream::unfold(reader, |mut reader| async move {
        let frame = reader.next().await?;
        Some((Ok::<_, Infallible>(frame), reader))
    });
    let kept = [(CONTENT_TYPE, "text/event-stream"), (CACHE_CONTROL, "no-store")];
    // A proxy in front must not hold events back until its buffer is full.
    Ok((kept, [("x-accel-buffering", "no")], Body::from_stream(frames)).into_response())
}

/// One browser's stream.
struct Reader {
    state: AppState,
    /// Asked about again at each heartbeat: a stream outlives its request.
    caller: Caller,
    live: Receiver<Arc<Published>>,
    waiting: VecDeque<Bytes>,
    /// All transitions up to here are sent, or in the snapshot.
    passed: Seq,
    /// What the snapshot holds, as long as older events may still come from before it.
    snapshot: Option<Mark>,
    missed: Option<Missed>,
    tries: Tries,
    _open: Open,
}

/// A snapshot's instant and beds, and what has come since without a seq.
struct Mark {
    at: MonoTime,
    beds: Vec<BedView>,
    unlogged: BTreeSet<OccurrenceId>,
}

/// Transitions to be sent again: `after < seq <= through`.
#[derive(Clone, Copy)]
struct Missed {
    after: Seq,
    through: Seq,
}

/// How often the reader may still fall behind.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tries {
    Fresh,
    ResyncUsed,
    Over,
}

impl Reader {
    async fn open(state: AppState, caller: Caller, id: Option<&str>) -> Result<Self, Problem> {
        let live = state.0.hub.subscribe();
        let view = state.answer(state.0.engine.view()).await?;
        let mut reader = Self {
            live,
            waiting: VecDeque::from([frames::retry()]),
            passed: view.seq,
            snapshot: None,
            missed: None,
            tries: Tries::Fresh,
            _open: state.0.streams.open_one(),
            state,
            caller,
        };
        match id.map(|id| missed(id, view.seq)).transpose() {
            Ok(None) => reader.show(view),
            Ok(Some(missed)) => {
                // The first page is read before the snapshot goes out: it tells an id too old.
                match reader.page(missed).await {
                    Ok(page) => {
                        reader.show(view);
                        reader.send_again(missed, &page);
                    }
                    Err(reason) => reader.resync(reason, view),
                }
            }
            Err(reason) => reader.resync(reason, view),
        }
        Ok(reader)
    }

    /// The next frame; `None` ends the stream.
    async fn next(&mut self) -> Option<Bytes> {
        let shutdown = self.state.0.shutdown.clone();
        loop {
            if self.tries != Tries::Over && shutdown.is_cancelled() {
                self.waiting.clear();
                self.bye("shutting down");
            }
            if let Some(frame) = self.waiting.pop_front() {
                return Some(frame);
            }
            if self.tries == Tries::Over {
                return None;
            }
            tokio::select! {
                biased;
                () = shutdown.cancelled() => {}
                () = self.advance() => {}
            }
        }
    }

    /// Gets one more page or event; may find nothing to send.
    async fn advance(&mut self) {
        if let Some(missed) = self.missed {
            match self.page(missed).await {
                Ok(page) => self.send_again(missed, &page),
                Err(reason) => self.start_again(reason).await,
            }
            return;
        }
        match self.live.recv().await {
            Ok(event) => {
                if matches!(*event, Published::Heartbeat { .. })
                    && !self.state.0.identity.still_reads(&self.caller).await
                {
                    self.bye("logged out");
                } else if self.is_news(&event) {
                    let frame = frames::of(&self.state, &event).await;
                    self.waiting.push_back(frame);
                }
            }
            Err(RecvError::Lagged(_)) if self.tries == Tries::Fresh => {
                self.tries = Tries::ResyncUsed;
                self.start_again("too slow: events were left out").await;
            }
            Err(RecvError::Lagged(_)) => self.bye("too slow"),
            Err(RecvError::Closed) => self.bye("shutting down"),
        }
    }

    /// Whether an event says more than what was sent; advances over transitions.
    fn is_news(&mut self, event: &Published) -> bool {
        match event {
            Published::Alarm { seq, at, occurrence, .. } => {
                self.passes(at.mono);
                match (seq, &mut self.snapshot) {
                    // It may be of before the snapshot. Then what followed it is still to come,
                    // and is let through, too, so that no old state stays on the screen.
                    (None, Some(mark)) => {
                        mark.unlogged.insert(occurrence.id);
                        true
                    }
                    (None, None) => true,
                    (Some(seq), Some(mark)) if mark.unlogged.contains(&occurrence.id) => {
                        self.passed = self.passed.max(*seq);
                        true
                    }
                    (Some(seq), Some(_) | None) => self.is_next(*seq),
                }
            }
            Published::Session { transition } => {
                self.passes(transition.at.mono);
                self.is_next(transition.seq)
            }
            Published::Vitals { bed } => {
                self.snapshot.as_ref().is_none_or(|mark| !mark.is_newer_than(bed))
            }
            Published::Heartbeat { at, .. } => {
                self.passes(at.mono);
                true
            }
            Published::SelfTest { .. } => false, // no screen knows of the reserved bed
        }
    }

    fn is_next(&mut self, seq: Seq) -> bool {
        let is_next = seq > self.passed;
        self.passed = self.passed.max(seq);
        is_next
    }

    /// Once an event is of after the snapshot, none of before it can come any more.
    fn passes(&mut self, at: MonoTime) {
        self.snapshot.take_if(|mark| at > mark.at);
    }

    fn show(&mut self, view: WardView) {
        self.waiting.push_back(frames::snapshot(&self.state, &view));
        self.passed = view.seq;
        self.snapshot = Some(Mark { at: view.at.mono, beds: view.beds, unlogged: BTreeSet::new() });
    }

    fn resync(&mut self, reason: &'static str, view: WardView) {
        self.state.0.streams.count_resync();
        self.missed = None;
        self.waiting.push_back(frames::resync(reason));
        self.show(view);
    }

    /// As `resync`, from a new view; the backlog is older than that and is let go.
    async fn start_again(&mut self, reason: &'static str) {
        self.live = self.live.resubscribe();
        match self.state.answer(self.state.0.engine.view()).await {
            Ok(view) => self.resync(reason, view),
            Err(_) => self.bye("the engine does not answer"),
        }
    }

    fn bye(&mut self, reason: &'static str) {
        self.state.0.streams.count_bye();
        self.tries = Tries::Over;
        self.waiting.push_back(frames::bye(reason));
    }

    /// The next transitions that were missed.
    async fn page(&self, missed: Missed) -> Result<Vec<Transition>, &'static str> {
        let Missed { after, through } = missed;
        if after == through {
            return Ok(Vec::new());
        }
        let asked = async {
            let asked = self.state.0.history.transitions(after, through, PAGE);
            asked.await.map_err(Problem::History)
        };
        let page = super::within(self.state.0.limits.answer, asked).await;
        let page = page.map_err(|_| "the journal does not answer")?;
        match page.first() {
            Some(first) if first.seq.0 == after.0 + 1 => Ok(page),
            Some(_) | None => Err("the id is too old"),
        }
    }

    fn send_again(&mut self, missed: Missed, page: &[Transition]) {
        let last = page.last().map_or(missed.through, |last| last.seq);
        self.waiting.extend(page.iter().map(frames::replayed));
        let rest = Missed { after: last, ..missed };
        self.missed = (last < missed.through).then_some(rest);
    }
}

impl Mark {
    /// Whether the snapshot provably holds a later state of this bed: the same reading, older, or
    /// a newer reading.
    fn is_newer_than(&self, bed: &BedView) -> bool {
        let newest = |bed: &BedView| bed.vitals.iter().filter_map(|vital| vital.reading).max();
        let Some(shown) = self.beds.iter().find(|shown| shown.id == bed.id) else { return false };
        let aged = || {
            let pairs = shown.vitals.iter().zip(&bed.vitals);
            pairs.into_iter().any(|(shown, sent)| {
                shown.reading.is_some() && shown.reading == sent.reading && shown.age > sent.age
            })
        };
        newest(shown) > newest(bed) || (newest(shown) == newest(bed) && aged())
    }
}

/// What is to be sent again after `id`, for a ward at `now`.
fn missed(id: &str, now: Seq) -> Result<Missed, &'static str> {
    let after = id.parse().map_err(|_| "the id is not a number")?;
    if after > now.0 {
        return Err("the id is newer than the newest");
    }
    if now.0 - after > REPLAY_MAX {
        return Err("the id is too old");
    }
    Ok(Missed { after: Seq(after), through: now })
}
