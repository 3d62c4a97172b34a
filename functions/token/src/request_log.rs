//! One log event per request, and the metrics of the endpoints. Handlers record what they learn in the request's
//! [`RequestLog`]; the middleware writes the event once the response is there.

use crate::response::TokenEndpointError;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::StatusCode;
use shared::adapters::telemetry::emf;
use shared::app::App;
use shared::domain::oauth::error::OAuthError;
use std::mem;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// The `client_id` in the log of a request whose client is not known to exist.
const UNKNOWN_CLIENT: &str = "unknown";

/// The endpoint that a route belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// RFC 6749 §3.2.
    Token,
    /// RFC 7662.
    Introspection,
    /// RFC 7009.
    Revocation,
    /// RFC 7517 §5. Only its errors are logged.
    Jwks,
}

/// Fields of a request's event. What is absent is not logged.
#[derive(Debug, Default)]
pub struct LogFields {
    /// The client that the request names, authenticated or not.
    pub client_id: Option<String>,
    /// `grant_type`, if it is a supported one.
    pub grant_type: Option<&'static str>,
    /// The refresh token family.
    pub grant_id: Option<String>,
    /// Subject of the token.
    pub sub: Option<String>,
    /// Id of the access token.
    pub jti: Option<String>,
    /// Audience of the access token.
    pub aud: Option<String>,
    /// Account of the client, once that is authenticated.
    pub account_id: Option<String>,
    /// The secret by which the client was authenticated.
    pub secret_id: Option<String>,
    /// Result of an introspection.
    pub active: Option<bool>,
    /// The reason for which a token is not active or was not revoked.
    pub reason: Option<&'static str>,
}

/// Collects the fields of one request's event.
#[derive(Clone, Debug, Default)]
pub struct RequestLog(Arc<Mutex<LogFields>>);

impl RequestLog {
    /// Changes the fields.
    pub fn record(&self, update: impl FnOnce(&mut LogFields)) {
        update(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn take(&self) -> LogFields {
        mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The least time from a request to its 401: longer than any of the checks and writes before it usually take, so that the
/// time does not tell which of them there were.
pub const MIN_REFUSAL_TIME: Duration = Duration::from_millis(30);

/// Middleware of every logged route.
#[expect(clippy::disallowed_methods, reason = "how long the response takes is measured, and decides nothing")]
pub async fn log_and_count(
    State((app, endpoint)): State<(Arc<App>, Endpoint)>,
    mut request: Request,
    next: Next,
) -> Response {
    let (log, begun) = (RequestLog::default(), Instant::now());
    request.extensions_mut().insert(log.clone());
    let response = next.run(request).await;
    if response.status() == StatusCode::UNAUTHORIZED {
        tokio::time::sleep_until(begun + MIN_REFUSAL_TIME).await;
    }
    let fields = log.take();
    let error = response.extensions().get::<Arc<TokenEndpointError>>().map(Arc::as_ref);
    match endpoint {
        Endpoint::Token => count_token_request(&app, fields.grant_type, error),
        Endpoint::Introspection | Endpoint::Revocation | Endpoint::Jwks => {}
    }
    if let Some(TokenEndpointError::OAuth(error)) = error {
        count_suspicious_request(&app, error);
    }
    match error {
        None => log_success(endpoint, fields),
        Some(error) => log_error(endpoint, fields, error),
    }
    response
}

/// Counts token requests by outcome, and by outcome and grant type.
fn count_token_request(app: &App, grant_type: Option<&'static str>, error: Option<&TokenEndpointError>) {
    let outcome = error.map_or("issued", |error| error.as_oauth().code());
    let dimensions = [("outcome", outcome), ("grant_type", grant_type.unwrap_or("none"))];
    emf::record(&app.config.stage, app.clock.now(), &dimensions, &[("token_requests", 1)]);
}

/// Counts what attacks cause, and mistakes too: credentials that are not valid, and codes and refresh tokens that were used
/// before.
fn count_suspicious_request(app: &App, error: &OAuthError) {
    let metric = match error {
        OAuthError::InvalidClient(_) => "client_auth_failures",
        OAuthError::InvalidGrant(reason) if reason.is_replay() => "replayed_grants",
        OAuthError::InvalidGrant(_)
        | OAuthError::InvalidRequest(_)
        | OAuthError::UnauthorizedClient
        | OAuthError::UnsupportedGrantType
        | OAuthError::InvalidScope(_)
        | OAuthError::InvalidTarget(_)
        | OAuthError::Unavailable => return,
    };
    emf::record(&app.config.stage, app.clock.now(), &[], &[(metric, 1)]);
}

fn log_success(endpoint: Endpoint, fields: LogFields) {
    let message = match endpoint {
        Endpoint::Token => "token issued",
        Endpoint::Introspection => "token introspected",
        Endpoint::Revocation if fields.reason.is_none() => "token revoked",
        Endpoint::Revocation => "nothing to revoke",
        Endpoint::Jwks => return,
    };
    let LogFields { client_id, grant_type, grant_id, sub, jti, aud, account_id, secret_id, active, reason } =
        fields;
    tracing::info!(
        grant_type,
        client_id,
        grant_id,
        sub,
        jti,
        aud,
        account_id,
        secret_id,
        active,
        reason,
        "{message}"
    );
}

/// The values of `client_id` and `presented_client_id` in the event of an error. `client_id` is a client's, or
/// [`UNKNOWN_CLIENT`], so that no caller can invent a value to count by.
fn client_fields(fields: &LogFields, error: &TokenEndpointError) -> (String, Option<String>) {
    let exists = match error {
        TokenEndpointError::OAuth(OAuthError::InvalidClient(reason)) => reason.names_a_client(),
        TokenEndpointError::OAuth(_) | TokenEndpointError::Backend(_) => fields.account_id.is_some(),
    };
    match &fields.client_id {
        Some(client_id) if exists => (client_id.clone(), None),
        presented => (UNKNOWN_CLIENT.to_owned(), presented.clone()),
    }
}

fn log_error(endpoint: Endpoint, fields: LogFields, error: &TokenEndpointError) {
    let (client_id, presented_client_id) = client_fields(&fields, error);
    let LogFields { grant_type, grant_id, account_id, .. } = fields;
    let (name, rejected, failed) = match endpoint {
        Endpoint::Token => (None, "token request rejected", "token request failed"),
        Endpoint::Introspection => (Some("introspection"), "introspection rejected", "introspection failed"),
        Endpoint::Revocation => (Some("revocation"), "revocation rejected", "revocation failed"),
        Endpoint::Jwks => (None, "JWKS request rejected", "JWKS request failed"),
    };
    match error {
        TokenEndpointError::OAuth(error) => {
            let (error, reason) = (error.code(), error.reason());
            tracing::info!(
                endpoint = name,
                grant_type,
                client_id,
                presented_client_id,
                account_id,
                grant_id,
                error,
                reason,
                "{rejected}"
            );
        }
        TokenEndpointError::Backend(error) => {
            tracing::error!(
                endpoint = name,
                grant_type,
                client_id,
                presented_client_id,
                account_id,
                grant_id,
                cause = %error,
                "{failed}"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handler_and_middleware_share_the_fields() {
        let log = RequestLog::default();
        let of_handler = log.clone();
        of_handler.record(|fields| fields.client_id = Some("c1".to_owned()));
        of_handler.record(|fields| fields.reason = Some("unknown_family"));
        let fields = log.take();
        assert_eq!((fields.client_id.as_deref(), fields.reason), (Some("c1"), Some("unknown_family")));
        assert_eq!(fields.grant_type, None);
    }
}
