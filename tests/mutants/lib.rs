//! The pure half of dosevigil without the shell, for mutation testing; `run` beside says how.

pub mod config;
pub mod domain;
