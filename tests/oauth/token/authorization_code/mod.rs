//! Codes and their redemption (RFC 6749 §4.1.3, RFC 7636 §4.5, RFC 9700 §2.1.1).

mod bad_input;
mod crowds;
mod faults;
mod lost;
mod success;
mod wrong;
