//! Acknowledgements on their way to the sources. One that finds its lane full is kept and given
//! later: a source sends them in order, so that a lost one would hold up all that follow.

use std::collections::VecDeque;

use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;

use crate::shell::Ack;

#[derive(Debug, Default)]
pub(super) struct Acks {
    /// By `SourceIndex`.
    sources: Vec<Line>,
}

/// One source's acknowledgements; a source that is slow holds up no other.
#[derive(Debug)]
struct Line {
    /// `None` for serial lines.
    lane: Option<mpsc::Sender<Ack>>,
    /// No more than a broker has messages under way.
    late: VecDeque<Ack>,
}

impl Acks {
    pub(super) fn new(lanes: Vec<Option<mpsc::Sender<Ack>>>) -> Self {
        let line = |lane| Line { lane, late: VecDeque::new() };
        Self { sources: lanes.into_iter().map(line).collect() }
    }

    pub(super) fn give(&mut self, ack: Ack) {
        let Some(line) = self.sources.get_mut(ack.source.0 as usize) else { return };
        line.late.push_back(ack);
        line.give_late();
    }

    /// As far as there is room.
    pub(super) fn give_late(&mut self) {
        self.sources.iter_mut().for_each(Line::give_late);
    }
}

impl Line {
    fn give_late(&mut self) {
        while let Some(ack) = self.late.pop_front() {
            // Serial lines await none, nor does a source that has ended.
            let Some(lane) = &self.lane else { continue };
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
        assert!(acks.sources.iter().all(|line| line.late.is_empty()));
    }

    #[test]
    fn a_source_that_takes_nothing_holds_up_no_other() {
        // safety:S3: the first broker's lane is full, the second's has room.
        let (slow, _slow_taken) = mpsc::channel(1);
        let (quick, mut taken) = mpsc::channel(4);
        let mut acks = Acks::new(vec![Some(slow), Some(quick)]);
        (1..=3).for_each(|packet| acks.give(Ack { source: SourceIndex(0), ..ack(packet) }));
        (4..=5).for_each(|packet| acks.give(ack(packet)));
        let got: Vec<_> = std::iter::from_fn(|| taken.try_recv().ok()).map(|a| a.packet).collect();
        assert_eq!(got, [4, 5]);
    }
}
