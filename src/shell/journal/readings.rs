//! Single readings as the journal holds them: by bed, newest first, and by number; with what people
//! did to them.
//!
//! Inputs are in the order of time, so that a moment is found by halves; after our clock was set
//! back the moment found may be one of two. What left the configuration is passed over.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use futures_util::TryStreamExt as _;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqlitePool};

use super::acts::caused;
use super::chain::{Kind, signed};
use super::error::JournalError;
use crate::domain::act::{Act, Deed, VisitDeed};
use crate::domain::alarm::occurrence::{SessionChange, Subject, Transition};
use crate::domain::ids::{BedIndex, DeviceId, ReadingId};
use crate::domain::input::Input;
use crate::domain::metric::Metric;
use crate::domain::reading::{Measured, Reading, ValueSource};
use crate::domain::record::{self, Lookup, Names, RecordError, RecordedInput};
use crate::domain::session::hand::HandReading;
use crate::domain::time::{MonoTime, Stamp, WallTime};
use crate::shell::lane::{Correction, ReadingEntry, ReadingsPage, ReadingsQuery};

/// Most inputs that one question looks at: of a bed that sends little, a page may be empty.
const SCANNED_MAX: i64 = 200_000;
/// Readings by hand that are looked at for one page: more than a page has.
const BY_HAND_MAX: usize = 1000;

/// Rows of one page of acts.
pub(super) const ACTS_AT_A_TIME: usize = 500;

pub(super) const BY_TIME: &str = "SELECT json_extract(body, '$.t[1]') FROM input WHERE id = ?";
const BY_READING: &str = "SELECT json_extract(body, '$.r') FROM input WHERE id = ?";

/// The readings of one input, with who entered them by hand.
#[derive(Debug)]
pub(super) struct Came {
    pub(super) now: Stamp,
    pub(super) all: Vec<(ReadingId, Reading, WallTime)>,
    device: Option<DeviceId>,
    by_hand: Option<(Arc<str>, HandReading)>,
}

/// What people did to readings, as far as the ward took it.
#[derive(Debug, Default)]
pub(super) struct Deeds {
    /// When readings were entered by hand; an act that was refused stands in the journal, too.
    entered: BTreeSet<MonoTime>,
    corrections: BTreeMap<ReadingId, Correction>,
}

pub(super) async fn readings(
    pool: &SqlitePool,
    path: &Path,
    names: &Names,
    query: ReadingsQuery,
) -> Result<ReadingsPage, JournalError> {
    let failed = |error| JournalError::database(path, error);
    let (first, end) = bounds(pool, path).await?;
    let before = query.before.map_or(end, signed).min(end);
    let since = match query.since {
        Some(since) => halve(pool, path, BY_TIME, (first, end), since.as_micros()).await?,
        None => first,
    };
    let low = since.max(before - SCANNED_MAX);
    let sql = "SELECT id, body FROM input WHERE id >= ? AND id < ? AND instr(body, ?) > 0
         ORDER BY id DESC";
    let mut rows =
        sqlx::query(sql).bind(low).bind(before).bind(of_bed(names, query.bed)).fetch(pool);
    let (mut found, mut measured, mut entered) = (Vec::new(), 0, 0);
    let mut scanned = low;
    let lookup = names.lookup();
    while let Some(row) = rows.try_next().await.map_err(failed)? {
        let Some(came) = Came::of(input(&row, path, &lookup)?, query.bed) else { continue };
        let count = if came.by_hand.is_some() { &mut entered } else { &mut measured };
        *count += came.all.len();
        let place = row.try_get::<i64, _>(0).map_err(failed)?;
        found.push((place, came));
        // Some of those by hand may have been refused: they are no reason to stop early.
        if measured >= query.limit || entered >= BY_HAND_MAX {
            scanned = place;
            break;
        }
    }
    drop(rows);
    let oldest = found.last().map(|(_, came)| came.now.wall);
    let deeds = Deeds::since(pool, path, &lookup, oldest).await?;
    let (mut items, mut next, mut last) = (Vec::new(), scanned, scanned);
    for (place, came) in found.iter().filter(|(_, came)| deeds.took(came)) {
        if !items.is_empty() && items.len() + came.all.len() > query.limit {
            next = last;
            break;
        }
        items.extend(came.entries(&deeds));
        last = *place;
    }
    let next = (next > since).then(|| next.unsigned_abs());
    Ok(ReadingsPage { items, next })
}

