//! The authorization endpoint (RFC 6749 §3.1).

pub(crate) mod authorization_endpoint;
mod authorization_params;
pub(crate) mod openapi;
