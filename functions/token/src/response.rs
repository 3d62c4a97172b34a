//! Responses and errors of the OAuth endpoints (RFC 6749 §5, RFC 7662 §2.2, RFC 7009 §2.2). None of them may be cached.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use shared::adapters::error::BackendError;
use shared::domain::oauth::effective_grant::GrantDenied;
use shared::domain::oauth::error::OAuthError;
use shared::services::client_auth::ClientAuthError;
use shared::services::modify::Contention;
use std::sync::Arc;

/// Sent with every `invalid_client`, whichever method the client used (RFC 6749 §5.2).
const CHALLENGE: HeaderValue = HeaderValue::from_static("Basic realm=\"latchkey\", charset=\"UTF-8\"");
/// Seconds after which a caller may try again when a store does not answer.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("2");

/// Error of a handler; its response has the body of RFC 6749 §5.2, and carries the error itself as an extension, for the
/// log.
#[derive(Debug, thiserror::Error)]
pub enum TokenEndpointError {
    /// The request is rejected.
    #[error("{}: {}", .0.code(), .0.reason())]
    OAuth(OAuthError),
    /// A store did not answer, so nothing was decided.
    #[error(transparent)]
    Backend(#[from] BackendError),
}

impl TokenEndpointError {
    /// The error in the response.
    pub fn as_oauth(&self) -> &OAuthError {
        match self {
            Self::OAuth(error) => error,
            Self::Backend(_) => &OAuthError::Unavailable,
        }
    }
}

impl From<OAuthError> for TokenEndpointError {
    fn from(error: OAuthError) -> Self {
        Self::OAuth(error)
    }
}

impl From<Contention> for TokenEndpointError {
    fn from(contention: Contention) -> Self {
        Self::Backend(BackendError::new("redeeming an authorization code", contention))
    }
}

impl From<GrantDenied> for TokenEndpointError {
    fn from(denied: GrantDenied) -> Self {
        Self::OAuth(denied.into())
    }
}

impl From<ClientAuthError> for TokenEndpointError {
    fn from(error: ClientAuthError) -> Self {
        match error {
            ClientAuthError::Rejected { reason, .. } => Self::OAuth(OAuthError::InvalidClient(reason)),
            ClientAuthError::Backend(error) => Self::Backend(error),
        }
    }
}

impl IntoResponse for TokenEndpointError {
    fn into_response(self) -> Response {
        let mut response = oauth_error(self.as_oauth());
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

#[derive(Serialize)]
struct ErrorBody {
    error: &'static str,
    error_description: &'static str,
}

#[derive(Serialize)]
struct HealthBody {
    status: &'static str,
}

/// 200 OK with a JSON body.
pub fn json(body: &impl Serialize) -> Response {
    json_with_status(StatusCode::OK, body)
}

/// 200 OK with an empty body (RFC 7009 §2.2). It has the media type of all other responses, which some clients require.
pub fn empty() -> Response {
    let mut response = Response::new(Body::empty());
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    no_store(response)
}

/// `GET /health`: the API and this function answer. It reads nothing, so that a failing store does not look like a failed
/// deployment, and monitors that ask often cost no reads.
pub async fn healthy() -> Response {
    json(&HealthBody { status: "ok" })
}

/// The error's code and a hint for the developer of the client, never the cause.
fn oauth_error(error: &OAuthError) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
    let body = ErrorBody { error: error.code(), error_description: error.description() };
    let mut response = json_with_status(status, &body);
    match error {
        OAuthError::InvalidClient(_) => {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, CHALLENGE);
        }
        OAuthError::Unavailable => {
            response.headers_mut().insert(header::RETRY_AFTER, RETRY_AFTER);
        }
        OAuthError::InvalidRequest(_)
        | OAuthError::InvalidGrant(_)
        | OAuthError::UnauthorizedClient
        | OAuthError::UnsupportedGrantType
        | OAuthError::InvalidScope(_)
        | OAuthError::InvalidTarget(_) => {}
    }
    response
}

/// 405, for any method but POST.
pub async fn method_not_allowed() -> Response {
    let body = ErrorBody { error: "invalid_request", error_description: "this endpoint takes POST only" };
    let mut response = json_with_status(StatusCode::METHOD_NOT_ALLOWED, &body);
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
    response
}

fn json_with_status(status: StatusCode, body: &impl Serialize) -> Response {
    let body = serde_json::to_vec(body).unwrap_or_default();
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    no_store(response)
}

fn no_store(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::domain::oauth::error::ClientAuthFailure;

    fn respond(error: impl Into<TokenEndpointError>) -> Response {
        error.into().into_response()
    }

    #[test]
    fn backend_error_is_503_with_retry_after_and_keeps_its_cause() {
        let response = respond(BackendError::new("reading a client", "timed out"));
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(response.headers()[header::RETRY_AFTER], RETRY_AFTER);
        let error = response.extensions().get::<Arc<TokenEndpointError>>().expect("for the log");
        assert!(matches!(error.as_ref(), TokenEndpointError::Backend(_)));
        assert_eq!(*error.as_oauth(), OAuthError::Unavailable);
    }

    #[test]
    fn rejected_client_is_401_with_challenge() {
        let response = respond(ClientAuthError::from(ClientAuthFailure::UnknownClient));
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(response.headers()[header::WWW_AUTHENTICATE], CHALLENGE);
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
    }

    #[test]
    fn denied_grants_have_the_error_codes_of_the_rfc() {
        for (denied, code) in [
            (GrantDenied::NothingLeft, "invalid_grant"),
            (GrantDenied::InvalidTarget("other"), "invalid_target"),
            (GrantDenied::InvalidScope("more"), "invalid_scope"),
        ] {
            assert_eq!(TokenEndpointError::from(denied).as_oauth().code(), code);
            assert_eq!(respond(denied).status(), StatusCode::BAD_REQUEST);
        }
    }
}
