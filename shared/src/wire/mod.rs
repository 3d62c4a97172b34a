//! Parsing of request input: forms, JSON, the Basic header.

pub mod basic_auth;
pub mod csv;
pub mod languages;
pub mod params;
pub use crate::domain::primitives::strict_json;
