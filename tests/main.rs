//! Latchkey's behaviour, seen from outside. The folders mirror the routes; each test has tables, keys and
//! a clock of its own, in one emulator that the binary starts and that ends with it.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test that panics has failed, what it prints is its report, and it chooses its own time"
)]

mod support;

mod allowlist;
mod aws_calls;
mod bootstrap;
mod crash;
mod deployed;
mod events;
mod expiry;
mod fuzzing;
mod interop;
mod lambda_events;
mod local_http;
mod local_runner;
mod local_tables;
mod oauth;
mod panics;
mod second_opinion;
mod secrecy;
mod signing_keys;
mod template;
mod upstream;
mod v1;
mod well_known;
