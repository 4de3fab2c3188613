//! The rows of one time → the messages that a monitor would have sent then: one for each source,
//! so that a cuff's values of one time are one determination.

use std::iter::Peekable;
use std::time::Duration;

use super::rows::{BadLine, Row};
use crate::domain::device::Message;
use crate::domain::metric::Metric;
use crate::domain::reading::{Reading, check_pair};

/// What a recording has at one time.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Moment {
    /// Since the recording's time 0.
    pub(super) at: Duration,
    /// In the order in which their sources first stand in the recording.
    pub(super) messages: Vec<Message>,
}

/// Gathers rows of the same time.
pub(super) struct Moments<I: Iterator>(Peekable<I>);

impl<I: Iterator<Item = Result<Row, BadLine>>> Moments<I> {
    pub(super) fn new(rows: I) -> Self {
        Self(rows.peekable())
    }
}

impl<I: Iterator<Item = Result<Row, BadLine>>> Iterator for Moments<I> {
    type Item = Result<Moment, BadLine>;

    fn next(&mut self) -> Option<Self::Item> {
        let first = match self.0.next()? {
            Ok(row) => row,
            Err(bad) => return Some(Err(bad)),
        };
        let mut messages = vec![message(first.reading)];
        let same_time =
            |row: &Result<Row, BadLine>| row.as_ref().is_ok_and(|row| row.at == first.at);
        while let Some(Ok(row)) = self.0.next_if(same_time) {
            put(row.reading, &mut messages);
        }
        for message in &mut messages {
            check_pair(&mut message.readings, Metric::NibpSys, Metric::NibpDia);
            check_pair(&mut message.readings, Metric::ArtSys, Metric::ArtDia);
        }
        Some(Ok(Moment { at: first.at, messages }))
    }
}

/// Into its source's newest message; a metric that stands there already begins the next one.
fn put(reading: Reading, messages: &mut Vec<Message>) {
    let same_source =
        |message: &&mut Message| message.readings.iter().any(|it| it.source == reading.source);
    match messages.iter_mut().rev().find(same_source) {
        Some(message) if message.readings.iter().all(|it| it.metric != reading.metric) => {
            message.readings.push(reading);
        }
        Some(_) | None => messages.push(message(reading)),
    }
}

fn message(reading: Reading) -> Message {
    Message { readings: vec![reading], ..Message::default() }
}
