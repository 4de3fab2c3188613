//! What no preset and no person can change, compiled in from clinical 2.3: which metrics a family
//! judges, on which side, and between which rails its limits lie. Default delays are
//! `config::rails`'s.

use super::AlarmFamily;
use super::limit::Side;
use super::rule::Judged;
use crate::domain::act::LimitOf;
use crate::domain::metric::Metric;

/// Where the limits of one family and metric may lie, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rail {
    pub family: AlarmFamily,
    pub judged: Judged,
    /// A number, or a change from the baseline.
    pub of: LimitOf,
    pub side: Side,
    pub low: i32,
    pub high: i32,
}

const fn rail(family: AlarmFamily, judged: Judged, side: Side, (low, high): (i32, i32)) -> Rail {
    Rail { family, judged, of: LimitOf::Value, side, low, high }
}

const fn change(family: AlarmFamily, judged: Judged, side: Side, (low, high): (i32, i32)) -> Rail {
    Rail { family, judged, of: LimitOf::Change, side, low, high }
}

/// clinical 2.3, "rails of its limits"; arterial as the cuff's, as far as art_* is judged at all.
#[rustfmt::skip]
pub static RAILS: [Rail; 26] = {
    use AlarmFamily::{
        BpHigh, BpLow, Discharge, HrHigh, HrLow, PreDose, RespHigh, RespLow, Sedation, SpO2Low,
    };
    use Side::{Lower, Upper};
    [
        rail(BpHigh, Judged::Metric(Metric::NibpSys), Upper, (140, 220)),
        rail(BpHigh, Judged::Metric(Metric::NibpDia), Upper, (90, 130)),
        rail(BpHigh, Judged::Metric(Metric::ArtSys), Upper, (140, 220)),
        rail(BpHigh, Judged::Metric(Metric::ArtDia), Upper, (90, 130)),
        change(BpHigh, Judged::Metric(Metric::NibpSys), Upper, (15, 60)),
        change(BpHigh, Judged::Metric(Metric::NibpDia), Upper, (10, 40)),
        rail(BpLow, Judged::Metric(Metric::NibpSys), Lower, (60, 100)),
        rail(BpLow, Judged::Metric(Metric::NibpMap), Lower, (45, 75)),
        rail(BpLow, Judged::Metric(Metric::ArtSys), Lower, (60, 100)),
        rail(BpLow, Judged::Metric(Metric::ArtMap), Lower, (45, 75)),
        rail(HrHigh, Judged::HeartRate, Upper, (90, 180)),
        change(HrHigh, Judged::HeartRate, Upper, (15, 50)),
        rail(HrLow, Judged::HeartRate, Lower, (30, 60)),
        rail(SpO2Low, Judged::Metric(Metric::SpO2), Lower, (80, 95)),
        change(SpO2Low, Judged::Metric(Metric::SpO2), Lower, (2, 8)),
        rail(RespLow, Judged::Metric(Metric::RespRate), Lower, (4, 12)),
        rail(RespHigh, Judged::Metric(Metric::RespRate), Upper, (20, 40)),
        rail(Sedation, Judged::Metric(Metric::Moaas), Lower, (1, 4)),
        rail(PreDose, Judged::Metric(Metric::NibpSys), Upper, (120, 180)),
        rail(PreDose, Judged::Metric(Metric::NibpDia), Upper, (70, 110)),
        rail(Discharge, Judged::Metric(Metric::NibpSys), Upper, (120, 180)),
        rail(Discharge, Judged::Metric(Metric::NibpDia), Upper, (70, 110)),
        change(Discharge, Judged::Metric(Metric::NibpSys), Upper, (15, 60)),
        change(Discharge, Judged::Metric(Metric::NibpDia), Upper, (10, 40)),
        change(PreDose, Judged::Metric(Metric::NibpSys), Upper, (15, 60)),
        change(PreDose, Judged::Metric(Metric::NibpDia), Upper, (10, 40)),
    ]
};