pub(super) async fn metric_of(
    pool: &SqlitePool,
    path: &Path,
    names: &Names,
    reading: ReadingId,
) -> Result<Option<Metric>, JournalError> {
    let failed = |error| JournalError::database(path, error);
    let all = bounds(pool, path).await?;
    // The last input that begins with it or before it: those without readings name the next one.
    let after = halve(pool, path, BY_READING, all, signed(reading.0).saturating_add(1)).await?;
    let sql = "SELECT id, body FROM input WHERE id = ?";
    let row = sqlx::query(sql).bind(after - 1).fetch_optional(pool).await.map_err(failed)?;
    let Some(row) = row else { return Ok(None) };
    let came = input(&row, path, &names.lookup())?.and_then(Came::new);
    let all = came.into_iter().flat_map(|came| came.all);
    let metric = all.into_iter().find(|(id, ..)| *id == reading).map(|(_, it, _)| it.metric);
    Ok(metric)
}

/// The first input, and the place after the last one.
pub(super) async fn bounds(pool: &SqlitePool, path: &Path) -> Result<(i64, i64), JournalError> {
    let sql = "SELECT coalesce(min(id), 1), coalesce(max(id), 0) + 1 FROM input";
    let found = sqlx::query_as(sql).fetch_one(pool).await;
    found.map_err(|error| JournalError::database(path, error))
}

/// The first place of which `sql` says `least` or more; the end where there is none.
pub(super) async fn halve(
    pool: &SqlitePool,
    path: &Path,
    sql: &'static str,
    (mut low, mut high): (i64, i64),
    least: i64,
) -> Result<i64, JournalError> {
    while low < high {
        let middle = low + (high - low) / 2;
        let found = sqlx::query_scalar(sql).bind(middle).fetch_optional(pool).await;
        let found: Option<i64> = found.map_err(|error| JournalError::database(path, error))?;
        if found.is_some_and(|found| found < least) { low = middle + 1 } else { high = middle }
    }
    Ok(low)
}

/// Acts of the chain, newest first, a page at a time: no connection is held while what an act
/// caused is asked for by another, of which there are few.
pub(super) async fn acts_before(
    pool: &SqlitePool,
    path: &Path,
    sql: &'static str,
    before: i64,
) -> Result<Vec<SqliteRow>, JournalError> {
    let limit = i64::try_from(ACTS_AT_A_TIME).expect("it is small");
    let rows = sqlx::query(sql).bind(before).bind(limit).fetch_all(pool).await;
    rows.map_err(|error| JournalError::database(path, error))
}

/// As it stands in every record of that bed, and in no text that somebody typed.
pub(super) fn of_bed(names: &Names, bed: BedIndex) -> String {
    let place = usize::try_from(bed.0).ok();
    let name = place.and_then(|place| names.beds.get(place)).map_or("", |bed| bed.as_str());
    format!("\"bed\":\"{name}\"")
}

/// `None`: its bed or source has left the configuration.
pub(super) fn input(
    row: &SqliteRow,
    path: &Path,
    lookup: &Lookup<'_>,
) -> Result<Option<RecordedInput>, JournalError> {
    let failed = |error| JournalError::database(path, error);
    let id = row.try_get::<i64, _>(0).map_err(failed)?.unsigned_abs();
    match record::read_input(row.try_get(1).map_err(failed)?, lookup) {
        Ok(input) => Ok(Some(input)),
        Err(RecordError::UnknownBed(_) | RecordError::UnknownSource(_)) => Ok(None),
        Err(source) => Err(JournalError::Record { path: path.to_owned(), id, source }),
    }
}

/// The bed that an input has readings of, by a device or by hand.
fn read_at(input: &Input) -> Option<BedIndex> {
    if let Input::Message { bed, .. } = input {
        return Some(*bed);
    }
    if let Input::Act(act) = input
        && let Deed::Visit(VisitDeed::EnterReading { bed, .. }) = &act.deed
    {
        return Some(*bed);
    }
    None
}

impl Came {
    pub(super) fn of(recorded: Option<RecordedInput>, bed: BedIndex) -> Option<Self> {
        let recorded = recorded?;
        (read_at(&recorded.input) == Some(bed)).then(|| Self::new(recorded))?
    }

