//! Signing in at the upstream OpenID Connect provider: leaving for it, and coming back.

use crate::endpoint::issue_code;
use crate::error::{AuthorizeError, Trace, answer};
use crate::pages::response;
use crate::sign_in::form::{self, PathId};
use crate::sign_in::session::SignInSession;
use crate::state::AuthorizeState;
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::Request;
use http::request::Parts;
use jiff::Timestamp;
use shared::adapters::crypto::aead;
use shared::adapters::crypto::token_crypto::subject_of_member;
use shared::adapters::error::BackendError;
use shared::adapters::oidc::{AuthorizationResponse, PendingAuthorization, Prompt};
use shared::domain::net::client_ip::ClientIp;
use shared::domain::sign_in::idp_error::IdpError;
use shared::domain::sign_in::{SignIn, SignInId, Step};
use shared::wire::params::OAuthParams;
use std::sync::Arc;

/// What is kept of a departure, sealed for this and for one sign-in.
fn aad(id: &SignInId) -> String {
    format!("upstream sign-in {id}")
}

/// A departure: where to, and what the sign-in waits for.
pub struct IdpRedirect {
    pub url: String,
    pub step: Step,
}

/// Prepares to leave. `state` is the sign-in's own id, which is of use to nobody but the browser that began it.
pub async fn redirect_to_idp(
    state: &AuthorizeState,
    id: &SignInId,
    prompt_for: Prompt,
    now: Timestamp,
) -> Result<IdpRedirect, AuthorizeError> {
    const OP: &str = "leaving for the sign-in provider";
    let upstream = state.app.upstream.as_ref().ok_or(AuthorizeError::SessionNotFound("no_upstream"))?;
    let callback = state.callback();
    let (departure, peppers) = tokio::join!(
        upstream.authorization_url(id.as_str(), &callback, prompt_for, now),
        state.app.peppers(now)
    );
    let (departure, peppers) = (departure?, peppers?);
    let pending = serde_json::to_vec(&departure.pending).map_err(|error| BackendError::new(OP, error))?;
    let sealed = aead::seal(peppers.sealing_key(), &aad(id), &pending);
    Ok(IdpRedirect { url: departure.url, step: Step::AwaitIdp { sealed } })
}

/// `POST /oauth/authorize/{sign_in_id}/upstream`
pub async fn post(State(state): State<Arc<AuthorizeState>>, id: PathId, request: Request<Body>) -> Response {
    let (mut trace, id) = (Trace::default(), form::text(id));
    let result = async {
        let (mut session, _) = form::posted(&state, &id, request, &mut trace).await?;
        let leaving = redirect_to_idp(&state, &session.id, prompt_for(&session.sign_in), session.now)
            .await
            .map_err(|halt| halt.with_sign_in(&session.id))?;
        session.advance(&state, leaving.step).await?;
        Ok(response::see_other(&leaving.url))
    };
    let result = result.await;
    answer(&state, "leaving for the provider", &trace, result)
}

/// Who is wanted: the provider still knows whoever was sent away, and would send them back at once.
fn prompt_for(sign_in: &SignIn) -> Prompt {
    match (&sign_in.step, sign_in.switched_user) {
        (Step::IdpFailed, true) => Prompt::Login,
        (Step::NotAMember { .. }, _) | (_, true) => Prompt::SelectAccount,
        (_, false) => Prompt::None,
    }
}

/// `GET /oauth/callback`
pub async fn callback(State(state): State<Arc<AuthorizeState>>, head: Parts) -> Response {
    let mut trace = Trace::default();
    let result = handle_callback(&state, &head, &mut trace).await;
    answer(&state, "coming back from the provider", &trace, result)
}

async fn handle_callback(
    state: &AuthorizeState,
    head: &Parts,
    trace: &mut Trace,
) -> Result<Response, AuthorizeError> {
    let query = OAuthParams::from_form(head.uri.query().unwrap_or_default().as_bytes());
    let query = query.map_err(|_| AuthorizeError::SessionNotFound("malformed_answer"))?;
    let sign_in_id = query.get("state").ok_or(AuthorizeError::SessionNotFound("no_state"))?;
    let source = head.extensions.get::<ClientIp>().map(|source| source.0);
    let mut session = SignInSession::load(state, sign_in_id, &head.headers, source, trace).await?;
    let id = session.id.clone();
    complete_sign_in(state, &mut session, &query).await.map_err(|halt| halt.with_sign_in(&id))
}

async fn complete_sign_in(
    state: &AuthorizeState,
    session: &mut SignInSession,
    query: &OAuthParams,
) -> Result<Response, AuthorizeError> {
    let upstream = state.app.upstream.as_ref().ok_or(AuthorizeError::SessionNotFound("no_upstream"))?;
    let Step::AwaitIdp { sealed } = &session.sign_in.step else {
        return Err(AuthorizeError::StaleStep(session.id.clone()));
    };
    let peppers = state.app.peppers(session.now).await?;
    let pending = aead::open(peppers.sealing_key(), &aad(&session.id), sealed)
        .and_then(|plain| serde_json::from_slice::<PendingAuthorization>(&plain).ok());
    // Whatever comes of this answer, there will be no second one.
    session.advance(state, Step::IdpFailed).await?;
    let identity = match (pending, read(query)) {
        (Some(pending), Ok(answer)) => {
            upstream.exchange(answer, &pending, &state.callback(), session.now).await?
        }
        (_, Err(refused)) => Err(refused),
        // The pepper was replaced meanwhile.
        (None, Ok(_)) => Err(IdpError::MalformedAnswer),
    };
    let (client_id, account_id) = (session.client.client_id.as_str(), session.client.account_id.as_str());
    let identity = match identity {
        Ok(identity) => identity,
        Err(refused) => {
            tracing::info!(client_id, account_id, reason = refused.as_str(), "nobody signed in upstream");
            return Ok(response::redirect_to_sign_in(&session.id, None));
        }
    };
    let member = state.app.store.load_member(&session.client.account_id, &identity.email).await?;
    if let Some(member) = member {
        return issue_code::after_sign_in(state, session, subject_of_member(&member)).await;
    }
    tracing::info!(client_id, account_id, reason = "not_a_member", "nobody signed in upstream");
    session.advance(state, Step::NotAMember { email: identity.email }).await?;
    Ok(response::redirect_to_sign_in(&session.id, None))
}

fn read(query: &OAuthParams) -> Result<AuthorizationResponse<'_>, IdpError> {
    AuthorizationResponse::read(query.get("code"), query.get("error"), query.get("iss"))
}
