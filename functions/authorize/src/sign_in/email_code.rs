//! Entering the code that was sent by e-mail.

use crate::error::AuthorizeError;
use crate::pages::form_error::FormErrorCode;
use crate::pages::response;
use crate::sign_in::form_fields::FormFields;
use crate::sign_in::metrics;
use crate::sign_in::sign_in_form::SignInForm;
use crate::state::AuthorizeState;
use axum::extract::State;
use axum::response::Response;
use http::header;
use shared::adapters::crypto::peppers::Peppers;
use shared::domain::sign_in::end_user::EndUser;
use shared::domain::sign_in::known_browser::KnownBrowser;
use shared::domain::sign_in::one_time_code::OneTimeCode;
use shared::services::sign_in::known_browser::note_sign_in;
use shared::services::sign_in::{SignInError, SignInOutcome, SignInSession, VerifyCodeOutcome};
use std::sync::Arc;

/// `POST /oauth/authorize/{sign_in_id}/code`
pub async fn submit(
    State(state): State<Arc<AuthorizeState>>,
    SignInForm { mut session, fields, browser }: SignInForm,
) -> Result<Response, AuthorizeError> {
    let id = session.id.clone();
    let result = verify(&state, &mut session, &fields, browser).await;
    result.map_err(|error| AuthorizeError::from(error).with_sign_in(&id))
}

async fn verify(
    state: &AuthorizeState,
    session: &mut SignInSession,
    fields: &FormFields,
    browser: Option<KnownBrowser>,
) -> Result<Response, SignInError> {
    session.email_code()?;
    // What does not have the form of a code is a typing error, and no attempt.
    let Ok(entered) = OneTimeCode::parse(fields.get("code").unwrap_or_default()) else {
        return Ok(response::redirect_to_sign_in(&session.id, Some(FormErrorCode::Code)));
    };
    let peppers = state.app.peppers(session.now).await?;
    match session.verify_email_code(&state.app.store, &peppers, &entered).await? {
        VerifyCodeOutcome::Identified(person) => {
            metrics::code_entered(state, "right");
            after_sign_in(state, session, &peppers, person, browser).await
        }
        VerifyCodeOutcome::Rejected => {
            metrics::code_entered(state, "wrong");
            Ok(response::redirect_to_sign_in(&session.id, None))
        }
    }
}

/// Redirects to the client with a code, or to the consent page. The browser and its source are known from now on.
pub async fn after_sign_in(
    state: &AuthorizeState,
    session: &mut SignInSession,
    peppers: &Peppers,
    person: EndUser,
    browser: Option<KnownBrowser>,
) -> Result<Response, SignInError> {
    let (store, email) = (&state.app.store, person.email.clone());
    let (client_ip, now) = (session.client_ip, session.now);
    let (outcome, cookie) = tokio::join!(
        session.after_sign_in(store, &state.events, person),
        note_sign_in(store, peppers, &email, client_ip, browser, now)
    );
    let mut response = match outcome? {
        SignInOutcome::CodeIssued(code) => response::redirect_with_code(state, session, &code),
        SignInOutcome::ConsentRequired => response::redirect_to_sign_in(&session.id, None),
    };
    response.headers_mut().append(header::SET_COOKIE, state.known_browser_cookie().set(&cookie));
    Ok(response)
}
