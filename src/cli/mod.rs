//! The commands of contract 2, one file each: arguments in, text out, an exit code back.

pub mod check;
pub mod decode;
pub mod schema;
