//! The past that the demo opens on: frames as each monitor would have sent them, through the real
//! decoders; sessions and doses in their place in time. Doses still to come are given when due.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use simulators::scenario::Scenario;
use simulators::{Frame, PastFrame};

use super::clinic::Places;
use crate::config::Config;
use crate::domain::device::ge_dinamap_ascii::GeDinamapAscii;
use crate::domain::device::nonin::{Format, Nonin};
use crate::domain::device::{Decoded, Decoder, Event, Frames, vitals_json};
use crate::domain::ids::{BedIndex, DeviceId, SessionId};
use crate::domain::input::{DoseEvent, Input, SessionStart};
use crate::domain::time::Stamp;
use crate::shell::clock::Clock;
use crate::shell::lane::EngineHandle;

/// Every input from the past's first second to the opening, in order, each with its time.
///
/// # Errors
/// A frame that our decoder refuses: a defect in one of the two readings of a specification.
pub(super) fn events(
    scenario: &Scenario,
    config: &Config,
    opening: jiff::Timestamp,
    begin: Stamp,
) -> anyhow::Result<Vec<(Input, Stamp)>> {
    let places = Places::new(config);
    let at = |t_s: f64| begin.plus(Duration::from_secs_f64((t_s + scenario.past_s).max(0.0)));
    let mut events: Vec<(f64, Input)> = Vec::new();
    for (bed, plan) in scenario.beds.iter().filter_map(|bed| Some((places.bed(&bed.id)?, bed))) {
        if let Some(session) = &plan.session {
            let start = SessionStart {
                id: SessionId::of_onset(at(session.started_s).wall, &[&plan.id, "session"]),
                initials: session.initials.as_str().into(),
                drug: "ketamine".into(),
                route: "iv".into(),
                age_years: None,
                responsible: Some("nurse".into()),
            };
            events.push((session.started_s, Input::SessionStarted { bed, start }));
        }
        let before = |t_s: &f64| *t_s <= 0.0;
        for (t_s, dose) in doses(plan, at).into_iter().filter(|(t_s, _)| before(t_s)) {
            events.push((t_s, Input::Dose { bed, dose }));
        }
    }
    let mut decoders = BTreeMap::new();
    for frame in simulators::past(scenario, opening, -scenario.past_s) {
        messages(&frame, &places, &mut decoders, &mut events)?;
    }
    events.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    Ok(events.into_iter().map(|(t_s, input)| (input, at(t_s))).collect())
}

/// The dose events after the opening, by time.
#[must_use]
pub(super) fn future_doses(scenario: &Scenario, opening: Stamp) -> Vec<(Stamp, Input)> {
    let at = |t_s: f64| opening.plus(Duration::from_secs_f64(t_s.max(0.0)));
    let mut due: Vec<(Stamp, Input)> = Vec::new();
    for (bed, plan) in (0..).map(BedIndex).zip(&scenario.beds) {
        for (t_s, dose) in doses(plan, at).into_iter().filter(|(t_s, _)| *t_s > 0.0) {
            due.push((at(t_s), Input::Dose { bed, dose }));
        }
    }
    due.sort_by_key(|(at, _)| at.mono);
    due
}

/// Gives each dose event when its time has come.
pub(super) async fn give(due: Vec<(Stamp, Input)>, engine: EngineHandle, clock: Arc<Clock>) {
    for (at, input) in due {
        tokio::time::sleep(clock.real_until(at.mono)).await;
        if engine.feed(input, clock.now()).await.is_err() {
            return;
        }
    }
}

fn doses(plan: &simulators::scenario::BedPlan, at: impl Fn(f64) -> Stamp) -> Vec<(f64, DoseEvent)> {
    let both = plan.doses.iter().flat_map(|dose| {
        let end_s = dose.start_s + dose.duration_s;
        [
            (dose.start_s, DoseEvent::Started { at: at(dose.start_s) }),
            (end_s, DoseEvent::Ended { at: at(end_s) }),
        ]
    });
    both.collect()
}

fn messages(
    past: &PastFrame,
    places: &Places,
    decoders: &mut BTreeMap<String, Decoder>,
    events: &mut Vec<(f64, Input)>,
) -> anyhow::Result<()> {
    let Some(bed) = places.bed(&past.bed) else { return Ok(()) };
    let source = places.source(&past.device);
    let device = DeviceId::try_new(&past.device)?;
    let mut decoded = Vec::new();
    match &past.frame {
        Frame::Serial(bytes) => {
            let decoder =
                decoders.entry(past.device.clone()).or_insert_with(|| decoder_of(&past.device));
            decoder.push(bytes, &mut decoded);
        }
        Frame::Mqtt { payload, .. } => {
            let event = match vitals_json::decode(payload) {
                Ok(message) => Event::Message(message),
                Err(reason) => Event::Rejected { reason, bytes: payload.len() },
            };
            decoded.push(Decoded { at: 0, event });
        }
    }
    for Decoded { event, .. } in decoded {
        let input = match event {
            Event::Message(message) => {
                Input::Message { bed, source, device: device.clone(), message }
            }
            Event::Rejected { reason, .. } => Input::Rejected { bed: Some(bed), source, reason },
        };
        events.push((past.t_s, input));
    }
    Ok(())
}

/// Monitors of the demo are cuffs and oximeters by their names.
fn decoder_of(device: &str) -> Decoder {
    if device.ends_with("-cuff") {
        Decoder::GeDinamapAscii(GeDinamapAscii::new(Frames::VerifiedOnly))
    } else {
        Decoder::Nonin(Nonin::new(Format::Two, Frames::VerifiedOnly))
    }
}
