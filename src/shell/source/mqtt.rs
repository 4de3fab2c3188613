//! An MQTT broker: publishes in, messages and link changes out (safety S3, S4, S7, X8; contract 4).
//!
//! Two tasks. The one here owns the event loop: it polls, hands packets to `deliver` through a
//! bounded lane, and sends acknowledgements once the engine says that the effect is durable. While
//! the lane is full it waits at most a quarter of the keep-alive, then drops the connection
//! un-acknowledged, so that the broker sends again (QoS 1, persistent session): nothing is lost in
//! silence. It never publishes, unsubscribes or says goodbye: the session must outlive it.
//!
//! Acknowledgements are written in batches, straight to the connection that they belong to. The
//! client's request channel would flush each by itself and keep those of a lost connection.

mod access;
mod acks;
mod deliver;
mod poll;
mod why;

use std::sync::Arc;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use self::acks::Acks;
use self::deliver::Delivery;
use self::poll::Poller;
use super::topic::Topics;
use super::{BedNames, Outlet};
use crate::config::MqttConfig;
use crate::domain::ids::SourceIndex;
use crate::shell::clock::Clock;
use crate::shell::{Ack, Intake};

/// Packets between the two tasks. Few: what waits here is of no use to anybody yet.
const PACKETS: usize = 256;
/// Acknowledgements of refused messages, from `deliver` back to the event loop.
const OWN_ACKS: usize = 64;

/// Keeps the connection until `cancel`, or until the engine is gone. `acks` are the engine's
/// answers to the intakes that carried an `Ack`; after `cancel` they are awaited for a second.
///
/// # Panics
/// When the decoding task did: a panic must end the process (safety S2).
pub async fn run(
    config: MqttConfig,
    beds: BedNames,
    source: SourceIndex,
    clock: Arc<Clock>,
    lane: mpsc::Sender<Intake>,
    acks: mpsc::Receiver<Ack>,
    cancel: CancellationToken,
) {
    let topics = Topics::new(&config.topics);
    let outlet = Outlet { source, clock, lane, cancel };
    let (items, from_broker) = mpsc::channel(PACKETS);
    let (refused, own) = mpsc::channel(OWN_ACKS);
    let filters = topics.filters();
    let name = Arc::clone(&config.name);
    let delivery = Delivery::new(name, topics, beds, outlet.clone(), refused);
    let delivery = tokio::spawn(delivery.run(from_broker));
    Poller::new(config, filters, outlet, items, Acks::new(acks, own)).run().await;
    if let Err(error) = delivery.await
        && error.is_panic()
    {
        std::panic::resume_unwind(error.into_panic());
    }
}
