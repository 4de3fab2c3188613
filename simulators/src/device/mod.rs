//! The monitors: each turns a bedside's vital signs into the bytes of its protocol, written
//! from the device's specification. Pure; `port` and `broker` carry the bytes.
//! Deliberately shares no code with any decoder.

pub mod cuff;
pub mod dinamap;
pub mod gateway;
pub mod nonin;
