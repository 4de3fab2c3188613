//! The engine's task with a real journal and hub, asked and fed through its lanes.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Executor as _, SqliteConnection};
use tempfile::TempDir;
use tokio::sync::{broadcast, mpsc};

use super::{Engine, Lanes};
use crate::config;
use crate::domain::act::{Act, Actor, Deed, Done};
use crate::domain::alarm::escalation::EscalationTimes;
use crate::domain::bed::{BedPlan, Watch};
use crate::domain::device::Message;
use crate::domain::ids::{BedId, BedIndex, DeviceId, Seq, SourceIndex, Uuid};
use crate::domain::input::Input;
use crate::domain::metric::Metric;
use crate::domain::reading::{Absent, Origin, Quantity, Reading, ValueSource};
use crate::domain::record::Names;
use crate::domain::role::Role;
use crate::domain::screens::{
    Audio, Coverage, Lease, ScreenDeed, ScreenKind, ScreenOrder, ScreenRefused, Visibility,
};
use crate::domain::ward::{SourceKind, SourcePlan, Ward, WardPlan};
use crate::shell::clock::{Clock, Speed};
use crate::shell::hub::Hub;
use crate::shell::journal::{self, Durability, Journal};
use crate::shell::lane::{EngineHandle, Published, SelfTested};
use crate::shell::{Ack, Intake, Timing};

const DEADLINE: Duration = Duration::from_secs(60);

struct Rig {
    folder: TempDir,
    clock: Arc<Clock>,
    journal: Journal,
    live: broadcast::Receiver<Arc<Published>>,
    intake: mpsc::Sender<Intake>,
    engine: EngineHandle,
    acks: mpsc::Receiver<Ack>,
}

impl Rig {
    /// One bed, one broker, the shipped preset.
    async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let bed = BedId::try_new("bay-1").expect("a valid name");
        let (journal, _, notices) = journal::open(journal::Options {
            path: folder.path().join("test.db"),
            key_file: folder.path().join("audit.key"),
            head_file: None,
            names: Names { beds: vec![bed.clone()], sources: vec!["broker".into()] },
            configuration: [0; 32],
            durability: Durability::CLINIC,
        })
        .await
        .expect("a new journal");
        let clock = Arc::new(Clock::start(Speed::REAL, None));
        let ward = Ward::new(plan(bed), clock.now());
        let hub = Hub::default();
        let live = hub.subscribe();
        let names = vec!["broker".into()];
        let made =
            Engine::new(ward, Arc::clone(&clock), journal.clone(), hub, names, Origin::Patient);
        let (intake, taken) = mpsc::channel(16);
        let (commands, asked) = mpsc::channel(16);
        let (answers, acks) = mpsc::channel(16);
        let acks_out = vec![Some(answers)];
        let lanes = Lanes { intake: taken, commands: asked, notices, acks: acks_out };
        tokio::spawn(made.run(lanes));
        let engine = EngineHandle::new(commands);
        Self { folder, clock, journal, live, intake, engine, acks }
    }

    async fn send(&self, input: Input, packet: Option<u16>) {
        let ack = packet.map(|packet| Ack { source: SourceIndex(0), connection: 1, packet });
        let (received, receipt) = (self.clock.now(), self.clock.real());
        let timing = Timing { receipt, decoded: receipt };
        let intake = Intake { received, input, ack, timing };
        self.intake.send(intake).await.expect("the engine runs");
    }

    /// The first published event that is wanted.
    async fn published<T>(&mut self, wanted: impl Fn(&Published) -> Option<T>) -> T {
        let found = async {
            loop {
                let event = self.live.recv().await.expect("the engine runs");
                if let Some(found) = wanted(&event) {
                    return found;
                }
            }
        };
        tokio::time::timeout(DEADLINE, found).await.expect("it comes in time")
    }

    /// A figure of the metrics, by its line without the number.
    async fn figure(&self, name: &str) -> u64 {
        let text = self.engine.metrics().await.expect("it answers");
        let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        value.unwrap_or_else(|| panic!("{name} in\n{text}")).parse().expect("a whole number")
    }

    async fn lock(&self) -> SqliteConnection {
        let options = SqliteConnectOptions::new().filename(self.folder.path().join("test.db"));
        let mut other = options.connect().await.expect("the journal opens");
        other.execute("BEGIN IMMEDIATE").await.expect("the lock is to be had");
        other
    }
}

fn plan(bed: BedId) -> WardPlan {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/monitor.toml");
    let preset = config::load(&example).expect("the example is valid").alarms.preset;
    let bed = BedPlan {
        id: bed,
        watch: Watch::Always,
        preset,
        lines: Vec::new(),
        declared: Vec::new(),
        origin: Origin::Patient,
    };
    WardPlan {
        site: "test".into(),
        beds: vec![bed],
        sources: vec![SourcePlan { name: "broker".into(), kind: SourceKind::Broker }],
        origin: Origin::Patient,
        escalation: EscalationTimes::DEFAULT,
        presets: Vec::new(),
    }
}

