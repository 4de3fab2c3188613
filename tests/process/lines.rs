//! Monitors on serial lines whose figures the test sets: the simulators' encoders behind
//! pseudo-terminals that the service opens by path.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use simulators::bedside::Bedside;
use simulators::device::cuff::{Cuff, CuffPlan, ScriptedCuff};
use simulators::device::dinamap::{Dinamap, Oximeter as OwnOximeter};
use simulators::device::nonin::{FRAMES, Figures, Signal, encode_2};
use simulators::patient::{Patient, Traits, reading};
use simulators::port::Port;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::clock::{SOON, now, within};

/// A packet of `nonin` format 2 every third of a second.
const PACKET: Duration = Duration::from_millis(333);
/// A killed service's mark on the line is taken off so often.
const RELEASE: Duration = Duration::from_millis(200);

/// What a test does to a line.
enum Act {
    Plug,
    Unplug,
    /// The cuff completes a determination: systolic, diastolic; told once it was sent.
    Measure(f64, f64, oneshot::Sender<()>),
    /// The oximeter shows saturation and rate from now on.
    Show(u8, u16),
}

/// A monitor with its cable.
pub(crate) struct Monitor {
    acts: mpsc::Sender<Act>,
    task: JoinHandle<()>,
}

impl Monitor {
    /// A DINAMAP that answers polls; it has measured 128/79 a minute ago.
    pub(crate) fn cuff(path: &Path) -> Self {
        let port = Port::open(path).expect("a pseudo-terminal");
        let (acts, wanted) = mpsc::channel(16);
        Self { acts, task: tokio::spawn(answer_polls(port, wanted)) }
    }

    /// A Nonin that sends of itself.
    pub(crate) fn oximeter(path: &Path) -> Self {
        let port = Port::open(path).expect("a pseudo-terminal");
        let (acts, wanted) = mpsc::channel(16);
        Self { acts, task: tokio::spawn(send_packets(port, wanted)) }
    }

    /// Completes a determination; returns once it was on the line.
    pub(crate) async fn measures(&self, systolic: u32, diastolic: u32) {
        let (sent, told) = oneshot::channel();
        self.act(Act::Measure(systolic.into(), diastolic.into(), sent)).await;
        within(SOON, "the service polls the monitor", told).await.expect("the monitor goes on");
    }

    pub(crate) async fn shows(&self, spo2: u8, rate: u16) {
        self.act(Act::Show(spo2, rate)).await;
    }

    pub(crate) async fn unplug(&self) {
        self.act(Act::Unplug).await;
    }

    pub(crate) async fn plug(&self) {
        self.act(Act::Plug).await;
    }

    async fn act(&self, act: Act) {
        assert!(self.acts.send(act).await.is_ok(), "the monitor goes on");
    }
}

impl Drop for Monitor {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer_polls(mut port: Port, mut acts: mpsc::Receiver<Act>) {
    let begun = now();
    let mut dinamap = dinamap(-60.0, 128.0, 79.0);
    let mut told: Option<oneshot::Sender<()>> = None;
    let (mut heard, mut buffer) = (Vec::new(), [0; 256]);
    loop {
        let read = tokio::select! {
            act = acts.recv() => {
                match act {
                    Some(Act::Plug) => port.plug().expect("a pseudo-terminal"),
                    Some(Act::Unplug) => port.unplug().expect("it is ours"),
                    Some(Act::Measure(systolic, diastolic, sent)) => {
                        let at_s = (now() - begun).as_secs_f64();
                        dinamap = self::dinamap(at_s, systolic, diastolic);
                        told = Some(sent);
                    }
                    Some(Act::Show(..)) => panic!("this monitor has a cuff"),
                    None => return,
                }
                continue;
            }
            read = port.read(&mut buffer) => read.expect("the far end is held open"),
            () = tokio::time::sleep(RELEASE) => {
                port.release().expect("it is ours");
                continue;
            }
        };
        heard.extend_from_slice(&buffer[..read]);
        while let Some(end) = heard.iter().position(|byte| *byte == b'\r') {
            let command: Vec<u8> = heard.drain(..=end).collect();
            let Some(reply) = dinamap.reply(&command, (now() - begun).as_secs_f64()) else {
                continue;
            };
            port.write(&reply).await.expect("the far end is held open");
            // Of no interest when the test has not waited for it.
            let _ = told.take().map(|told| told.send(()));
        }
    }
}

/// A monitor whose last determination was completed at `at_s`.
fn dinamap(at_s: f64, systolic: f64, diastolic: f64) -> Dinamap {
    let last = ScriptedCuff { at_s, outcome: reading(systolic, diastolic, 80.0) };
    let patient = Patient::new(1, Traits::TYPICAL, Vec::new());
    let bedside = Arc::new(Bedside::new(patient, Vec::new(), Vec::new()));
    let never = CuffPlan { interval_s: 1e9, first_s: 1e9 };
    let cuff = Cuff::new(Arc::clone(&bedside), never, vec![last]);
    Dinamap::new(bedside, cuff, OwnOximeter::Unplugged)
}

async fn send_packets(mut port: Port, mut acts: mpsc::Receiver<Act>) {
    let mut figures = Figures { heart_rate: Some(72), spo2: Some(97) };
    let mut tick = tokio::time::interval(PACKET);
    // A wave that moves: a frozen one would be an alarm of its own.
    let pleth: [u8; FRAMES] = std::array::from_fn(|place| 40 + 5 * place as u8);
    loop {
        tokio::select! {
            act = acts.recv() => match act {
                Some(Act::Plug) => port.plug().expect("a pseudo-terminal"),
                Some(Act::Unplug) => port.unplug().expect("it is ours"),
                Some(Act::Show(spo2, rate)) => {
                    figures = Figures { heart_rate: Some(rate), spo2: Some(spo2) };
                }
                Some(Act::Measure(..)) => panic!("this monitor has no cuff"),
                None => return,
            },
            _ = tick.tick() => {
                port.release().expect("it is ours");
                let packet = encode_2(figures, Signal::Good, &pleth);
                port.write(&packet).await.expect("the far end is held open");
            }
        }
    }
}
