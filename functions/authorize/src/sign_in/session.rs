//! Loading the sign-in of a request.

use crate::error::AuthorizeError;
use crate::page_language::PageLanguage;
use crate::state::AuthorizeState;
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use http::HeaderMap;
use http::request::Parts;
use shared::adapters::crypto::session_secret::SessionSecret;
use shared::domain::net::client_ip::ClientIp;
use shared::domain::sign_in::SignInId;
use shared::services::sign_in::{SignInSession, StoredSignIn};

/// Id in the path of a page or a form.
pub type PathId = Result<Path<String>, PathRejection>;

/// Parses the id in a path. One that cannot be decoded is malformed too.
pub fn path_id(id: PathId) -> Result<SignInId, AuthorizeError> {
    parse_id(&id.map_or_else(|_| String::new(), |Path(id)| id))
}

/// Parses the id of a sign-in.
pub fn parse_id(id: &str) -> Result<SignInId, AuthorizeError> {
    SignInId::parse(id).map_err(|_| AuthorizeError::SessionNotFound("malformed_sign_in_id"))
}

/// Secret in the browser's cookie.
pub fn browser_secret(state: &AuthorizeState, headers: &HeaderMap) -> Result<SessionSecret, AuthorizeError> {
    state.browser_secret(headers).ok_or(AuthorizeError::SessionNotFound("no_cookie"))
}

/// Loads a sign-in of the browser that sent the request.
pub async fn load(
    state: &AuthorizeState,
    id: SignInId,
    head: &Parts,
) -> Result<SignInSession, AuthorizeError> {
    let now = state.app.clock.now();
    let browser = browser_secret(state, &head.headers)?;
    let stored = StoredSignIn::load(&state.app.store, id, browser, now).await?;
    let client_ip = head.extensions.get::<ClientIp>().map(|client_ip| client_ip.0);
    let Some(request) = stored.purpose().client() else { return Ok(stored.resume_for_console(client_ip)) };
    if let (Some(language), Some(ui_locales)) = (PageLanguage::of_head(head), request.ui_locales.as_deref()) {
        language.prefer(ui_locales);
    }
    let active = state.load_active_client(&request.client_id, now).await?;
    Ok(stored.resume(active, client_ip)?)
}
