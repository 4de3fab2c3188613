//! The monitors of a scenario at their beds: turns a scenario into stations that emit frames
//! at clinical times, and into the frames of the past before the opening. Pure: `lib` drives
//! the stations in real time. Past and present come from the same stations, so the live clinic
//! goes on where the past ended.

use std::sync::Arc;

use jiff::Timestamp;

use crate::bedside::{Bedside, Force, Forced, Span};
use crate::device::cuff::{Cuff, ScriptedCuff};
use crate::device::dinamap::{Dinamap, Oximeter};
use crate::device::gateway::Gateway;
use crate::device::nonin::Nonin;
use crate::fault::{Fault, Line, Plug};
use crate::noise::mix;
use crate::patient::{CuffOutcome, Patient, reading};
use crate::scenario::{BedPlan, Change, DevicePlan, Scenario, StoryEvent};

/// In the past a cuff monitor is polled every so many seconds.
const PAST_POLL_S: f64 = 5.0;
/// In the past an oximeter and a gateway send every so many seconds.
const PAST_PERIOD_S: f64 = 1.0;

/// A frame as it went over the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// Bytes on a serial line.
    Serial(Vec<u8>),
    /// An MQTT message.
    Mqtt {
        /// Its topic.
        topic: String,
        /// Its payload.
        payload: Vec<u8>,
    },
}

/// A frame of the past.
#[derive(Clone, Debug, PartialEq)]
pub struct PastFrame {
    /// Clinical second at which it was sent, negative.
    pub t_s: f64,
    /// Bed.
    pub bed: String,
    /// Device.
    pub device: String,
    /// What was sent.
    pub frame: Frame,
}

/// A monitor on its line.
#[derive(Clone, Debug)]
pub(crate) struct Station {
    pub(crate) bed: String,
    pub(crate) device: String,
    pub(crate) seed: u64,
    pub(crate) monitor: Monitor,
    pub(crate) line: Line,
}

#[derive(Clone, Debug)]
pub(crate) enum Monitor {
    Dinamap(Dinamap),
    Nonin(Nonin),
    Gateway { gateway: Gateway, topics: Topics },
}

/// Topics of one device (`vitals-json` 3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Topics {
    pub(crate) obs: String,
    pub(crate) status: String,
}

/// All stations of a scenario, switched on `past_s` before the opening.
#[derive(Clone, Debug)]
pub(crate) struct Clinic {
    pub(crate) stations: Vec<Station>,
    past_s: f64,
}

impl Clinic {
    pub(crate) fn new(scenario: &Scenario) -> Self {
        let stations = scenario.beds.iter().flat_map(|bed| stations_of(scenario, bed)).collect();
        Self { stations, past_s: scenario.past_s }
    }

    /// Lets the past pass and returns its frames from `from_s` on, in time order. Wall time
    /// `opened` is second 0.
    pub(crate) fn play_past(&mut self, opened: Timestamp, from_s: f64) -> Vec<PastFrame> {
        let mut frames = Vec::new();
        for station in &mut self.stations {
            let period_s = station.past_period_s();
            let mut ticks_left = (self.past_s / period_s).floor();
            while ticks_left >= 1.0 {
                let t_s = -ticks_left * period_s;
                ticks_left -= 1.0;
                let sent = station.past_frames(t_s, opened);
                if t_s >= from_s {
                    let (bed, device) = (&station.bed, &station.device);
                    frames.extend(sent.into_iter().map(|frame| PastFrame {
                        t_s,
                        bed: bed.clone(),
                        device: device.clone(),
                        frame,
                    }));
                }
            }
        }
        // A stable sort: frames of one second stay in the order of beds and devices.
        frames.sort_by(|a, b| a.t_s.total_cmp(&b.t_s));
        frames
    }
}

impl Station {
    const fn past_period_s(&self) -> f64 {
        match self.monitor {
            Monitor::Dinamap(_) => PAST_POLL_S,
            Monitor::Nonin(_) | Monitor::Gateway { .. } => PAST_PERIOD_S,
        }
    }

    /// The frames that reach the other end at `t_s`, unasked or (DINAMAP) polled for pressure.
    fn past_frames(&mut self, t_s: f64, opened: Timestamp) -> Vec<Frame> {
        // A monitor whose cable is out has nobody to send to: no sequence number is used up.
        if self.line.plug(t_s) == Plug::Out {
            return Vec::new();
        }
        let Self { monitor, line, .. } = self;
        match monitor {
            Monitor::Dinamap(dinamap) => serial(line, dinamap.polled(t_s), t_s),
            Monitor::Nonin(nonin) => serial(line, nonin.packet(t_s), t_s),
            Monitor::Gateway { gateway, topics } => {
                let message = gateway.message(t_s, opened).into_bytes();
                let topic = &topics.obs;
                let sent = line.pass(message, t_s).into_iter();
                sent.map(|payload| Frame::Mqtt { topic: topic.clone(), payload }).collect()
            }
        }
    }
}

