//! The authorization endpoint (RFC 6749 §4.1.1): validates a client's request and starts a sign-in.

use crate::endpoint::authorization_params::{AuthorizationParams, DuplicateParameter};
use crate::endpoint::openapi::schemas;
use crate::error::AuthorizeError;
use crate::pages::response;
use crate::sign_in::idp;
use crate::state::AuthorizeState;
use axum::extract::State;
use axum::response::Response;
use http::request::Parts;
use http::{HeaderMap, header};
use jiff::Timestamp;
use shared::adapters::crypto::random::random;
use shared::adapters::crypto::session_secret::SessionSecret;
use shared::adapters::oidc::Prompt;
use shared::domain::net::client_ip::ClientIp;
use shared::domain::oauth::authorization::error::AuthorizationError;
use shared::domain::oauth::authorization::request::AuthorizationRequest;
use shared::domain::oauth::refusal::RefusalReason;
use shared::domain::primitives::ids::ClientId;
use shared::domain::redirect_uri::ResolvedRedirectUri;
use shared::domain::sign_in::purpose::SignInPurpose;
use shared::domain::sign_in::rate_limit::RateLimitDecision;
use shared::domain::sign_in::{SIGN_INS_STARTED, SignInId, Step};
use shared::services::sign_in::{AuthorizationErrorResponse, StoredSignIn};
use shared::web::response::see_other;
use std::net::IpAddr;
use std::sync::Arc;
use tracing::Span;

/// Redirect a person here to sign in and to allow a client to act for them. In the end the `redirect_uri` gets `code`, or
/// `error` (RFC 6749 §4.1.2), with `state` and `iss` (RFC 9207). An error of a request that no one has signed in for is a page
/// with a link to the `redirect_uri` (RFC 9700 §4.11.2); so is `prompt=none`, with `login_required`.
#[utoipa::path(
    get, path = "/oauth/authorize", tag = "oauth", operation_id = "oauth_authorize",
    params(schemas::AuthorizationRequest),
    security(()),
    responses(
        (status = 303, description = "Redirect to the sign-in page, or to the upstream provider"),
        (status = 400, description = "A page: the request is not valid. Where the client and `redirect_uri` are, it has a \
            link to the client with the error",
         content_type = "text/html"),
        (status = 429, description = "A page: 120 sign-ins were started in this hour from this source; try again after \
            `Retry-After`",
         content_type = "text/html"),
        (status = 503, description = "A page: a store failed; try again after `Retry-After`",
         content_type = "text/html")
    )
)]
pub async fn authorize(
    State(state): State<Arc<AuthorizeState>>,
    head: Parts,
) -> Result<Response, AuthorizeError> {
    let now = state.app.clock.now();
    let params = AuthorizationParams::parse(head.uri.query().unwrap_or_default());
    let caller = head.extensions.get::<ClientIp>().map(|ip| ip.0);
    let request = validate(&state, &params, caller, now).await?;
    match state.check_source_limit(SIGN_INS_STARTED, &head, now).await? {
        RateLimitDecision::Allowed => start_sign_in(&state, request, &head.headers, now).await,
        RateLimitDecision::RetryAfter(seconds) => Err(AuthorizeError::TooManySignIns(seconds)),
    }
}

/// Validates a request. The client and its redirect URI come first: until they are valid, errors are shown to the person
/// and not sent to the client (RFC 6749 §4.1.2.1). Other errors are shown with a link to the client: no one has signed in, so
/// that a redirect would make this host an open redirector (RFC 9700 §4.11.2).
async fn validate(
    state: &AuthorizeState,
    params: &AuthorizationParams,
    caller: Option<IpAddr>,
    now: Timestamp,
) -> Result<AuthorizationRequest, AuthorizeError> {
    let client_id = match params.get("client_id") {
        Ok(Some(text)) => ClientId::parse(text).map_err(|_| AuthorizeError::MissingClientId)?,
        Ok(None) | Err(DuplicateParameter) => return Err(AuthorizeError::MissingClientId),
    };
    Span::current().record("client_id", client_id.as_str());
    let active = state.load_active_client(&client_id, now).await?;
    Span::current().record("account_id", active.client.account_id.as_str());
    let redirect_uri =
        params.get("redirect_uri").map_err(|DuplicateParameter| AuthorizeError::DuplicateRedirectUri)?;
    let redirect = match ResolvedRedirectUri::choose(&active.client.redirect_uris, redirect_uri) {
        Ok(redirect) => redirect,
        Err(error) => {
            let (app, refused) = (&state.app, (&active.client.account_id, &client_id));
            app.refusals.note(&app.store, refused, RefusalReason::WrongRedirectUri, caller, now).await;
            return Err(AuthorizeError::InvalidRedirectUri(error));
        }
    };

    let to_client = |error| {
        let state = params.state().map(str::to_owned);
        let response = AuthorizationErrorResponse { redirect: redirect.clone(), state, error };
        AuthorizeError::RequestRejected(Box::new(response))
    };
    let find = |id: &_| active.catalogue.value.resources.get(id);
    let request =
        params.validate(&active.client, &active.account.entitlements, &redirect, find).map_err(to_client)?;
    if state.email.is_none() && state.app.upstream.is_none() {
        return Err(to_client(AuthorizationError::TemporarilyUnavailable(
            "the operator has set up no way for people to sign in",
        )));
    }
    Ok(request)
}

/// Starts a sign-in: shows its page, or redirects to the provider at once if that is the only way to sign in.
async fn start_sign_in(
    state: &AuthorizeState,
    request: AuthorizationRequest,
    headers: &HeaderMap,
    now: Timestamp,
) -> Result<Response, AuthorizeError> {
    // Tabs of one browser share its secret, and each has a sign-in of its own.
    let browser = state.browser_secret(headers).unwrap_or_else(SessionSecret::generate);
    let id = SignInId::from_random_bytes(random());
    let (mut response, step) = if state.email.is_some() {
        (response::redirect_to_sign_in(&id, None), Step::AwaitIdentity)
    } else {
        let peppers = state.app.peppers(now).await?;
        let redirect_uri = state.callback_url();
        let idp = idp::relying_party(state, &redirect_uri, &peppers)?;
        let (url, step) = idp.start(&id, Prompt::None, now).await?.into_step();
        (see_other(&url), step)
    };
    let purpose = SignInPurpose::Client(Box::new(request));
    StoredSignIn::create(&state.app.store, &id, &browser, purpose, step, now).await?;
    response.headers_mut().insert(header::SET_COOKIE, state.session_cookie().set(browser.expose()));
    Ok(response)
}
