//! Errors of the management API, as problem documents (RFC 9457).

mod document;
mod from;
mod from_brand;
mod from_members;
mod from_template;

pub use document::{LogContext, ProblemDocument};

use http::{HeaderValue, StatusCode, header};
use shared::adapters::error::BackendError;
use shared::domain::account::limits::LimitReached;
use shared::domain::management::ManagementScope;
use shared::domain::primitives::validation::FieldError;

/// Error of a handler. The response has less of it than the log.
#[derive(Debug)]
pub enum Problem {
    /// No bearer token (RFC 6750 §3).
    MissingToken,
    /// A bearer token that is not valid. The reason is for the log.
    InvalidToken(&'static str),
    /// The token lacks this scope.
    InsufficientScope(ManagementScope),
    /// The caller is not allowed to do it; the reason.
    Forbidden(&'static str),
    /// Only operators set this member of the body.
    OperatorOnly(&'static str),
    /// It does not exist, or it belongs to an account that the caller must not know of.
    NotFound,
    /// The path has no such method.
    MethodNotAllowed,
    /// The present state does not allow it; a code, and what to do.
    Conflict(&'static str, &'static str),
    /// The account has as many as it may have.
    LimitReached(LimitReached),
    /// There were too many of these requests. One is possible again after so many seconds.
    RateLimited(i64),
    /// The item has another version than the caller expects (RFC 9110 §13.1.1).
    PreconditionFailed,
    /// The body is longer than 64 KiB.
    BodyTooLarge,
    /// The body is not `application/json`.
    UnsupportedMediaType,
    /// The request cannot be parsed; where.
    Malformed(String),
    /// One or more members are not valid.
    Invalid(Vec<FieldError>),
    /// The same `Idempotency-Key` came with another request.
    IdempotencyKeyReused,
    /// A store failed. The cause is for the log.
    Unavailable(BackendError),
}

impl Problem {
    /// An error of one member.
    pub fn field(path: &str, detail: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError::new(path, detail)])
    }

    fn code_and_status(&self) -> (&'static str, StatusCode) {
        match self {
            Self::MissingToken | Self::InvalidToken(_) => ("unauthenticated", StatusCode::UNAUTHORIZED),
            Self::InsufficientScope(_) => ("insufficient_scope", StatusCode::FORBIDDEN),
            Self::Forbidden(_) | Self::OperatorOnly(_) => ("forbidden", StatusCode::FORBIDDEN),
            Self::LimitReached(_) => ("limit_reached", StatusCode::CONFLICT),
            Self::RateLimited(_) => ("rate_limited", StatusCode::TOO_MANY_REQUESTS),
            Self::NotFound => ("not_found", StatusCode::NOT_FOUND),
            Self::MethodNotAllowed => ("method_not_allowed", StatusCode::METHOD_NOT_ALLOWED),
            Self::Conflict(code, _) => (code, StatusCode::CONFLICT),
            Self::PreconditionFailed => ("changed", StatusCode::PRECONDITION_FAILED),
            Self::BodyTooLarge => ("body_too_large", StatusCode::PAYLOAD_TOO_LARGE),
            Self::UnsupportedMediaType => ("not_json", StatusCode::UNSUPPORTED_MEDIA_TYPE),
            Self::Malformed(_) => ("malformed", StatusCode::BAD_REQUEST),
            Self::Invalid(_) => ("invalid", StatusCode::UNPROCESSABLE_ENTITY),
            Self::IdempotencyKeyReused => ("idempotency_key_reused", StatusCode::UNPROCESSABLE_ENTITY),
            Self::Unavailable(_) => ("unavailable", StatusCode::SERVICE_UNAVAILABLE),
        }
    }

    fn title(&self) -> &'static str {
        match self {
            Self::MissingToken | Self::InvalidToken(_) => "The access token is missing or not valid",
            Self::InsufficientScope(_) => "The access token lacks a scope",
            Self::Forbidden(_) | Self::OperatorOnly(_) => "Not allowed",
            Self::LimitReached(_) => "The account's limit is reached",
            Self::RateLimited(_) => "Too many requests",
            Self::NotFound => "Not found",
            Self::MethodNotAllowed => "Method not allowed",
            Self::Conflict(..) => "Not possible in the present state",
            Self::PreconditionFailed => "Changed meanwhile",
            Self::BodyTooLarge => "The body is too large",
            Self::UnsupportedMediaType => "Not JSON",
            Self::Malformed(_) => "The request cannot be read",
            Self::Invalid(_) => "The request is not valid",
            Self::IdempotencyKeyReused => "Idempotency-Key used for another request",
            Self::Unavailable(_) => "Try again shortly",
        }
    }

    fn detail(&self) -> String {
        match self {
            Self::MissingToken => "send an access token for this API as Authorization: Bearer".into(),
            Self::InvalidToken(_) => "get a new access token for this API".into(),
            Self::InsufficientScope(scope) => format!("ask for a token with the scope {}", scope.as_str()),
            Self::Forbidden(why) => (*why).into(),
            Self::OperatorOnly(member) => format!("{member} is set by operators only"),
            Self::LimitReached(reached) => {
                format!("{reached}; delete some, or ask the operator of this deployment for a higher limit")
            }
            Self::RateLimited(seconds) => format!("try again in {seconds} seconds"),
            Self::NotFound => "there is no such thing here".into(),
            Self::MethodNotAllowed => "see /openapi.json for what can be done here".into(),
            Self::Conflict(_, what_to_do) => (*what_to_do).into(),
            Self::PreconditionFailed => "read it again, then repeat the change with the new ETag".into(),
            Self::BodyTooLarge => "a body has at most 64 KiB".into(),
            Self::UnsupportedMediaType => "send Content-Type: application/json".into(),
            Self::Malformed(what) => what.clone(),
            Self::Invalid(errors) => match errors.len() {
                1 => "one member is not valid".into(),
                count => format!("{count} members are not valid"),
            },
            Self::IdempotencyKeyReused => {
                "use a new Idempotency-Key for a new request, or repeat the first one exactly".into()
            }
            Self::Unavailable(_) => "it may have been carried out or not; repeat it, with the same Idempotency-Key if it is a POST".into(),
        }
    }

    fn logged(&self) -> LogContext {
        let cause = match self {
            Self::InvalidToken(reason) => Some((*reason).to_owned()),
            Self::Unavailable(fault) => Some(fault.to_string()),
            _ => None,
        };
        LogContext { code: self.code_and_status().0, cause }
    }

    fn header(&self) -> Option<(header::HeaderName, HeaderValue)> {
        let challenge = |text| (header::WWW_AUTHENTICATE, HeaderValue::from_static(text));
        match self {
            Self::MissingToken => Some(challenge("Bearer realm=\"latchkey\"")),
            Self::InvalidToken(_) => Some(challenge("Bearer realm=\"latchkey\", error=\"invalid_token\"")),
            Self::InsufficientScope(scope) => {
                let text = format!(
                    "Bearer realm=\"latchkey\", error=\"insufficient_scope\", scope=\"{}\"",
                    scope.as_str()
                );
                HeaderValue::from_str(&text).ok().map(|value| (header::WWW_AUTHENTICATE, value))
            }
            Self::Unavailable(_) => Some((header::RETRY_AFTER, HeaderValue::from_static("2"))),
            Self::RateLimited(seconds) => Some((header::RETRY_AFTER, HeaderValue::from(*seconds))),
            _ => None,
        }
    }
}
