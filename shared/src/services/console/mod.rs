//! The console's own use cases: sessions of people. Everything else a person does there is a use case of the management.

mod person;
mod sessions;

pub use person::{CurrentPerson, PersonError};
pub use sessions::{ConsoleSessions, LiveSession, NewSession};
