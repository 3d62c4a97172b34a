//! Signing in and out, and confirming who one is. The pages of a sign-in are those of the authorization endpoint's function.

pub mod link;

use crate::error::ConsoleError;
use crate::forms::Form;
use crate::session::PersonRequest;
use crate::state::ConsoleState;
use axum::extract::{FromRequestParts, Request, State};
use axum::response::Response;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, header};
use jiff::Timestamp;
use shared::adapters::crypto::random::random;
use shared::adapters::crypto::session_secret::SessionSecret;
use shared::domain::account::{SignInMethod, SignInMethods};
use shared::domain::console::path::ConsolePath;
use shared::domain::net::client_ip::ClientIp;
use shared::domain::sign_in::code_limits::source;
use shared::domain::sign_in::purpose::{ConfirmedSession, ConsoleRequest, SignInPurpose};
use shared::domain::sign_in::rate_limit::{Counter, RateLimitDecision};
use shared::domain::sign_in::{SIGN_INS_STARTED, SignInId, Step};
use shared::services::sign_in::StoredSignIn;
use shared::web::response::see_other;
use std::sync::Arc;

/// Query parameter that names a way to sign in.
const BY: &str = "by";

/// Where a person signs in by one of these ways, and gets to a page.
pub fn sign_in_url(methods: &SignInMethods, to: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("to", to);
    for method in methods.iter() {
        query.append_pair(BY, method.into());
    }
    format!("/console/sign-in?{}", query.finish())
}

/// `GET /console/sign-in?to=&by=`: begins a sign-in by the ways that the query names, or by any, and leads to its page.
pub async fn start(State(state): State<Arc<ConsoleState>>, head: Parts) -> Result<Response, ConsoleError> {
    let query = form_urlencoded::parse(head.uri.query().unwrap_or_default().as_bytes());
    let named = query.filter(|(name, _)| name == BY).filter_map(|(_, method)| method.parse().ok());
    let is_offered = |method: &_| *method != SignInMethod::Provider || state.app().upstream.is_some();
    let methods = SignInMethods::of(named.filter(is_offered).collect()).unwrap_or_default();
    begin(&state, &head, ConsoleRequest { to: wanted(&head), confirms: None, methods }).await
}

/// `GET /console/confirm?to=`: begins a sign-in in which the person of the session confirms who they are.
pub async fn confirm(State(state): State<Arc<ConsoleState>>, head: Parts) -> Result<Response, ConsoleError> {
    let mut head = head;
    let to = wanted(&head);
    let person = PersonRequest::from_request_parts(&mut head, &state).await?;
    if person.live.session.is_confirmed(person.now) {
        return Ok(see_other(to.as_str()));
    }
    let email = person.live.session.email.clone();
    let confirms = Some(ConfirmedSession { email, digest: person.live.digest() });
    // A way that the account does not allow would take the person out of it.
    let account = match &person.live.session.account_id {
        Some(account) => state.app().store.load_account(account).await?,
        None => None,
    };
    let methods = account.map(|account| account.sign_in_methods).unwrap_or_default();
    begin(&state, &head, ConsoleRequest { to, confirms, methods }).await
}

/// The page that the person wants to see; the first one if the query names none of ours.
fn wanted(head: &Parts) -> ConsolePath {
    let query = head.uri.query().unwrap_or_default();
    let mut params = form_urlencoded::parse(query.as_bytes());
    let to = params.find(|(name, _)| name == "to").and_then(|(_, to)| ConsolePath::parse(&to).ok());
    // A sign-in that leads to the beginning of a sign-in would never end.
    let is_sign_in = |path: &ConsolePath| {
        ["/console/sign-in", "/console/sign-out", "/console/confirm"]
            .iter()
            .any(|own| path.as_str().starts_with(own))
    };
    to.filter(|path| !is_sign_in(path)).unwrap_or_else(ConsolePath::root)
}

async fn begin(
    state: &ConsoleState,
    head: &Parts,
    request: ConsoleRequest,
) -> Result<Response, ConsoleError> {
    let (app, now) = (state.app(), state.app().clock.now());
    check_limit(state, head, now).await?;
    let browser = browser_secret(state, &head.headers).unwrap_or_else(SessionSecret::generate);
    let id = SignInId::from_random_bytes(random());
    let purpose = SignInPurpose::Console(request);
    StoredSignIn::create(&app.store, &id, &browser, purpose, Step::AwaitIdentity, now).await?;
    let mut response = see_other(&format!("/oauth/authorize/{id}"));
    let cookie = state.sign_in_cookie().set(browser.expose());
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    Ok(response)
}

/// Sign-ins to the console count as those to clients do.
async fn check_limit(state: &ConsoleState, head: &Parts, now: Timestamp) -> Result<(), ConsoleError> {
    let client_ip = head.extensions.get::<ClientIp>().map(|client_ip| client_ip.0);
    let counter = Counter { limit: SIGN_INS_STARTED, key: source(client_ip) };
    match state.app().store.check_rate_limit(&counter, now).await? {
        RateLimitDecision::Allowed => Ok(()),
        RateLimitDecision::RetryAfter(seconds) => Err(ConsoleError::RateLimited(seconds)),
    }
}

fn browser_secret(state: &ConsoleState, headers: &HeaderMap) -> Option<SessionSecret> {
    SessionSecret::parse(&state.sign_in_cookie().read(headers)?)
}

/// `POST /console/sign-out`: ends the session, in the table and in the browser.
pub async fn sign_out(
    State(state): State<Arc<ConsoleState>>,
    request: Request,
) -> Result<Response, ConsoleError> {
    let (mut head, body) = request.into_parts();
    let person = match PersonRequest::from_request_parts(&mut head, &state).await {
        Ok(person) => person,
        // It has ended already.
        Err(ConsoleError::SessionEnded) => return Ok(signed_out(&state)),
        Err(error) => return Err(error),
    };
    let request = Request::from_parts(head, body);
    Form::read(request, &state.app().config.issuer, &person.live.cookie).await?;
    state.sessions(person.now).end(&person.live).await?;
    Ok(signed_out(&state))
}

/// Where a person gets who has signed out: the sign-in, without the cookie and without what the browser has kept.
fn signed_out(state: &ConsoleState) -> Response {
    let mut response = see_other("/console/sign-in");
    let headers = response.headers_mut();
    headers.insert(header::SET_COOKIE, state.cookie().remove());
    headers.insert("clear-site-data", HeaderValue::from_static("\"cache\", \"storage\""));
    response
}
