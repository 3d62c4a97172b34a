//! Errors of the management API, as problem documents (RFC 9457).

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde::Serialize;
use shared::adapters::error::BackendError;
use shared::domain::management::ManagementScope;
use shared::domain::primitives::validation::FieldError;
use utoipa::ToSchema;

/// Everything that can go wrong, with what the caller is told and what only the log is told.
#[derive(Debug)]
pub enum Problem {
    /// No bearer token (RFC 6750 §3).
    MissingToken,
    /// A bearer token that does not let anybody in. The reason is for the log.
    InvalidToken(&'static str),
    /// The token lacks this scope.
    InsufficientScope(ManagementScope),
    /// Not to be done by this caller; says why.
    Forbidden(&'static str),
    /// Nothing there, or nothing that this caller may know of.
    NotFound,
    /// Not with this method.
    MethodNotAllowed,
    /// The state of things does not allow it; a code, and what to do.
    Conflict(&'static str, &'static str),
    /// It is not what the caller saw (RFC 9110 §13.1.1).
    PreconditionFailed,
    /// More than 64 KiB.
    BodyTooLarge,
    /// Not `application/json`.
    UnsupportedMediaType,
    /// JSON that cannot be read; says where.
    Malformed(String),
    /// One or more members are wrong.
    Invalid(Vec<FieldError>),
    /// The same `Idempotency-Key` came with another body.
    IdempotencyKeyReused,
    /// A store did not answer. The cause is for the log.
    Unavailable(BackendError),
}

/// One bad member of a request.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvalidParam {
    /// Where, as a JSON pointer fragment.
    #[schema(example = "#/permissions/0/scopes")]
    pointer: String,
    /// What is wrong, and what would be right.
    detail: String,
}

/// A problem document (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemDocument {
    /// What kind of problem this is.
    #[serde(rename = "type")]
    #[schema(example = "urn:latchkey:problem:invalid")]
    kind: String,
    /// The kind in words.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// What happened this time, and what to do.
    detail: String,
    /// Every bad member of the request.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<InvalidParam>,
}

/// What the log says of a failed request; carried in the response's extensions.
#[derive(Clone, Debug)]
pub struct LogContext {
    pub code: &'static str,
    pub cause: Option<String>,
}

impl From<BackendError> for Problem {
    fn from(fault: BackendError) -> Self {
        Self::Unavailable(fault)
    }
}

impl Problem {
    /// A complaint about one member.
    pub fn field(path: &str, detail: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError::new(path, detail)])
    }

    /// Several others are changing the same thing at this moment.
    pub const CONTENTION: Self =
        Self::Conflict("busy", "others are changing this at the same time; try again");

    fn code_and_status(&self) -> (&'static str, StatusCode) {
        match self {
            Self::MissingToken | Self::InvalidToken(_) => ("unauthenticated", StatusCode::UNAUTHORIZED),
            Self::InsufficientScope(_) => ("insufficient_scope", StatusCode::FORBIDDEN),
            Self::Forbidden(_) => ("forbidden", StatusCode::FORBIDDEN),
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
            Self::Forbidden(_) => "Not allowed",
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
            _ => None,
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (code, status) = self.code_and_status();
        let (title, detail, logged, extra) = (self.title(), self.detail(), self.logged(), self.header());
        let errors = match self {
            Self::Invalid(errors) => errors,
            _ => Vec::new(),
        };
        let document = ProblemDocument {
            kind: format!("urn:latchkey:problem:{code}"),
            title,
            status: status.as_u16(),
            detail,
            errors: errors
                .into_iter()
                .map(|error| InvalidParam { pointer: pointer(&error.path), detail: error.detail })
                .collect(),
        };
        let mut response = Response::new(Body::from(serde_json::to_vec(&document).unwrap_or_default()));
        *response.status_mut() = status;
        response.extensions_mut().insert(logged);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.extend(extra);
        response
    }
}

/// As a URI fragment (RFC 6901 §6).
fn pointer(path: &str) -> String {
    /// Everything but `pchar`, `/` and `?` (RFC 3986 §3.5).
    const ESCAPED: &AsciiSet =
        &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'%').add(b'<').add(b'>').add(b'[').add(b'\\').add(b']');
    const FRAGMENT: &AsciiSet = &ESCAPED.add(b'^').add(b'`').add(b'{').add(b'|').add(b'}');
    if path.is_empty() { "#".to_owned() } else { format!("#/{}", utf8_percent_encode(path, FRAGMENT)) }
}
