//! The authorization endpoint (RFC 6749 §3.1): requests, codes, PKCE, errors.

pub mod code;
pub mod error;
pub mod pkce;
pub mod request;
