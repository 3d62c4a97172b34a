//! JSON Web Signatures, Keys and Tokens (RFC 7515, 7517, 7519).

pub mod algorithm;
pub mod ignored_key;
pub mod jwk;
pub mod jwt;
pub mod key_finding;
