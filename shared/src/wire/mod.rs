//! Text to value: forms, JSON, the Basic header.

pub mod basic;
pub mod parameters;
pub mod source;
pub mod strict_json;
