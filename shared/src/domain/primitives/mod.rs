//! Value types used by all capabilities.

pub mod base62;
pub mod display_text;
pub mod email;
pub mod field_error;
pub mod folded;
pub mod ids;
pub mod json_members;
pub mod language;
pub mod link_url;
pub mod optional_change;
pub mod strict_json;
pub mod unknown_attributes;
pub mod validation;
pub mod visible_text;
