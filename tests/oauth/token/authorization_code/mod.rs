//! Codes and their redemption (RFC 6749 §4.1.3, RFC 7636 §4.5, RFC 9700 §2.1.1).

mod bad_input;
mod concurrency;
mod faults;
mod permission_removed;
mod rejected;
mod success;
