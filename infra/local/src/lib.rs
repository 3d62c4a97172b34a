//! Runs the whole of Latchkey on one machine, against an emulator of AWS. Never deployed.

pub mod banner;
mod callback;
pub mod emulator;
pub mod house;
pub mod http_layers;
mod local_routes;
pub mod mailbox;
pub mod rotation;
pub mod tables;
