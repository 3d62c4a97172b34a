//! Small values that everything else is made of.

pub mod base62;
pub mod display_text;
pub mod email;
pub mod ids;
pub mod validation;
