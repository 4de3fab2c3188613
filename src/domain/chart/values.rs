//! Messages and hand-taken readings → the values of a session, each determination of a cuff once,
//! with what people said of them afterwards: accepted, void, amended.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{SessionChart, bed_of};
use crate::domain::act::{Act, Deed, VisitDeed};
use crate::domain::alarm::occurrence::SessionChange;
use crate::domain::determined::{Determined, Figures, Instant};
use crate::domain::device::Message;
use crate::domain::ids::{BedId, DeviceId, ReadingId, SessionId, SourceIndex};
use crate::domain::input::Input;
use crate::domain::link::{Device, Link};
use crate::domain::metric::Metric;
use crate::domain::reading::{Absent, Measured, Quantity, Reading, Validity, ValueSource};
use crate::domain::record::RecordedInput;
use crate::domain::session::hand::HandReading;
use crate::domain::time::{Stamp, WallTime};

/// One value as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    pub id: ReadingId,
    /// When it was received or entered.
    pub at: Stamp,
    /// When it was measured, as far as anyone knows.
    pub taken: WallTime,
    pub metric: Metric,
    /// As received; what a person made of it is in `correction`.
    pub value: Result<Quantity, Absent>,
    pub source: ValueSource,
    pub validity: Validity,
    pub by: By,
    pub correction: Option<Correction>,
}

/// Who or what measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    Device(DeviceId),
    Hand {
        reading: HandReading,
        /// Who entered it.
        by: Arc<str>,
    },
}

/// What a named person said of a value afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    pub at: Stamp,
    pub by: Arc<str>,
    pub reason: Option<Arc<str>>,
    /// What it stands at, in the metric's resolution; `None`: it does not stand.
    pub value: Option<i32>,
}

impl Value {
    /// The value that counts, in the metric's resolution; `None`: there is none, or it is void.
    #[must_use]
    pub fn standing(&self) -> Option<i32> {
        match &self.correction {
            Some(correction) => correction.value,
            None => self.value.ok().map(|quantity| quantity.0),
        }
    }

    /// Whether both are of one determination: received together from the same device or person.
    #[must_use]
    pub fn is_with(&self, other: &Self) -> bool {
        self.at == other.at && self.by == other.by
    }

    /// Taken once, by a cuff or by hand; not one of a stream.
    #[must_use]
    pub const fn is_spot(&self) -> bool {
        match self.source {
            ValueSource::Nibp | ValueSource::Manual => true,
            ValueSource::Ecg | ValueSource::Pleth | ValueSource::Art => false,
        }
    }
}

/// Gathers a session's values; those before its start wait to be accepted.
pub(super) struct Readings {
    session: SessionId,
    all: Vec<Value>,
    devices: BTreeMap<DeviceId, Device>,
    /// What has no value at present: its absence stands in the record once.
    absent: BTreeSet<(DeviceId, Metric)>,
    accepted: BTreeSet<ReadingId>,
    corrections: Vec<(ReadingId, Correction)>,
}

impl Readings {
    pub(super) const fn new(session: SessionId) -> Self {
        Self {
            session,
            all: Vec::new(),
            devices: BTreeMap::new(),
            absent: BTreeSet::new(),
            accepted: BTreeSet::new(),
            corrections: Vec::new(),
        }
    }

    pub(super) fn take(&mut self, chart: &SessionChart, beds: &[BedId], input: &RecordedInput) {
        let here = |bed| bed_of(beds, bed) == Some(chart.bed_at(input.now));
        if let Input::Message { bed, device, message, .. } = &input.input
            && here(*bed)
        {
            self.message(input, device, message);
        }
        let Input::Act(act) = &input.input else { return };
        match &act.deed {
            Deed::Visit(VisitDeed::EnterReading { bed, reading, .. }) if here(*bed) => {
                self.entered(input, act, reading);
            }
            Deed::Visit(VisitDeed::AcceptReadings { session, readings })
                if *session == self.session =>
            {
                self.accepted.extend(readings);
            }
            Deed::VoidReading { reading } => self.correct(input.now, act, *reading, None),
            Deed::AmendReading { reading, value } => {
                self.correct(input.now, act, *reading, Some(*value));
            }
            Deed::Visit(_)
            | Deed::Acknowledge { .. }
            | Deed::PauseAudio { .. }
            | Deed::ResumeAudio { .. }
            | Deed::PauseAlarms { .. }
            | Deed::ResumeAlarms { .. }
            | Deed::BeginStandby { .. }
            | Deed::EndStandby { .. }
            | Deed::KeepDevice { .. }
            | Deed::SetLimit { .. }
            | Deed::OfferHandover { .. }
            | Deed::AcceptHandover { .. }
            | Deed::RejectHandover { .. }
            | Deed::AcceptBaseline { .. }
            | Deed::Observe { .. }
            | Deed::EndSession { .. } => {}
        }
    }

