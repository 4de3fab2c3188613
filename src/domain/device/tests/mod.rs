//! Tests that hold for all decoders together.

mod properties;
mod vectors;
