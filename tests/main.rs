//! Latchkey's behaviour, seen from outside. The folders mirror the routes; each test has tables, keys and
//! a clock of its own, in one emulator that the binary starts and that ends with it.
#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test that panics has failed")]

mod support;

mod interop;
mod local_runner;
mod oauth;
mod v1;
mod well_known;
