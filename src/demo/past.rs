//! The past that the demo opens on: frames as each monitor would have sent them, through the real
//! decoders, and what the nurse did, in its place in time. What she has still to do is done when
//! due.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use simulators::scenario::Scenario;
use simulators::{Frame, PastFrame};

use super::clinic::Places;
use super::nurse::{self, Nurse};
use crate::config::Config;
use crate::domain::act::{Act, Answer, Refused, Unknown};
use crate::domain::device::ge_dinamap_ascii::GeDinamapAscii;
use crate::domain::device::nonin::{Format, Nonin};
use crate::domain::device::{Decoded, Decoder, Event, Frames, vitals_json};
use crate::domain::ids::{BedIndex, DeviceId};
use crate::domain::input::Input;
use crate::domain::time::Stamp;
use crate::domain::ward::Reply;
use crate::shell::clock::Clock;
use crate::shell::lane::{Busy, EngineHandle};

/// An act that finds no room in the engine's lane comes again after this real time.
const AGAIN: Duration = Duration::from_secs(1);

/// Inputs, each with its time, in order.
#[derive(Debug)]
pub(super) struct Events {
    /// From the past's first second to the opening.
    past: Vec<(Input, Stamp)>,
    /// What the nurse does after it.
    pub(super) to_come: Vec<(Act, Stamp)>,
}

impl Events {
    /// `begin` is the past's first moment, `opening` the wall time of its end.
    ///
    /// # Errors
    /// A frame that our decoder refuses: a defect in one of the two readings of a specification.
    pub(super) fn of(
        scenario: &Scenario,
        config: &Config,
        opening: jiff::Timestamp,
        begin: Stamp,
    ) -> anyhow::Result<Self> {
        let places = Places::new(config);
        let at = |t_s: f64| begin.plus(Duration::from_secs_f64((t_s + scenario.past_s).max(0.0)));
        let mut events: Vec<(f64, Input)> = Vec::new();
        let mut to_come: Vec<(f64, Act)> = Vec::new();
        for (bed, plan) in (0..).map(BedIndex).zip(&scenario.beds) {
            let (past, future): (Vec<_>, Vec<_>) =
                nurse::acts(bed, plan, at)?.into_iter().partition(|(t_s, _)| *t_s <= 0.0);
            events.extend(past.into_iter().map(|(t_s, act)| (t_s, Input::Act(act))));
            to_come.extend(future);
        }
        let mut decoders = BTreeMap::new();
        for frame in simulators::past(scenario, opening, -scenario.past_s) {
            messages(&frame, &places, &mut decoders, &mut events)?;
        }
        events.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        to_come.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        Ok(Self {
            past: events.into_iter().map(|(t_s, input)| (input, at(t_s))).collect(),
            to_come: to_come.into_iter().map(|(t_s, act)| (act, at(t_s))).collect(),
        })
    }

    /// Plays the past by `step`.
    ///
    /// # Errors
    /// As `Nurse::sends`.
    pub(super) fn play(
        &mut self,
        mut step: impl FnMut(Input, Stamp) -> Reply,
    ) -> anyhow::Result<()> {
        let mut nurse = Nurse::default();
        for (input, at) in self.past.drain(..) {
            let Input::Act(act) = input else {
                step(input, at);
                continue;
            };
            nurse.sends(act, |act| match step(Input::Act(act), at) {
                Reply::Acted(answer) => answer,
                Reply::None => Err(Refused::Unknown(Unknown::Bed)),
            })?;
        }
        Ok(())
    }
}

/// Sends each act when its time has come. Someone at the dashboard may have done it before, or
/// ended the session: then it is refused.
pub(super) async fn go_on(to_come: Vec<(Act, Stamp)>, engine: EngineHandle, clock: Arc<Clock>) {
    for (act, at) in to_come {
        tokio::time::sleep(clock.real_until(at.mono)).await;
        let mut answer = send(act.clone(), &engine).await;
        if let Some(order) = nurse::of_lead(&act, &answer) {
            answer = send(order, &engine).await;
        }
        if let Err(refused) = answer {
            tracing::info!(?refused, "the simulated nurse came too late");
        }
    }
}

/// Waits for room: an act of the story is not to be lost.
async fn send(act: Act, engine: &EngineHandle) -> Answer {
    loop {
        match engine.act(act.clone()).await {
            Ok(acted) => return acted.answer,
            Err(Busy) => tokio::time::sleep(AGAIN).await,
        }
    }
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
