//! A bed's values by buckets of time, and what happened to it meanwhile. A bucket without a value
//! is a gap and stays one: nothing is filled in.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use futures_util::TryStreamExt as _;
use sqlx::{Row as _, SqlitePool};

use super::error::JournalError;
use super::readings::{BY_TIME, Came, Deeds, bounds, halve, input, is_told, of_bed};
use crate::domain::act::{Act, Deed, VisitDeed};
use crate::domain::alarm::occurrence::{Change, SessionChange, Subject, Transition};
use crate::domain::ids::{BedIndex, Uuid};
use crate::domain::input::{DoseEvent, Input};
use crate::domain::metric::Metric;
use crate::domain::record::{self, Names, RecordedInput};
use crate::domain::session::dose::{DoseId, DoseOrder};
use crate::domain::time::WallTime;
use crate::shell::lane::{Bucket, Trend, TrendQuery};

/// Readings and doses that are entered later than this after they were taken stand in the record,
/// not here.
const ENTERED_WITHIN: Duration = Duration::from_secs(3600);

const BY_TIME_OF_TRANSITION: &str = "SELECT json_extract(c.body, '$.at[1]') FROM transition t
     JOIN chain c ON c.n = t.n WHERE t.seq = ?";

/// A dose as it was entered, until it is taken back.
type Given = (DoseId, WallTime, DoseOrder);

pub(super) async fn trend(
    pool: &SqlitePool,
    path: &Path,
    names: &Names,
    query: TrendQuery,
) -> Result<Trend, JournalError> {
    let failed = |error| JournalError::database(path, error);
    let TrendQuery { bed, from, to, .. } = query;
    let until = to.plus(ENTERED_WITHIN);
    let lookup = names.lookup();
    let told = transitions(pool, path, &of_bed(names, bed), from, until).await?;
    let deeds = Deeds::since(pool, path, &lookup, Some(from)).await?;
    let all = bounds(pool, path).await?;
    let low = halve(pool, path, BY_TIME, all, from.as_micros()).await?;
    let high = halve(pool, path, BY_TIME, all, until.as_micros().saturating_add(1)).await?;
    let sql = "SELECT id, body FROM input WHERE id >= ? AND id < ? AND (instr(body, ?) > 0
         OR instr(body, '_dose\"') > 0) ORDER BY id";
    let mut rows = sqlx::query(sql).bind(low).bind(high).bind(of_bed(names, bed)).fetch(pool);
    let (mut series, mut given) = (Series::new(query), Vec::new());
    while let Some(row) = rows.try_next().await.map_err(failed)? {
        let Some(recorded) = input(&row, path, &lookup)? else { continue };
        take_dose(&mut given, &recorded, bed, &told);
        let came = Came::of(Some(recorded), bed).filter(|came| deeds.took(came));
        came.iter().for_each(|came| series.take(came, &deeds));
    }
    let in_time = |at: WallTime| (from..=to).contains(&at);
    let marks = told.into_iter().filter(|it| in_time(it.at.wall) && is_mark(it));
    let doses = given.into_iter().filter(|(_, at, _)| in_time(*at));
    Ok(Trend {
        series: series.found,
        marks: marks.collect(),
        doses: doses.map(|(_, at, order)| (at, order)).collect(),
    })
}

/// The bed's, in the order of their numbers.
async fn transitions(
    pool: &SqlitePool,
    path: &Path,
    of_bed: &str,
    from: WallTime,
    until: WallTime,
) -> Result<Vec<Transition>, JournalError> {
    let failed = |error| JournalError::database(path, error);
    let newest = sqlx::query_scalar("SELECT coalesce(max(seq), 0) FROM transition");
    let newest: i64 = newest.fetch_one(pool).await.map_err(failed)?;
    let all = (1, newest + 1);
    let low = halve(pool, path, BY_TIME_OF_TRANSITION, all, from.as_micros()).await?;
    let sql = "SELECT c.body FROM transition t JOIN chain c ON c.n = t.n
         WHERE t.seq >= ? AND instr(c.body, ?) > 0 ORDER BY t.seq";
    let mut rows = sqlx::query(sql).bind(low).bind(of_bed).fetch(pool);
    let mut found = Vec::new();
    while let Some(row) = rows.try_next().await.map_err(failed)? {
        let damaged = |error: record::RecordError| JournalError::Damaged {
            path: path.to_owned(),
            what: format!("a transition: {error}"),
        };
        let one = record::read_transition(row.try_get(0).map_err(failed)?).map_err(damaged)?;
        if one.at.wall > until {
            break;
        }
        found.push(one);
    }
    Ok(found)
}

