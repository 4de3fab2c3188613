//! Acknowledgements on their way to a broker, taken in batches: one flush for many; and sent in the
//! order of their messages, as MQTT 3.1.1 asks (4.6). A broker may close the connection over one
//! out of turn, and the engine answers a reading that raised an alarm later than the next one.
//!
//! A short wait for company costs nothing, for a reading is judged by then; a write for each costs
//! the broker and us a wake-up. Which connection is the current one, the event loop knows.

use std::collections::VecDeque;
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

/// The messages of one connection that wait for their acknowledgement, in their order.
#[derive(Debug, Default)]
pub(super) struct InOrder(VecDeque<(u16, Turn)>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    Unanswered,
    /// May be acknowledged once all before it are.
    Answered,
}

impl InOrder {
    pub(super) fn expect(&mut self, packet: u16) {
        self.0.push_back((packet, Turn::Unanswered));
    }

    /// Notes the answer to `packet`; one that is not awaited is passed over.
    pub(super) fn answered(&mut self, packet: u16) {
        let mut waiting = self.0.iter_mut();
        if let Some((_, turn)) = waiting.find(|waits| **waits == (packet, Turn::Unanswered)) {
            *turn = Turn::Answered;
        }
    }

    /// Takes the packets whose turn has come.
    pub(super) fn take_ready(&mut self) -> Vec<u16> {
        let unanswered = self.0.iter().position(|(_, turn)| *turn == Turn::Unanswered);
        let ready = unanswered.unwrap_or(self.0.len());
        self.0.drain(..ready).map(|(packet, _)| packet).collect()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_waits_for_those_before_it() {
        // safety:S3: the second message is answered first, as after a reading that alarms.
        let mut order = InOrder::default();
        for packet in [7, 8, 9] {
            order.expect(packet);
        }
        order.answered(8);
        order.answered(4711);
        assert!(order.take_ready().is_empty());
        order.answered(7);
        assert_eq!(order.take_ready(), [7, 8]);
        // The broker may use a packet id again once it was acknowledged.
        order.expect(7);
        order.answered(7);
        assert!(order.take_ready().is_empty());
        order.answered(9);
        assert_eq!(order.take_ready(), [9, 7]);
        assert!(order.is_empty());
    }
}
