//! Simulated patients and monitors.
