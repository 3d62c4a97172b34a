//! Fuzz target for client assertions (RFC 7523).
#![no_main]

#[path = "../harness.rs"]
mod harness;

libfuzzer_sys::fuzz_target!(|data: &[u8]| harness::assertion(data));
