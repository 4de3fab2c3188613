//! The one table of metrics: wire name, nomenclature codes, unit, resolution, plausible range.
//!
//! Codes are those of IEEE 11073-10101 and LOINC as restated in `clinical` 6; the ranges are
//! `vitals-json` 1.1. Every decoder, rule and screen reads this table; none has numbers of its own.

use std::ops::RangeInclusive;

/// A measured quantity. Pulse (oximeter or cuff) and heart rate (ECG) are never merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Metric {
    /// Systolic, non-invasive cuff.
    NibpSys,
    /// Diastolic, non-invasive cuff.
    NibpDia,
    /// Mean, non-invasive cuff.
    NibpMap,
    /// Systolic, arterial line.
    ArtSys,
    /// Diastolic, arterial line.
    ArtDia,
    /// Mean, arterial line.
    ArtMap,
    /// Heart rate from the ECG.
    HeartRate,
    /// Pulse rate from an oximeter, a cuff or an arterial line; the reading's source says which.
    PulseRate,
    /// Oxygen saturation by pulse oximetry.
    SpO2,
    /// Respiration rate; 0 from a device that calls it good is apnoea.
    RespRate,
    /// Body temperature.
    Temp,
    /// Live pressure in the cuff: shown, never judged.
    CuffPressure,
    /// Perfusion index: shown, never judged.
    PerfusionIndex,
    /// Sedation score (MOAA/S, 5 is awake), entered by a person; no device's reading.
    Moaas,
}

/// What the table says of a metric.
#[derive(Clone, Copy, Debug)]
pub struct MetricInfo {
    /// Name on the wire and in presets (contract 5).
    pub name: &'static str,
    /// What a person reads.
    pub label: &'static str,
    /// IEEE 11073-10101 code, `partition << 16 | term`; `None` where clinical 6 lists none.
    pub mdc: Option<u32>,
    /// LOINC code; `None` where clinical 6 lists none.
    pub loinc: Option<&'static str>,
    /// UCUM unit, as on the wire.
    pub ucum: &'static str,
    /// The unit as a person writes it.
    pub unit_label: &'static str,
    /// Decimals of the resolution: 0 means whole units, 1 tenths, 2 hundredths.
    pub decimals: u8,
    /// Valid band in the metric's resolution; `None`: any value.
    pub valid: Option<(i32, i32)>,
    /// Inside this band a value is usual; outside (but valid) it is tagged "verify".
    pub usual: Option<(i32, i32)>,
}

impl Metric {
    /// All of them, in the table's order.
    pub const ALL: [Self; 14] = [
        Self::NibpSys,
        Self::NibpDia,
        Self::NibpMap,
        Self::ArtSys,
        Self::ArtDia,
        Self::ArtMap,
        Self::HeartRate,
        Self::PulseRate,
        Self::SpO2,
        Self::RespRate,
        Self::Temp,
        Self::CuffPressure,
        Self::PerfusionIndex,
        Self::Moaas,
    ];

    #[must_use]
    pub const fn info(self) -> &'static MetricInfo {
        &TABLE[self as usize]
    }

    /// The metric of a wire name, or `None`.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|metric| metric.info().name == name)
    }

    /// Values that must lie inside, in the metric's resolution.
    #[must_use]
    pub const fn valid_band(self) -> RangeInclusive<i32> {
        match self.info().valid {
            Some((low, high)) => low..=high,
            None => i32::MIN..=i32::MAX,
        }
    }

    /// Whether a value inside the valid band is unusual: judged all the same, tagged "verify".
    #[must_use]
    pub const fn is_unusual(self, value: i32) -> bool {
        match self.info().usual {
            Some((low, high)) => value < low || value > high,
            None => false,
        }
    }
}

