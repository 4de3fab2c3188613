//! `dosevigil demo`: a whole simulated clinic on this machine, through the same sources, decoders,
//! engine, journal and dashboard as a real one. Nothing depends on this module.
//!
//! Order: the journal opens, the past is worked out, then goes through decoders and engine, with
//! what the nurse did in it, while the clinical clock stands still; the monitors are plugged in,
//! the clock is released.

mod broker;
mod clinic;
mod nurse;
mod past;
mod people;

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::Args;
use simulators::clock::SimClock;
use simulators::scenario::{Priority, Scenario};
use tokio_util::sync::CancellationToken;

use crate::app;
use crate::domain::time::Stamp;
use crate::shell::clock::{Clock, Speed};
use crate::shell::http::Simulation;

/// Beds of the story; more are drawn by the seed.
const BEDS: usize = 5;
const BEDS_MAX: usize = 200;

/// A whole simulated clinic: embedded broker, monitors on PTYs and MQTT, service, dashboard.
#[derive(Args, Debug)]
#[command(after_help = "Example: dosevigil demo --speed 10 --beds 12")]
pub struct DemoArgs {
    /// How fast clinical time runs, 1 to 120; above 10 delays are not realistic.
    #[arg(long, default_value_t = 1)]
    speed: u32,
    /// How many beds, 5 to 200.
    #[arg(long, default_value_t = BEDS)]
    beds: usize,
    /// Other patients with the same story; 0 is the shipped clinic.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Address of the dashboard; loopback only until there is TLS.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Keeps the database in this folder; else it is temporary.
    #[arg(long)]
    data: Option<PathBuf>,
}

/// Where the demo keeps its files; a temporary folder goes with it.
struct Folder {
    path: PathBuf,
    temporary: bool,
}

/// How long the simulators may take to end. They need half a second at most: longer than that only
/// on a machine that stands still.
const UNPLUGGED: Duration = Duration::from_secs(4);

/// Runs until `stop` is cancelled (Ctrl-C), then ends everything within 5 s.
///
/// # Errors
/// Arguments out of range, or what the service or a simulator says.
pub async fn run(
    args: DemoArgs,
    stop: CancellationToken,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let speed = Speed::try_new(args.speed).map_err(anyhow::Error::msg)?;
    if !(BEDS..=BEDS_MAX).contains(&args.beds) {
        bail!("--beds must be {BEDS} to {BEDS_MAX}, not {}", args.beds);
    }
    if !args.listen.ip().is_loopback() {
        bail!("--listen {}: only a loopback address until there is TLS", args.listen);
    }
    let scenario = Scenario::first_clinic().with_beds(args.beds, args.seed).reseeded(args.seed);
    let folder = Folder::make(args.data)?;
    writeln!(out, "Starting a SIMULATED clinic of {} beds ...", scenario.beds.len())?;
    out.flush()?;
    let broker_url = broker::start()?;
    let config = clinic::config(&scenario, &folder.path, args.listen, &broker_url)?;
    let opened = app::open(config.clone()).await?;
    let password = people::log_ins(&opened.identity).await?;
    let age = Duration::from_secs_f64(scenario.past_s);
    let clock = Arc::new(Clock::held(speed, age, opened.recovery.last));
    let opening = clock.now().plus(age);
    let wall = jiff::Timestamp::from_microsecond(opening.wall.as_micros())?;
    let mut events = past::Events::of(&scenario, &config, wall, clock.now())?;
    let simulation = Simulation { speed, seed: args.seed, played_until: Some(opening.wall) };
    let sim_speed = simulators::clock::Speed::try_new(args.speed)?;
    let mut started = Err(anyhow::anyhow!("the past was not played"));
    let running = opened
        .start(Arc::clone(&clock), Some(simulation), |engine| {
            let played = events.play(|input, at| engine.feed(input, at));
            let ports = folder.path.join("ports");
            let plug_in = |sim| simulators::start(&scenario, sim, &ports, Some(&broker_url));
            started = played.and_then(|()| open(&clock, opening, sim_speed, plug_in));
        })
        .await?;
    let monitors = started?;
    tell(out, &scenario, running.address, &password, speed, opening)?;

    let unplug = CancellationToken::new();
    let simulated = tokio::spawn(monitors.run(unplug.clone()));
    let to_come = past::go_on(events.to_come, running.engine.clone(), Arc::clone(&clock));
    let nurse = tokio::spawn(to_come);
    let outcome = running.until(stop).await;
    nurse.abort();
    unplug.cancel();
    let ended = tokio::time::timeout(UNPLUGGED, simulated).await;
    folder.remove();
    outcome?;
    match ended {
        Ok(joined) => joined.context("the simulators")??,
        Err(_elapsed) => bail!("the simulators did not end in time"),
    }
    writeln!(out, "The simulated clinic is closed.")?;
    Ok(())
}

