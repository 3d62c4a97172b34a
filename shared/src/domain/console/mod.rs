//! The console: where a person goes in it, their session, links that start one, and forms that are kept meanwhile.

pub mod draft;
pub mod link;
pub mod path;
pub mod session;
