//! Events of API Gateway HTTP APIs (payload format 2.0), checked before `lambda_http` converts them to requests.
//!
//! Its conversion panics on what `http` and `url` do not accept, and API Gateway passes some of that on.

use crate::adapters::lambda::http_service::add_common_headers;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::{self, HeaderName, HeaderValue};
use http::uri::{Authority, PathAndQuery};
use lambda_http::Body;
use lambda_http::aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use lambda_http::request::LambdaRequest;
use serde::Deserialize;
use serde_json::json;
use std::collections::HashMap;
use url::Url;

/// The reason why an event is not a valid HTTP request. It is logged and sent to the client, and holds nothing of the
/// request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EventRejection {
    /// It is not of payload format 2.0, or a member has the wrong type. The method is checked here too.
    #[error("the method or another part of the request is not valid HTTP")]
    Malformed,
    /// A name or a value that is not of RFC 9110 §5.
    #[error("a header has a name or a value that is not valid")]
    Header,
    /// More than API Gateway allows, and than `http::HeaderMap` holds.
    #[error("the request has too many headers")]
    TooManyHeaders,
    /// Longer than API Gateway allows, and than `http::Uri` holds.
    #[error("the path and the query are too long")]
    TargetTooLong,
    /// It does not begin with `/`, or holds characters that no path of Latchkey's has, encoded or not.
    #[error("the path is not valid")]
    Path,
    /// Characters that RFC 3986 does not allow.
    #[error("the query holds a character that must be percent-encoded")]
    Query,
    /// Not a host and port (RFC 9110 §7.2).
    #[error("the Host header is not valid")]
    Host,
    /// Neither `http` nor `https`.
    #[error("the X-Forwarded-Proto header is not valid")]
    Scheme,
    /// Not of API Gateway's own syntax.
    #[error("the stage is not valid")]
    Stage,
    /// It is marked as base64, and is not.
    #[error("the body cannot be decoded")]
    Body,
}

/// API Gateway allows 10,240 bytes for the request line and all headers together.
const MAX_TARGET_BYTES: usize = 10_240;
/// Each takes at least 4 bytes of those (`a:` and CRLF).
const MAX_HEADERS: usize = 2_560;
/// The longest DNS name and a port.
const MAX_HOST_BYTES: usize = 253 + ":65535".len();
const MAX_STAGE_BYTES: usize = 128;

/// Deserializes and checks an event. What it returns is converted to an `http::Request` without a panic.
///
/// Cookies that cannot be in a header are left out, because another site of the same domain may have set them.
pub fn parse_event(event: &str) -> Result<LambdaRequest, EventRejection> {
    check_headers(event)?;
    let mut event: ApiGatewayV2httpRequest =
        serde_json::from_str(event).map_err(|_| EventRejection::Malformed)?;
    let path = event.raw_path.as_deref().unwrap_or_default();
    check_target(path, event.raw_query_string.as_deref().unwrap_or_default())?;
    check_scheme_and_host(&event)?;
    if !event.request_context.stage.as_deref().is_none_or(is_stage) {
        return Err(EventRejection::Stage);
    }
    let body = event.body.as_deref().unwrap_or_default();
    if event.is_base64_encoded && STANDARD.decode(body).is_err() {
        return Err(EventRejection::Body);
    }
    if let Some(cookies) = &mut event.cookies {
        cookies.retain(|cookie| HeaderValue::from_str(cookie).is_ok());
    }
    Ok(LambdaRequest::ApiGatewayV2(event))
}

/// `HeaderMap` panics when it is given too many headers, so they are counted before it is filled.
fn check_headers(event: &str) -> Result<(), EventRejection> {
    #[derive(Deserialize)]
    struct Headers {
        #[serde(default)]
        headers: Option<HashMap<String, String>>,
    }
    let event: Headers = serde_json::from_str(event).map_err(|_| EventRejection::Malformed)?;
    let headers = event.headers.unwrap_or_default();
    if headers.len() > MAX_HEADERS {
        return Err(EventRejection::TooManyHeaders);
    }
    let is_valid = |(name, value): (&String, &String)| {
        HeaderName::from_bytes(name.as_bytes()).is_ok() && HeaderValue::from_str(value).is_ok()
    };
    if headers.iter().all(is_valid) { Ok(()) } else { Err(EventRejection::Header) }
}

/// API Gateway decodes the path, but not the query. What may be in a path only percent-encoded is encoded again by the
/// conversion, except for what ends or splits a path; and no path of Latchkey's has controls, spaces or delimiters.
fn check_target(path: &str, query: &str) -> Result<(), EventRejection> {
    if path.len() + query.len() > MAX_TARGET_BYTES {
        return Err(EventRejection::TargetTooLong);
    }
    let is_refused = |character: char| {
        character.is_ascii_control() || matches!(character, ' ' | '"' | '<' | '>' | '#' | '?' | '\\')
    };
    if !path.starts_with('/') || path.contains(is_refused) {
        return Err(EventRejection::Path);
    }
    // A `#` ends the query.
    let parsed = PathAndQuery::try_from(format!("/?{query}")).map_err(|_| EventRejection::Query)?;
    if parsed.query() == Some(query) { Ok(()) } else { Err(EventRejection::Query) }
}

/// The scheme and the host that the conversion puts before the path.
fn check_scheme_and_host(event: &ApiGatewayV2httpRequest) -> Result<(), EventRejection> {
    let header = |name| event.headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let scheme = header(HeaderName::from_static("x-forwarded-proto")).unwrap_or("https");
    if !["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
        return Err(EventRejection::Scheme);
    }
    let Some(host) = header(header::HOST).or(event.request_context.domain_name.as_deref()) else {
        return Ok(());
    };
    let is_valid = host.len() <= MAX_HOST_BYTES
        && host.parse::<Authority>().is_ok_and(|authority| !authority.as_str().contains('@'))
        && Url::parse(&format!("{scheme}://{host}/"))
            .is_ok_and(|url| url.as_str().parse::<http::Uri>().is_ok());
    if is_valid { Ok(()) } else { Err(EventRejection::Host) }
}

/// The conversion puts any other stage than `$default` before the path.
fn is_stage(stage: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    stage == "$default"
        || (!stage.is_empty() && stage.len() <= MAX_STAGE_BYTES && stage.bytes().all(is_allowed))
}

impl From<EventRejection> for ApiGatewayV2httpResponse {
    fn from(rejection: EventRejection) -> Self {
        error_response(400, "invalid_request", &rejection.to_string())
    }
}

/// The response to a request that no router sees.
pub(super) fn error_response(status: i64, error: &str, description: &str) -> ApiGatewayV2httpResponse {
    let body = json!({ "error": error, "error_description": description });
    let mut response = ApiGatewayV2httpResponse::default();
    response.status_code = status;
    response.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    add_common_headers(&mut response.headers);
    response.body = Some(Body::Text(body.to_string()));
    response
}
