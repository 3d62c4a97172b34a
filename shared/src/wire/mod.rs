//! Text to value: forms, JSON, the Basic header.

pub mod basic_auth;

pub mod params;
pub mod strict_json;
