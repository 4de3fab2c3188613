//! Acknowledgements on their way to the sources. One that finds its lane full is kept and given
//! later: a source sends them in order, so that a lost one would hold up all that follow.

use std::collections::VecDeque;

use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;

use crate::shell::Ack;

#[derive(Debug, Default)]
pub(super) struct Acks {
    /// By `SourceIndex`; `None` for serial lines.
    lanes: Vec<Option<mpsc::Sender<Ack>>>,
    /// No more than a broker has messages under way.
    late: VecDeque<Ack>,
}

impl Acks {
    pub(super) const fn new(lanes: Vec<Option<mpsc::Sender<Ack>>>) -> Self {
        Self { lanes, late: VecDeque::new() }
    }

    pub(super) fn give(&mut self, ack: Ack) {
        self.late.push_back(ack);
        self.give_late();
    }

    /// As far as there is room.
    pub(super) fn give_late(&mut self) {
        while let Some(ack) = self.late.pop_front() {
            // Serial lines await none, nor does a source that has ended.
            let Some(Some(lane)) = self.lanes.get(ack.source.0 as usize) else { continue };
            if let Err(TrySendError::Full(ack)) = lane.try_send(ack) {
                self.late.push_front(ack);
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::SourceIndex;

    fn ack(packet: u16) -> Ack {
        Ack { source: SourceIndex(1), connection: 1, packet }
    }

    #[test]
    fn an_answer_that_finds_no_room_is_given_later_and_in_its_order() {
        // safety:S3: a lane of two, four answers.
        let (lane, mut taken) = mpsc::channel(2);
        let mut acks = Acks::new(vec![None, Some(lane)]);
        (1..=4).for_each(|packet| acks.give(ack(packet)));
        let mut got = Vec::new();
        for _ in 0..2 {
            while let Ok(ack) = taken.try_recv() {
                got.push(ack.packet);
            }
            acks.give_late();
        }
        assert_eq!(got, [1, 2, 3, 4]);
        // A serial line awaits none.
        acks.give(Ack { source: SourceIndex(0), ..ack(5) });
        assert!(acks.late.is_empty());
    }
}
