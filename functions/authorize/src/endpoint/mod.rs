//! The authorization endpoint (RFC 6749 §3.1): from the request to the code.

pub(crate) mod authorization_endpoint;
pub(crate) mod authorization_params;
pub(crate) mod issue_code;