/// B1: HIGH by a single determination.
fn very_high_pressure() -> Input {
    let reading = |metric, value| Reading::new(metric, Ok(Quantity(value)), ValueSource::Nibp);
    let readings = vec![reading(Metric::NibpSys, 219), reading(Metric::NibpDia, 121)];
    Input::Message {
        bed: BedIndex(0),
        source: SourceIndex(0),
        device: DeviceId::try_new("cuff").expect("a valid name"),
        message: Message { readings, ..Message::default() },
    }
}

fn heartbeat(event: &Published) -> Option<(u32, bool)> {
    match event {
        Published::Heartbeat { watching, self_test, .. } => Some((*watching, self_test.is_some())),
        Published::Alarm { .. }
        | Published::Session { .. }
        | Published::Vitals { .. }
        | Published::SelfTest { .. } => None,
    }
}

#[tokio::test]
async fn a_trial_comes_back_after_its_commit_and_leaves_no_trace_in_the_ward() {
    // safety:P7. Goal: the whole way through journal and hub; no number, list or count knows of it.
    let mut rig = Rig::start().await;
    let before = rig.engine.view().await.expect("it answers");
    rig.send(Input::SelfTest { number: 7 }, None).await;
    // A slow disk is told by alarms of its own.
    let mut told = Vec::new();
    let outcome = loop {
        let event = rig.published(|event| Some(event.clone())).await;
        told.extend(numbered(&event));
        if let Published::SelfTest { number: 7, outcome } = event {
            break outcome;
        }
    };
    let alarm = outcome.expect("the alarm that has to come");
    assert_eq!(alarm.bed, Some(BedId::self_test()));
    let after = rig.engine.view().await.expect("it answers");
    while let Ok(event) = rig.live.try_recv() {
        told.extend(numbered(&event));
    }
    assert_eq!(after.seq, told.last().copied().unwrap_or(before.seq), "no number is the trial's");
    assert!(after.occurrences.iter().all(|it| it.occurrence.bed.is_none()));
    assert_eq!(after.beds.len(), 1);
    assert_eq!(rig.figure("dosevigil_readings_total").await, 0);
    let ready = rig.engine.ready().await.expect("it answers");
    assert_eq!(ready.self_test, None, "only who caught it says that it passed");
    rig.engine.self_tested(SelfTested::Passed).await.expect("it runs");
    assert!(rig.engine.ready().await.expect("it answers").self_test.is_some());
    rig.send(very_high_pressure(), None).await;
    let seq = rig.published(numbered).await;
    assert_eq!(seq, Seq(after.seq.0 + 1));
    // It was timed, if it was not shown ahead of its commit; the trial was neither.
    let timed = rig.figure("dosevigil_publish_seconds_count").await;
    assert_eq!(timed, u64::from(rig.figure("dosevigil_shown_before_commit_total").await == 0));
}

fn numbered(event: &Published) -> Option<Seq> {
    match event {
        Published::Alarm { seq, .. } => *seq,
        Published::Session { .. }
        | Published::Vitals { .. }
        | Published::Heartbeat { .. }
        | Published::SelfTest { .. } => None,
    }
}

#[tokio::test]
async fn a_trial_does_not_come_back_as_long_as_the_journal_does_not_commit() {
    // safety:P7 technical:self-test. Method: a lock from outside; once it is gone, the trial comes.
    let mut rig = Rig::start().await;
    let mut other = rig.lock().await;
    rig.send(Input::SelfTest { number: 1 }, None).await;
    // The stall itself is shown meanwhile, so the engine has had its time.
    rig.send(very_high_pressure(), None).await;
    rig.published(|event| match event {
        Published::Alarm { seq: None, .. } => Some(()),
        Published::SelfTest { .. } => panic!("it came back without its commit"),
        Published::Alarm { .. }
        | Published::Session { .. }
        | Published::Vitals { .. }
        | Published::Heartbeat { .. } => None,
    })
    .await;
    other.execute("ROLLBACK").await.expect("it is ours");
    let came = |event: &Published| match event {
        Published::SelfTest { number: 1, outcome } => Some(outcome.is_ok()),
        Published::SelfTest { .. }
        | Published::Alarm { .. }
        | Published::Session { .. }
        | Published::Vitals { .. }
        | Published::Heartbeat { .. } => None,
    };
    assert!(rig.published(came).await);
}

