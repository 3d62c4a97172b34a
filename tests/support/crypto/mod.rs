//! Keys, assertions and certificates for tests.

pub mod assertions;
pub mod certificates;
