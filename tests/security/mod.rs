//! Properties of all functions: secrecy, IP allowlists, random input.

mod fuzz_smoke;
mod ip_allowlist;
mod secrecy;
