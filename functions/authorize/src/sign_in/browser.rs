//! The browser that a person signs in with.

use crate::state::AuthorizeState;
use http::header;
use http::request::Parts;
use jiff::Timestamp;
use shared::adapters::error::BackendError;
use shared::domain::console::session;
use shared::domain::sign_in::known_browser::KnownBrowser;

/// The browser that a request comes from.
pub struct SigningInBrowser {
    /// Set if people have signed in with it.
    pub known: Option<KnownBrowser>,
    /// What it calls itself.
    pub user_agent: String,
}

impl SigningInBrowser {
    /// The browser of a request.
    pub async fn of(state: &AuthorizeState, head: &Parts, now: Timestamp) -> Result<Self, BackendError> {
        let user_agent = head.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        Ok(Self {
            known: state.known_browser(&head.headers, now).await?,
            user_agent: session::user_agent(user_agent.unwrap_or_default()),
        })
    }
}
