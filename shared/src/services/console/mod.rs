//! The console's own use cases: sessions of people, and links that start one. Everything else a person does there is a use case of the management.

pub mod links;
mod person;
mod sessions;

pub use person::{CurrentPerson, PersonError};
pub use sessions::{ConsoleSessions, LiveSession, MAX_SESSIONS, NewSession};
