//! The last determinations of a bed, so that a voided one leaves the one before it and the gates
//! can look at the last two (row 24; contract 3.2).
//!
//! A determination told in pieces is one here. It is no trend: a short memory, the newest last.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use crate::domain::alarm::confirm::ByHand;
use crate::domain::alarm::gate::{Taken, figure};
use crate::domain::alarm::rule::Judged;
use crate::domain::alarm::value::{Determination, Look};
use crate::domain::determined::{Figures, Instant};
use crate::domain::ids::{DeviceId, ReadingId};
use crate::domain::metric::Metric;
use crate::domain::reading::{Quantity, Validity, ValueSource};
use crate::domain::time::{MonoTime, Stamp, WallTime};
use crate::domain::vital::{Kept, Late, Tag};

/// What a session of ten hours has, measured every 5 min: each can be voided or amended as long as
/// it runs (contract 6). Far more than the longest gate asks for (`config::preset_raw`: 5).
pub(in crate::domain) const REMEMBERED: usize = 120;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recent(pub VecDeque<Remembered>);

/// A determination that was judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remembered {
    pub device: DeviceId,
    pub by_hand: ByHand,
    pub validity: Validity,
    pub received: Stamp,
    /// How old it was at receipt.
    pub lag: Duration,
    pub source_time: Option<WallTime>,
    pub seq: Option<u32>,
    pub late: Late,
    pub tag: Tag,
    pub sys: Option<(ReadingId, i32)>,
    pub dia: Option<(ReadingId, i32)>,
    pub map: Option<(ReadingId, i32)>,
    pub mean: Mean,
    /// It stands no more: who said so. It is shown and counts for nothing.
    pub voided: Option<Arc<str>>,
}

/// Where a determination's mean comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mean {
    Measured,
    /// Worked out from systolic and diastolic; it has the systolic's reading.
    Derived,
}

impl Recent {
    /// Takes a determination, or a piece of the newest one.
    pub fn take(&mut self, next: Remembered) {
        if let Some(newest) = self.standing_mut().next().filter(|newest| newest.is_same(&next)) {
            newest.sys = next.sys.or(newest.sys);
            newest.dia = next.dia.or(newest.dia);
            if next.map.is_some() {
                (newest.map, newest.mean) = (next.map, next.mean);
            }
            newest.validity = next.validity;
            return;
        }
        self.0.push_back(next);
        if self.0.len() > REMEMBERED {
            self.0.pop_front();
        }
    }

    /// Takes one that was measured before others, in its place.
    pub fn insert(&mut self, earlier: Remembered) {
        let place = self.0.iter().rposition(|it| it.measured() <= earlier.measured());
        self.0.insert(place.map_or(0, |place| place + 1), earlier);
        if self.0.len() > REMEMBERED {
            self.0.pop_front();
        }
    }

    /// Those that stand, the newest first.
    pub fn standing(&self) -> impl DoubleEndedIterator<Item = &Remembered> {
        self.0.iter().rev().filter(|it| it.voided.is_none())
    }

    fn standing_mut(&mut self) -> impl Iterator<Item = &mut Remembered> {
        self.0.iter_mut().rev().filter(|it| it.voided.is_none())
    }

    /// Those of a session that comes from another bed, received since `from`, in their order.
    pub fn join(&mut self, theirs: Self, from: MonoTime) {
        let theirs = theirs.0.into_iter().filter(|it| it.received.mono >= from);
        let mut all: Vec<_> = theirs.chain(self.0.drain(..)).collect();
        all.sort_by_key(Remembered::measured);
        let older = all.len().saturating_sub(REMEMBERED);
        self.0 = all.into_iter().skip(older).collect();
    }

    /// When the determination of which `next` is a piece was first received.
    #[must_use]
    pub fn first_piece_of(&self, next: &Remembered) -> Option<MonoTime> {
        self.newest().filter(|newest| newest.is_same(next)).map(|newest| newest.received.mono)
    }

    #[must_use]
    pub fn newest(&self) -> Option<&Remembered> {
        self.standing().next()
    }

    /// For the gates; those measured since `from`.
    pub fn newest_first(
        &self,
        from: Option<MonoTime>,
    ) -> impl Iterator<Item = Taken> + Clone + use<> {
        let since = |it: &&Remembered| from.is_some_and(|from| it.measured() >= from);
        let all = self.standing().filter(since).map(Remembered::taken);
        all.collect::<Vec<_>>().into_iter()
    }

    /// The newest value of a metric from one device.
    #[must_use]
    pub fn of(&self, metric: Metric, source: ValueSource, device: &DeviceId) -> Option<Kept> {
        let theirs = self.standing().filter(|it| it.device == *device && it.source() == source);
        theirs.filter_map(|it| it.kept(metric)).next()
    }

    /// The metric and value of a reading that is remembered.
    #[must_use]
    pub fn find(&self, reading: ReadingId) -> Option<(Metric, i32)> {
        self.with(reading)?.find(reading)
    }

    /// The determination that a reading stands for.
    #[must_use]
    pub fn with(&self, reading: ReadingId) -> Option<&Remembered> {
        self.standing().find(|it| it.find(reading).is_some())
    }

