//! The person's answer.

use crate::endpoint::issue_code::{self, ConsentBasis};
use crate::error::{AuthorizeError, Trace, answer};
use crate::pages::response;
use crate::sign_in::form::{self, PathId};
use crate::sign_in::session::SignInSession;
use crate::state::AuthorizeState;
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::Request;
use shared::adapters::crypto::token_crypto::subject_of_member;
use shared::adapters::error::BackendError;
use shared::domain::oauth::authorization::error::AuthorizationError;
use shared::domain::sign_in::Step;
use shared::wire::params::OAuthParams;
use std::sync::Arc;

/// `POST /oauth/authorize/{sign_in_id}/consent`
pub async fn submit_consent(
    State(state): State<Arc<AuthorizeState>>,
    id: PathId,
    request: Request<Body>,
) -> Response {
    let (mut trace, id) = (Trace::default(), form::text(id));
    let result = async {
        let (mut session, form) = form::posted(&state, &id, request, &mut trace).await?;
        let id = session.id.clone();
        decide(&state, &mut session, &form).await.map_err(|halt| halt.with_sign_in(&id))
    };
    let result = result.await;
    answer(&state, "deciding", &trace, result)
}

/// Saying no is possible at every step; saying yes, once somebody has signed in.
async fn decide(
    state: &AuthorizeState,
    session: &mut SignInSession,
    form: &OAuthParams,
) -> Result<Response, AuthorizeError> {
    match form.get("decision") {
        Some("refuse") => Err(session
            .finish_with_error(state, AuthorizationError::AccessDenied("the person said no"))
            .await?),
        Some("other") => {
            session.advance(state, Step::AwaitIdentity).await?;
            Ok(response::redirect_to_sign_in(&session.id, None))
        }
        Some("allow") => allow(state, session).await,
        Some(_) | None => Ok(response::redirect_to_sign_in(&session.id, None)),
    }
}

async fn allow(state: &AuthorizeState, session: &mut SignInSession) -> Result<Response, AuthorizeError> {
    let Step::Consent { person } = session.sign_in.step.clone() else {
        return Err(AuthorizeError::StaleStep(session.id.clone()));
    };
    let member = state.app.store.load_member(&session.client.account_id, &person.email).await?;
    if member.is_none_or(|member| subject_of_member(&member) != person) {
        let gone =
            AuthorizationError::AccessDenied("the person is no member of the client's account any more");
        return Err(session.finish_with_error(state, gone).await?);
    }
    let given = issue_code::issue_code(state, session, &person, ConsentBasis::Explicit).await?;
    given.ok_or_else(|| BackendError::new("issuing an authorization code", "it rests on no consent").into())
}
