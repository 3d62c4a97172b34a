//! Refresh tokens and their families (RFC 6749 §6, RFC 9700 §4.14.2).

mod bad_input;
mod crowds;
mod faults;
mod lost;
mod own_name;
mod reuse;
mod success;
