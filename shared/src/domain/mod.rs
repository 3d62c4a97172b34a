//! Latchkey's own rules, pure: no AWS, no runtime, no clock, no randomness, no environment.

pub mod account;
pub mod audit;
pub mod brand;
pub mod client;
pub mod console;
pub mod jose;
pub mod management;
pub mod net;
pub mod oauth;
pub mod primitives;
pub mod redirect_uri;
pub mod reminder;
pub mod resource;
pub mod sign_in;
pub mod signing_keys;