#[tokio::test]
async fn a_reading_that_alarmed_is_acknowledged_once_it_is_shown_though_the_journal_fails() {
    // safety:S3 safety:P4. Goal: while the commit is still out, and once only.
    let mut rig = Rig::start().await;
    let mut other = rig.lock().await;
    rig.send(very_high_pressure(), Some(1)).await;
    rig.published(|event| matches!(event, Published::Alarm { seq: None, .. }).then_some(())).await;
    let acked = tokio::time::timeout(DEADLINE, rig.acks.recv()).await.expect("in time");
    assert_eq!(acked.map(|ack| ack.packet), Some(1));
    other.execute("ROLLBACK").await.expect("it is ours");
    rig.published(numbered).await;
    rig.engine.view().await.expect("it answers");
    assert!(rig.acks.try_recv().is_err(), "a second acknowledgement");
}

#[tokio::test]
async fn the_heartbeat_counts_the_screens_that_a_person_would_see() {
    // safety:F8. Method: a station opens, leases, hides; each heartbeat says how many watch.
    let mut rig = Rig::start().await;
    let id = Uuid::from_bits(5);
    let deed = ScreenDeed::Open { name: "desk".into(), kind: ScreenKind::Station };
    let order = ScreenOrder { command: id, by: "kim".into(), deed };
    assert_eq!(rig.engine.screen(order.clone()).await, Ok(Ok(id)));
    assert_eq!(rig.engine.screen(order).await, Ok(Ok(id)), "the same command once more");
    let lease = |visibility, seen| Lease {
        visibility,
        audio: Audio::Unlocked,
        beds: Coverage::All,
        seen: Seq(seen),
    };
    let ahead = rig.engine.lease(id, "kim".into(), lease(Visibility::Visible, 1)).await;
    assert_eq!(ahead, Ok(Err(ScreenRefused::Unsent { newest: Seq(0) })));
    for (visibility, watching) in [(Visibility::Visible, 1), (Visibility::Hidden, 0)] {
        // A machine that stands still may lose the lease: it is renewed as a page does.
        loop {
            let renewed = rig.engine.lease(id, "kim".into(), lease(visibility, 0)).await;
            assert_eq!(renewed, Ok(Ok(())));
            if rig.published(heartbeat).await.0 == watching {
                break;
            }
        }
    }
    let screens = rig.engine.screens().await.expect("it answers");
    assert_eq!(screens.len(), 1);
    assert_eq!((&*screens[0].name, &*screens[0].owner), ("desk", "kim"));
    drop(rig.journal);
}

#[tokio::test]
async fn a_value_outside_its_band_is_counted_though_its_message_stands() {
    // safety:S1. Goal: what a source sends reaches the counter, by the source's name.
    let rig = Rig::start().await;
    let Input::Message { bed, source, device, mut message } = very_high_pressure() else {
        panic!("a message")
    };
    message.readings[0].value = Err(Absent::Range { raw: 410 });
    rig.send(Input::Message { bed, source, device, message }, None).await;
    let counted = "dosevigil_rejects_total{source=\"broker\",reason=\"range\"} 1";
    let comes = async {
        // Commands go before inputs, so the first answer may be from before it.
        while !rig.engine.metrics().await.expect("it answers").lines().any(|it| it == counted) {}
    };
    tokio::time::timeout(DEADLINE, comes).await.expect("it is counted");
}

#[tokio::test]
async fn an_acknowledged_alarm_says_where_it_stands_in_the_series() {
    // row:15. Goal: contract 6: an occurrence has its seq wherever it is sent; who comes second is
    // told where the first one's stands.
    let mut rig = Rig::start().await;
    rig.send(very_high_pressure(), None).await;
    let alarm = |event: &Published| match event {
        Published::Alarm { seq: Some(seq), occurrence, .. } => Some((*seq, occurrence.clone())),
        Published::Alarm { seq: None, .. }
        | Published::Session { .. }
        | Published::Vitals { .. }
        | Published::Heartbeat { .. }
        | Published::SelfTest { .. } => None,
    };
    let (raised, occurrence) = rig.published(alarm).await;
    let act = |number, name: &str| Act {
        command: Uuid::from_bits(number),
        by: Actor { name: name.into(), role: Role::Nurse, ordered_by: None, screen: None },
        reason: None,
        deed: Deed::Acknowledge { occurrence: occurrence.id, revision: occurrence.revision },
    };
    let first = rig.engine.act(act(1, "kim")).await.expect("it answers");
    assert!(matches!(&first.answer, Ok(Done::Acknowledged(_))), "{first:?}");
    let acknowledged = |event: &Published| {
        alarm(event).filter(|(_, its)| its.id == occurrence.id && its.acknowledged.is_some())
    };
    let (stands, _) = rig.published(acknowledged).await;
    assert!(stands > raised);
    // Answered ahead of a slow commit it has no number yet.
    assert!(first.seq.is_none_or(|seq| seq == stands), "{first:?}");
    let second = rig.engine.act(act(2, "lee")).await.expect("it answers");
    assert!(matches!(&second.answer, Ok(Done::Acknowledged(_))), "{second:?}");
    assert_eq!(second.seq, Some(stands));
}
