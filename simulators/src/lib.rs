//! Simulated patients and bedside monitors, for the demo and for tests. It encodes from the
//! device specifications and never depends on the service, so that the two readings of a
//! specification check each other.
//!
//! ```text
//! scenario   TOML story: beds, patients, monitors, what happens, the alarms expected of it
//! patient    (seed, traits, doses, t) -> true vital signs and cuff readings
//!   pharmacology, noise      the drug in closed form; numbered random draws
//! bedside    patient + what the story forces -> what every monitor at the bed sees
//! device/*   vital signs -> bytes: dinamap, nonin, gateway (and the cuff in two of them)
//! fault      a line that spoils frames, and says when its cable is out
//! clinic     scenario -> stations; plays the past
//! clock      clinical seconds since the opening: the only reader of a clock
//! port, broker               PTYs and MQTT: the only IO
//! ```
//! Everything above `clock` is pure: the same scenario gives the same bytes. Times are clinical
//! seconds since the opening (`_s`), negative in the past.

use std::path::{Path, PathBuf};

use anyhow::Context;
use jiff::Timestamp;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

pub mod bedside;
pub mod broker;
mod clinic;
pub mod clock;
pub mod device;
pub mod fault;
pub mod noise;
pub mod patient;
pub mod pharmacology;
pub mod port;
pub mod scenario;

use clinic::{Clinic, Monitor, Station};
pub use clinic::{Frame, PastFrame};

use crate::broker::BrokerAddress;
use crate::clock::SimClock;
use crate::port::Port;
use crate::scenario::Scenario;

/// The frames that each device sent from `from_s` (negative) until the opening, in time order;
/// `opened` is the wall time of the opening. Cuff monitors as if polled for pressure every 5 s,
/// the others once a second. What `start` runs goes on from there.
#[must_use]
pub fn past(scenario: &Scenario, opened: Timestamp, from_s: f64) -> Vec<PastFrame> {
    Clinic::new(scenario).play_past(opened, from_s)
}

/// A clinic whose ports can be opened.
#[derive(Debug)]
pub struct Simulation {
    serial: Vec<(Station, Port)>,
    networked: Vec<Station>,
    broker: Option<BrokerAddress>,
    clock: SimClock,
}

/// Brings a scenario to its opening and makes its serial ports in `dir` (created when absent),
/// each under its device's name. Without `broker_url` its MQTT monitors stay off.
/// Must be called in a tokio runtime; nothing is sent until `Simulation::run`.
///
/// # Errors
/// No PTY to be had, `dir` cannot be written, or the broker's URL is none.
pub fn start(
    scenario: &Scenario,
    clock: SimClock,
    dir: &Path,
    broker_url: Option<&str>,
) -> anyhow::Result<Simulation> {
    let broker = broker_url.map(BrokerAddress::parse).transpose()?;
    std::fs::create_dir_all(dir).with_context(|| format!("making {}", dir.display()))?;
    let mut clinic = Clinic::new(scenario);
    // From the opening on: none of the past's frames is kept.
    clinic.play_past(clock.opened_wall(), 0.0);
    let (mut serial, mut networked) = (Vec::new(), Vec::new());
    for station in clinic.stations {
        match station.monitor {
            Monitor::Dinamap(_) | Monitor::Nonin(_) => {
                let path = dir.join(&station.device);
                let port = Port::open(&path)
                    .with_context(|| format!("making the port {}", path.display()))?;
                serial.push((station, port));
            }
            Monitor::Gateway { .. } => networked.push(station),
        }
    }
    Ok(Simulation { serial, networked, broker, clock })
}

impl Simulation {
    /// Bed, device and path of each serial port.
    pub fn ports(&self) -> impl Iterator<Item = (&str, &str, PathBuf)> {
        self.serial.iter().map(|(station, port)| {
            (station.bed.as_str(), station.device.as_str(), port.path().to_owned())
        })
    }

    /// Runs all monitors until `token` is cancelled, then ends within a second. The ports'
    /// paths are gone afterwards.
    ///
    /// # Errors
    /// A PTY failed, or a monitor's task panicked; the others are stopped then.
    pub async fn run(self, token: CancellationToken) -> anyhow::Result<()> {
        let Self { serial, networked, broker, clock } = self;
        let mut tasks = JoinSet::new();
        // One failure stops all, but is not the caller's cancellation.
        let token = token.child_token();
        for (station, port) in serial {
            let token = token.clone();
            tasks.spawn(async move {
                let device = station.device.clone();
                port::run(station, port, clock, token).await.context(device)
            });
        }
        for station in networked {
            let Some(broker) = broker.clone() else {
                continue;
            };
            let Monitor::Gateway { gateway, topics } = station.monitor.clone() else {
                continue;
            };
            let token = token.clone();
            tasks.spawn(async move {
                broker::run(station, gateway, topics, broker, clock, token).await;
                Ok(())
            });
        }
        let mut outcome = Ok(());
        while let Some(ended) = tasks.join_next().await {
            let ended = ended.context("a monitor's task").and_then(|result| result);
            if outcome.is_ok() && ended.is_err() {
                token.cancel();
                outcome = ended;
            }
        }
        // Without any monitor there is nothing to wait for but the end.
        if outcome.is_ok() {
            token.cancelled().await;
        }
        outcome
    }
}

/// `start` and `run` in one, for a caller who needn't know when the ports are there.
///
/// # Errors
/// Those of both.
pub async fn run(
    scenario: &Scenario,
    clock: SimClock,
    dir: &Path,
    broker_url: Option<&str>,
    token: CancellationToken,
) -> anyhow::Result<()> {
    start(scenario, clock, dir, broker_url)?.run(token).await
}
