//! What no preset can change, compiled in from clinical 2.3: which metrics a family judges, on
//! which side, between which rails its limits lie; the default delays of alarms 14; the rules of
//! the default table, so that one left out is named.

use std::time::Duration;

use crate::domain::alarm::rule::{Judged, RequiredSignal};
use crate::domain::alarm::{AlarmFamily, Priority};
use crate::domain::metric::Metric;

/// Which side of a limit violates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// At or above: clears at limit - h.
    Upper,
    /// At or below: clears at limit + h.
    Lower,
}

/// Where the limits of one family and metric may lie, both ends included.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rail {
    pub(super) family: AlarmFamily,
    pub(super) judged: Judged,
    pub(super) side: Side,
    pub(super) low: i32,
    pub(super) high: i32,
}

const fn rail(family: AlarmFamily, judged: Judged, side: Side, (low, high): (i32, i32)) -> Rail {
    Rail { family, judged, side, low, high }
}

/// clinical 2.3, "rails of its limits"; arterial as the cuff's, as far as art_* is judged at all.
#[rustfmt::skip]
pub(super) static RAILS: [Rail; 13] = {
    use AlarmFamily::{BpHigh, BpLow, HrHigh, HrLow, RespHigh, RespLow, SpO2Low};
    use Side::{Lower, Upper};
    [
        rail(BpHigh, Judged::Metric(Metric::NibpSys), Upper, (140, 220)),
        rail(BpHigh, Judged::Metric(Metric::NibpDia), Upper, (90, 130)),
        rail(BpHigh, Judged::Metric(Metric::ArtSys), Upper, (140, 220)),
        rail(BpHigh, Judged::Metric(Metric::ArtDia), Upper, (90, 130)),
        rail(BpLow, Judged::Metric(Metric::NibpSys), Lower, (60, 100)),
        rail(BpLow, Judged::Metric(Metric::NibpMap), Lower, (45, 75)),
        rail(BpLow, Judged::Metric(Metric::ArtSys), Lower, (60, 100)),
        rail(BpLow, Judged::Metric(Metric::ArtMap), Lower, (45, 75)),
        rail(HrHigh, Judged::HeartRate, Upper, (90, 180)),
        rail(HrLow, Judged::HeartRate, Lower, (30, 60)),
        rail(SpO2Low, Judged::Metric(Metric::SpO2), Lower, (80, 95)),
        rail(RespLow, Judged::Metric(Metric::RespRate), Lower, (4, 12)),
        rail(RespHigh, Judged::Metric(Metric::RespRate), Upper, (20, 40)),
    ]
};

/// Families whose rules a preset may hold, in the order in which people read them.
pub(super) const FAMILIES: [AlarmFamily; 7] = [
    AlarmFamily::BpHigh,
    AlarmFamily::BpLow,
    AlarmFamily::HrHigh,
    AlarmFamily::HrLow,
    AlarmFamily::SpO2Low,
    AlarmFamily::RespLow,
    AlarmFamily::RespHigh,
];

/// The default table of clinical 2.3, but for the gates.
pub(super) const DEFAULT_RULES: [(&str, &str); 19] = [
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
];

/// The rail of a family's limit on `judged`; `None`: the family does not judge it.
pub(super) fn rail_of(family: AlarmFamily, judged: Judged) -> Option<&'static Rail> {
    RAILS.iter().find(|rail| rail.family == family && rail.judged == judged)
}

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
            | Metric::PerfusionIndex => None,
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
            Metric::NibpSys | Metric::NibpDia | Metric::NibpMap => 0,
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

    /// The rails as clinical 2.3 lists them, written again by hand.
    #[test]
    fn the_compiled_rails_are_those_of_the_default_table() {
        let table = [
            (AlarmFamily::BpHigh, Metric::NibpSys, 140, 220),
            (AlarmFamily::BpHigh, Metric::NibpDia, 90, 130),
            (AlarmFamily::BpLow, Metric::NibpSys, 60, 100),
            (AlarmFamily::BpLow, Metric::NibpMap, 45, 75),
            (AlarmFamily::SpO2Low, Metric::SpO2, 80, 95),
            (AlarmFamily::RespLow, Metric::RespRate, 4, 12),
            (AlarmFamily::RespHigh, Metric::RespRate, 20, 40),
        ];
        for (family, metric, low, high) in table {
            let rail = rail_of(family, Judged::Metric(metric)).expect("the table has it");
            assert_eq!((rail.low, rail.high), (low, high), "{family:?} {metric:?}");
        }
        let high = rail_of(AlarmFamily::HrHigh, Judged::HeartRate).expect("the table has it");
        let low = rail_of(AlarmFamily::HrLow, Judged::HeartRate).expect("the table has it");
        assert_eq!((high.low, high.high, low.low, low.high), (90, 180, 30, 60));
        assert!(rail_of(AlarmFamily::BpHigh, Judged::Metric(Metric::SpO2)).is_none());
    }

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
