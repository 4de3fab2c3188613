//! One observation of `vitals-json` into readings: the table of `vitals-json` 1.
//!
//! Converted first, then rounded, then checked per value; a value that can't be used becomes absent
//! with its reason and the others stand. Types are judged only under a `sig` that we know.

use serde::de::MapAccess;

use super::document::{Context, Object, Value};
use super::message::wall_time;
use crate::domain::device::{OF_THE_MONITOR, Reject};
use crate::domain::metric::Metric;
use crate::domain::reading::{
    Absent, Measured, Origin, Quantity, Reading, Validity, ValueSource, check_pair,
    plausible_decimal,
};

/// mmHg in one kPa (`vitals-json` 1).
const MMHG_PER_KPA: f64 = 7.500_616_827;

/// An observation as it stands in the message.
#[derive(Debug, Default)]
pub(super) struct Obs<'de> {
    sig: Value<'de>,
    val: Value<'de>,
    sys: Value<'de>,
    dia: Value<'de>,
    map: Value<'de>,
    pr: Value<'de>,
    unit: Value<'de>,
    src: Value<'de>,
    at: Value<'de>,
    q: Value<'de>,
}

#[derive(Clone, Copy)]
pub(super) enum ObsKey {
    Sig,
    Val,
    Sys,
    Dia,
    Map,
    Pr,
    Unit,
    Src,
    At,
    Q,
}

impl<'de> Object<'de> for Obs<'de> {
    type Key = ObsKey;
    const KEYS: &'static [(&'static str, ObsKey)] = &[
        ("sig", ObsKey::Sig),
        ("val", ObsKey::Val),
        ("sys", ObsKey::Sys),
        ("dia", ObsKey::Dia),
        ("map", ObsKey::Map),
        ("pr", ObsKey::Pr),
        ("unit", ObsKey::Unit),
        ("src", ObsKey::Src),
        ("at", ObsKey::At),
        ("q", ObsKey::Q),
    ];

    fn take<A: MapAccess<'de>>(
        &mut self,
        key: ObsKey,
        map: &mut A,
        context: &Context,
    ) -> Result<(), A::Error> {
        let field = match key {
            ObsKey::Sig => &mut self.sig,
            ObsKey::Val => &mut self.val,
            ObsKey::Sys => &mut self.sys,
            ObsKey::Dia => &mut self.dia,
            ObsKey::Map => &mut self.map,
            ObsKey::Pr => &mut self.pr,
            ObsKey::Unit => &mut self.unit,
            ObsKey::Src => &mut self.src,
            ObsKey::At => &mut self.at,
            ObsKey::Q => &mut self.q,
        };
        *field = context.value(map)?;
        Ok(())
    }
}

/// What a `sig` gives.
enum Signal {
    /// `sys`, `dia` and `map`, and the pulse of a cuff.
    Pressures([Metric; 3], ValueSource),
    /// `val`.
    Single(Metric, ValueSource),
}

/// How a figure turns into the metric's unit.
#[derive(Clone, Copy)]
enum Unit {
    Same,
    Kilopascal,
    Fahrenheit,
}

/// What an observation says of all its values.
struct Common {
    /// Why none of them can be used.
    spoilt: Option<Absent>,
    unit: Unit,
    validity: Validity,
    origin: Origin,
    measured: Measured,
}

