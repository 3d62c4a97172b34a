//! Runs the whole of Latchkey on one machine, against an emulator of AWS. Never deployed.

pub mod banner;
mod callback;
mod console;
mod dev_routes;
pub mod emulator;
pub mod error;
pub mod http_layers;
pub mod mailbox;
pub mod rotation;
pub mod sample;
pub mod server;
pub mod tables;
pub mod upstream;
