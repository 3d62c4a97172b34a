//! The platform below the functions: AWS calls, Lambda events, the local runner, crashes.

mod aws_calls;
pub mod bootstrap;
mod crash;
mod documents;
mod lambda_events;
mod layers;
mod local_http;
mod local_runner;
mod local_tables;
mod panics;
mod recovery;
mod second_opinion;
pub mod stored_items;
mod texts;
