//! Typing in a one-time code. The try is counted before the code is looked at, by a conditional write: of any number at
//! once, no more are compared than may be tried.

use crate::endpoint::issue_code;
use crate::error::{AuthorizeError, Trace, answer};
use crate::pages::form_error::FormErrorCode;
use crate::pages::response;
use crate::sign_in::form::{self, PathId};
use crate::sign_in::session::SignInSession;
use crate::state::AuthorizeState;
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::Request;
use shared::adapters::crypto::session_secret::{constant_time_eq, hash_one_time_code};
use shared::adapters::crypto::token_crypto::subject_of_member;
use shared::domain::sign_in::one_time_code::OneTimeCode;
use shared::domain::sign_in::{EmailCode, Step};
use shared::wire::params::OAuthParams;
use std::sync::Arc;

/// `POST /oauth/authorize/{sign_in_id}/code`
pub async fn submit(
    State(state): State<Arc<AuthorizeState>>,
    id: PathId,
    request: Request<Body>,
) -> Response {
    let (mut trace, id) = (Trace::default(), form::text(id));
    let result = async {
        let (mut session, form) = form::posted(&state, &id, request, &mut trace).await?;
        let id = session.id.clone();
        check(&state, &mut session, &form).await.map_err(|halt| halt.with_sign_in(&id))
    };
    let result = result.await;
    answer(&state, "typing in a code", &trace, result)
}

async fn check(
    state: &AuthorizeState,
    session: &mut SignInSession,
    form: &OAuthParams,
) -> Result<Response, AuthorizeError> {
    let Step::EmailCode(kept) = session.sign_in.step.clone() else {
        return Err(AuthorizeError::StaleStep(session.id.clone()));
    };
    // What is no code was a slip, and is no try.
    let Ok(typed) = OneTimeCode::parse(form.get("code").unwrap_or_default()) else {
        return Ok(response::redirect_to_sign_in(&session.id, Some(FormErrorCode::Code)));
    };
    if kept.attempts_left(session.now) == 0 {
        return Ok(response::redirect_to_sign_in(&session.id, None));
    }
    let peppers = state.app.peppers(session.now).await?;
    let tried = EmailCode { attempts: kept.attempts + 1, ..kept.clone() };
    session.advance(state, Step::EmailCode(tried)).await?;
    // The member is read either way: an address that is nobody's fails as a wrong code does.
    let member = state.app.store.load_member(&session.client.account_id, &kept.email).await?;
    let is_right =
        constant_time_eq(&hash_one_time_code(&peppers, &session.id, &kept.email, &typed), &kept.digest);
    if let Some(member) = member.filter(|_| is_right) {
        return issue_code::after_sign_in(state, session, subject_of_member(&member)).await;
    }
    tracing::info!(
        client_id = session.client.client_id.as_str(),
        account_id = session.client.account_id.as_str(),
        attempts = kept.attempts + 1,
        "wrong code"
    );
    Ok(response::redirect_to_sign_in(&session.id, None))
}
