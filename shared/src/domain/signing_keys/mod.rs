//! The rules for the deployment's own signing keys.

pub mod rotation;
