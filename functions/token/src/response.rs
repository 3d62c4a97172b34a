//! Answers of the OAuth endpoints (RFC 6749 §5, RFC 7662 §2.2, RFC 7009 §2.2). None of them may be stored.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use shared::domain::oauth::error::OAuthError;

/// Sent with every `invalid_client`, whichever way the client tried (RFC 6749 §5.2).
const CHALLENGE: HeaderValue = HeaderValue::from_static("Basic realm=\"latchkey\", charset=\"UTF-8\"");
/// Seconds after which a caller may try again when a store does not answer.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("2");

#[derive(Serialize)]
struct ErrorBody {
    error: &'static str,
    error_description: &'static str,
}

/// What was asked for.
pub fn json(body: &impl Serialize) -> Response {
    json_with_status(StatusCode::OK, body)
}

/// It is so, and there is nothing to say about it.
pub fn empty() -> Response {
    no_store(Response::new(Body::empty()))
}

/// An error: its code and what the developer of the client can do, never the cause.
pub fn error(error: &OAuthError) -> Response {
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

/// Any other method than POST.
pub async fn post_only() -> Response {
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
