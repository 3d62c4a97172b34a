//! The deployment's signing keys.

pub mod rotation;
