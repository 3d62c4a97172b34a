//! Fuzz target for HTTP Basic credentials.
#![no_main]

#[path = "../harness.rs"]
mod harness;

libfuzzer_sys::fuzz_target!(|data: &[u8]| harness::basic(data));
