//! Acknowledgements on their way to a broker, taken in batches: one flush for many. A short wait for
//! company costs nothing, for a reading is judged by then; a write for each costs the broker and us
//! a wake-up.
//!
//! Does not know which connection is the current one: the event loop drops those of another.

use std::pin::Pin;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Sleep, sleep};

use crate::shell::Ack;

/// Acknowledgements written at once.
const ACK_BATCH: usize = 256;
/// So many are written without waiting longer: fewer than a broker's 20 messages under way that is
/// left at its default.
const ACK_AT_ONCE: usize = 16;
/// Longest wait of an acknowledgement for company.
const ACK_DELAY: Duration = Duration::from_millis(10);

/// The engine's answers and the refusals of the decoding task, in batches.
pub(super) struct Acks {
    engine: mpsc::Receiver<Ack>,
    own: mpsc::Receiver<Ack>,
    pub(super) batch: Vec<Ack>,
    /// When the batch is to be written, full or not; set as long as `next` has not ended.
    due: Option<Pin<Box<Sleep>>>,
}

impl Acks {
    pub(super) fn new(engine: mpsc::Receiver<Ack>, own: mpsc::Receiver<Ack>) -> Self {
        Self { engine, own, batch: Vec::with_capacity(ACK_BATCH), due: None }
    }

    /// Waits for a batch: some company for the first, or a short time; never ends once both lanes
    /// are closed and nothing is left. Loses nothing when it is dropped while it waits.
    pub(super) async fn next(&mut self) {
        loop {
            for lane in [&mut self.engine, &mut self.own] {
                while self.batch.len() < ACK_BATCH
                    && let Ok(ack) = lane.try_recv()
                {
                    self.batch.push(ack);
                }
            }
            if self.batch.len() >= ACK_AT_ONCE {
                break;
            }
            let due = match self.batch.is_empty() {
                true => None,
                false => Some(self.due.get_or_insert_with(|| Box::pin(sleep(ACK_DELAY)))),
            };
            let late = async {
                match due {
                    Some(due) => due.as_mut().await,
                    None => std::future::pending().await,
                }
            };
            let more = tokio::select! {
                Some(ack) = self.engine.recv() => ack,
                Some(ack) = self.own.recv() => ack,
                () = late => break,
            };
            self.batch.push(more);
        }
        self.due = None;
    }
}