    /// The determination of this reading stands no more: its pressures are one measurement, and a
    /// reading stands for all of it (contract 6). Returns it as it was.
    pub fn void(&mut self, reading: ReadingId, by: &Arc<str>) -> Option<Remembered> {
        let it = self.standing_mut().find(|it| it.find(reading).is_some())?;
        let before = it.clone();
        it.voided = Some(by.clone());
        Some(before)
    }

    /// The reading stands at another value; a mean that was worked out from it follows. `None`: it
    /// contradicts the pair's other pressure.
    pub fn amend(&mut self, reading: ReadingId, value: i32) -> Option<Vec<Metric>> {
        let it = self.standing_mut().find(|it| it.find(reading).is_some())?;
        let (metric, _) = it.find(reading)?;
        let mut after = it.clone();
        *after.slot(metric)? = Some((reading, value));
        let pair = after.sys.zip(after.dia);
        if pair.is_some_and(|((_, sys), (_, dia))| sys <= dia) {
            return None;
        }
        let mut moved = vec![metric];
        if let (Mean::Derived, Some(((id, sys), (_, dia)))) = (after.mean, pair) {
            after.map = Some((id, derived_mean(sys, dia)));
            moved.push(Metric::NibpMap);
        }
        *it = after;
        Some(moved)
    }
}

impl Remembered {
    #[must_use]
    pub fn determination(&self, look: Look, interval: Duration) -> Determination<'_> {
        Determination {
            device: &self.device,
            by_hand: self.by_hand,
            validity: self.validity,
            figures: self.figures(),
            at: self.received.mono,
            look,
            interval,
        }
    }

    #[must_use]
    pub fn value(&self, judged: Judged) -> Option<i32> {
        figure(self.figures(), judged)
    }

    #[must_use]
    pub const fn source(&self) -> ValueSource {
        match self.by_hand {
            ByHand::No => ValueSource::Nibp,
            ByHand::Yes => ValueSource::Manual,
        }
    }

    /// When it was measured, by our clock.
    #[must_use]
    pub fn measured(&self) -> MonoTime {
        self.received.mono.minus(self.lag)
    }

    /// One of its pressures.
    #[must_use]
    pub fn figure(&self, metric: Metric) -> Option<i32> {
        self.value(Judged::Metric(metric))
    }

    fn figures(&self) -> Figures {
        let value = |slot: Option<(ReadingId, i32)>| slot.map(|(_, value)| value);
        Figures { sys: value(self.sys), dia: value(self.dia), map: value(self.map) }
    }

    fn taken(&self) -> Taken {
        let at = self.measured();
        Taken { at, figures: self.figures(), validity: self.validity }
    }

    fn slot(&mut self, metric: Metric) -> Option<&mut Option<(ReadingId, i32)>> {
        if metric == Metric::NibpSys {
            Some(&mut self.sys)
        } else if metric == Metric::NibpDia {
            Some(&mut self.dia)
        } else if metric == Metric::NibpMap {
            Some(&mut self.map)
        } else {
            None
        }
    }

    /// "184/95".
    #[must_use]
    pub fn words(&self) -> String {
        let word = |slot: Option<(ReadingId, i32)>| {
            slot.map_or_else(|| "-".to_owned(), |(_, value)| value.to_string())
        };
        format!("{}/{}", word(self.sys), word(self.dia))
    }

    pub(super) fn values(&self) -> [(Metric, Option<(ReadingId, i32)>); 3] {
        [(Metric::NibpSys, self.sys), (Metric::NibpDia, self.dia), (Metric::NibpMap, self.map)]
    }

    /// Whether one of these readings stands for it.
    #[must_use]
    pub fn is_one_of(&self, readings: &[ReadingId]) -> bool {
        readings.iter().any(|reading| self.find(*reading).is_some())
    }

    /// A derived mean has the systolic's reading, so the systolic is found first.
    fn find(&self, reading: ReadingId) -> Option<(Metric, i32)> {
        self.values().into_iter().find_map(|(metric, slot)| {
            let (id, value) = slot?;
            (id == reading).then_some((metric, value))
        })
    }

    /// Its value of a metric, as a vital keeps it.
    #[must_use]
    pub fn kept(&self, metric: Metric) -> Option<Kept> {
        let (_, slot) = self.values().into_iter().find(|(it, _)| *it == metric)?;
        let (id, value) = slot?;
        let derived = metric == Metric::NibpMap && self.mean == Mean::Derived;
        Some(Kept {
            id,
            value: Ok(Quantity(value)),
            validity: self.validity,
            received: self.received,
            lag: self.lag,
            source_time: self.source_time,
            seq: self.seq,
            tag: if derived { Tag::Derived } else { self.tag },
            late: self.late,
        })
    }

    pub(super) fn instant(&self) -> Instant {
        match self.source_time {
            Some(at) => Instant::Device(at),
            None => Instant::Ours(self.measured()),
        }
    }

    fn is_same(&self, other: &Self) -> bool {
        self.device == other.device
            && self.by_hand == other.by_hand
            && self.instant().is_same(other.instant())
    }
}

/// D + (S - D) / 3 to the nearest whole (clinical 3.3).
#[must_use]
pub(super) const fn derived_mean(sys: i32, dia: i32) -> i32 {
    (2 * dia + sys + 1) / 3
}