const fn row(
    name: &'static str,
    label: &'static str,
    codes: (Option<u32>, Option<&'static str>),
    unit: (&'static str, &'static str, u8),
    valid: Option<(i32, i32)>,
    usual: Option<(i32, i32)>,
) -> MetricInfo {
    let (mdc, loinc) = codes;
    let (ucum, unit_label, decimals) = unit;
    MetricInfo { name, label, mdc, loinc, ucum, unit_label, decimals, valid, usual }
}

const MMHG: (&str, &str, u8) = ("mm[Hg]", "mmHg", 0);
const PER_MIN: (&str, &str, u8) = ("/min", "/min", 0);

// Codes: clinical 6. Arterial 150033..35: clinical 6 ("150033-35 = arterial line").
static TABLE: [MetricInfo; 14] = [
    row(
        "nibp_sys",
        "Systolic",
        (Some(150_021), Some("8480-6")),
        MMHG,
        Some((20, 300)),
        Some((60, 250)),
    ),
    row("nibp_dia", "Diastolic", (Some(150_022), Some("8462-4")), MMHG, Some((10, 250)), None),
    row("nibp_map", "MAP", (Some(150_023), Some("8478-0")), MMHG, Some((15, 280)), None),
    row(
        "art_sys",
        "Arterial systolic",
        (Some(150_033), None),
        MMHG,
        Some((20, 300)),
        Some((60, 250)),
    ),
    row("art_dia", "Arterial diastolic", (Some(150_034), None), MMHG, Some((10, 250)), None),
    row("art_map", "Arterial MAP", (Some(150_035), None), MMHG, Some((15, 280)), None),
    row(
        "hr",
        "Heart rate",
        (Some(147_842), Some("8867-4")),
        PER_MIN,
        Some((15, 300)),
        Some((30, 220)),
    ),
    row(
        "pulse",
        "Pulse",
        (Some(149_530), Some("8889-8")),
        PER_MIN,
        Some((15, 300)),
        Some((30, 220)),
    ),
    row(
        "spo2",
        "SpO2",
        (Some(150_456), Some("59408-5")),
        ("%", "%", 0),
        Some((1, 100)),
        Some((50, 100)),
    ),
    row(
        "resp",
        "Respiration",
        (Some(151_562), Some("9279-1")),
        PER_MIN,
        Some((0, 120)),
        Some((1, 60)),
    ),
    row("temp", "Temperature", (None, None), ("Cel", "°C", 1), Some((250, 450)), None),
    row("cuff", "Cuff pressure", (None, None), MMHG, None, None),
    row("perfusion_index", "Perfusion index", (Some(150_488), None), ("%", "%", 2), None, None),
    row("moaas", "MOAA/S", (None, None), ("{score}", "", 0), Some((0, 5)), None),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_metric_stands_in_its_own_row_and_is_found_by_its_wire_name() {
        let names = [
            "nibp_sys",
            "nibp_dia",
            "nibp_map",
            "art_sys",
            "art_dia",
            "art_map",
            "hr",
            "pulse",
            "spo2",
            "resp",
            "temp",
            "cuff",
            "perfusion_index",
            "moaas",
        ];
        for (metric, name) in Metric::ALL.into_iter().zip(names) {
            assert_eq!(metric.info().name, name);
            assert_eq!(Metric::by_name(name), Some(metric));
        }
        assert_eq!(Metric::by_name("heart_rate"), None);
    }

    /// The published values of IEEE 11073-10101 that clinical 6 restates; 150017..19 are generic
    /// pressures and must not come back as the cuff's.
    #[test]
    fn nomenclature_codes_are_the_published_ones() {
        let table = [
            (Metric::NibpSys, 2 << 16 | 18_949),
            (Metric::NibpDia, 150_022),
            (Metric::NibpMap, 150_023),
            (Metric::HeartRate, 147_842),
            (Metric::PulseRate, 149_530),
            (Metric::SpO2, 150_456),
            (Metric::RespRate, 151_562),
            (Metric::PerfusionIndex, 150_488),
        ];
        for (metric, code) in table {
            assert_eq!(metric.info().mdc, Some(code), "{metric:?}");
        }
    }

    #[test]
    fn plausible_bands_hold_at_their_edges() {
        let table = [
            (Metric::NibpSys, 20, 300),
            (Metric::NibpDia, 10, 250),
            (Metric::NibpMap, 15, 280),
            (Metric::HeartRate, 15, 300),
            (Metric::PulseRate, 15, 300),
            (Metric::SpO2, 1, 100),
            (Metric::RespRate, 0, 120),
            (Metric::Temp, 250, 450),
        ];
        for (metric, low, high) in table {
            let band = metric.valid_band();
            assert!(band.contains(&low) && band.contains(&high), "{metric:?}");
            assert!(!band.contains(&(low - 1)) && !band.contains(&(high + 1)), "{metric:?}");
        }
        assert!(Metric::RespRate.is_unusual(0) && !Metric::RespRate.is_unusual(1));
        assert!(Metric::SpO2.is_unusual(49) && !Metric::SpO2.is_unusual(50));
        assert!(Metric::PulseRate.is_unusual(29) && !Metric::PulseRate.is_unusual(30));
        assert!(Metric::NibpSys.is_unusual(251) && !Metric::NibpSys.is_unusual(250));
    }
}
