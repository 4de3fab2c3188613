//! Wiring: the only file that knows every part. Lanes, tasks and the order of the end.
//!
//! | lane | holds | when full |
//! |---|---|---|
//! | source → engine | 1,024 inputs | serial waits; MQTT waits, then disconnects un-acked |
//! | command → engine | 64 | HTTP answers 503 |
//! | engine → journal | 4,096 batches | the engine keeps the next one; the stall is an alarm |
//! | engine → source | 4,096 acknowledgements | the engine keeps the rest, in order |
//! | question → journal | 64 | HTTP answers 503 |
//! | change → identity | 64 | HTTP answers 503; a line of the audit is left out, with a warning |
//! | hub → browser | 256 events | one `resync`, then `bye` |
//!
//! The end: sources stop, the engine drains and checkpoints, the journal closes, then the streams
//! and HTTP; 5 s in all (safety P2).

mod export;
mod history;
mod plan;

pub use self::export::Filing;
pub use self::plan::{names, plan};
use self::plan::{site, source_names};

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::domain::ids::SourceIndex;
use crate::domain::input::{FaultState, Input, ServiceFault};
use crate::domain::reading::Origin;
use crate::domain::time::Stamp;
use crate::shell::clock::{Clock, Speed};
use crate::shell::engine::{self, Engine, Lanes};
use crate::shell::host;
use crate::shell::http::{self, AppState, Limits, Simulation};
use crate::shell::hub::Hub;
use crate::shell::identity::{Identity, IdentityError, Now, Writer};
use crate::shell::journal::{self, Durability, Journal, Notice, Recovery};
use crate::shell::lane::{EngineHandle, HistoryHandle};
use crate::shell::self_test::{self, Pace, Pipeline};
use crate::shell::source::{self, BedNames};
use crate::shell::supervisor::{Fallen, Supervisor};
use crate::shell::{Ack, Intake};

const INTAKE: usize = 1024;
const COMMANDS: usize = 64;
const ACKS: usize = 4096;
const QUESTIONS: usize = 64;
/// Everything has to end in this time (safety P2).
const END: Duration = Duration::from_secs(5);

