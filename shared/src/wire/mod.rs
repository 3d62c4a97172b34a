//! Parsing of request input: forms, JSON, the Basic header; and lists and dates as files that programs read.

pub mod accept;
pub mod basic_auth;
pub mod calendar;
pub mod csv;
pub mod languages;
pub mod params;
pub use crate::domain::primitives::strict_json;