/// What a person looks for beside the curve; the rest is in the list of alarms.
const fn is_mark(transition: &Transition) -> bool {
    match &transition.subject {
        Subject::Session { .. } => true,
        Subject::Alarm { change, .. } => match change {
            Change::Raised
            | Change::Confirmed
            | Change::Escalated
            | Change::Ended
            | Change::Acknowledged => true,
            Change::Confirming
            | Change::Updated
            | Change::Clearing
            | Change::Returned
            | Change::Frozen
            | Change::Thawed
            | Change::Restored
            | Change::Paused
            | Change::Resumed
            | Change::Reminded
            | Change::Unresolved
            | Change::SteppedUp => false,
        },
    }
}

/// Doses that the ward took, less those that were taken back or voided.
fn take_dose(given: &mut Vec<Given>, recorded: &RecordedInput, bed: BedIndex, told: &[Transition]) {
    let now = recorded.now;
    let is_so = |change| told.iter().any(|it| it.at == now && is_told(it, change));
    if let Input::Dose { bed: of, dose: DoseEvent::Started { at } } = &recorded.input
        && *of == bed
    {
        given.push((Uuid::from_bits(0), at.wall, DoseOrder::default()));
    }
    let Input::Act(Act { command, deed, .. }) = &recorded.input else { return };
    if let Deed::Visit(VisitDeed::GiveDose { dose, .. }) = deed
        && is_so(SessionChange::Dosed)
    {
        given.push((*command, dose.started.unwrap_or(now.wall), dose.clone()));
    }
    if let Deed::Visit(VisitDeed::UndoDose { dose, .. })
    | Deed::Visit(VisitDeed::VoidDose { dose, .. }) = deed
        && is_so(SessionChange::DoseChanged)
    {
        given.retain(|(id, ..)| id != dose);
    }
}

/// The buckets, as they fill.
#[derive(Debug)]
struct Series {
    query: TrendQuery,
    found: BTreeMap<Metric, Vec<Option<Bucket>>>,
}

impl Series {
    const fn new(query: TrendQuery) -> Self {
        Self { query, found: BTreeMap::new() }
    }

    fn take(&mut self, came: &Came, deeds: &Deeds) {
        for (id, reading, at) in &came.all {
            let Ok(value) = reading.value else { continue };
            let value = match deeds.correction(came, *id, reading.metric) {
                None => value.0,
                Some(correction) => match correction.value {
                    Some(amended) => amended,
                    None => continue,
                },
            };
            self.put(reading.metric, *at, value);
        }
    }

    fn put(&mut self, metric: Metric, at: WallTime, value: i32) {
        let TrendQuery { from, to, points, .. } = self.query;
        let (offset, span) = (at.micros_since(from), to.micros_since(from).max(1));
        if offset < 0 || at > to {
            return;
        }
        let points_wide = i64::try_from(points).unwrap_or(1);
        let place = usize::try_from(offset.saturating_mul(points_wide) / span);
        // The last instant is of the last bucket.
        let place = place.unwrap_or(0).min(points.saturating_sub(1));
        let all = self.found.entry(metric).or_insert_with(|| vec![None; points]);
        let Some(slot) = all.get_mut(place) else { return };
        let new = Bucket { min: value, max: value, sum: 0, count: 0 };
        let bucket = slot.get_or_insert(new);
        bucket.min = bucket.min.min(value);
        bucket.max = bucket.max.max(value);
        bucket.sum += i64::from(value);
        bucket.count += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> WallTime {
        WallTime::from_micros(second * 1_000_000)
    }

    fn series(points: usize) -> Series {
        Series::new(TrendQuery { bed: BedIndex(0), from: at(100), to: at(200), points })
    }

    #[test]
    fn a_bucket_has_least_mean_and_most_of_its_values_and_an_empty_one_is_a_gap() {
        // Goal: the edges of buckets and of the whole stretch; what lies outside is in none.
        let mut series = series(4);
        let values = [(99, 1), (100, 60), (124, 70), (125, 80), (175, 90), (200, 91), (201, 1)];
        for (second, value) in values {
            series.put(Metric::PulseRate, at(second), value);
        }
        let bucket = |min, max, sum, count| Some(Bucket { min, max, sum, count });
        let expected =
            vec![bucket(60, 70, 130, 2), bucket(80, 80, 80, 1), None, bucket(90, 91, 181, 2)];
        assert_eq!(series.found, BTreeMap::from([(Metric::PulseRate, expected)]));
    }
}
