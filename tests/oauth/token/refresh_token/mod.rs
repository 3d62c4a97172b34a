//! Refresh tokens and their families (RFC 6749 §6, RFC 9700 §4.14.2).

mod bad_input;
mod client_credentials;
mod concurrency;
mod faults;
mod permission_removed;
mod reuse;
mod success;
