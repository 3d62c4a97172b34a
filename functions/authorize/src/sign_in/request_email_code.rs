//! Requesting a code by e-mail.

use crate::error::AuthorizeError;
use crate::pages::form_error::FormErrorCode;
use crate::pages::response;
use crate::sign_in::form_fields::FormFields;
use crate::sign_in::sign_in_form::SignInForm;
use crate::state::AuthorizeState;
use axum::extract::State;
use axum::response::Response;
use shared::domain::account::SignInMethod;
use shared::domain::primitives::email::EmailAddress;
use shared::domain::sign_in::Step;
use shared::domain::sign_in::known_browser::KnownBrowser;
use shared::services::sign_in::{RequestCodeOutcome, SignInSession};
use std::sync::Arc;

/// `POST /oauth/authorize/{sign_in_id}/email`
pub async fn submit(
    State(state): State<Arc<AuthorizeState>>,
    SignInForm { mut session, fields, browser }: SignInForm,
) -> Result<Response, AuthorizeError> {
    let id = session.id.clone();
    let result = request_code(&state, &mut session, &fields, browser.known.as_ref()).await;
    result.map_err(|error| error.with_sign_in(&id))
}

async fn request_code(
    state: &AuthorizeState,
    session: &mut SignInSession,
    fields: &FormFields,
    browser: Option<&KnownBrowser>,
) -> Result<Response, AuthorizeError> {
    let sender = state.email.as_ref().filter(|_| session.allows(SignInMethod::EmailCode));
    let sender = sender.ok_or(AuthorizeError::SessionNotFound("no_mail"))?;
    let store = &state.app.store;
    // "Use another address".
    if fields.get("other").is_some() {
        session.advance(store, Step::AwaitIdentity).await?;
        return Ok(response::redirect_to_sign_in(&session.id, None));
    }
    // Only the address of the session can confirm who its person is.
    let confirmed = session.sign_in.purpose.console().and_then(|request| request.confirms.as_ref());
    let typed = || EmailAddress::parse(fields.get("email").unwrap_or_default().trim());
    let Ok(email) = confirmed.map_or_else(typed, |confirmed| Ok(confirmed.email.clone())) else {
        return Ok(response::redirect_to_sign_in(&session.id, Some(FormErrorCode::Address)));
    };
    let peppers = state.app.peppers(session.now).await?;
    match session.request_email_code(store, &peppers, sender, email, browser).await? {
        RequestCodeOutcome::Requested => Ok(response::redirect_to_sign_in(&session.id, None)),
        RequestCodeOutcome::RateLimited { retry_after } => Err(AuthorizeError::RateLimited(retry_after)),
    }
}
