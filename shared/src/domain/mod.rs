//! Latchkey's own rules, pure: no AWS, no runtime, no clock, no randomness, no environment.

pub mod account;
pub mod attention;
pub mod audit;
mod base62;
pub mod claims;
pub mod client;
pub mod client_credentials;
pub mod client_secret;
pub mod email;
pub mod event;
pub mod expiry;
pub mod ids;
pub mod ip_allowlist;
pub mod key_rotation;
pub mod lifetime;
pub mod management;
pub mod oauth_error;
pub mod permission;
pub mod redirect_uri;
pub mod reminder;
pub mod resource;
pub mod rotation;
pub mod scope;
pub mod secret;
pub mod standing;
pub mod text;
pub mod validation;
