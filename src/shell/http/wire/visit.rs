//! What a visit is made of, in the web's words (contract 6): doses, tasks, and what is missing for
//! a dose or a discharge.

use serde::Serialize;
use utoipa::ToSchema;

#[cfg(test)]
use super::words;
use super::{Figure, Id, Time};
use crate::domain::session::start;
use crate::domain::session::task::{self, TaskKind};
use crate::domain::session::{checks, dose};
use crate::domain::time::Stamp;

/// Why a dose may not be given yet, or the patient not leave yet.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Missing {
    /// baseline | pressure | readings | device_rest | dose_running | observation |
    /// discharge_pressure | timed_reading | sedation | symptoms, or a check that is not ticked:
    /// awake | oriented | gait | symptoms_gone | escort
    #[cfg_attr(test, ts(as = "words::MissingWhat"))]
    what: &'static str,
    /// The gate's rule, such as B8.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    rule: Option<String>,
    /// Then it is there by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    until: Option<Time>,
    /// The timed reading's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    id: Option<String>,
    /// The newest sedation score; left out where none was entered.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    moaas: Option<u8>,
}

/// What is to be done, and by when: information, never an alarm.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Task<'a> {
    /// baseline | cuff_reading | timed_reading | next_device | discharge
    #[cfg_attr(test, ts(as = "words::TaskWhat"))]
    what: &'static str,
    due: Time,
    /// upcoming | due | overdue
    #[cfg_attr(test, ts(as = "words::TaskState"))]
    state: &'static str,
    /// The timed reading's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    id: Option<&'a str>,
    /// The nasal device's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    device_number: Option<u8>,
}

/// What was given.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Dose<'a> {
    id: Id,
    /// Of the drug's base where a salt has one; null: not said.
    mg: Option<Figure>,
    device_number: Option<u8>,
    lot: Option<&'a str>,
    started: Time,
    ended: Option<Time>,
    pauses: Vec<Pause>,
    /// It can be taken back for 60 s from then.
    entered: Time,
    /// Who took it back or voided it: it does not count.
    voided_by: Option<&'a str>,
}

#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
struct Pause {
    from: Time,
    /// null: it is paused now.
    until: Option<Time>,
}

/// A pseudonym, and what limits and doses go by.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Patient<'a> {
    reference: &'a str,
    initials: &'a str,
    birth_year: Option<u16>,
    weight_kg: Option<Figure>,
}

impl Missing {
    pub(crate) fn new(missing: &checks::Missing) -> Self {
        let plain = Self { what: missing.name(), ..Self::default() };
        match missing {
            checks::Missing::Baseline
            | checks::Missing::DoseRunning
            | checks::Missing::Symptoms
            | checks::Missing::Check { .. } => plain,
            checks::Missing::Pressure { rule }
            | checks::Missing::Readings { rule }
            | checks::Missing::DischargePressure { rule } => {
                Self { rule: Some(rule.to_string()), ..plain }
            }
            checks::Missing::DeviceRest { until } | checks::Missing::Observation { until } => {
                Self { until: Some(Time(until.wall)), ..plain }
            }
            checks::Missing::TimedReading { id } => Self { id: Some(id.to_string()), ..plain },
            checks::Missing::Sedation { moaas } => Self { moaas: *moaas, ..plain },
        }
    }
}

impl<'a> Task<'a> {
    pub(crate) fn new(task: &'a task::Task) -> Self {
        let (id, device_number) = match &task.what {
            TaskKind::TimedReading { id } => (Some(&**id), None),
            TaskKind::NextDevice { number } => (None, Some(*number)),
            TaskKind::Baseline | TaskKind::CuffReading | TaskKind::Discharge => (None, None),
        };
        let (due, state) = (Time(task.due.wall), task.state.name());
        Self { what: task.what.name(), due, state, id, device_number }
    }
}

impl<'a> Dose<'a> {
    pub(crate) fn new(dose: &'a dose::Dose) -> Self {
        let pause = |(from, until): &(Stamp, Option<Stamp>)| Pause {
            from: Time(from.wall),
            until: until.map(|until| Time(until.wall)),
        };
        Self {
            id: Id(dose.id),
            mg: dose.micrograms.map(Figure::of_micrograms),
            device_number: dose.device_number,
            lot: dose.lot.as_deref(),
            started: Time(dose.started.wall),
            ended: dose.ended.map(|ended| Time(ended.wall)),
            pauses: dose.pauses.iter().map(pause).collect(),
            entered: Time(dose.entered.wall),
            voided_by: dose.voided.as_deref(),
        }
    }
}

impl<'a> Patient<'a> {
    pub(crate) fn new(patient: &'a start::Patient) -> Self {
        Self {
            reference: &patient.reference,
            initials: &patient.initials,
            birth_year: patient.birth_year,
            weight_kg: patient.weight_g.map(Figure::of_weight),
        }
    }
}
