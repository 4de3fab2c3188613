//! Acknowledgements on their way to a broker, taken in batches: one flush for many.
//!
//! Does not know which connection is the current one: the event loop drops those of another.

use tokio::sync::mpsc;

use crate::shell::Ack;

/// Acknowledgements written at once.
const ACK_BATCH: usize = 256;

/// The engine's answers and the refusals of the decoding task, in batches.
pub(super) struct Acks {
    engine: mpsc::Receiver<Ack>,
    own: mpsc::Receiver<Ack>,
    pub(super) batch: Vec<Ack>,
}

impl Acks {
    pub(super) fn new(engine: mpsc::Receiver<Ack>, own: mpsc::Receiver<Ack>) -> Self {
        Self { engine, own, batch: Vec::with_capacity(ACK_BATCH) }
    }

    /// Waits for at least one and takes along what is there; never ends once both lanes are closed.
    /// Loses nothing when it is dropped while it waits.
    pub(super) async fn next(&mut self) {
        let first = tokio::select! {
            Some(ack) = self.engine.recv() => ack,
            Some(ack) = self.own.recv() => ack,
            else => std::future::pending().await,
        };
        self.batch.push(first);
        for lane in [&mut self.engine, &mut self.own] {
            while self.batch.len() < ACK_BATCH
                && let Ok(ack) = lane.try_recv()
            {
                self.batch.push(ack);
            }
        }
    }
}
