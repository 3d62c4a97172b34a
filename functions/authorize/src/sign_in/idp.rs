//! Signing in at the upstream OpenID Connect provider.

use crate::error::AuthorizeError;
use crate::pages::response;
use crate::sign_in::browser::SigningInBrowser;
use crate::sign_in::sign_in_form::SignInForm;
use crate::sign_in::{after_sign_in, session};
use crate::state::AuthorizeState;
use axum::extract::State;
use axum::response::Response;
use http::request::Parts;
use shared::adapters::crypto::peppers::Peppers;
use shared::adapters::oidc::AuthorizationResponse;
use shared::domain::account::SignInMethod;
use shared::domain::sign_in::IDP_RETURNS;
use shared::domain::sign_in::idp_error::IdpError;
use shared::domain::sign_in::rate_limit::RateLimitDecision;
use shared::services::audit::security_events::SecurityEvents;
use shared::services::sign_in::{FinishIdpOutcome, IdpSignIn, SignInSession};
use shared::web::response::see_other;
use shared::wire::params::OAuthParams;
use std::sync::Arc;

/// The relying party of the configured provider.
pub fn relying_party<'a>(
    state: &'a AuthorizeState,
    redirect_uri: &'a str,
    peppers: &'a Peppers,
) -> Result<IdpSignIn<'a>, AuthorizeError> {
    let client = state.app.upstream.as_ref().ok_or(AuthorizeError::SessionNotFound("no_upstream"))?;
    Ok(IdpSignIn { client, redirect_uri, peppers })
}

/// `POST /oauth/authorize/{sign_in_id}/upstream`
pub async fn submit(
    State(state): State<Arc<AuthorizeState>>,
    SignInForm { mut session, .. }: SignInForm,
) -> Result<Response, AuthorizeError> {
    let id = session.id.clone();
    let result = redirect_to_idp(&state, &mut session).await;
    result.map_err(|error| error.with_sign_in(&id))
}

async fn redirect_to_idp(
    state: &AuthorizeState,
    session: &mut SignInSession,
) -> Result<Response, AuthorizeError> {
    let peppers = state.app.peppers(session.now).await?;
    let redirect_uri = state.callback_url();
    if !session.allows(SignInMethod::Provider) {
        return Err(AuthorizeError::SessionNotFound("no_upstream"));
    }
    let idp = relying_party(state, &redirect_uri, &peppers)?;
    let url = session.start_idp(&state.app.store, &idp).await?;
    Ok(see_other(&url))
}

/// `GET /oauth/callback`
pub async fn callback(
    State(state): State<Arc<AuthorizeState>>,
    head: Parts,
) -> Result<Response, AuthorizeError> {
    let query = OAuthParams::from_form(head.uri.query().unwrap_or_default().as_bytes());
    let query = query.map_err(|_| AuthorizeError::SessionNotFound("malformed_answer"))?;
    // `state` is the id of the sign-in.
    let id = query.get("state").ok_or(AuthorizeError::SessionNotFound("no_state"))?;
    let mut session = session::load(&state, session::parse_id(id)?, &head).await?;
    let id = session.id.clone();
    let result = handle_callback(&state, &mut session, &head, &query).await;
    result.map_err(|error| error.with_sign_in(&id))
}

async fn handle_callback(
    state: &AuthorizeState,
    session: &mut SignInSession,
    head: &Parts,
    query: &OAuthParams,
) -> Result<Response, AuthorizeError> {
    // Before the step is spent, so that the same return works later.
    if let RateLimitDecision::RetryAfter(seconds) =
        state.check_source_limit(IDP_RETURNS, head, session.now).await?
    {
        return Err(AuthorizeError::TooManySignIns(seconds));
    }
    let browser = SigningInBrowser::of(state, head, session.now).await?;
    let peppers = state.app.peppers(session.now).await?;
    let redirect_uri = state.callback_url();
    let idp = relying_party(state, &redirect_uri, &peppers)?;
    let security = SecurityEvents { store: &state.app.store, events: &state.app.events };
    match session.finish_idp(security, &idp, authorization_response(query)).await? {
        FinishIdpOutcome::Identified(person) => {
            Ok(after_sign_in::respond(state, session, &peppers, person, browser).await?)
        }
        FinishIdpOutcome::Rejected => Ok(response::redirect_to_sign_in(&session.id, None)),
    }
}

fn authorization_response(query: &OAuthParams) -> Result<AuthorizationResponse<'_>, IdpError> {
    AuthorizationResponse::read(query.get("code"), query.get("error"), query.get("iss"))
}