/// Why the service did not start, or did not go on; the exit codes are contract 2's.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error(transparent)]
    Storage(#[from] journal::JournalError),
    #[error(transparent)]
    State(#[from] engine::Unrestorable),
    #[error(transparent)]
    Identity(#[from] IdentityError),
    #[error("can't listen on {address}: {source}")]
    Listen { address: SocketAddr, source: std::io::Error },
    #[error("the service stopped: {0}")]
    Fallen(#[from] Fallen),
    #[error("the service did not end within {} s", END.as_secs())]
    Late,
}

/// The journal is open and read; nothing runs yet.
#[derive(Debug)]
pub struct Opened {
    config: Config,
    journal: Journal,
    notices: mpsc::Receiver<Notice>,
    pub recovery: Recovery,
    /// Its changes are made from now on.
    pub identity: Identity,
    web: Supervisor,
}

/// A service at work.
#[derive(Debug)]
pub struct Running {
    /// Where the dashboard is.
    pub address: SocketAddr,
    pub engine: EngineHandle,
    journal: Journal,
    intake: Supervisor,
    core: Supervisor,
    web: Supervisor,
}

impl Failure {
    /// 2 configuration, 3 storage, 1 other.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Storage(_) | Self::State(_) | Self::Identity(_) => 3,
            Self::Listen { .. } | Self::Fallen(_) | Self::Late => 1,
        }
    }
}

/// Opens the journal: before anything is heard or shown.
///
/// # Errors
/// When the data can't be used; the file is never overwritten.
pub async fn open(config: Config) -> Result<Opened, Failure> {
    let names = names(&config);
    let (journal, recovery, notices) = journal::open(journal::Options {
        path: config.storage.path.clone(),
        key_file: config.audit.key_file.clone(),
        head_file: config.audit.head_file.clone(),
        names,
        configuration: Sha256::digest(format!("{config:?}")).into(),
        durability: Durability::CLINIC,
    })
    .await?;
    let side = journal::side(&config.storage.path).await?;
    let (identity, writer) = Identity::new(side.write, side.reads, steady_now());
    let mut web = Supervisor::default();
    web.spawn("identity", writer.run());
    Ok(Opened { config, journal, notices, recovery, identity, web })
}

/// The users of a site whose service may run or not: for the command line. Makes the database
/// where there is none.
///
/// # Errors
/// When the data can't be used.
pub async fn identity(config: &Config) -> Result<(Identity, Writer), journal::JournalError> {
    journal::prepare(&config.storage.path, &config.audit.key_file).await?;
    let side = journal::side(&config.storage.path).await?;
    Ok(Identity::new(side.write, side.reads, steady_now()))
}

/// The wall time of the start, carried on by the monotonic clock.
fn steady_now() -> Now {
    let clock = Clock::start(Speed::REAL, None);
    let start = clock.now();
    Arc::new(move || start.wall.plus(clock.now().mono.since(start.mono)))
}

impl Opened {
    /// Starts everything. `past` may feed the engine before any source does; the demo plays its
    /// past there.
    ///
    /// # Errors
    /// When the journal's state can't be restored or the address is taken.
    pub async fn start(
        self,
        clock: Arc<Clock>,
        simulation: Option<Simulation>,
        past: impl FnOnce(&mut Engine),
    ) -> Result<Running, Failure> {
        let Self { config, journal, notices, recovery, identity, mut web } = self;
        if !identity.has_users().await? {
            tracing::warn!(
                "there are no users yet, so nobody can log in: make one with \
                 `dosevigil user add NAME --role admin --config FILE`"
            );
        }
        let address = config.http.listen;
        let listener = TcpListener::bind(address).await;
        let listener = listener.map_err(|source| Failure::Listen { address, source })?;
        let address = listener.local_addr().unwrap_or(address);

        let origin = if simulation.is_some() { Origin::Simulated } else { Origin::Patient };
        let restored = engine::restore(plan(&config, origin), &recovery, clock.now())?;
        let told = journal.transitions(restored.after(), recovery.next_seq, usize::MAX).await?;
        let ward = restored.reconciled(told);
        let hub = Hub::default();
        let names = source_names(&config);
        let mut core_engine =
            Engine::new(ward, Arc::clone(&clock), journal.clone(), hub.clone(), names, origin);
        feed_start(&mut core_engine, recovery.last, &clock);
        past(&mut core_engine);

        let (intake_lane, intake) = mpsc::channel(INTAKE);
        let (command_lane, commands) = mpsc::channel(COMMANDS);
        let (history_lane, questions) = mpsc::channel(QUESTIONS);
        let engine = EngineHandle::new(command_lane);
        let mut sources = Supervisor::default();
        let acks = spawn_sources(&config, &clock, &intake_lane, &mut sources);
        let pipeline = pipeline(&intake_lane, &hub, &engine, &clock);
        sources.spawn("self-test", self_test::run(pipeline, sources.stop.clone()));
        // The intake closes when the last source ends; without any, when it is told to.
        let told = sources.stop.clone();
        sources.spawn("intake", async move {
            told.cancelled().await;
            drop(intake_lane);
        });

        let mut core = Supervisor::default();
        core.spawn("engine", core_engine.run(Lanes { intake, commands, notices, acks }));
        let filing = Filing::new(&config, Arc::clone(&clock));
        web.spawn("history", history::answer(journal.clone(), questions, filing.into(), origin));
        let folder = folder_of(&config.storage.path);
        let looks = host::run(folder, engine.clone(), Arc::clone(&clock), web.stop.clone());
        web.spawn("host", looks);
        let stop = web.stop.clone();
        let state = AppState::new(
            site(&config, simulation),
            engine.clone(),
            HistoryHandle::new(history_lane),
            hub,
            identity,
            Limits::CONTRACT,
            stop.clone(),
        );
        web.spawn("http", async move {
            let router = http::router(state);
            if let Err(error) = http::serve(listener, router, Limits::CONTRACT, stop).await {
                tracing::error!(%error, "HTTP ended");
            }
        });
        tracing::info!(%address, site = &*config.site.name, "the service is up");
        Ok(Running { address, engine, journal, intake: sources, core, web })
    }
}

impl Running {
    /// Works until `stop` is cancelled, then ends in order.
    ///
    /// # Errors
    /// When a task fell, or the end took longer than 5 s.
    pub async fn until(mut self, stop: CancellationToken) -> Result<(), Failure> {
        let fallen = tokio::select! {
            () = stop.cancelled() => None,
            fallen = self.intake.fallen() => Some(fallen),
            fallen = self.core.fallen() => Some(fallen),
            fallen = self.web.fallen() => Some(fallen),
        };
        let ended = tokio::time::timeout(END, self.end()).await;
        match (fallen, ended) {
            (Some(fallen), _) => Err(fallen.into()),
            (None, Ok(outcome)) => outcome,
            (None, Err(_elapsed)) => Err(Failure::Late),
        }
    }

    async fn end(self) -> Result<(), Failure> {
        tracing::info!("stopping: sources first");
        self.intake.end().await?;
        // The intake is closed now; the engine drains and ends by itself.
        self.core.end().await?;
        self.web.end().await?;
        self.journal.close().await?;
        tracing::info!("stopped");
        Ok(())
    }
}

/// What the self-test goes through.
fn pipeline(
    intake: &mpsc::Sender<Intake>,
    hub: &Hub,
    engine: &EngineHandle,
    clock: &Arc<Clock>,
) -> Pipeline {
    Pipeline {
        intake: intake.clone(),
        hub: hub.clone(),
        engine: engine.clone(),
        clock: Arc::clone(clock),
        pace: Pace::CLINIC,
    }
}

/// What is known at the start, before any source speaks.
fn feed_start(engine: &mut Engine, last: Option<Stamp>, clock: &Clock) {
    if let Some(last) = last {
        engine.feed(Input::Restarted { down_since: last }, clock.now());
    }
    engine.feed(no_second_channel(), clock.now());
    // What an earlier run has found in its file is not said of this one, which could be read.
    let fault = ServiceFault::Config;
    engine.feed(Input::Service { fault, state: FaultState::Over }, clock.now());
}

/// There is no second way to reach people yet; that is itself an alarm (alarms 13).
fn no_second_channel() -> Input {
    let why = "no second way to reach people is configured".into();
    Input::Service { fault: ServiceFault::NoSecondChannel, state: FaultState::Present { why } }
}

/// Where the data is.
fn folder_of(database: &Path) -> PathBuf {
    let folder = database.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new(".")).to_owned()
}