impl Obs<'_> {
    /// Appends the readings of this observation; one without `at` stays dated at receipt.
    pub(super) fn append_to(self, out: &mut Vec<Reading>, context: &Context) -> Result<(), Reject> {
        let Some(signal) = self.signal()? else {
            context.count_unknown();
            return Ok(());
        };
        match signal {
            Signal::Single(metric, source) => {
                let common = self.common(metric)?;
                out.push(common.reading(metric, source, &self.val)?);
            }
            Signal::Pressures(metrics, source) => {
                let [sys, dia, map] = metrics;
                let common = self.common(sys)?;
                let first = out.len();
                out.push(common.reading(sys, source, &self.sys)?);
                out.push(common.reading(dia, source, &self.dia)?);
                out.push(common.reading(map, source, &self.map)?);
                check_pair(&mut out[first..], sys, dia);
                // A cuff that never sends a pulse has none to miss.
                if source == ValueSource::Nibp && self.pr != Value::Absent {
                    let pulse = Common { unit: Unit::Same, ..common };
                    out.push(pulse.reading(Metric::PulseRate, source, &self.pr)?);
                }
            }
        }
        Ok(())
    }

    /// The table's row of `sig`, or `None` when we do not know it.
    fn signal(&self) -> Result<Option<Signal>, Reject> {
        use Metric::{ArtDia, ArtMap, ArtSys, NibpDia, NibpMap, NibpSys};
        let single =
            |metric, default| Ok(Signal::Single(metric, self.source()?.unwrap_or(default)));
        let signal = match self.sig.text()?.ok_or(Reject::Schema)? {
            "nibp" => Ok(Signal::Pressures([NibpSys, NibpDia, NibpMap], ValueSource::Nibp)),
            "ibp" => Ok(Signal::Pressures([ArtSys, ArtDia, ArtMap], ValueSource::Art)),
            "hr" => match self.source()? {
                None | Some(ValueSource::Ecg) => {
                    Ok(Signal::Single(Metric::HeartRate, ValueSource::Ecg))
                }
                Some(source) => Ok(Signal::Single(Metric::PulseRate, source)),
            },
            "pr" => single(Metric::PulseRate, ValueSource::Pleth),
            "spo2" => single(Metric::SpO2, ValueSource::Pleth),
            "pi" => single(Metric::PerfusionIndex, ValueSource::Pleth),
            "rr" => single(Metric::RespRate, OF_THE_MONITOR),
            "temp" => single(Metric::Temp, OF_THE_MONITOR),
            "cuff" => single(Metric::CuffPressure, ValueSource::Nibp),
            _ => return Ok(None),
        };
        signal.map(Some)
    }

    fn source(&self) -> Result<Option<ValueSource>, Reject> {
        match self.src.text()? {
            None => Ok(None),
            Some("ecg") => Ok(Some(ValueSource::Ecg)),
            Some("pleth") => Ok(Some(ValueSource::Pleth)),
            Some("nibp") => Ok(Some(ValueSource::Nibp)),
            Some("art") => Ok(Some(ValueSource::Art)),
            Some(_) => Err(Reject::Schema),
        }
    }

    fn common(&self, metric: Metric) -> Result<Common, Reject> {
        let unit = unit_of(metric, self.unit.text()?);
        let (quality, validity, origin) = match self.q.text()? {
            None | Some("ok") => (None, Validity::Good, Origin::Patient),
            Some("questionable") => (None, Validity::Questionable, Origin::Patient),
            Some("simulated") => (None, Validity::Good, Origin::Simulated),
            Some("invalid") => (Some(Absent::Invalid), Validity::Good, Origin::Patient),
            Some("stale") => (Some(Absent::Stale), Validity::Good, Origin::Patient),
            Some(_) => return Err(Reject::Schema),
        };
        let measured = match self.at.text()? {
            Some(at) => Measured::DeviceClock(wall_time(at)?),
            None => Measured::AtReceipt,
        };
        let spoilt = match unit {
            Some(_) => quality,
            None => quality.or(Some(Absent::Unit)),
        };
        Ok(Common { spoilt, unit: unit.unwrap_or(Unit::Same), validity, origin, measured })
    }
}

impl Common {
    fn reading(
        &self,
        metric: Metric,
        source: ValueSource,
        value: &Value<'_>,
    ) -> Result<Reading, Reject> {
        Ok(Reading {
            metric,
            value: self.quantity(metric, value.number()?),
            source,
            validity: self.validity,
            measured: self.measured,
            origin: self.origin,
        })
    }

    fn quantity(&self, metric: Metric, figure: Option<f64>) -> Result<Quantity, Absent> {
        match (figure, self.spoilt) {
            (None, _) => Err(Absent::Unavailable),
            (Some(_), Some(reason)) => Err(reason),
            (Some(figure), None) => plausible_decimal(metric, self.unit.convert(figure)),
        }
    }
}

impl Unit {
    fn convert(self, figure: f64) -> f64 {
        match self {
            Self::Same => figure,
            Self::Kilopascal => figure * MMHG_PER_KPA,
            Self::Fahrenheit => (figure - 32.0) * 5.0 / 9.0,
        }
    }
}

/// A unit that the table gives for the metric; no unit is none of them.
fn unit_of(metric: Metric, name: Option<&str>) -> Option<Unit> {
    match metric {
        Metric::NibpSys
        | Metric::NibpDia
        | Metric::NibpMap
        | Metric::ArtSys
        | Metric::ArtDia
        | Metric::ArtMap
        | Metric::CuffPressure => match name? {
            "mmHg" => Some(Unit::Same),
            "kPa" => Some(Unit::Kilopascal),
            _ => None,
        },
        Metric::HeartRate | Metric::PulseRate | Metric::RespRate => {
            (name? == "/min").then_some(Unit::Same)
        }
        Metric::SpO2 | Metric::PerfusionIndex => (name? == "%").then_some(Unit::Same),
        Metric::Temp => match name? {
            "Cel" => Some(Unit::Same),
            "degF" => Some(Unit::Fahrenheit),
            _ => None,
        },
        // A person's score, never a device's.
        Metric::Moaas => None,
    }
}