    fn message(&mut self, input: &RecordedInput, device: &DeviceId, message: &Message) {
        let ids = (input.first_reading.0..).map(ReadingId);
        let mut news = Vec::new();
        for (id, reading) in ids.zip(&message.readings) {
            if self.is_news(device, reading, input.now, message, &mut news) {
                self.all.push(Value {
                    id,
                    at: input.now,
                    taken: taken(reading.measured, input.now),
                    metric: reading.metric,
                    value: reading.value,
                    source: reading.source,
                    validity: reading.validity,
                    by: By::Device(device.clone()),
                    correction: None,
                });
            }
        }
    }

    /// Whether a reading says something that its device has not said before: an absence once, a
    /// cuff's determination once (row 31), a value of a stream always. `seen` holds what each
    /// determination of the message was found to tell.
    fn is_news(
        &mut self,
        device: &DeviceId,
        reading: &Reading,
        now: Stamp,
        message: &Message,
        seen: &mut Vec<(Measured, Figures)>,
    ) -> bool {
        let key = (device.clone(), reading.metric);
        if reading.value.is_err() {
            return self.absent.insert(key);
        }
        self.absent.remove(&key);
        if reading.source != ValueSource::Nibp || reading.metric == Metric::CuffPressure {
            return true;
        }
        let known = seen.iter().find(|(measured, _)| *measured == reading.measured);
        let news = known.map(|(_, news)| *news).unwrap_or_else(|| {
            let news = self.news_of(device, reading.measured, now, message);
            seen.push((reading.measured, news));
            news
        });
        let is_pressure =
            matches!(reading.metric, Metric::NibpSys | Metric::NibpDia | Metric::NibpMap);
        if is_pressure { news.has(reading.metric) } else { news != Figures::default() }
    }

    fn news_of(
        &mut self,
        device: &DeviceId,
        measured: Measured,
        now: Stamp,
        message: &Message,
    ) -> Figures {
        let mut figures = Figures::default();
        for reading in message.readings.iter().filter(|reading| reading.measured == measured) {
            if let Ok(Quantity(value)) = reading.value {
                figures.put(reading.metric, value);
            }
        }
        let memory = self.devices.entry(device.clone()).or_insert_with(|| {
            Device::new(device.clone(), SourceIndex(0), Link::Online { since: now })
        });
        memory.news_of(Determined { instant: Instant::of(measured, now), figures })
    }

    fn entered(&mut self, input: &RecordedInput, act: &Act, reading: &HandReading) {
        let by = By::Hand { reading: reading.clone(), by: Arc::clone(&act.by.name) };
        for (id, (metric, quantity)) in (input.first_reading.0..).zip(&reading.values) {
            self.all.push(Value {
                id: ReadingId(id),
                at: input.now,
                taken: reading.taken,
                metric: *metric,
                value: Ok(*quantity),
                source: ValueSource::Manual,
                validity: Validity::Good,
                by: by.clone(),
                correction: None,
            });
        }
    }

    fn correct(&mut self, at: Stamp, act: &Act, reading: ReadingId, value: Option<i32>) {
        let (by, reason) = (Arc::clone(&act.by.name), act.reason.clone());
        self.corrections.push((reading, Correction { at, by, reason, value }));
    }

    /// The values of the session, once its events are known: acts that nothing came of are left
    /// out, and so are values before its start that nobody accepted.
    pub(super) fn values(mut self, chart: &SessionChart) -> Vec<Value> {
        let told = |at: Stamp, change: SessionChange, by: &Arc<str>| {
            chart.told_of(at, change, Some(by)).is_some()
        };
        let is_ours = |value: &Value| match &value.by {
            By::Hand { by, .. } if value.at.mono >= chart.started.mono => {
                told(value.at, SessionChange::ReadingEntered, by)
            }
            By::Hand { .. } | By::Device(_) => true,
        };
        self.all.retain(|value| is_ours(value) && value.at.mono <= chart.until.mono);
        let corrections = std::mem::take(&mut self.corrections);
        for (reading, correction) in corrections {
            if told(correction.at, SessionChange::ReadingVoided, &correction.by) {
                correct(&mut self.all, reading, &correction);
            }
        }
        let accepted: Vec<Value> =
            self.all.iter().filter(|it| self.accepted.contains(&it.id)).cloned().collect();
        self.all.retain(|value| {
            value.at.mono >= chart.started.mono || accepted.iter().any(|it| it.is_with(value))
        });
        self.all
    }
}

/// A void pressure takes its whole determination with it.
fn correct(values: &mut [Value], reading: ReadingId, correction: &Correction) {
    let Some(found) = values.iter().find(|value| value.id == reading).cloned() else { return };
    let whole = correction.value.is_none() && found.is_spot();
    for value in values.iter_mut() {
        if value.id == reading || whole && value.is_with(&found) {
            value.correction = Some(correction.clone());
        }
    }
}

fn taken(measured: Measured, received: Stamp) -> WallTime {
    match measured {
        Measured::AtReceipt => received.wall,
        Measured::DeviceClock(at) => at,
        Measured::SecondsAgo(seconds) => {
            received.wall.minus(std::time::Duration::from_secs(seconds.into()))
        }
    }
}
