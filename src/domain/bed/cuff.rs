//! A cuff's determination: its values belong together and are judged once, however often and in
//! however many messages they are told (alarms 14; row 31).

use std::time::Duration;

use super::message::{Arrival, Place, kept, lag};
use super::recent::{Mean, Remembered, derived_mean};
use super::{Bed, Conflict, Desk, Given};
use crate::domain::alarm::AlarmFamily;
use crate::domain::alarm::confirm::ByHand;
use crate::domain::alarm::rule::{Component, Verdict};
use crate::domain::alarm::value::{Determination, Look};
use crate::domain::determined::{Determined, Figures, Instant};
use crate::domain::device::Message;
use crate::domain::ids::ReadingId;
use crate::domain::metric::Metric;
use crate::domain::reading::{Measured, Quantity, Reading, Validity, ValueSource};
use crate::domain::time::{MonoTime, Stamp};
use crate::domain::view::Freshness;
use crate::domain::vital::{Kept, Tag, Vital, overdue_after};

/// A systolic further than this from the device's reading before is worth a "verify".
const JUMP: u32 = 40;
const JUMP_WITHIN: Duration = Duration::from_secs(6 * 60);
/// A pulse pressure below this is worth a "verify".
const PULSE_PRESSURE_MIN: i32 = 10;
/// After a high reading the short interval holds until so many are clear (contract 3.2).
const CLEAR_WANTED: u8 = 2;
/// A device tells its ages in whole seconds, and its failures when it is asked.
const SAME_CLOCK_WITHIN: Duration = Duration::from_secs(5);
const CUFF: [Metric; 3] = [Metric::NibpSys, Metric::NibpDia, Metric::NibpMap];

/// The pressures of one determination inside a message.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cuff {
    pub(super) measured: Measured,
    validity: Validity,
    by_hand: ByHand,
    sys: Option<(ReadingId, i32)>,
    dia: Option<(ReadingId, i32)>,
    map: Option<(ReadingId, i32)>,
}

impl Bed {
    /// The newest determination, while it may still be judged again.
    pub(super) fn current_determination(&self, now: MonoTime) -> Option<&Remembered> {
        self.taken_here().next().filter(|it| {
            let shown = |vital: &&Vital| is_pressure(vital.metric) && vital.device == it.device;
            match self.vitals.iter().find(shown).map(|it| self.freshness(it, now)) {
                Some(Freshness::Live | Freshness::Grey) => true,
                Some(Freshness::Removed | Freshness::Absent) => false,
                // It came with a session from another bed: as fresh as its age.
                None => now.since(it.measured()) <= overdue_after(self.interval()),
            }
        })
    }

    /// The determinations that stand, the newest first, but for those of a cuff that was set aside:
    /// another was chosen (safety S8).
    pub(super) fn taken_here(&self) -> impl Iterator<Item = &Remembered> {
        let aside = |it: &Remembered| self.is_set_aside(&it.device, Metric::NibpSys, it.source());
        self.recent.standing().filter(move |it| !aside(it))
    }

    /// What a message's determination tells that has not been judged (row 31); counts what has.
    /// `None`: it has no pressure.
    pub(super) fn first_sight(
        &mut self,
        measured: Measured,
        arrival: &Arrival,
        message: &Message,
    ) -> Option<CuffSeen> {
        let mut figures = Figures::default();
        for reading in message.readings.iter().filter(|reading| reading.measured == measured) {
            if let Ok(Quantity(value)) = reading.value {
                figures.put(reading.metric, value);
            }
        }
        if figures == Figures::default() {
            return None;
        }
        let instant = Instant::of(measured, arrival.received);
        let news = self.devices[arrival.device].news_of(Determined { instant, figures });
        let seen = CuffSeen { measured, news };
        self.counts.repeated += u64::from(seen.is_before());
        Some(seen)
    }

