//! What the machine says of itself: free disk and whether its clock is synchronised, looked at from
//! time to time and told to the engine as faults (alarms 13; safety P4). The engine tells only what
//! is news. Nothing here is on the way of an alarm: a look that hangs holds up nobody.

mod disk;
mod time_sync;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use self::time_sync::Unsynced;
use super::clock::Clock;
use super::lane::EngineHandle;
use crate::domain::input::{FaultState, ServiceFault};

const DISK_EVERY: Duration = Duration::from_secs(30);
const SYNC_EVERY: Duration = Duration::from_secs(600);

/// Looks after the disk of `folder` and the clock until `stop` is cancelled.
pub async fn run(
    folder: PathBuf,
    engine: EngineHandle,
    clock: Arc<Clock>,
    stop: CancellationToken,
) {
    tokio::select! {
        () = stop.cancelled() => {}
        () = disk(folder, &engine) => stop.cancelled().await,
        () = time_sync(&engine, &clock) => stop.cancelled().await,
    }
}

async fn disk(folder: PathBuf, engine: &EngineHandle) {
    let mut due = every(DISK_EVERY);
    let mut space = disk::Space::Enough;
    loop {
        due.tick().await;
        let path = folder.clone();
        let free = tokio::task::spawn_blocking(move || disk::free_bytes(&path)).await;
        match free {
            Ok(Ok(free)) => space = space.after(free),
            Ok(Err(error)) => {
                tracing::warn!(%error, "the free space of the data's disk is not known");
                continue;
            }
            Err(_) => return, // the service is ending
        }
        if engine.fault(ServiceFault::DiskLow, space.state()).await.is_err() {
            return;
        }
    }
}

async fn time_sync(engine: &EngineHandle, clock: &Clock) {
    let mut due = every(SYNC_EVERY);
    let mut unsynced = Unsynced::default();
    loop {
        due.tick().await;
        let state = match unsynced.after(time_sync::ask().await, clock.real()) {
            Some(why) => FaultState::Present { why: why.into() },
            None => FaultState::Over,
        };
        if engine.fault(ServiceFault::ClockUnsynced, state).await.is_err() {
            return;
        }
    }
}

fn every(period: Duration) -> tokio::time::Interval {
    let mut interval = tokio::time::interval(period);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}
