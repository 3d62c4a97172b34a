//! Into the console without a mailbox: the runner signs the person in who opens its link on this machine.

use crate::sample;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use jiff::Timestamp;
use shared::adapters::error::BackendError;
use shared::app::{ManagementState, ensure_operator_member};
use shared::domain::console::session::AuthenticationMethod;
use shared::domain::primitives::email::EmailAddress;
use shared::services::console::{ConsoleSessions, NewSession};
use shared::services::sign_in::ConsolePerson;
use shared::web::page_cookie;
use shared::web::response::see_other;

/// Starts a session of the sample account's administrator, or of the operator's member if that is wanted or there is no sample
/// account, and leads to the console.
pub async fn open(
    management: &ManagementState,
    operator: &EmailAddress,
    as_operator: bool,
    now: Timestamp,
) -> Response {
    match start(management, operator, as_operator, now).await {
        Ok(Some(cookie)) => {
            let mut response = see_other("/console");
            response.headers_mut().insert(header::SET_COOKIE, cookie);
            response
        }
        Ok(None) => (StatusCode::NOT_FOUND, "there is no member to sign in").into_response(),
        Err(error) => (StatusCode::BAD_GATEWAY, error.to_string()).into_response(),
    }
}

async fn start(
    management: &ManagementState,
    operator: &EmailAddress,
    as_operator: bool,
    now: Timestamp,
) -> Result<Option<HeaderValue>, BackendError> {
    let app = &management.app;
    let sample = EmailAddress::parse(sample::ADMINISTRATOR).ok().filter(|_| !as_operator);
    let email = match sample {
        Some(email) if !app.store.memberships_of(&email).await?.items.is_empty() => email,
        _ => ensure_operator_member(management, operator, false).await?.email,
    };
    let memberships = app.store.memberships_of(&email).await?.items;
    if memberships.is_empty() {
        return Ok(None);
    }
    let method = AuthenticationMethod::EmailCode;
    let person = ConsolePerson { email, method, external_identity: None, memberships };
    let sessions = ConsoleSessions {
        store: &app.store,
        events: &app.events,
        stage: &app.config.stage,
        lifetime: app.config.console_sessions,
        now,
    };
    let new = NewSession {
        person: &person,
        wanted: None,
        replaces: None,
        scopes: None,
        source_ip: None,
        user_agent: String::new(),
    };
    let cookie = sessions.start(new).await?;
    Ok(Some(page_cookie::console(app.config.issuer.starts_with("https://")).set(&cookie.expose())))
}