fn serial(line: &mut Line, frame: Vec<u8>, t_s: f64) -> Vec<Frame> {
    line.pass(frame, t_s).into_iter().map(Frame::Serial).collect()
}

fn stations_of(scenario: &Scenario, bed: &BedPlan) -> Vec<Station> {
    let story: Vec<&StoryEvent> = scenario.story.iter().filter(|e| e.bed == bed.id).collect();
    let patient = Patient::new(bed.seed, bed.traits, bed.doses.clone());
    let forced = story.iter().filter_map(|e| forced(e)).collect();
    let bedside = Arc::new(Bedside::new(patient, forced, sensor_off(&story)));
    let scripted: Vec<ScriptedCuff> =
        story.iter().filter_map(|event| scripted_cuff(event)).collect();
    let station = |(i, plan): (usize, &DevicePlan)| {
        let seed = mix(bed.seed.wrapping_add(1 + i as u64));
        let cuff = |plan| Cuff::new(Arc::clone(&bedside), plan, scripted.clone());
        let monitor = match plan {
            DevicePlan::Dinamap { cuff: plan, .. } => Monitor::Dinamap(Dinamap::new(
                Arc::clone(&bedside),
                cuff(*plan),
                Oximeter::Unplugged,
            )),
            DevicePlan::Nonin { format, .. } => {
                Monitor::Nonin(Nonin::new(Arc::clone(&bedside), *format))
            }
            DevicePlan::Gateway { id, cuff: plan } => {
                let names = (bed.id.clone(), id.clone());
                let gateway = Gateway::new(Arc::clone(&bedside), cuff(*plan), names.0, names.1);
                Monitor::Gateway { gateway, topics: topics(&scenario.site, &bed.id, id) }
            }
        };
        Station {
            bed: bed.id.clone(),
            device: plan.id().to_owned(),
            seed,
            monitor,
            line: line(seed, plan.id(), &story),
        }
    };
    bed.devices.iter().enumerate().map(station).collect()
}

fn topics(site: &str, bed: &str, device: &str) -> Topics {
    let base = format!("vitals/v1/{site}/{bed}/{device}");
    Topics { obs: format!("{base}/obs"), status: format!("{base}/status") }
}

fn forced(event: &StoryEvent) -> Option<Forced> {
    let (vital, force, for_s) = match event.change {
        Change::Set { vital, value, for_s } => (vital, Force::Set(value), for_s),
        Change::Add { vital, value, for_s } => (vital, Force::Add(value), for_s),
        Change::Hold { vital, value, for_s } => (vital, Force::Hold(value), for_s),
        Change::Cuff { .. }
        | Change::CuffFails { .. }
        | Change::SensorOff { .. }
        | Change::Unplug { .. }
        | Change::Fault { .. } => return None,
    };
    Some(Forced { vital, force, from_s: event.at_s, to_s: event.at_s + for_s })
}

fn sensor_off(story: &[&StoryEvent]) -> Vec<Span> {
    let span = |event: &&StoryEvent| match event.change {
        Change::SensorOff { for_s } => Some(span_of(event.at_s, for_s)),
        Change::Set { .. }
        | Change::Add { .. }
        | Change::Hold { .. }
        | Change::Cuff { .. }
        | Change::CuffFails { .. }
        | Change::Unplug { .. }
        | Change::Fault { .. } => None,
    };
    story.iter().filter_map(span).collect()
}

fn scripted_cuff(event: &StoryEvent) -> Option<ScriptedCuff> {
    let outcome = match event.change {
        Change::Cuff { systolic, diastolic, pulse } => {
            reading(f64::from(systolic), f64::from(diastolic), f64::from(pulse))
        }
        Change::CuffFails { why } => CuffOutcome::Failed(why),
        Change::Set { .. }
        | Change::Add { .. }
        | Change::Hold { .. }
        | Change::SensorOff { .. }
        | Change::Unplug { .. }
        | Change::Fault { .. } => return None,
    };
    Some(ScriptedCuff { at_s: event.at_s, outcome })
}

fn line(seed: u64, name: &str, story: &[&StoryEvent]) -> Line {
    let (mut faults, mut unplugged) = (Vec::new(), Vec::new());
    for event in story {
        match &event.change {
            Change::Unplug { device, for_s } if device == name => {
                unplugged.push(span_of(event.at_s, *for_s));
            }
            Change::Fault { device, kind, one_in, for_s } if device == name => {
                let span = span_of(event.at_s, *for_s);
                faults.push(Fault { kind: *kind, span, one_in: *one_in });
            }
            Change::Unplug { .. }
            | Change::Fault { .. }
            | Change::Set { .. }
            | Change::Add { .. }
            | Change::Hold { .. }
            | Change::Cuff { .. }
            | Change::CuffFails { .. }
            | Change::SensorOff { .. } => {}
        }
    }
    Line::new(seed, faults, unplugged)
}

const fn span_of(from_s: f64, for_s: f64) -> Span {
    Span { from_s, to_s: from_s + for_s }
}

#[cfg(test)]
mod tests;
