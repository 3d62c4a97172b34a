//! Tests across all functions: secrets, address lists, random input.

mod fuzz_smoke;
mod ip_allowlist;
mod secrecy;
