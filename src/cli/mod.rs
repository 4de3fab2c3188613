//! One file per command (contract 2).

pub mod check;
pub mod schema;
