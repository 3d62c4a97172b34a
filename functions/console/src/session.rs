//! The session of a request.

use crate::error::ConsoleError;
use crate::frame::seen::SeenFrame;
use crate::state::ConsoleState;
use axum::extract::FromRequestParts;
use http::Method;
use http::request::Parts;
use jiff::Timestamp;
use shared::adapters::crypto::console_cookie::ConsoleCookie;
use shared::domain::console::path::ConsolePath;
use shared::domain::net::client_ip::ClientIp;
use shared::services::console::LiveSession;
use std::net::IpAddr;
use std::sync::Arc;

/// A request of a person with a session.
pub struct PersonRequest {
    /// The session.
    pub live: LiveSession,
    /// Time of the request.
    pub now: Timestamp,
    /// Address of the browser.
    pub source_ip: Option<IpAddr>,
}

impl FromRequestParts<Arc<ConsoleState>> for PersonRequest {
    type Rejection = ConsoleError;

    async fn from_request_parts(head: &mut Parts, state: &Arc<ConsoleState>) -> Result<Self, ConsoleError> {
        let person = Self::load(head, state).await?;
        SeenFrame::of(head).note_person(&person.live);
        Ok(person)
    }
}

impl PersonRequest {
    /// The session of a request, of which the page of an error shows nothing.
    pub async fn load(head: &Parts, state: &ConsoleState) -> Result<Self, ConsoleError> {
        let now = state.app().clock.now();
        let cookie = state.cookie().read(&head.headers).as_deref().and_then(ConsoleCookie::parse);
        let live = match cookie {
            Some(cookie) => state.sessions(now).load(cookie).await?,
            None => None,
        };
        let Some(live) = live else { return Err(signed_out(head)) };
        let source_ip = head.extensions.get::<ClientIp>().map(|client_ip| client_ip.0);
        Ok(Self { live, now, source_ip })
    }
}

/// A page leads to the sign-in and back; of a form, a page says that the session has ended.
fn signed_out(head: &Parts) -> ConsoleError {
    match (&head.method, requested_path(head)) {
        (&(Method::GET | Method::HEAD), Some(to)) => ConsoleError::SignedOut(to),
        _ => ConsoleError::SessionEnded,
    }
}

/// The page of the console that a request is for.
pub fn requested_path(head: &Parts) -> Option<ConsolePath> {
    let path = head.uri.path_and_query().map_or("", |path| path.as_str());
    ConsolePath::parse(path.trim_end_matches('/')).ok()
}
