//! The words of a recording as CSV (contract 2): what `replay` reads and what an export writes.

use super::metric::Metric;
use super::reading::ValueSource;

/// The header; `,quality` may follow.
pub const HEADER: &str = "time_s,signal,value,unit";

/// The unit of contract 2's recordings.
#[must_use]
pub const fn unit_of(metric: Metric) -> &'static str {
    match metric {
        Metric::NibpSys
        | Metric::NibpDia
        | Metric::NibpMap
        | Metric::ArtSys
        | Metric::ArtDia
        | Metric::ArtMap
        | Metric::CuffPressure => "mmHg",
        Metric::HeartRate | Metric::PulseRate => "bpm",
        Metric::RespRate => "rpm",
        Metric::SpO2 | Metric::PerfusionIndex => "%",
        Metric::Temp => "Cel",
        Metric::Moaas => "{score}",
    }
}

/// Where a metric of a recording was measured: the columns have no word for it.
#[must_use]
pub const fn source_of(metric: Metric) -> ValueSource {
    match metric {
        Metric::NibpSys | Metric::NibpDia | Metric::NibpMap | Metric::CuffPressure => {
            ValueSource::Nibp
        }
        Metric::ArtSys | Metric::ArtDia | Metric::ArtMap => ValueSource::Art,
        Metric::SpO2 | Metric::PulseRate | Metric::PerfusionIndex => ValueSource::Pleth,
        Metric::HeartRate | Metric::RespRate | Metric::Temp => ValueSource::Ecg,
        Metric::Moaas => ValueSource::Manual,
    }
}
