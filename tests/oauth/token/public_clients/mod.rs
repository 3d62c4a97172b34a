//! Clients that can keep no secret (RFC 6749 §2.1, `token_endpoint_auth_method: none`).

mod authentication;
mod lifecycle;
