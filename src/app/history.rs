//! Questions to the journal, from the web: each answered with what was committed.

use std::sync::Arc;

use tokio::sync::{Semaphore, mpsc};

use super::Filing;
use crate::domain::ids::SessionId;
use crate::domain::reading::Origin;
use crate::shell::journal::{self, Journal};
use crate::shell::lane::{AlarmPage, AlarmQuery, ExportFormat, Exported, History, ReadingsPage};

/// Answers questions to the journal until nobody can ask any more. A session's record takes longer
/// than the rest: it is filed beside them, one at a time.
pub(super) async fn answer(
    journal: Journal,
    mut questions: mpsc::Receiver<History>,
    filing: Arc<Filing>,
    origin: Origin,
) {
    let turn = Arc::new(Semaphore::new(1));
    while let Some(question) = questions.recv().await {
        match question {
            History::Transitions { after, through, limit, reply } => {
                let found = journal.transitions(after, through, limit).await;
                let _asker_left = reply.send(found.map_err(|error| error.to_string()));
            }
            History::Alarms { query, reply } => {
                let found = alarms(&journal, query).await;
                let _asker_left = reply.send(found.map_err(|error| error.to_string()));
            }
            History::Acts { query, reply } => {
                let found = journal.acts(query).await;
                let _asker_left = reply.send(found.map_err(|error| error.to_string()));
            }
            History::Export { session, format, reply } => {
                let (journal, filing) = (journal.clone(), Arc::clone(&filing));
                let turn = Arc::clone(&turn);
                tokio::spawn(async move {
                    let _turn = turn.acquire_owned().await;
                    let _asker_left = reply.send(export(&journal, filing, session, format).await);
                });
            }
            // These read much, and nobody who resumes a stream is to wait for them.
            History::Readings { query, reply } => {
                let journal = journal.clone();
                tokio::spawn(async move {
                    let found = journal.readings(query).await.map(|page| of_site(page, origin));
                    let _asker_left = reply.send(found.map_err(|error| error.to_string()));
                });
            }
            History::Trend { query, reply } => {
                let journal = journal.clone();
                tokio::spawn(async move {
                    let found = journal.trend(query).await;
                    let _asker_left = reply.send(found.map_err(|error| error.to_string()));
                });
            }
            History::Sessions { query, reply } => {
                let found = journal.sessions(query).await;
                let _asker_left = reply.send(found.map_err(|error| error.to_string()));
            }
            History::Events { session, reply } => {
                let found = journal.events(session).await;
                let _asker_left = reply.send(found.map_err(|error| error.to_string()));
            }
            History::MetricOf { reading, reply } => {
                let found = journal.metric_of(reading).await;
                let _asker_left = reply.send(found.map_err(|error| error.to_string()));
            }
        }
    }
}

/// In a simulated clinic all are simulated, hand-taken ones, too: the journal has those as a
/// person's act, which does not say so.
fn of_site(mut page: ReadingsPage, site: Origin) -> ReadingsPage {
    for entry in &mut page.items {
        entry.reading.origin = entry.reading.origin.or(site);
    }
    page
}

async fn export(
    journal: &Journal,
    filing: Arc<Filing>,
    session: SessionId,
    format: ExportFormat,
) -> Result<Option<Exported>, String> {
    let record = journal.session(session).await.map_err(|error| error.to_string())?;
    let Some(record) = record else { return Ok(None) };
    // Folding hours of readings would hold up what else this thread has to do.
    let filed = tokio::task::spawn_blocking(move || filing.file(session, &record, format));
    filed.await.map_err(|error| error.to_string())
}

async fn alarms(journal: &Journal, query: AlarmQuery) -> Result<AlarmPage, journal::JournalError> {
    use crate::domain::alarm::occurrence::Subject;
    let AlarmQuery { bed, session, since, before, limit } = query;
    let page = journal.alarms(journal::AlarmQuery { bed, session, since, before, limit }).await?;
    let items = page.items.into_iter().filter_map(|transition| match transition.subject {
        Subject::Alarm { occurrence, .. } => Some((transition.seq, *occurrence)),
        Subject::Session { .. } => None,
    });
    Ok(AlarmPage { items: items.collect(), next: page.next })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::ReadingId;
    use crate::domain::metric::Metric;
    use crate::domain::reading::{Quantity, Reading, ValueSource};
    use crate::domain::session::hand::HandReading;
    use crate::domain::time::WallTime;
    use crate::shell::lane::ReadingEntry;

    #[test]
    fn a_hand_taken_reading_of_a_simulated_clinic_is_simulated() {
        // Goal: contract 1, SIMULATED in each record. A clinic of patients leaves all as it came.
        let at = WallTime::from_micros(0);
        let by_hand = HandReading {
            method: "counted".into(),
            taker: None,
            taken: at,
            values: vec![(Metric::RespRate, Quantity(14))],
            arm: None,
            cuff_size: None,
        };
        let entry = |origin| ReadingEntry {
            id: ReadingId(1),
            reading: Reading {
                origin,
                ..Reading::new(Metric::RespRate, Ok(Quantity(14)), ValueSource::Manual)
            },
            received: at,
            measured: at,
            device: None,
            by_hand: Some(("kim".into(), by_hand.clone())),
            correction: None,
        };
        let as_told = |site| {
            let items = vec![entry(Origin::Patient), entry(Origin::Simulated)];
            let page = of_site(ReadingsPage { items, next: None }, site);
            page.items.iter().map(|entry| entry.reading.origin).collect::<Vec<_>>()
        };
        assert_eq!(as_told(Origin::Simulated), [Origin::Simulated; 2]);
        assert_eq!(as_told(Origin::Patient), [Origin::Patient, Origin::Simulated]);
    }
}
