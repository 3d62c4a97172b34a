//! Tests of Latchkey's behaviour from outside. The folders mirror the routes; each test has tables, keys and a
//! clock of its own, in one emulator that the test binary starts and that ends with it.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test that panics has failed, what it prints is its report, and it chooses its own time"
)]

mod support;

mod console;
mod deployed;
mod expiry;
mod interop;
mod oauth;
mod platform;
mod security;
mod signing_keys;
mod template;
mod v1;