    /// Whether a cuff's value was told with its determination, in whatever message and order.
    pub(super) fn is_told(&self, reading: &Reading, arrival: &Arrival, message: &Message) -> bool {
        let device = &self.devices[arrival.device];
        let same = |vital: &&Vital| {
            vital.metric == reading.metric
                && vital.source == reading.source
                && vital.device == device.id
        };
        let Some(newest) = self.vitals.iter().find(same).map(|vital| &vital.newest) else {
            return false;
        };
        let instant = |kept: &Kept| match kept.source_time {
            Some(at) => Instant::Device(at),
            None => Instant::Ours(kept.received.mono.minus(kept.lag)),
        };
        let now = kept(reading, newest.id, arrival, message, Tag::Plain);
        let own_lag = lag(reading.measured, message, arrival.received);
        let older = now.received.mono.minus(own_lag) < newest.received.mono.minus(newest.lag);
        newest.value.is_ok() && (older || instant(&now).is_same(instant(newest)))
    }

    /// Judges a whole determination and keeps its values, the mean worked out where it is missing.
    pub(super) fn determined(
        &mut self,
        cuff: Option<Cuff>,
        arrival: &Arrival,
        message: &Message,
        desk: &mut Desk<'_>,
    ) {
        let Some(mut cuff) = cuff else { return };
        let now = arrival.received;
        // The device's own account: what we infer of its clock loses no reading.
        let measured_at = now.mono.minus(lag(cuff.measured, message, now));
        if let Some(newest) = self.newest_cuff() {
            if measured_at < newest {
                self.older(&cuff, arrival, message);
                return;
            }
            if measured_at.minus(arrival.extra_lag) < newest {
                cuff.validity = Validity::Questionable;
            }
        }
        if arrival.place == Place::Unknown {
            cuff.validity = Validity::Questionable;
        }
        let tag = self.pressure_tag(&cuff, arrival);
        let taken = self.remembered(&cuff, tag, arrival, message);
        for metric in [Metric::NibpSys, Metric::NibpDia, Metric::NibpMap] {
            if let Some(kept) = taken.kept(metric) {
                self.keep(metric, taken.source(), arrival, kept);
            }
        }
        self.in_baseline(measured_at, now, desk);
        let mut seen = taken.determination(Look::First, Duration::ZERO);
        if let Some(first) = self.recent.first_piece_of(&taken) {
            (seen.look, seen.at) = (Look::Piece, first);
        }
        seen.validity = self.validity_beside_others(&taken, now.mono);
        // A high reading brings the next one forward, and with it the repeat that is awaited.
        self.after_high(&seen);
        seen.interval = self.interval();
        self.recent.take(taken.clone());
        self.judge_determination(&seen, now.mono);
        for metric in CUFF.into_iter().filter(|metric| cuff.has(*metric)) {
            self.plausible_again(arrival.device, metric);
        }
        self.cuff_worked(measured_at.plus(SAME_CLOCK_WITHIN));
        self.find_missing(now.mono);
    }

    /// How the newest pressure that stands looks to a component; one that another cuff contradicts
    /// lets nothing go.
    pub(super) fn pressure_verdict(
        &self,
        component: &Component,
        clear_by: i32,
        now: MonoTime,
    ) -> Option<Verdict> {
        let of = |it: &Remembered| it.value(component.judged);
        let newest = self.taken_here().find(|it| of(it).is_some())?;
        let verdict = component.limit.judge(of(newest)?, clear_by);
        let stands = self.validity_beside_others(newest, now) == newest.validity;
        (stands || verdict == Verdict::Violated).then_some(verdict)
    }

