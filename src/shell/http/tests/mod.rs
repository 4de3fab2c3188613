//! The router behind its own accept loop on port 0, with a fake engine and a fake journal that
//! answer through the same lanes as the real ones.

mod acts;
mod doors;
mod exports;
mod fakes;
mod limits;
mod live;
mod people;
mod reads;
mod routes;
pub(crate) mod sample;
mod screens;
mod senders;
mod support;
mod visit_refusals;
mod visits;
mod wire;
