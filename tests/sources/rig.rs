//! A source under test with the far ends of its lanes.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use dosevigil::config::{
    Flow, Line, MqttConfig, Parity, SerialConfig, SerialProtocol, TopicConfig, TopicLevel,
    Unverified,
};
use dosevigil::domain::device::Reject;
use dosevigil::domain::ids::{BedId, BedIndex, DeviceId, SourceIndex};
use dosevigil::domain::input::{Input, LinkChange};
use dosevigil::domain::time::Stamp;
use dosevigil::shell::clock::{Clock, Speed};
use dosevigil::shell::source::{BedNames, mqtt, serial};
use dosevigil::shell::{Ack, Intake};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Longer than anything takes that must happen at once, on a busy machine too.
pub(crate) const SOON: Duration = Duration::from_secs(60);

pub(crate) struct Rig {
    pub(crate) clock: Arc<Clock>,
    pub(crate) acks: mpsc::Sender<Ack>,
    lane: mpsc::Receiver<Intake>,
    cancel: CancellationToken,
    task: JoinHandle<()>,
}

/// An input in short: what the tests compare.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Got {
    Message {
        bed: u32,
        device: String,
        seq: Option<u32>,
    },
    Rejected(Option<u32>, Reject),
    Opening,
    Negotiating,
    Online,
    Lost(String),
    /// Of one device: online or not.
    Device {
        bed: Option<u32>,
        device: String,
        online: bool,
    },
    Other,
}

impl Rig {
    pub(crate) fn serial(config: SerialConfig, speed: u32) -> Self {
        let clock = Clock::start(Speed::try_new(speed).expect("1 to 120"), None);
        let (clock, cancel) = (Arc::new(clock), CancellationToken::new());
        let (to_engine, lane) = mpsc::channel(1024);
        let (acks, _) = mpsc::channel(1);
        let run = serial::run(
            config,
            SourceIndex(0),
            beds(),
            Arc::clone(&clock),
            to_engine,
            cancel.clone(),
        );
        Self { clock, acks, lane, cancel, task: tokio::spawn(run) }
    }

    pub(crate) fn mqtt(config: MqttConfig, capacity: usize) -> Self {
        let clock = Arc::new(Clock::start(Speed::REAL, None));
        let cancel = CancellationToken::new();
        let (to_engine, lane) = mpsc::channel(capacity);
        let (acks, answers) = mpsc::channel(64);
        let run = mqtt::run(
            config,
            beds(),
            SourceIndex(0),
            Arc::clone(&clock),
            to_engine,
            answers,
            cancel.clone(),
        );
        Self { clock, acks, lane, cancel, task: tokio::spawn(run) }
    }

    pub(crate) async fn next(&mut self, limit: Duration) -> Intake {
        let intake = tokio::time::timeout(limit, self.lane.recv()).await;
        intake.expect("an input in time").expect("the source goes on")
    }

    /// Takes inputs up to and with the one that is wanted; gives it and the ones before it.
    pub(crate) async fn until(&mut self, limit: Duration, wanted: Got) -> (Intake, Vec<Got>) {
        let mut before = Vec::new();
        let found = async {
            loop {
                let intake = self.lane.recv().await.expect("the source goes on");
                let got = Got::of(&intake.input);
                if got == wanted {
                    return intake;
                }
                before.push(got);
            }
        };
        match tokio::time::timeout(limit, found).await {
            Ok(intake) => (intake, before),
            Err(_) => panic!("no {wanted:?} in {limit:?}; came: {before:?}"),
        }
    }

    pub(crate) async fn answer(&self, intake: &Intake) {
        let ack = intake.ack.expect("a message that waits for its acknowledgement");
        self.acks.send(ack).await.expect("the source goes on");
    }

    pub(crate) fn stop(&self) {
        self.cancel.cancel();
    }

    /// Stops the source and waits for its end.
    pub(crate) async fn ended(self) {
        self.cancel.cancel();
        drop(self.lane);
        tokio::time::timeout(SOON, self.task).await.expect("an end in time").expect("no panic");
    }
}

impl Got {
    pub(crate) fn of(input: &Input) -> Self {
        let name = |device: &DeviceId| device.as_str().to_owned();
        if let Input::Message { bed, device, message, .. } = input {
            return Self::Message { bed: bed.0, device: name(device), seq: message.seq };
        }
        if let Input::Rejected { bed, reason, .. } = input {
            return Self::Rejected(bed.map(|bed| bed.0), *reason);
        }
        let Input::Link { bed, device, change, .. } = input else { return Self::Other };
        let online = *change == LinkChange::Online;
        match (device, change) {
            (Some(device), _) => {
                Self::Device { bed: bed.map(|bed| bed.0), device: name(device), online }
            }
            (None, LinkChange::Opening) => Self::Opening,
            (None, LinkChange::Negotiating) => Self::Negotiating,
            (None, LinkChange::Online) => Self::Online,
            (None, LinkChange::Lost { why, .. }) => Self::Lost(why.to_string()),
        }
    }

    pub(crate) fn lost(why: &str) -> Self {
        Self::Lost(why.to_owned())
    }

    pub(crate) fn message(bed: u32, device: &str, seq: Option<u32>) -> Self {
        Self::Message { bed, device: device.to_owned(), seq }
    }
}

/// Since when the link of this input is lost.
pub(crate) fn lost_since(intake: &Intake) -> Stamp {
    let Input::Link { change: LinkChange::Lost { since, .. }, .. } = &intake.input else {
        panic!("not a loss: {:?}", intake.input);
    };
    *since
}

fn beds() -> BedNames {
    BedNames::new(["bay-1", "bay-2"].map(|name| BedId::try_new(name).expect("a good name")))
}

pub(crate) fn serial_config(path: &Path, protocol: SerialProtocol) -> SerialConfig {
    SerialConfig {
        limb: dosevigil::config::Limb::Own,
        name: DeviceId::try_new("bay-1-line").expect("a good name"),
        bed: BedIndex(0),
        path: path.to_owned(),
        protocol,
        line: Line {
            baud: 9600,
            data_bits: 8,
            parity: Parity::None,
            stop_bits: 1,
            flow: Flow::None,
            dtr_on_open: true,
        },
        poll: Duration::from_secs(1),
        unverified: Unverified::Refused,
    }
}

pub(crate) fn mqtt_config(port: u16) -> MqttConfig {
    let exact = |text: &str| TopicLevel::Exact(text.into());
    let levels = vec![exact("v"), TopicLevel::Bed, TopicLevel::Device, exact("obs")];
    MqttConfig {
        name: "clinic".into(),
        host: "127.0.0.1".into(),
        port,
        tls: None,
        client_id: "dosevigil-test".into(),
        username: None,
        password_file: None,
        keep_alive: Duration::from_secs(5),
        max_packet_bytes: 65_536,
        topics: vec![TopicConfig { levels, bed: None, devices: Vec::new() }],
    }
}

/// A message of `vitals-json` without readings: the sources do not look at them.
pub(crate) fn payload(device: &str, seq: u32) -> String {
    let head = r#"{"v":1,"device":{"id":""#;
    format!(r#"{head}{device}"}},"seq":{seq},"ts":"2026-11-22T10:15:07Z","obs":[]}}"#)
}
