//! The simulated nurse: she starts each session of the story, takes two pressures by hand, accepts
//! them as the baseline, gives the doses and ends the infusions. Each is the act that a person at
//! the dashboard sends, at its time, and is refused where theirs would be.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::bail;
use simulators::patient::{CuffOutcome, reading};
use simulators::pharmacology::{Dose, Way};
use simulators::scenario::{BedPlan, SessionPlan};

use crate::domain::act::{Act, Actor, Answer, Deed, Done, Refused, Unknown, VisitDeed};
use crate::domain::ids::{BedIndex, CommandId, ReadingId, SessionId};
use crate::domain::metric::Metric;
use crate::domain::reading::Quantity;
use crate::domain::role::Role;
use crate::domain::session::dose::{DoseChange, DoseOrder, Way as Given};
use crate::domain::session::hand::{Arm, CuffSize, HandReading};
use crate::domain::session::start::{Patient, StartOrder, TurnOver};
use crate::domain::time::Stamp;

/// Her two pressures and their acceptance, clinical seconds after the session's start.
const PRESSURES_S: [f64; 2] = [60.0, 180.0];
const ACCEPTED_S: f64 = 190.0;
/// The first pressure of somebody who has just sat down is a little higher, mmHg.
const SETTLING: [f64; 2] = [2.0, 0.0];

/// What she sends for one bed, each with its clinical second; `at` has the moment of a second.
pub(super) fn acts(
    bed: BedIndex,
    plan: &BedPlan,
    at: impl Fn(f64) -> Stamp,
) -> anyhow::Result<Vec<(f64, Act)>> {
    let Some(visit) = &plan.session else { return Ok(Vec::new()) };
    let session = SessionId::of_onset(at(visit.started_s).wall, &[&plan.id, "session"]);
    let command =
        |t_s: f64, what: &str| CommandId::of_onset(at(t_s).wall, &[&plan.id, what, "nurse"]);
    let mut acts = Vec::new();
    let mut send = |t_s: f64, what: &str, deed: VisitDeed| {
        let by = Actor::new(Role::Nurse.name(), Role::Nurse);
        let act = Act { command: command(t_s, what), by, reason: None, deed: deed.into() };
        acts.push((t_s, act));
    };
    let order = start(session, plan, visit);
    send(visit.started_s, "start", VisitDeed::StartSession { bed, order });
    for (after_s, settling) in PRESSURES_S.into_iter().zip(SETTLING) {
        let t_s = visit.started_s + after_s;
        let reading = pressure(plan, settling, at(t_s))?;
        let session = Some(session);
        send(t_s, "pressure", VisitDeed::EnterReading { bed, session, reading });
    }
    // Which readings, only their answers say: `Nurse` fills them in.
    let accept = VisitDeed::AcceptReadings { session, readings: Vec::new() };
    send(visit.started_s + ACCEPTED_S, "baseline", accept);
    for (number, dose) in (1..).zip(&plan.doses) {
        let (_, route, _) = given_as(dose.way);
        let device = (dose.way == Way::EsketamineNasal).then_some(number);
        let order = DoseOrder {
            micrograms: Some(dose.micrograms()),
            device_number: device,
            ..DoseOrder::default()
        };
        send(dose.start_s, "dose", VisitDeed::GiveDose { session, dose: order });
        if Given::of(route) == Given::Infusion {
            let change = DoseChange::End { at: None, given_micrograms: None };
            let dose_id = command(dose.start_s, "dose");
            let end = VisitDeed::ChangeDose { session, dose: dose_id, change };
            send(dose.start_s + dose.duration_s, "end", end);
        }
    }
    Ok(acts)
}

fn start(id: SessionId, plan: &BedPlan, visit: &SessionPlan) -> StartOrder {
    let way = plan.doses.first().map(|dose| dose.way).unwrap_or_default();
    let (drug, route, preset) = given_as(way);
    let patient = Patient {
        reference: format!("P-{:04}", plan.seed % 10_000).into(),
        initials: visit.initials.as_str().into(),
        birth_year: visit.birth_year,
        weight_g: Some(Dose::WEIGHT_G),
    };
    StartOrder {
        id,
        patient,
        drug: drug.into(),
        route: route.into(),
        preset: Some(preset.into()),
        turn_over: TurnOver::NewPatient,
    }
}

/// Drug, route and preset of a way.
const fn given_as(way: Way) -> (&'static str, &'static str, &'static str) {
    match way {
        Way::Iv => ("ketamine", "iv", "ketamine-iv"),
        Way::Im => ("ketamine", "im", "ketamine-im"),
        Way::Sl => ("ketamine", "sl", "ketamine-oral"),
        Way::Po => ("ketamine", "po", "ketamine-oral"),
        Way::Nasal => ("ketamine", "nasal", "ketamine-intranasal"),
        Way::EsketamineNasal => ("esketamine", "nasal", "esketamine-nasal"),
    }
}

/// The patient's resting pressure, so much higher.
fn pressure(plan: &BedPlan, higher: f64, taken: Stamp) -> anyhow::Result<HandReading> {
    let rest = plan.traits;
    let of = reading(rest.systolic + higher, rest.diastolic + higher, rest.heart_rate);
    let CuffOutcome::Reading { systolic, diastolic, .. } = of else {
        bail!("{} has no pressure at rest", plan.id)
    };
    let figure = |value: u16| Quantity(value.into());
    Ok(HandReading {
        method: "aneroid".into(),
        taker: None,
        taken: taken.wall,
        values: vec![(Metric::NibpSys, figure(systolic)), (Metric::NibpDia, figure(diastolic))],
        arm: Some(Arm::Left),
        cuff_size: Some(CuffSize::Adult),
    })
}

/// Her memory of what she took, by session.
#[derive(Debug, Default)]
pub(super) struct Nurse {
    pressures: BTreeMap<SessionId, Vec<ReadingId>>,
}

impl Nurse {
    /// Sends an act of the past by `send`.
    ///
    /// # Errors
    /// It was refused: a defect of the story. Not where the bed still has the session of an
    /// earlier run in a kept database: that one goes on.
    pub(super) fn sends(
        &mut self,
        mut act: Act,
        mut send: impl FnMut(Act) -> Answer,
    ) -> anyhow::Result<()> {
        if let Deed::Visit(VisitDeed::AcceptReadings { session, readings }) = &mut act.deed {
            *readings = self.pressures.remove(session).unwrap_or_default();
        }
        let mut answer = send(act.clone());
        if let Some(order) = of_lead(&act, &answer) {
            answer = send(order);
        }
        if let Deed::Visit(VisitDeed::EnterReading { session: Some(session), .. }) = &act.deed
            && let Ok(Done::ReadingsEntered { readings, .. }) = &answer
        {
            self.pressures.entry(*session).or_default().extend(readings.first());
        }
        match answer {
            Ok(_) | Err(Refused::BedInUse { .. } | Refused::Unknown(Unknown::Session)) => Ok(()),
            Err(refused) => bail!("the simulated nurse was refused: {:?}: {refused:?}", act.deed),
        }
    }
}

/// Where a gate stops the nurse's dose: the same one, ordered by the lead with a reason.
pub(super) fn of_lead(act: &Act, answer: &Answer) -> Option<Act> {
    matches!(answer, Err(Refused::NotReady { .. })).then(|| Act {
        by: Actor::new(Role::Lead.name(), Role::Lead),
        reason: Some(Arc::from("seen and discussed with the patient")),
        ..act.clone()
    })
}
