//! A form that a page of ours sends.

use crate::error::{AuthorizeError, Trace};
use crate::sign_in::session::SignInSession;
use crate::sign_in::session_cookie;
use crate::state::AuthorizeState;
use axum::body::{Body, to_bytes};
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use http::{Request, header};
use shared::adapters::crypto::session_secret::SessionSecret;
use shared::domain::net::client_ip::ClientIp;
use shared::domain::sign_in::SignInId;
use shared::wire::params::OAuthParams;

/// The longest form that is read, in bytes.
const MAX_BODY: usize = 8 * 1024;

/// The member of every form that says which page it is on.
pub const CSRF_FIELD: &str = "token";

/// The id in the path of a page or a form.
pub type PathId = Result<Path<String>, PathRejection>;

/// The id as text; what cannot be decoded is no id.
pub fn text(id: PathId) -> String {
    id.map_or_else(|_| String::new(), |Path(id)| id)
}

/// Reads a form, sees to it that a page of ours sent it, in the browser of that sign-in, and finds the sign-in.
pub async fn posted(
    state: &AuthorizeState,
    id: &str,
    request: Request<Body>,
    trace: &mut Trace,
) -> Result<(SignInSession, OAuthParams), AuthorizeError> {
    let (head, body) = request.into_parts();
    if session_cookie::is_cross_site(state, &head.headers) {
        return Err(AuthorizeError::CrossSite("cross_site"));
    }
    let source = head.extensions.get::<ClientIp>().map(|source| source.0);
    let is_form = head.headers.get(header::CONTENT_TYPE).is_some_and(|value| {
        value.as_bytes().to_ascii_lowercase().starts_with(b"application/x-www-form-urlencoded")
    });
    let body = to_bytes(body, MAX_BODY).await.map_err(|_| AuthorizeError::InvalidForm)?;
    let form = OAuthParams::from_form(&body).ok().filter(|_| is_form).ok_or(AuthorizeError::InvalidForm)?;
    let sign_in = SignInId::parse(id).map_err(|_| AuthorizeError::SessionNotFound("malformed_sign_in_id"))?;
    let browser: SessionSecret =
        session_cookie::secret(state, &head.headers).ok_or(AuthorizeError::SessionNotFound("no_cookie"))?;
    if !browser.verify_csrf_token(&sign_in, form.get(CSRF_FIELD).unwrap_or_default()) {
        return Err(AuthorizeError::CrossSite("wrong_form_token"));
    }
    match SignInSession::load(state, id, &head.headers, source, trace).await {
        Ok(session) => Ok((session, form)),
        Err(AuthorizeError::AlreadyCompleted) => Err(AuthorizeError::StaleStep(sign_in)),
        Err(halt) => Err(halt.with_sign_in(&sign_in)),
    }
}
