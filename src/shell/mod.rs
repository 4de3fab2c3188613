//! The thin half: adapters between the world and the domain. Adapters know the domain, never each
//! other; they meet in `app` through the channel types below.

pub mod clock;
pub mod engine;
pub mod host;
pub mod http;
pub mod hub;
pub mod identity;
pub mod journal;
pub mod lane;
pub mod report;
pub mod self_test;
pub mod source;
pub mod supervisor;
pub mod telemetry;

use std::time::Instant;

use crate::domain::ids::SourceIndex;
use crate::domain::input::Input;
use crate::domain::time::Stamp;

/// What a source hands to the engine: one input, stamped once at receipt.
#[derive(Debug)]
pub struct Intake {
    /// Clinical time of receipt of the last byte.
    pub received: Stamp,
    pub input: Input,
    /// Who wants to know when the effect is durable; `None` where nobody can be told.
    pub ack: Option<Ack>,
    pub timing: Timing,
}

/// A broker's message that waits for its acknowledgement (safety S3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ack {
    pub source: SourceIndex,
    /// Number of the connection that brought it: an ack for an earlier one is dropped, for packet
    /// ids are used again.
    pub connection: u64,
    pub packet: u16,
}

/// Real instants of the first two stages (contract 5); never journaled.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    pub receipt: Instant,
    pub decoded: Instant,
}
