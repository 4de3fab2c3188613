//! The sources against real lines and brokers: pseudo-terminals opened by path, a real mosquitto,
//! and a scripted broker for what a real one won't do on demand.
//!
//! These tests wait on conditions with a long deadline, never for a time, and judge no speed.

mod brokers;
mod cable;
#[path = "../support/mosquitto.rs"]
mod mosquitto;
mod rig;
mod script;
mod scripted_brokers;
mod serial_lines;
