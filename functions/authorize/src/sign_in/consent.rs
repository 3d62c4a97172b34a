//! The person's decision on the consent page.

use crate::error::AuthorizeError;
use crate::pages::response;
use crate::sign_in::form_fields::Decision;
use crate::sign_in::sign_in_form::SignInForm;
use crate::state::AuthorizeState;
use axum::extract::State;
use axum::response::Response;
use shared::domain::sign_in::Step;
use shared::services::sign_in::{SignInError, SignInSession};
use std::sync::Arc;

/// `POST /oauth/authorize/{sign_in_id}/consent`
pub async fn submit(
    State(state): State<Arc<AuthorizeState>>,
    SignInForm { mut session, fields, .. }: SignInForm,
) -> Result<Response, AuthorizeError> {
    let id = session.id.clone();
    let result = apply(&state, &mut session, fields.decision()).await;
    result.map_err(|error| AuthorizeError::from(error).with_sign_in(&id))
}

async fn apply(
    state: &AuthorizeState,
    session: &mut SignInSession,
    decision: Option<Decision>,
) -> Result<Response, SignInError> {
    let store = &state.app.store;
    match decision {
        Some(Decision::Allow) => {
            let code = session.allow(store, &state.events).await?;
            response::redirect_with_code(state, session, &code)
        }
        Some(Decision::Deny) => Err(session.deny(store).await),
        Some(Decision::SwitchUser) => {
            session.advance(store, Step::AwaitIdentity).await?;
            Ok(response::redirect_to_sign_in(&session.id, None))
        }
        None => Ok(response::redirect_to_sign_in(&session.id, None)),
    }
}
