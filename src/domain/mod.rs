//! The pure half: what readings mean and when they are alarms. No IO, no clock, no async, no
//! randomness: the same inputs give the same outputs, so a journal can be replayed bit for bit.
//!
//! Contract with the shell: `Ward::step(input, now)` returns the transitions that the input
//! caused, in order; `Ward::next_deadline()` says when to call again with `Input::Tick` if nothing
//! comes. Time moves only through `now`.

pub mod act;
pub mod alarm;
pub mod bed;
pub mod chart;
pub mod determined;
pub mod device;
pub mod ids;
pub mod input;
pub mod lately;
pub mod link;
pub mod metric;
pub mod reading;
pub mod record;
pub mod recording;
pub mod role;
pub mod screens;
pub mod self_test;
pub mod session;
pub mod time;
pub mod view;
pub mod vital;
pub mod ward;
