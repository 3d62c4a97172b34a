//! The authorization endpoint (RFC 6749 §4.1.1): checks what a client asks, and begins a sign-in.

use crate::endpoint::authorization_params::{AuthorizationParams, DuplicateParameter};
use crate::error::{AuthorizeError, ErrorRedirect, Trace, answer};
use crate::pages::response;
use crate::sign_in::idp;
use crate::sign_in::session;
use crate::sign_in::session_cookie;
use crate::state::AuthorizeState;
use axum::extract::State;
use axum::response::Response;
use http::request::Parts;
use http::{HeaderMap, header};
use shared::adapters::crypto::random::random;
use shared::adapters::crypto::session_secret::{SessionSecret, hash_sign_in_id};
use shared::adapters::oidc::Prompt;
use shared::domain::oauth::authorization::error::AuthorizationError;
use shared::domain::primitives::ids::ClientId;
use shared::domain::redirect_uri::ResolvedRedirectUri;
use shared::domain::sign_in::{SignIn, SignInId, Step};
use std::sync::Arc;

/// `GET /oauth/authorize`
pub async fn authorize(State(state): State<Arc<AuthorizeState>>, head: Parts) -> Response {
    let mut trace = Trace::default();
    let query = AuthorizationParams::read(head.uri.query().unwrap_or_default());
    let result = start(&state, &query, &head.headers, &mut trace).await;
    answer(&state, "beginning", &trace, result)
}

/// The client and its redirect URI come first: without them there is nobody to tell anything but the person
/// (RFC 6749 §4.1.2.1).
async fn start(
    state: &AuthorizeState,
    query: &AuthorizationParams,
    headers: &HeaderMap,
    trace: &mut Trace,
) -> Result<Response, AuthorizeError> {
    let now = state.app.clock.now();
    let client_id = match query.get("client_id") {
        Ok(Some(text)) => ClientId::parse(text).map_err(|_| AuthorizeError::MissingClientId)?,
        Ok(None) | Err(DuplicateParameter) => return Err(AuthorizeError::MissingClientId),
    };
    trace.client_id = Some(client_id.to_string());
    let (client, catalogue) = session::client(state, &client_id, now).await?;
    trace.account_id = Some(client.account_id.to_string());
    let presented =
        query.get("redirect_uri").map_err(|DuplicateParameter| AuthorizeError::DuplicateRedirectUri)?;
    let redirect = ResolvedRedirectUri::choose(&client.redirect_uris, presented)
        .map_err(AuthorizeError::InvalidRedirectUri)?;

    let back = |error| {
        let way = ErrorRedirect { redirect: redirect.clone(), state: query.state().map(str::to_owned) };
        AuthorizeError::RedirectToClient(way, error)
    };
    let find = |id: &_| catalogue.value.resources.get(id);
    let request = query.request(&client, &redirect, find).map_err(back)?;
    let by_mail = state.post.is_some();
    if !by_mail && state.app.upstream.is_none() {
        return Err(back(AuthorizationError::TemporarilyUnavailable(
            "the operator has set up no way for people to sign in",
        )));
    }

    // Tabs of one browser share its secret, and each has a sign-in of its own.
    let known = session_cookie::secret(state, headers);
    let browser = known.unwrap_or_else(SessionSecret::generate);
    let id = SignInId::from_random_bytes(random());
    let departure =
        if by_mail { None } else { Some(idp::redirect_to_idp(state, &id, Prompt::None, now).await?) };
    let (step, location) = match departure {
        Some(departure) => (departure.step, Some(departure.url)),
        None => (Step::AwaitIdentity, None),
    };
    let sign_in = SignIn::begin(browser.digest(), request, step, now);
    state.app.store.begin_sign_in(&hash_sign_in_id(&id), &sign_in).await?;
    tracing::info!(
        client_id = client.client_id.as_str(),
        account_id = client.account_id.as_str(),
        resource = sign_in.request.resource.as_str(),
        "sign-in begun"
    );
    let mut response = location
        .map_or_else(|| response::redirect_to_sign_in(&id, None), |location| response::see_other(&location));
    response.headers_mut().insert(header::SET_COOKIE, session_cookie::cookie(state, &browser));
    Ok(response)
}
