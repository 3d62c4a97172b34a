//! The deployment's signing keys.

pub mod published;
pub mod rotation;
