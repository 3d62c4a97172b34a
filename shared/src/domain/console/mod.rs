//! The console: where a person goes in it, their session, and links that start one.

pub mod link;
pub mod path;
pub mod session;
