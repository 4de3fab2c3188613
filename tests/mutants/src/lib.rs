//! `src/domain` and `src/config` as they are, without the shell: see `Cargo.toml` beside.

#[path = "../../../src/config/mod.rs"]
pub mod config;
#[path = "../../../src/domain/mod.rs"]
pub mod domain;