/// Families whose rules a preset may hold, in the order in which people read them; the gates are
/// apart.
pub const FAMILIES: [AlarmFamily; 8] = [
    AlarmFamily::BpHigh,
    AlarmFamily::BpLow,
    AlarmFamily::HrHigh,
    AlarmFamily::HrLow,
    AlarmFamily::SpO2Low,
    AlarmFamily::RespLow,
    AlarmFamily::RespHigh,
    AlarmFamily::Sedation,
];

impl Rail {
    /// The rail of a family's limits on `judged`; `None`: the family has no such limit.
    #[must_use]
    pub fn of(family: AlarmFamily, judged: Judged, of: LimitOf) -> Option<&'static Self> {
        RAILS.iter().find(|rail| rail.family == family && rail.judged == judged && rail.of == of)
    }

    #[must_use]
    pub fn holds(&self, limit: i32) -> bool {
        (self.low..=self.high).contains(&limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rails as clinical 2.3 lists them, written again by hand.
    #[test]
    fn the_compiled_rails_are_those_of_the_default_table() {
        use AlarmFamily::{
            BpHigh, BpLow, Discharge, HrHigh, HrLow, PreDose, RespHigh, RespLow, Sedation, SpO2Low,
        };
        use LimitOf::{Change, Value};
        let of = Judged::Metric;
        let table = [
            (BpHigh, of(Metric::NibpSys), Value, 140, 220),
            (BpHigh, of(Metric::NibpDia), Value, 90, 130),
            (BpHigh, of(Metric::ArtSys), Value, 140, 220),
            (BpHigh, of(Metric::ArtDia), Value, 90, 130),
            (BpHigh, of(Metric::NibpSys), Change, 15, 60),
            (BpHigh, of(Metric::NibpDia), Change, 10, 40),
            (BpLow, of(Metric::NibpSys), Value, 60, 100),
            (BpLow, of(Metric::NibpMap), Value, 45, 75),
            (BpLow, of(Metric::ArtSys), Value, 60, 100),
            (BpLow, of(Metric::ArtMap), Value, 45, 75),
            (HrHigh, Judged::HeartRate, Value, 90, 180),
            (HrHigh, Judged::HeartRate, Change, 15, 50),
            (HrLow, Judged::HeartRate, Value, 30, 60),
            (SpO2Low, of(Metric::SpO2), Value, 80, 95),
            (SpO2Low, of(Metric::SpO2), Change, 2, 8),
            (RespLow, of(Metric::RespRate), Value, 4, 12),
            (RespHigh, of(Metric::RespRate), Value, 20, 40),
            (Sedation, of(Metric::Moaas), Value, 1, 4),
            (PreDose, of(Metric::NibpSys), Value, 120, 180),
            (PreDose, of(Metric::NibpDia), Value, 70, 110),
            (PreDose, of(Metric::NibpSys), Change, 15, 60),
            (PreDose, of(Metric::NibpDia), Change, 10, 40),
            (Discharge, of(Metric::NibpSys), Value, 120, 180),
            (Discharge, of(Metric::NibpDia), Value, 70, 110),
            (Discharge, of(Metric::NibpSys), Change, 15, 60),
            (Discharge, of(Metric::NibpDia), Change, 10, 40),
        ];
        assert_eq!(table.len(), RAILS.len());
        let lower = [BpLow, HrLow, SpO2Low, RespLow, Sedation];
        for (family, judged, of, low, high) in table {
            let rail = Rail::of(family, judged, of).expect("the table has it");
            assert_eq!((rail.low, rail.high), (low, high), "{family:?} {judged:?} {of:?}");
            let side = if lower.contains(&family) { Side::Lower } else { Side::Upper };
            assert_eq!(rail.side, side, "{family:?} {judged:?} {of:?}");
            assert!(rail.holds(low) && rail.holds(high));
            assert!(!rail.holds(low - 1) && !rail.holds(high + 1));
        }
        assert_eq!(Rail::of(BpHigh, of(Metric::SpO2), Value), None);
        assert_eq!(Rail::of(RespLow, of(Metric::RespRate), Change), None);
    }
}
