//! Acts → what people did in the session: its start, doses with their pauses, what they saw, what
//! they gave, how it ended. An act that no transition of its moment tells of was refused.

use std::sync::Arc;
use std::time::Duration;

use super::{Accepted, Event, Intervention, Observation, SessionChart, bed_of};
use crate::domain::act::{Act, Deed, Refused, VisitDeed};
use crate::domain::alarm::occurrence::SessionChange;
use crate::domain::ids::{BedId, ReadingId, SessionId};
use crate::domain::input::{Input, SessionStart};
use crate::domain::record::RecordedInput;
use crate::domain::session::dose::{Dose, DoseId, Way, note_event};
use crate::domain::session::start::StartOrder;
use crate::domain::time::Stamp;

/// The chart as of the session's start; `None`: it is not among the inputs.
pub(super) fn started(
    id: SessionId,
    beds: &[BedId],
    inputs: &[RecordedInput],
) -> Option<SessionChart> {
    inputs.iter().find_map(|input| match &input.input {
        Input::SessionStarted { bed, start } if start.id == id => {
            Some(SessionChart::of(start, input.now, bed_of(beds, *bed)?.clone()))
        }
        Input::Act(Act {
            deed: Deed::Visit(VisitDeed::StartSession { bed, order }), by, ..
        }) if order.id == id => {
            let start = start_of(order, &by.name);
            let chart = SessionChart::of(&start, input.now, bed_of(beds, *bed)?.clone());
            let (patient, preset) = (order.patient.clone(), order.preset.clone());
            Some(SessionChart { patient, preset, ..chart })
        }
        Input::Message { .. }
        | Input::Rejected { .. }
        | Input::Link { .. }
        | Input::SessionStarted { .. }
        | Input::Dose { .. }
        | Input::Act(_)
        | Input::Journal(_)
        | Input::Watching(_)
        | Input::Screen(_)
        | Input::SelfTest { .. }
        | Input::Unreceived { .. }
        | Input::Service { .. }
        | Input::Tick
        | Input::Restarted { .. }
        | Input::Quarantined { .. } => None,
    })
}

fn start_of(order: &StartOrder, by: &Arc<str>) -> SessionStart {
    SessionStart {
        id: order.id,
        initials: Arc::clone(&order.patient.initials),
        drug: Arc::clone(&order.drug),
        route: Arc::clone(&order.route),
        age_years: None,
        responsible: Some(Arc::clone(by)),
    }
}

/// Takes an act of this session, if something came of it.
pub(super) fn take(chart: &mut SessionChart, input: &RecordedInput) {
    match &input.input {
        Input::Dose { dose, .. } => {
            if chart.told_of(input.now, SessionChange::Dosed, None).is_some() {
                note_event(&mut chart.doses, *dose);
            }
        }
        Input::Act(act) => {
            let told = change_of(&act.deed)
                .and_then(|change| chart.told_of(input.now, change, Some(&act.by.name)));
            if told.is_some() {
                deed(chart, act, input.now);
            }
        }
        Input::Message { .. }
        | Input::Rejected { .. }
        | Input::Link { .. }
        | Input::SessionStarted { .. }
        | Input::Journal(_)
        | Input::Watching(_)
        | Input::Screen(_)
        | Input::SelfTest { .. }
        | Input::Unreceived { .. }
        | Input::Service { .. }
        | Input::Tick
        | Input::Restarted { .. }
        | Input::Quarantined { .. } => {}
    }
}

