//! Fuzz target for API Gateway events.
#![no_main]

#[path = "../lambda_event.rs"]
mod lambda_event;

libfuzzer_sys::fuzz_target!(|data: &[u8]| lambda_event::lambda_event(data));
