//! JSON Web Signatures, keys and tokens (RFC 7515, 7517, 7519), as data.

pub mod algorithm;
pub mod jwk;
pub mod jwt;
