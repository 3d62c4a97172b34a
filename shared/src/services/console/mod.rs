//! The console's own use cases: sessions of people, links that start one, and forms that are kept while a
//! person proves who they are. Everything else a person does there is a use case of the management.

mod drafts;
mod entering;
pub mod links;
mod person;
mod session_list;
mod sessions;

pub use drafts::{FormDrafts, NewDraft};
pub use entering::EnterError;
pub use person::{CurrentPerson, PersonError};
pub use session_list::MAX_SESSIONS;
pub use sessions::{ConsoleSessions, LiveSession, NewSession};
