//! Entering the code that was sent by e-mail.

use crate::error::AuthorizeError;
use crate::pages::form_error::FormErrorCode;
use crate::pages::response;
use crate::sign_in::form_fields::FormFields;
use crate::sign_in::sign_in_form::SignInForm;
use crate::state::AuthorizeState;
use axum::extract::State;
use axum::response::Response;
use shared::domain::sign_in::end_user::EndUser;
use shared::domain::sign_in::one_time_code::OneTimeCode;
use shared::services::sign_in::{SignInError, SignInOutcome, SignInSession, VerifyCodeOutcome};
use std::sync::Arc;

/// `POST /oauth/authorize/{sign_in_id}/code`
pub async fn submit(
    State(state): State<Arc<AuthorizeState>>,
    SignInForm { mut session, fields }: SignInForm,
) -> Result<Response, AuthorizeError> {
    let id = session.id.clone();
    let result = verify(&state, &mut session, &fields).await;
    result.map_err(|error| AuthorizeError::from(error).with_sign_in(&id))
}

async fn verify(
    state: &AuthorizeState,
    session: &mut SignInSession,
    fields: &FormFields,
) -> Result<Response, SignInError> {
    session.email_code()?;
    // What does not have the form of a code is a typing error, and no attempt.
    let Ok(entered) = OneTimeCode::parse(fields.get("code").unwrap_or_default()) else {
        return Ok(response::redirect_to_sign_in(&session.id, Some(FormErrorCode::Code)));
    };
    let peppers = state.app.peppers(session.now).await?;
    match session.verify_email_code(&state.app.store, &peppers, &entered).await? {
        VerifyCodeOutcome::Identified(person) => after_sign_in(state, session, person).await,
        VerifyCodeOutcome::Rejected => Ok(response::redirect_to_sign_in(&session.id, None)),
    }
}

/// Redirects to the client with a code, or to the consent page.
pub async fn after_sign_in(
    state: &AuthorizeState,
    session: &mut SignInSession,
    person: EndUser,
) -> Result<Response, SignInError> {
    match session.after_sign_in(&state.app.store, &state.events, person).await? {
        SignInOutcome::CodeIssued(code) => Ok(response::redirect_with_code(state, session, &code)),
        SignInOutcome::ConsentRequired => Ok(response::redirect_to_sign_in(&session.id, None)),
    }
}
