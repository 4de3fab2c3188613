//! Whole visits, from arrival to discharge, by what a nurse does: one file per route, each with the
//! monitor's readings and again with pressures taken by hand alone; and what goes otherwise.

mod awkward;
mod esketamine;
mod im;
mod intranasal;
mod iv;
mod oral;
mod visit;
