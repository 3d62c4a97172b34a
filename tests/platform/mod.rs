//! What the functions run on: AWS calls, Lambda events, the local runner, crashes.

mod aws_calls;
mod crash;
mod lambda_events;
mod local_http;
mod local_runner;
mod local_tables;
mod panics;
mod second_opinion;