fn deed(chart: &mut SessionChart, act: &Act, now: Stamp) {
    let ours = |session: &SessionId| *session == chart.id;
    let by = || Arc::clone(&act.by.name);
    match &act.deed {
        Deed::Visit(VisitDeed::ChoosePreset { session, preset }) if ours(session) => {
            chart.preset = Some(Arc::clone(preset));
        }
        Deed::AcceptBaseline { session, .. } if ours(session) => {
            accepted(chart, now, &act.by.name, Vec::new());
        }
        Deed::Visit(VisitDeed::AcceptReadings { session, readings }) if ours(session) => {
            accepted(chart, now, &act.by.name, readings.clone());
        }
        Deed::Observe { session, symptoms, moaas, note } if ours(session) => {
            let (at, symptoms, moaas, note) = (now, *symptoms, *moaas, note.clone());
            chart.observations.push(Observation { at, by: by(), symptoms, moaas, note });
        }
        Deed::Visit(VisitDeed::Intervene { session, drug, dose }) if ours(session) => {
            let (drug, dose, note) = (Arc::clone(drug), dose.clone(), act.reason.clone());
            chart.interventions.push(Intervention { at: now, by: by(), drug, dose, note });
        }
        Deed::EndSession { session, disposition, checks } if ours(session) => {
            chart.disposition = Some((*disposition, *checks));
        }
        Deed::Visit(VisitDeed::GiveDose { session, dose }) if ours(session) => {
            let way = Way::of(&chart.route);
            // It was told, so it was in order; as are the changes below.
            chart.doses.extend(Dose::of_order(act.command, dose, way, chart.started, now));
        }
        Deed::Visit(VisitDeed::ChangeDose { session, dose, change }) if ours(session) => {
            with(chart, *dose, |dose| dose.change(*change, now));
        }
        Deed::Visit(
            VisitDeed::UndoDose { session, dose } | VisitDeed::VoidDose { session, dose },
        ) if ours(session) => {
            let by = by();
            with(chart, *dose, |dose| dose.void(&by));
        }
        Deed::Visit(VisitDeed::AmendDose { session, dose, micrograms }) if ours(session) => {
            with(chart, *dose, |dose| dose.amend(*micrograms));
        }
        // Told by their transitions, or of another session.
        Deed::Visit(_)
        | Deed::AcceptBaseline { .. }
        | Deed::Observe { .. }
        | Deed::EndSession { .. }
        | Deed::Acknowledge { .. }
        | Deed::PauseAudio { .. }
        | Deed::ResumeAudio { .. }
        | Deed::PauseAlarms { .. }
        | Deed::ResumeAlarms { .. }
        | Deed::BeginStandby { .. }
        | Deed::EndStandby { .. }
        | Deed::KeepDevice { .. }
        | Deed::SetLimit { .. }
        | Deed::OfferHandover { .. }
        | Deed::AcceptHandover { .. }
        | Deed::RejectHandover { .. }
        | Deed::VoidReading { .. }
        | Deed::AmendReading { .. } => {}
    }
}

fn accepted(chart: &mut SessionChart, at: Stamp, by: &str, readings: Vec<ReadingId>) {
    let told = chart.told_of(at, SessionChange::BaselineAccepted, Some(by));
    let note = told.and_then(|event| event.note.clone());
    chart.baselines.push(Accepted { at, note, readings });
}

/// Changes a dose as the ward did.
fn with(
    chart: &mut SessionChart,
    id: DoseId,
    change: impl FnOnce(&mut Dose) -> Result<(), Refused>,
) {
    let dose = chart.doses.iter_mut().find(|dose| dose.id == id);
    let _done_once = dose.map(change);
}

/// Sources stamp out of order by a hair, and the ward's time does not run back for that: what it
/// tells of an input may be stamped so much later than the input.
const HAIR: Duration = Duration::from_millis(50);

impl SessionChart {
    /// What was told of an act, or of a dose event that no person entered.
    pub(super) fn told_of(
        &self,
        at: Stamp,
        change: SessionChange,
        by: Option<&str>,
    ) -> Option<&Event> {
        self.events.iter().find(|event| {
            let who = event.note.as_ref().map(|note| &*note.by);
            let late = event.at.mono.since(at.mono);
            event.change == change
                && event.at.mono >= at.mono
                && late <= HAIR
                && (by.is_none() || who == by)
        })
    }
}

/// What the ward tells when it has done such a deed; `None`: no deed that the chart takes up.
const fn change_of(deed: &Deed) -> Option<SessionChange> {
    match deed {
        Deed::Visit(VisitDeed::ChoosePreset { .. }) => Some(SessionChange::PresetChosen),
        Deed::AcceptBaseline { .. } | Deed::Visit(VisitDeed::AcceptReadings { .. }) => {
            Some(SessionChange::BaselineAccepted)
        }
        Deed::Observe { .. } => Some(SessionChange::Observed),
        Deed::Visit(VisitDeed::Intervene { .. }) => Some(SessionChange::Intervened),
        Deed::EndSession { .. } => Some(SessionChange::Ended),
        Deed::Visit(VisitDeed::GiveDose { .. }) => Some(SessionChange::Dosed),
        Deed::Visit(
            VisitDeed::ChangeDose { .. }
            | VisitDeed::UndoDose { .. }
            | VisitDeed::VoidDose { .. }
            | VisitDeed::AmendDose { .. },
        ) => Some(SessionChange::DoseChanged),
        Deed::Acknowledge { .. }
        | Deed::PauseAudio { .. }
        | Deed::ResumeAudio { .. }
        | Deed::PauseAlarms { .. }
        | Deed::ResumeAlarms { .. }
        | Deed::BeginStandby { .. }
        | Deed::EndStandby { .. }
        | Deed::KeepDevice { .. }
        | Deed::SetLimit { .. }
        | Deed::OfferHandover { .. }
        | Deed::AcceptHandover { .. }
        | Deed::RejectHandover { .. }
        | Deed::VoidReading { .. }
        | Deed::AmendReading { .. }
        | Deed::Visit(
            VisitDeed::StartSession { .. }
            | VisitDeed::EnterReading { .. }
            | VisitDeed::MoveSession { .. },
        ) => None,
    }
}
