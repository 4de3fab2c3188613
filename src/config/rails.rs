//! What of clinical 2.3 and alarms 14 a preset is held against beside the domain's rails: the rules
//! of the default table, so that one left out is named, and the delays where a rule gives none.

use std::time::Duration;

use crate::domain::alarm::Priority;
use crate::domain::alarm::rule::{Judged, RequiredSignal};
use crate::domain::metric::Metric;

/// The default table of clinical 2.3.
pub(super) const DEFAULT_RULES: [(&str, &str); 22] = [
    ("bp-high", "B1"),
    ("bp-high", "B2"),
    ("bp-high", "B3"),
    ("bp-high", "B4"),
    ("bp-high", "B5"),
    ("bp-low", "B9"),
    ("bp-low", "B10"),
    ("hr-high", "H1"),
    ("hr-high", "H2"),
    ("hr-high", "H3"),
    ("hr-low", "H4"),
    ("hr-low", "H5"),
    ("spo2-low", "O1"),
    ("spo2-low", "O2"),
    ("spo2-low", "O3"),
    ("resp-low", "R1"),
    ("resp-low", "R2"),
    ("resp-high", "R2"),
    ("sedation", "SED1"),
    ("pre-dose", "B7"),
    ("pre-dose", "B8"),
    ("discharge", "B6"),
];

/// Which required signal a judged value belongs to; an arterial line stands in for no cuff.
pub(super) const fn signal_of(judged: Judged) -> Option<RequiredSignal> {
    match judged {
        Judged::HeartRate => Some(RequiredSignal::HeartRate),
        Judged::Metric(metric) => match metric {
            Metric::NibpSys | Metric::NibpDia | Metric::NibpMap => Some(RequiredSignal::Nibp),
            Metric::HeartRate | Metric::PulseRate => Some(RequiredSignal::HeartRate),
            Metric::SpO2 => Some(RequiredSignal::SpO2),
            Metric::RespRate => Some(RequiredSignal::Resp),
            Metric::ArtSys
            | Metric::ArtDia
            | Metric::ArtMap
            | Metric::Temp
            | Metric::CuffPressure
            | Metric::PerfusionIndex
            | Metric::Moaas => None,
        },
    }
}

/// Whether a value comes as single determinations of a cuff (alarms 14).
pub(super) fn is_cuff(judged: Judged) -> bool {
    signal_of(judged) == Some(RequiredSignal::Nibp)
}

/// Td where a rule gives neither `confirm` nor `persist_s` (alarms 14, default timings).
pub(super) const fn default_delay(judged: Judged, priority: Priority) -> Duration {
    let seconds = match judged {
        Judged::HeartRate => 3,
        Judged::Metric(metric) => match metric {
            // A determination, or a score that a person enters: at once.
            Metric::NibpSys | Metric::NibpDia | Metric::NibpMap | Metric::Moaas => 0,
            Metric::HeartRate | Metric::PulseRate => 3,
            // 10 s, crisis 5 s.
            Metric::SpO2 => match priority {
                Priority::High => 5,
                Priority::Medium | Priority::Low => 10,
            },
            Metric::RespRate
            | Metric::ArtSys
            | Metric::ArtDia
            | Metric::ArtMap
            | Metric::Temp
            | Metric::CuffPressure
            | Metric::PerfusionIndex => 10,
        },
    };
    Duration::from_secs(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn default_delays_are_those_of_the_timing_table() {
        let spo2 = Judged::Metric(Metric::SpO2);
        let table = [
            (Judged::HeartRate, Priority::High, 3),
            (Judged::HeartRate, Priority::Medium, 3),
            (spo2, Priority::High, 5),
            (spo2, Priority::Medium, 10),
            (Judged::Metric(Metric::RespRate), Priority::High, 10),
            (Judged::Metric(Metric::NibpSys), Priority::High, 0),
        ];
        for (judged, priority, seconds) in table {
            let delay = default_delay(judged, priority);
            assert_eq!(delay, Duration::from_secs(seconds), "{judged:?} {priority:?}");
        }
    }
}