/// One task per serial line and broker; the lanes of acknowledgements by `SourceIndex`.
fn spawn_sources(
    config: &Config,
    clock: &Arc<Clock>,
    lane: &mpsc::Sender<Intake>,
    tasks: &mut Supervisor,
) -> Vec<Option<mpsc::Sender<Ack>>> {
    let beds = BedNames::new(config.beds.iter().map(|bed| bed.id.clone()));
    let mut acks = Vec::new();
    let mut indexes = (0..).map(SourceIndex);
    for (line, index) in config.serial.iter().zip(&mut indexes) {
        let name: Arc<str> = line.name.as_str().into();
        let (clock, lane) = (Arc::clone(clock), lane.clone());
        let task =
            source::serial::run(line.clone(), index, beds.clone(), clock, lane, tasks.stop.clone());
        tasks.spawn(name, task);
        acks.push(None);
    }
    for (broker, index) in config.mqtt.iter().zip((config.serial.len()..).map(index_of)) {
        let (answers, answered) = mpsc::channel(ACKS);
        let (clock, lane) = (Arc::clone(clock), lane.clone());
        let task = source::mqtt::run(
            broker.clone(),
            beds.clone(),
            index,
            clock,
            lane,
            answered,
            tasks.stop.clone(),
        );
        tasks.spawn(broker.name.clone(), task);
        acks.push(Some(answers));
    }
    acks
}

fn index_of(place: usize) -> SourceIndex {
    SourceIndex(u32::try_from(place).unwrap_or(u32::MAX))
}
