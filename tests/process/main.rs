//! The real program from outside: its process, its serial lines (pseudo-terminals opened by path),
//! a real mosquitto, its HTTP and live events, its database file. It is killed, stopped, flooded,
//! unplugged and refused its files.
//!
//! These tests wait on conditions with a long deadline, never for a time alone, and judge no speed.
//! That something comes at once is shown by what it comes before.

mod clinic;
mod clock;
mod events;
mod http;
mod ledger;
mod lines;
#[expect(dead_code, reason = "the tests of the sources need more of it")]
#[path = "../support/mosquitto.rs"]
mod mosquitto;
mod payload;
mod publisher;
mod screen;
mod service;

mod a_demo;
mod a_flood;
mod a_killed_service;
mod a_replay;
mod a_stalled_journal;
mod a_stopped_service;
mod alarms_at_once;
mod lost_links;
mod people;
mod people_at_work;
mod refused_messages;
mod refused_starts;
mod the_self_test;
mod who_is_watching;