    /// While nobody has chosen between two cuffs and what another one measured last is not past
    /// every clear level, the good reading of this one may raise and ends nothing (safety S8).
    pub(super) fn validity_beside_others(&self, taken: &Remembered, now: MonoTime) -> Validity {
        let is_open = self.conflicts.contains(&Conflict::TwoDevices { given: Given::Cuff });
        if !is_open || taken.by_hand == ByHand::Yes {
            return taken.validity;
        }
        let others = self.vitals.iter().filter(|vital| {
            (vital.metric, vital.source) == (Metric::NibpSys, ValueSource::Nibp)
                && vital.device != taken.device
                && self.freshness(vital, now) == Freshness::Live
        });
        let mut newest = others.filter_map(|vital| {
            self.recent.standing().find(|it| it.by_hand == ByHand::No && it.device == vital.device)
        });
        let is_clear = |it: &Remembered| {
            let seen = it.determination(Look::Again, Duration::ZERO);
            let mut families = self.rules.families().iter().filter(|it| is_of_pressure(it.family));
            families.all(|rules| seen.worst(rules) == Verdict::Clear)
        };
        if newest.all(is_clear) { taken.validity } else { Validity::Questionable }
    }

    /// Row 31: it is not judged. A hand-taken one is often entered after a newer one was measured
    /// and counts for baseline and gates all the same, in its place.
    fn older(&mut self, cuff: &Cuff, arrival: &Arrival, message: &Message) {
        self.counts.older += 1;
        if cuff.by_hand == ByHand::Yes && arrival.place == Place::Known {
            let taken = self.remembered(cuff, Tag::Plain, arrival, message);
            self.recent.insert(taken);
            self.ask_gates(None);
        }
    }

    /// A determination as the bed remembers it: a mean that is missing is worked out and points to
    /// the systolic, for it has no reading of its own.
    fn remembered(
        &self,
        cuff: &Cuff,
        tag: Tag,
        arrival: &Arrival,
        message: &Message,
    ) -> Remembered {
        let derived = match (cuff.sys, cuff.dia) {
            (Some((id, sys)), Some((_, dia))) if cuff.map.is_none() => {
                Some((id, derived_mean(sys, dia)))
            }
            (Some(_) | None, Some(_) | None) => None,
        };
        let source_time = match cuff.measured {
            Measured::DeviceClock(at) => Some(at),
            Measured::AtReceipt | Measured::SecondsAgo(_) => None,
        };
        Remembered {
            device: self.devices[arrival.device].id.clone(),
            by_hand: cuff.by_hand,
            validity: cuff.validity,
            received: arrival.received,
            lag: lag(cuff.measured, message, arrival.received) + arrival.extra_lag,
            source_time,
            seq: message.seq,
            late: arrival.late,
            tag,
            sys: cuff.sys,
            dia: cuff.dia,
            map: cuff.map.or(derived),
            mean: if derived.is_some() { Mean::Derived } else { Mean::Measured },
            voided: None,
        }
    }

    /// Baseline begins with the session's first valid cuff reading.
    fn in_baseline(&mut self, measured: MonoTime, now: Stamp, desk: &mut Desk<'_>) {
        let is_theirs = self.readings_from().is_some_and(|from| measured >= from);
        if let Some(session) = self.session.as_mut().filter(|_| is_theirs) {
            session.baseline_since.get_or_insert(now.mono);
        }
        self.follow_phase(now, desk);
    }

    /// A reading that violates any bp-high rule shortens the interval until two are clear.
    fn after_high(&mut self, seen: &Determination<'_>) {
        let Some(session) = self.session.as_mut() else { return };
        let families = self.rules.families();
        let Some(rules) = families.iter().find(|rules| rules.family == AlarmFamily::BpHigh) else {
            return;
        };
        match seen.worst(rules) {
            Verdict::Violated => session.after_high = CLEAR_WANTED,
            // A questionable reading is no reason to wait longer, and one in pieces counts once.
            Verdict::Clear if seen.validity == Validity::Good && seen.look == Look::First => {
                session.after_high = session.after_high.saturating_sub(1);
            }
            Verdict::Clear | Verdict::Between => {}
        }
    }

