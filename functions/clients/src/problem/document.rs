//! Problem documents (RFC 9457) and their responses.

use crate::problem::Problem;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde::Serialize;
use utoipa::ToSchema;

/// One member of a request that is not valid.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvalidParam {
    /// Its place, as a JSON pointer fragment.
    #[schema(example = "#/permissions/0/scopes")]
    pointer: String,
    /// What is wrong, and what would be right.
    detail: String,
}

/// A problem document (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemDocument {
    /// The kind of problem.
    #[serde(rename = "type")]
    #[schema(example = "urn:latchkey:problem:invalid")]
    kind: String,
    /// The kind in words.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// What happened, and what to do.
    detail: String,
    /// Every member of the request that is not valid.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<InvalidParam>,
}

/// What the log has of a failed request; an extension of the response.
#[derive(Clone, Debug)]
pub struct LogContext {
    pub code: &'static str,
    pub cause: Option<String>,
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
