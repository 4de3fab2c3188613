//! dosevigil keeps vigil over vital signs during ketamine and esketamine dosing sessions.

pub mod app;
pub mod cli;
pub mod config;
#[cfg(feature = "demo")]
pub mod demo;
pub mod domain;
pub mod shell;