    /// `None`: there are no readings in it.
    fn new(recorded: RecordedInput) -> Option<Self> {
        let RecordedInput { now, first_reading, input } = recorded;
        let ids = (first_reading.0..).map(ReadingId);
        if let Input::Message { device, message, .. } = input {
            let at = |it: &Reading| now.wall.minus(message.age_of(it.measured, now));
            let all = ids.zip(&message.readings).map(|(id, it)| (id, *it, at(it))).collect();
            return Some(Self { now, all, device: Some(device), by_hand: None });
        }
        let Input::Act(Act {
            by, deed: Deed::Visit(VisitDeed::EnterReading { reading, .. }), ..
        }) = input
        else {
            return None;
        };
        let at = reading.taken.min(now.wall);
        let measured = Measured::DeviceClock(at);
        let of = |(metric, value): &(Metric, _)| Reading {
            measured,
            ..Reading::new(*metric, Ok(*value), ValueSource::Manual)
        };
        let all = ids.zip(&reading.values).map(|(id, it)| (id, of(it), at)).collect();
        Some(Self { now, all, device: None, by_hand: Some((by.name, reading)) })
    }

    fn entries<'a>(&'a self, deeds: &'a Deeds) -> impl Iterator<Item = ReadingEntry> + 'a {
        self.all.iter().rev().map(|(id, reading, measured)| ReadingEntry {
            id: *id,
            reading: *reading,
            received: self.now.wall,
            measured: *measured,
            device: self.device.clone(),
            by_hand: self.by_hand.clone(),
            correction: deeds.correction(self, *id, reading.metric).cloned(),
        })
    }
}

impl Deeds {
    /// Those of acts since `oldest`; `None`: there is nothing that they could be about.
    pub(super) async fn since(
        pool: &SqlitePool,
        path: &Path,
        lookup: &Lookup<'_>,
        oldest: Option<WallTime>,
    ) -> Result<Self, JournalError> {
        let failed = |error| JournalError::database(path, error);
        let mut deeds = Self::default();
        let Some(oldest) = oldest else { return Ok(deeds) };
        // The index of acts is taken only where the kind is written out.
        const { assert!(Kind::Act as i64 == 4, "as in migration 3") };
        let sql = "SELECT n, body FROM chain WHERE kind = 4 AND n < ?
             AND (instr(body, '\"enter_reading\"') > 0 OR instr(body, '\"void_reading\"') > 0
             OR instr(body, '\"amend_reading\"') > 0) ORDER BY n DESC LIMIT ?";
        let mut before = i64::MAX;
        loop {
            let rows = acts_before(pool, path, sql, before).await?;
            for row in &rows {
                before = row.try_get(0).map_err(failed)?;
                let Some(recorded) = input(row, path, lookup)? else { continue };
                if recorded.now.wall < oldest {
                    return Ok(deeds);
                }
                let Input::Act(act) = recorded.input else { continue };
                let n = before.unsigned_abs();
                deeds.take(act, recorded.now, &caused(pool, path, n, recorded.now).await?);
            }
            if rows.len() < ACTS_AT_A_TIME {
                return Ok(deeds);
            }
        }
    }

    /// Newest first: the last word on a reading stands.
    fn take(&mut self, act: Act, now: Stamp, caused: &[Transition]) {
        let told = |change| caused.iter().any(|it| is_told(it, change));
        if matches!(act.deed, Deed::Visit(VisitDeed::EnterReading { .. }))
            && told(SessionChange::ReadingEntered)
        {
            self.entered.insert(now.mono);
        }
        let (reading, value) = if let Deed::AmendReading { reading, value } = act.deed {
            (reading, Some(value))
        } else if let Deed::VoidReading { reading } = act.deed {
            (reading, None)
        } else {
            return;
        };
        if told(SessionChange::ReadingVoided) {
            let correction =
                Correction { by: act.by.name, at: now.wall, reason: act.reason, value };
            self.corrections.entry(reading).or_insert(correction);
        }
    }

    /// Whether the ward took these readings: a person's may have been refused.
    pub(super) fn took(&self, came: &Came) -> bool {
        came.by_hand.is_none() || self.entered.contains(&came.now.mono)
    }

    /// A void of one cuff pressure is of its whole determination (contract 6).
    pub(super) fn correction(
        &self,
        came: &Came,
        id: ReadingId,
        metric: Metric,
    ) -> Option<&Correction> {
        let pressures = came.all.iter().filter(|(_, it, _)| is_cuff(it.metric));
        let voided = |(id, ..): &(ReadingId, _, _)| {
            self.corrections.get(id).filter(|correction| correction.value.is_none())
        };
        let of_pair = if is_cuff(metric) { pressures.filter_map(voided).next() } else { None };
        of_pair.or_else(|| self.corrections.get(&id))
    }
}

pub(super) fn is_told(transition: &Transition, of: SessionChange) -> bool {
    match &transition.subject {
        Subject::Session { change, .. } => *change == of,
        Subject::Alarm { .. } => false,
    }
}

const fn is_cuff(metric: Metric) -> bool {
    matches!(metric, Metric::NibpSys | Metric::NibpDia | Metric::NibpMap)
}
