//! The console's own use cases: sessions of people, and links that start one. Everything else a person does there is a use case of the management.

mod entering;
pub mod links;
mod person;
mod session_list;
mod sessions;

pub use entering::EnterError;
pub use person::{CurrentPerson, PersonError};
pub use session_list::MAX_SESSIONS;
pub use sessions::{ConsoleSessions, LiveSession, NewSession};