/// Lets the clinic open at the host's time of day, however long its past took to play: a client
/// goes by that. The time since `opening` goes on without a gap, as when a host's clock is set.
fn open<T>(
    clock: &Clock,
    opening: Stamp,
    speed: simulators::clock::Speed,
    plug_in: impl FnOnce(SimClock) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let (began, host) = (clock.real(), clock.host_wall());
    let wall = jiff::Timestamp::from_microsecond(host.as_micros())?;
    let plugged_in = plug_in(SimClock::new(began, wall, speed));
    let gone = clock.real().saturating_duration_since(began) * clock.speed().factor();
    clock.release(Stamp { mono: opening.mono.plus(gone), wall: host.plus(gone) });
    plugged_in
}

/// Where to look, and what will happen when.
fn tell(
    out: &mut impl Write,
    scenario: &Scenario,
    address: SocketAddr,
    password: &str,
    speed: Speed,
    opening: Stamp,
) -> anyhow::Result<()> {
    let at = |seconds: f64| -> String {
        let real = seconds / f64::from(speed.factor());
        format!("{:>2}:{:02.0}", (real / 60.0).floor(), (real % 60.0).floor())
    };
    writeln!(out, "\n  SIMULATED patients, SIMULATED monitors. Not for patient care.")?;
    writeln!(out, "  Dashboard: http://{address}/    (Ctrl-C ends everything)")?;
    writeln!(out, "  Log in as viewer, nurse, lead or admin, password: {password}")?;
    let free = scenario.beds.iter().filter(|bed| bed.session.is_none());
    let free: Vec<_> = free.map(|bed| bed.label.as_str()).collect();
    let under_way = scenario.beds.len() - free.len();
    writeln!(out, "  Speed: {} x, {under_way} patients already under way.", speed.factor())?;
    writeln!(out, "  Free, its monitor on: {}. Start a visit there.", free.join(", "))?;
    writeln!(out, "\n  What will happen, minutes:seconds after the opening:")?;
    for alarm in &scenario.expected {
        let priority = match alarm.priority {
            Priority::Low => "LOW",
            Priority::Medium => "MEDIUM",
            Priority::High => "HIGH",
        };
        let rule = alarm.rule.as_deref().map(|rule| format!(" ({rule})")).unwrap_or_default();
        let window = format!("{} to {}", at(alarm.from_s), at(alarm.to_s));
        writeln!(out, "   {window}  {:<6} {}{rule} at {}", priority, alarm.family, alarm.bed)?;
    }
    let wall = jiff::Timestamp::from_microsecond(opening.wall.as_micros())?;
    writeln!(out, "\n  What lies before {wall:.0} was played through at start.\n")?;
    out.flush()?;
    Ok(())
}

impl Folder {
    fn make(kept: Option<PathBuf>) -> anyhow::Result<Self> {
        let temporary = kept.is_none();
        let path = match kept {
            Some(path) => path,
            None => {
                let mut name = [0_u8; 8];
                getrandom::fill(&mut name).map_err(|e| anyhow::anyhow!("no random bytes: {e}"))?;
                let name = u64::from_ne_bytes(name);
                std::env::temp_dir().join(format!("dosevigil-demo-{name:016x}"))
            }
        };
        std::fs::create_dir_all(&path).with_context(|| format!("making {}", path.display()))?;
        let path = path.canonicalize()?;
        Ok(Self { path, temporary })
    }

    fn remove(&self) {
        if self.temporary
            && let Err(error) = std::fs::remove_dir_all(&self.path)
        {
            tracing::warn!(%error, "the temporary folder could not be removed");
        }
    }
}

#[cfg(test)]
mod tests;
