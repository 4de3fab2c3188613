//! A reading: one value of one metric, or the reason why there is none. Never a sentinel number.
//!
//! Plausibility is judged per value (`vitals-json` 1.1): a value outside its band becomes absent
//! with `Absent::Range` and keeps its raw figure; the other values of the message stand.

use super::metric::Metric;
use super::time::WallTime;

/// A whole number in the metric's resolution (1 `mm[Hg]`, 1 /min, 1 %, 0.1 Cel, 0.01 % for the
/// perfusion index): compared exactly, never NaN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity(pub i32);

/// Why a reading has no value; the wire's word is `Absent::name` (contract 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Absent {
    /// Outside the plausible band; the raw figure in the metric's resolution, saturated.
    Range { raw: i64 },
    /// Systolic not above diastolic: the pair is invalid.
    Pair { raw: i64 },
    /// A unit that we do not know.
    Unit,
    /// The device says that it has no value (dashes, null, sentinel).
    Unavailable,
    /// The device marks the value invalid.
    Invalid,
    /// The device marks the value stale.
    Stale,
}

/// Where a value was measured; ranks sources for the heart rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ValueSource {
    Ecg,
    Pleth,
    Nibp,
    Art,
    /// Taken by hand and entered by a person.
    Manual,
}

/// How far the device trusts its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Validity {
    Good,
    /// May raise an alarm, never clears one (alarms 14).
    Questionable,
}

/// When the value was measured, as far as the frame tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Measured {
    /// The source carries no time: dated at receipt.
    AtReceipt,
    /// The device's own clock, right or wrong.
    DeviceClock(WallTime),
    /// So many whole seconds before receipt.
    SecondsAgo(u32),
}

/// Whether the value comes from a patient or from a simulator; marked wherever it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    Patient,
    Simulated,
}

/// One value of one metric as decoded, or the reason why there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    pub metric: Metric,
    pub value: Result<Quantity, Absent>,
    pub source: ValueSource,
    pub validity: Validity,
    pub measured: Measured,
    pub origin: Origin,
}

impl Origin {
    /// Simulated as soon as one of both is.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Patient, Self::Patient) => Self::Patient,
            (Self::Simulated, _) | (_, Self::Simulated) => Self::Simulated,
        }
    }
}

impl Absent {
    /// The wire's word (contract 2, `decode`).
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Range { .. } => "range",
            Self::Pair { .. } => "pair",
            Self::Unit => "unit",
            Self::Unavailable => "unavailable",
            Self::Invalid => "invalid",
            Self::Stale => "stale",
        }
    }

    /// The figure that was refused, in the metric's resolution.
    #[must_use]
    pub const fn raw(self) -> Option<i64> {
        match self {
            Self::Range { raw } | Self::Pair { raw } => Some(raw),
            Self::Unit | Self::Unavailable | Self::Invalid | Self::Stale => None,
        }
    }
}

impl ValueSource {
    pub const ALL: [Self; 5] = [Self::Ecg, Self::Pleth, Self::Nibp, Self::Art, Self::Manual];

    /// The wire's word (contract 5).
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ecg => "ecg",
            Self::Pleth => "pleth",
            Self::Nibp => "nibp",
            Self::Art => "art",
            Self::Manual => "manual",
        }
    }
}

impl Reading {
    /// A good reading of a patient, dated at receipt.
    #[must_use]
    pub const fn new(metric: Metric, value: Result<Quantity, Absent>, source: ValueSource) -> Self {
        Self {
            metric,
            value,
            source,
            validity: Validity::Good,
            measured: Measured::AtReceipt,
            origin: Origin::Patient,
        }
    }
}

/// A whole figure in the metric's resolution, checked against its valid band.
///
/// # Errors
/// `Absent::Range` with the raw figure when it lies outside.
pub fn plausible(metric: Metric, raw: i64) -> Result<Quantity, Absent> {
    match i32::try_from(raw) {
        Ok(value) if metric.valid_band().contains(&value) => Ok(Quantity(value)),
        Ok(_) | Err(_) => Err(Absent::Range { raw }),
    }
}

/// A decimal figure rounded half away from zero to the metric's resolution, then checked
/// (`vitals-json` 1: converted first, then rounded, then checked).
///
/// # Errors
/// `Absent::Range` when it lies outside the valid band; `Absent::Invalid` when it is not finite.
pub fn plausible_decimal(metric: Metric, figure: f64) -> Result<Quantity, Absent> {
    if !figure.is_finite() {
        return Err(Absent::Invalid);
    }
    let scaled = figure * 10_f64.powi(i32::from(metric.info().decimals));
    // `f64::round` rounds half away from zero; the cast saturates.
    #[expect(clippy::cast_possible_truncation, reason = "saturating is what a raw figure wants")]
    let raw = scaled.round() as i64;
    plausible(metric, raw)
}

/// Makes a cuff's or a line's pressure pair invalid when systolic is not above diastolic
/// (`vitals-json` 1.1); the mean and every other value stand.
pub fn check_pair(readings: &mut [Reading], sys: Metric, dia: Metric) {
    let value_of = |metric| {
        readings.iter().find(|r| r.metric == metric).and_then(|r| r.value.ok()).map(|q| q.0)
    };
    let (Some(high), Some(low)) = (value_of(sys), value_of(dia)) else { return };
    if high > low {
        return;
    }
    for reading in readings.iter_mut().filter(|r| r.metric == sys || r.metric == dia) {
        if let Ok(Quantity(raw)) = reading.value {
            reading.value = Err(Absent::Pair { raw: i64::from(raw) });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_round_half_away_from_zero_before_they_are_checked() {
        let table = [
            (Metric::HeartRate, 72.5, Ok(Quantity(73))),
            (Metric::SpO2, 96.49, Ok(Quantity(96))),
            (Metric::SpO2, 100.4, Ok(Quantity(100))),
            (Metric::SpO2, 100.5, Err(Absent::Range { raw: 101 })),
            (Metric::RespRate, -0.4, Ok(Quantity(0))),
            (Metric::Temp, 37.25, Ok(Quantity(373))),
            (Metric::Temp, f64::NAN, Err(Absent::Invalid)),
            (Metric::NibpSys, 1e300, Err(Absent::Range { raw: i64::MAX })),
        ];
        for (metric, figure, expected) in table {
            assert_eq!(plausible_decimal(metric, figure), expected, "{metric:?} {figure}");
        }
    }

    #[test]
    fn a_systolic_not_above_its_diastolic_makes_only_that_pair_invalid() {
        let value = |metric, v| Reading::new(metric, Ok(Quantity(v)), ValueSource::Nibp);
        for (sys, dia, valid) in
            [(120, 80, true), (81, 80, true), (80, 80, false), (80, 120, false)]
        {
            let mut readings = [
                value(Metric::NibpSys, sys),
                value(Metric::NibpDia, dia),
                value(Metric::NibpMap, 90),
            ];
            check_pair(&mut readings, Metric::NibpSys, Metric::NibpDia);
            assert_eq!(readings[0].value.is_ok(), valid);
            assert_eq!(readings[1].value.is_ok(), valid);
            assert_eq!(readings[2].value, Ok(Quantity(90)));
        }
    }
}
