//! The console: where a person goes in it, and their session.

pub mod path;
pub mod session;
