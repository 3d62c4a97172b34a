//! Entering the code that was sent by e-mail.

use crate::error::AuthorizeError;
use crate::pages::form_error::FormErrorCode;
use crate::pages::response;
use crate::sign_in::browser::SigningInBrowser;
use crate::sign_in::form_fields::FormFields;
use crate::sign_in::sign_in_form::SignInForm;
use crate::sign_in::{after_sign_in, metrics};
use crate::state::AuthorizeState;
use axum::extract::State;
use axum::response::Response;
use shared::domain::sign_in::one_time_code::OneTimeCode;
use shared::services::sign_in::{SignInError, SignInSession, VerifyCodeOutcome};
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
    browser: SigningInBrowser,
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
            after_sign_in::respond(state, session, &peppers, person, browser).await
        }
        VerifyCodeOutcome::Rejected => {
            metrics::code_entered(state, "wrong");
            Ok(response::redirect_to_sign_in(&session.id, None))
        }
    }
}
