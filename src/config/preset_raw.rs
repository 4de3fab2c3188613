//! A preset as it is written: the serde mirror of contract 3.2.
//!
//! Families and metrics are closed lists, so that an unknown one is an error of form. What the keys
//! mean together is checked in `preset` and its neighbours.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::structure::At;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPreset {
    /// Version of this schema: 1.
    #[schemars(range(min = 1, max = 1))]
    #[allow(dead_code, reason = "its only value is checked by its bounds")]
    pub(super) preset: At<i64>,
    /// The file's name without .toml.
    pub(super) name: At<String>,
    pub(super) title: At<String>,
    pub(super) drug: At<String>,
    /// Routes that a session may name.
    pub(super) routes: At<Vec<At<RawRoute>>>,
    /// Shown with the name wherever the preset is in force.
    pub(super) version: At<String>,
    /// While this or `approved_on` is empty, LIMITS NOT APPROVED is shown.
    pub(super) approved_by: At<String>,
    /// YYYY-MM-DD.
    pub(super) approved_on: At<String>,
    /// Signals that the preset cannot do without; may be empty.
    pub(super) requires: Vec<At<RawSignal>>,
    /// The phase active lasts so many minutes more.
    pub(super) active: RawAfterDose,
    /// No discharge before.
    pub(super) observe: At<RawAfterDose>,
    /// Planned cuff intervals in minutes.
    pub(super) interval_min: RawIntervals,
    /// Hysteresis per family, in the unit of its limits.
    pub(super) clear_by: BTreeMap<At<RawFamily>, At<RawClearBy>>,
    /// `[rule.FAMILY.ID]`.
    pub(super) rule: BTreeMap<At<RawFamily>, BTreeMap<At<String>, At<RawRule>>>,
    /// `[gate.dose.ID]` and `[gate.discharge.ID]`.
    #[serde(default)]
    pub(super) gate: RawGates,
    /// Timed readings, counted from the first dose or device.
    #[serde(default)]
    pub(super) due: Vec<At<RawDue>>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawGates {
    /// Stop the dose until a lead overrides them; any component that violates stops.
    #[serde(default)]
    pub(super) dose: BTreeMap<At<String>, At<RawDoseGate>>,
    /// Pass when all of `near` hold, all of `below` hold, or both do.
    #[serde(default)]
    pub(super) discharge: BTreeMap<At<String>, At<RawDischargeGate>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawDoseGate {
    pub(super) any: At<Vec<At<RawAbove>>>,
    pub(super) last: RawLast,
    pub(super) why: RawWhy,
    pub(super) priority: Option<At<RawPriority>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAbove {
    pub(super) metric: At<RawMetric>,
    pub(super) at_or_above: At<i64>,
    /// The limit of a patient above 65 years.
    pub(super) over_65: Option<At<i64>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawDischargeGate {
    pub(super) near: At<Vec<At<RawNear>>>,
    pub(super) below: At<Vec<At<RawBelow>>>,
    pub(super) pass: At<RawPass>,
    pub(super) last: RawLast,
    pub(super) why: RawWhy,
    pub(super) priority: Option<At<RawPriority>>,
}

/// Within so much above the accepted baseline.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawNear {
    pub(super) metric: At<RawMetric>,
    pub(super) rise_at_most: At<i64>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawBelow {
    pub(super) metric: At<RawMetric>,
    pub(super) at_or_below: At<i64>,
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum RawPass {
    Either,
    Both,
}

/// So many of the last readings, all of them, at least so far apart.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLast {
    #[schemars(range(min = 1, max = 5))]
    pub(super) readings: At<i64>,
    #[schemars(range(min = 60, max = 600))]
    pub(super) spacing_s: At<i64>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawDue {
    pub(super) id: At<String>,
    pub(super) what: At<RawSignal>,
    /// When it is to be taken, in minutes.
    #[schemars(range(min = 1, max = 1440))]
    pub(super) at_min: At<i64>,
    /// When it is late, in minutes.
    #[schemars(range(min = 1, max = 1440))]
    pub(super) alarm_min: At<i64>,
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum RawRoute {
    Iv,
    Im,
    Sc,
    Sl,
    Po,
    Nasal,
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
pub(super) enum RawSignal {
    #[serde(rename = "nibp")]
    Nibp,
    #[serde(rename = "heart_rate")]
    HeartRate,
    #[serde(rename = "spo2")]
    SpO2,
    #[serde(rename = "resp")]
    Resp,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAfterDose {
    pub(super) after: At<RawDoseMark>,
    /// Minutes.
    #[schemars(range(min = 1, max = 1440))]
    pub(super) min: At<i64>,
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum RawDoseMark {
    DoseStart,
    DoseEnd,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawIntervals {
    #[schemars(range(min = 1, max = 120))]
    pub(super) intake: At<i64>,
    #[schemars(range(min = 1, max = 120))]
    pub(super) baseline: At<i64>,
    #[schemars(range(min = 1, max = 120))]
    pub(super) active: At<i64>,
    #[schemars(range(min = 1, max = 120))]
    pub(super) recovery: At<i64>,
    #[schemars(range(min = 1, max = 120))]
    pub(super) discharge: At<i64>,
    /// After a reading that violates any bp-high rule, until two are clear.
    #[schemars(range(min = 1, max = 120))]
    pub(super) after_high: At<i64>,
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum RawFamily {
    #[serde(rename = "bp-high")]
    BpHigh,
    #[serde(rename = "bp-low")]
    BpLow,
    #[serde(rename = "hr-high")]
    HrHigh,
    #[serde(rename = "hr-low")]
    HrLow,
    #[serde(rename = "spo2-low")]
    SpO2Low,
    #[serde(rename = "resp-low")]
    RespLow,
    #[serde(rename = "resp-high")]
    RespHigh,
    #[serde(rename = "sedation")]
    Sedation,
}

/// 1 to 20: beyond it a condition might not clear inside the rails of the other side.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline)]
pub(super) struct RawClearBy(#[schemars(range(min = 1, max = 20))] pub(super) i64);

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRule {
    /// {metric} {value} {limit} {unit}, and of a change {baseline} {change}, are filled in.
    pub(super) text: Option<At<String>>,
    /// Components are judged apart; the highest governs.
    pub(super) any: At<Vec<At<RawComponent>>>,
    pub(super) confirm: Option<At<RawConfirm>>,
    /// Only together with a symptom that the nurse entered.
    pub(super) with_symptom: Option<At<bool>>,
    /// With a baseline heart rate below this the onset counts as delayed.
    #[schemars(range(min = 40, max = 70))]
    pub(super) delayed_if_baseline_below: Option<At<i64>>,
    /// Condition delay in seconds, at most 60 (clinical 2.3).
    #[schemars(range(min = 0, max = 60))]
    pub(super) persist_s: Option<At<i64>>,
    /// So many violating spot values in a row count as persistence.
    #[schemars(range(min = 1, max = 5))]
    pub(super) spot_values: Option<At<i64>>,
    /// Default: all, intake to discharge, and readings without a session.
    pub(super) phases: Option<At<Vec<At<RawPhase>>>>,
    pub(super) why: RawWhy,
    /// Derived from `why`; refused when it differs.
    pub(super) priority: Option<At<RawPriority>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawComponent {
    pub(super) metric: At<RawMetric>,
    pub(super) at_or_above: Option<At<i64>>,
    pub(super) at_or_below: Option<At<i64>>,
    /// So much above the accepted baseline.
    pub(super) rise_at_or_above: Option<At<i64>>,
    /// So much below the accepted baseline.
    pub(super) drop_at_or_above: Option<At<i64>>,
    /// Respiration 0 from a device that says its value is good.
    pub(super) apnoea: Option<At<bool>>,
    /// In place of the rule's.
    #[schemars(range(min = 0, max = 60))]
    pub(super) persist_s: Option<At<i64>>,
    /// In place of the rule's.
    pub(super) why: Option<RawWhy>,
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
pub(super) enum RawMetric {
    #[serde(rename = "nibp_sys")]
    NibpSys,
    #[serde(rename = "nibp_dia")]
    NibpDia,
    #[serde(rename = "nibp_map")]
    NibpMap,
    #[serde(rename = "art_sys")]
    ArtSys,
    #[serde(rename = "art_dia")]
    ArtDia,
    #[serde(rename = "art_map")]
    ArtMap,
    #[serde(rename = "heart_rate")]
    HeartRate,
    #[serde(rename = "spo2")]
    SpO2,
    #[serde(rename = "resp")]
    Resp,
    #[serde(rename = "moaas")]
    Moaas,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawConfirm {
    pub(super) how: At<RawHow>,
    /// Seconds; recuff only.
    #[schemars(range(min = 60, max = 300))]
    pub(super) within_s: Option<At<i64>>,
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum RawHow {
    Recuff,
    Next,
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum RawPhase {
    Intake,
    Baseline,
    Active,
    Recovery,
    Discharge,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawWhy {
    pub(super) severity: At<RawSeverity>,
    pub(super) onset: At<RawOnset>,
    /// Where the limit comes from.
    pub(super) source: At<String>,
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum RawSeverity {
    Irreversible,
    Reversible,
    Minor,
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum RawOnset {
    Immediate,
    Prompt,
    Delayed,
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum RawPriority {
    High,
    Medium,
    Low,
}
