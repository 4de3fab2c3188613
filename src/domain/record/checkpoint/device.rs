//! Mirrors of a bed's devices and vitals: who speaks, what their clocks have told, and the newest
//! reading of each metric. The determinations last seen are here, so that one which is delivered
//! again after a restart is not judged again (`style` 2.9).

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Text, micros};
use crate::domain::determined::{Determined, Figures, Instant};
use crate::domain::device::StatusCode;
use crate::domain::ids::{DeviceId, ReadingId, SourceIndex};
use crate::domain::lately::{Lately, Point};
use crate::domain::link::clock::Steadiness;
use crate::domain::link::{CuffFailure, Device, DeviceClock, Inflation, Link};
use crate::domain::metric::Metric;
use crate::domain::reading::{Absent, Quantity, Validity, ValueSource};
use crate::domain::record::message::absent;
use crate::domain::record::{RecordError, StampV1, by_name, malformed};
use crate::domain::time::{MonoTime, WallTime};
use crate::domain::vital::{Kept, Late, Run, Tag, Vital};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DeviceV1<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    pub(super) line: Text<'a>,
    #[serde(borrow)]
    link: LinkStateV1<'a>,
    clock: ClockV1,
    determined: Vec<DeterminedV1>,
    /// The value and when it came.
    last_systolic: Option<(i32, u64)>,
    /// Code, and since when.
    #[serde(borrow)]
    statuses: Vec<(Text<'a>, u64)>,
    /// How many in a row, and when the newest was told.
    failed: Option<(u8, u64)>,
    inflation: InflationV1,
    #[serde(borrow)]
    implausible: Vec<Text<'a>>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum InflationV1 {
    Untold,
    Inflating(u64),
    Ended(u64, u64),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum LinkStateV1<'a> {
    Opening(StampV1),
    Negotiating(StampV1),
    Online(StampV1),
    Lost(StampV1, #[serde(borrow)] Text<'a>),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockV1 {
    seq: Option<u32>,
    newest: Option<i64>,
    offset: Option<i64>,
    /// Sent, and its offset.
    odd: Option<(i64, i64)>,
    steadiness: SteadinessV1,
    broke: Option<u64>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum SteadinessV1 {
    Unknown,
    /// Sent, and its offset.
    Since(i64, i64),
    Steady,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DeterminedV1 {
    instant: InstantV1,
    sys: Option<i32>,
    dia: Option<i32>,
    map: Option<i32>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum InstantV1 {
    Device(i64),
    Ours(u64),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VitalV1<'a> {
    #[serde(borrow)]
    metric: Text<'a>,
    #[serde(borrow)]
    source: Text<'a>,
    #[serde(borrow)]
    device: Text<'a>,
    #[serde(borrow)]
    pub(super) line: Text<'a>,
    /// An average, so finer than the microseconds of everything else.
    period_ns: u64,
    valued: Option<u64>,
    back: Option<u64>,
    /// Value, since, until.
    run: Option<(i32, u64, u64)>,
    /// Reading, when measured, value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    lately: Vec<(u64, u64, i32)>,
    #[serde(borrow)]
    newest: KeptV1<'a>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptV1<'a> {
    id: u64,
    value: Option<i32>,
    #[serde(borrow)]
    absent: Option<Text<'a>>,
    raw: Option<i64>,
    questionable: bool,
    received: StampV1,
    lag_us: u64,
    source_time: Option<i64>,
    seq: Option<u32>,
    #[serde(borrow)]
    tag: Text<'a>,
    backlog: bool,
}

pub(super) const TAGS: [Tag; 3] = [Tag::Plain, Tag::Unusual, Tag::Derived];

pub(super) const fn tag_name(tag: Tag) -> &'static str {
    match tag {
        Tag::Plain => "plain",
        Tag::Unusual => "unusual",
        Tag::Derived => "derived",
    }
}

fn metric_of(name: &str) -> Result<Metric, RecordError> {
    Metric::by_name(name).ok_or_else(|| malformed("unknown metric"))
}

impl<'a> DeviceV1<'a> {
    pub(super) fn of(device: &'a Device, line: &'a str) -> Self {
        let on = |(code, since): &(StatusCode, MonoTime)| (code.name().into(), since.as_micros());
        Self {
            id: device.id.as_str().into(),
            line: line.into(),
            link: LinkStateV1::of(&device.link),
            clock: ClockV1::of(device.clock),
            determined: device.determined().iter().copied().map(DeterminedV1::of).collect(),
            last_systolic: device.last_systolic.map(|(sys, at)| (sys, at.as_micros())),
            statuses: device.statuses.iter().map(on).collect(),
            failed: device.failed.map(|it| (it.in_a_row, it.newest.as_micros())),
            inflation: InflationV1::of(device.inflation),
            implausible: device.implausible.iter().map(|it| it.info().name.into()).collect(),
        }
    }

    pub(super) fn into_domain(self, line: SourceIndex) -> Result<Device, RecordError> {
        let determined = self.determined.into_iter().map(DeterminedV1::into_domain).collect();
        let device = Device::new(DeviceId::try_new(&self.id)?, line, self.link.into_domain());
        let mut device = device.with_determined(determined);
        device.clock = self.clock.into_domain();
        device.last_systolic = self.last_systolic.map(|(sys, at)| (sys, MonoTime::from_micros(at)));
        for (code, since) in self.statuses {
            let code = by_name(StatusCode::ALL, StatusCode::name, &code)?;
            device.statuses.push((code, MonoTime::from_micros(since)));
        }
        device.failed = self.failed.map(|(in_a_row, newest)| CuffFailure {
            in_a_row,
            newest: MonoTime::from_micros(newest),
        });
        device.inflation = self.inflation.into_domain();
        for metric in self.implausible {
            device.implausible.push(metric_of(&metric)?);
        }
        Ok(device)
    }
}

impl ClockV1 {
    fn of(clock: DeviceClock) -> Self {
        let DeviceClock { seq, newest, offset, odd, steadiness, broke } = clock;
        Self {
            seq,
            newest: newest.map(WallTime::as_micros),
            offset,
            odd: odd.map(|(sent, offset)| (sent.as_micros(), offset)),
            steadiness: match steadiness {
                Steadiness::Unknown => SteadinessV1::Unknown,
                Steadiness::Since(sent, offset) => SteadinessV1::Since(sent.as_micros(), offset),
                Steadiness::Steady => SteadinessV1::Steady,
            },
            broke: broke.map(MonoTime::as_micros),
        }
    }

    fn into_domain(self) -> DeviceClock {
        let Self { seq, newest, offset, odd, steadiness, broke } = self;
        let sent_at = |(sent, offset)| (WallTime::from_micros(sent), offset);
        DeviceClock {
            seq,
            newest: newest.map(WallTime::from_micros),
            offset,
            odd: odd.map(sent_at),
            steadiness: match steadiness {
                SteadinessV1::Unknown => Steadiness::Unknown,
                SteadinessV1::Since(sent, offset) => {
                    Steadiness::Since(WallTime::from_micros(sent), offset)
                }
                SteadinessV1::Steady => Steadiness::Steady,
            },
            broke: broke.map(MonoTime::from_micros),
        }
    }
}

impl InflationV1 {
    const fn of(inflation: Inflation) -> Self {
        match inflation {
            Inflation::Untold => Self::Untold,
            Inflation::Inflating { since } => Self::Inflating(since.as_micros()),
            Inflation::Ended { began, ended } => Self::Ended(began.as_micros(), ended.as_micros()),
        }
    }

    const fn into_domain(self) -> Inflation {
        match self {
            Self::Untold => Inflation::Untold,
            Self::Inflating(since) => Inflation::Inflating { since: MonoTime::from_micros(since) },
            Self::Ended(began, ended) => Inflation::Ended {
                began: MonoTime::from_micros(began),
                ended: MonoTime::from_micros(ended),
            },
        }
    }
}

impl<'a> LinkStateV1<'a> {
    pub(super) fn of(link: &'a Link) -> Self {
        match link {
            Link::Opening { since } => Self::Opening((*since).into()),
            Link::Negotiating { since } => Self::Negotiating((*since).into()),
            Link::Online { since } => Self::Online((*since).into()),
            Link::Lost { since, why } => Self::Lost((*since).into(), (&**why).into()),
        }
    }

    pub(super) fn into_domain(self) -> Link {
        match self {
            Self::Opening(since) => Link::Opening { since: since.into() },
            Self::Negotiating(since) => Link::Negotiating { since: since.into() },
            Self::Online(since) => Link::Online { since: since.into() },
            Self::Lost(since, why) => Link::Lost { since: since.into(), why: why.into() },
        }
    }
}

impl DeterminedV1 {
    const fn of(determined: Determined) -> Self {
        let Determined { instant, figures: Figures { sys, dia, map } } = determined;
        Self { instant: InstantV1::of(instant), sys, dia, map }
    }

    const fn into_domain(self) -> Determined {
        let Self { instant, sys, dia, map } = self;
        Determined { instant: instant.into_domain(), figures: Figures { sys, dia, map } }
    }
}

impl InstantV1 {
    const fn of(instant: Instant) -> Self {
        match instant {
            Instant::Device(at) => Self::Device(at.as_micros()),
            Instant::Ours(at) => Self::Ours(at.as_micros()),
        }
    }

    const fn into_domain(self) -> Instant {
        match self {
            Self::Device(at) => Instant::Device(WallTime::from_micros(at)),
            Self::Ours(at) => Instant::Ours(MonoTime::from_micros(at)),
        }
    }
}

impl<'a> VitalV1<'a> {
    pub(super) fn of(vital: &'a Vital, line: &'a str) -> Self {
        let Vital { metric, source, device, line: _, newest, period, valued, back, run, lately } =
            vital;
        Self {
            metric: metric.info().name.into(),
            source: source.name().into(),
            device: device.as_str().into(),
            line: line.into(),
            period_ns: u64::try_from(period.as_nanos()).unwrap_or(u64::MAX),
            valued: valued.map(MonoTime::as_micros),
            back: back.map(MonoTime::as_micros),
            run: run.map(|it| (it.value.0, it.since.as_micros(), it.until.as_micros())),
            lately: lately.0.iter().map(|it| (it.id.0, it.at.as_micros(), it.value)).collect(),
            newest: KeptV1::of(newest),
        }
    }

    pub(super) fn into_domain(self, line: SourceIndex) -> Result<Vital, RecordError> {
        let point =
            |(id, at, value)| Point { id: ReadingId(id), at: MonoTime::from_micros(at), value };
        Ok(Vital {
            metric: metric_of(&self.metric)?,
            source: by_name(ValueSource::ALL, ValueSource::name, &self.source)?,
            device: DeviceId::try_new(&self.device)?,
            line,
            newest: self.newest.into_domain()?,
            period: Duration::from_nanos(self.period_ns),
            valued: self.valued.map(MonoTime::from_micros),
            back: self.back.map(MonoTime::from_micros),
            run: self.run.map(|(value, since, until)| Run {
                value: Quantity(value),
                since: MonoTime::from_micros(since),
                until: MonoTime::from_micros(until),
            }),
            lately: Lately(self.lately.into_iter().map(point).collect()),
        })
    }
}

impl KeptV1<'_> {
    fn of(kept: &Kept) -> Self {
        let Kept { id, value, validity, received, lag, source_time, seq, tag, late } = *kept;
        Self {
            id: id.0,
            value: value.ok().map(|quantity| quantity.0),
            absent: value.err().map(|absent| absent.name().into()),
            raw: value.err().and_then(Absent::raw),
            questionable: validity == Validity::Questionable,
            received: received.into(),
            lag_us: micros(lag),
            source_time: source_time.map(WallTime::as_micros),
            seq,
            tag: tag_name(tag).into(),
            backlog: late == Late::Backlog,
        }
    }

    fn into_domain(self) -> Result<Kept, RecordError> {
        let value = match (self.value, self.absent, self.raw) {
            (Some(value), None, None) => Ok(Quantity(value)),
            (None, Some(reason), raw) => Err(absent(&reason, raw)?),
            (None, None, _) | (Some(_), Some(_), _) | (Some(_), None, Some(_)) => {
                return Err(malformed("a reading is a value or a reason"));
            }
        };
        Ok(Kept {
            id: ReadingId(self.id),
            value,
            validity: if self.questionable { Validity::Questionable } else { Validity::Good },
            received: self.received.into(),
            lag: Duration::from_micros(self.lag_us),
            source_time: self.source_time.map(WallTime::from_micros),
            seq: self.seq,
            tag: by_name(TAGS, tag_name, &self.tag)?,
            late: if self.backlog { Late::Backlog } else { Late::OnTime },
        })
    }
}