    /// A reading stands no more, or at another value: what the session's readings say now.
    pub(super) fn count_after_high(&mut self) {
        let Some(session) = self.session.as_mut() else { return };
        let from = session.started.mono;
        session.after_high = 0;
        let of_session = self.recent.standing().rev().filter(|it| it.received.mono >= from);
        for taken in of_session.cloned().collect::<Vec<_>>() {
            self.after_high(&taken.determination(Look::First, Duration::ZERO));
        }
    }

    fn pressure_tag(&mut self, cuff: &Cuff, arrival: &Arrival) -> Tag {
        let now = arrival.received.mono;
        let device = &mut self.devices[arrival.device];
        let (sys, dia) = (cuff.sys.map(|(_, sys)| sys), cuff.dia.map(|(_, dia)| dia));
        let jumped = match (sys, device.last_systolic) {
            (Some(sys), Some((before, at))) => {
                sys.abs_diff(before) > JUMP && now.since(at) <= JUMP_WITHIN
            }
            (Some(_) | None, Some(_) | None) => false,
        };
        if let Some(sys) = sys {
            device.last_systolic = Some((sys, now));
        }
        let narrow = sys.zip(dia).is_some_and(|(s, d)| s - d < PULSE_PRESSURE_MIN);
        let unusual = sys.is_some_and(|sys| Metric::NibpSys.is_unusual(sys));
        if jumped || narrow || unusual { Tag::Unusual } else { Tag::Plain }
    }
}

/// What was found of a message's determination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CuffSeen {
    pub(super) measured: Measured,
    /// Its figures that have not been judged.
    pub(super) news: Figures,
}

impl CuffSeen {
    pub(super) fn is_before(self) -> bool {
        self.news == Figures::default()
    }
}

impl Cuff {
    pub(super) const fn new(reading: &Reading) -> Self {
        Self {
            measured: reading.measured,
            validity: reading.validity,
            by_hand: match reading.source {
                ValueSource::Manual => ByHand::Yes,
                ValueSource::Ecg | ValueSource::Pleth | ValueSource::Nibp | ValueSource::Art => {
                    ByHand::No
                }
            },
            sys: None,
            dia: None,
            map: None,
        }
    }

    const fn has(&self, metric: Metric) -> bool {
        match metric {
            Metric::NibpSys => self.sys.is_some(),
            Metric::NibpDia => self.dia.is_some(),
            Metric::NibpMap => self.map.is_some(),
            Metric::ArtSys
            | Metric::ArtDia
            | Metric::ArtMap
            | Metric::HeartRate
            | Metric::PulseRate
            | Metric::SpO2
            | Metric::RespRate
            | Metric::Temp
            | Metric::CuffPressure
            | Metric::PerfusionIndex
            | Metric::Moaas => false,
        }
    }

    pub(super) fn take(&mut self, reading: &Reading, id: ReadingId, Quantity(value): Quantity) {
        if reading.validity == Validity::Questionable {
            self.validity = Validity::Questionable;
        }
        match reading.metric {
            Metric::NibpSys => self.sys = Some((id, value)),
            Metric::NibpDia => self.dia = Some((id, value)),
            Metric::NibpMap => self.map = Some((id, value)),
            Metric::ArtSys
            | Metric::ArtDia
            | Metric::ArtMap
            | Metric::HeartRate
            | Metric::PulseRate
            | Metric::SpO2
            | Metric::RespRate
            | Metric::Temp
            | Metric::CuffPressure
            | Metric::PerfusionIndex
            | Metric::Moaas => {}
        }
    }
}

/// What a pressure is a hazard of; gates look at the session's readings by themselves.
const fn is_of_pressure(family: AlarmFamily) -> bool {
    matches!(family, AlarmFamily::BpHigh | AlarmFamily::BpLow)
}

pub(super) const fn is_pressure(metric: Metric) -> bool {
    matches!(metric, Metric::NibpSys | Metric::NibpDia | Metric::NibpMap)
}

pub(super) fn is_cuff_value(reading: &Reading) -> bool {
    reading.source == ValueSource::Nibp
}
