//! Responses to a browser: pages and redirects.

use crate::domain::primitives::language::Language;
use crate::web::security_headers::{PagePolicy, add_security_headers};
use askama::Template;
use http::{HeaderValue, Response, StatusCode, header};

/// A page.
///
/// # Panics
///
/// If the template cannot be rendered. Templates of strings into a string always can.
#[must_use]
pub fn html<B: From<String>>(
    status: StatusCode,
    template: &impl Template,
    policy: &PagePolicy<'_>,
) -> Response<B> {
    let body = template.render().unwrap_or_else(|error| unreachable!("{error}"));
    let mut response = Response::new(B::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CONTENT_SECURITY_POLICY, policy.header_value());
    add_security_headers(headers);
    response
}

/// A redirect that the browser follows by GET, so that it does not repeat a form's fields (RFC 9700 §4.12).
///
/// # Panics
///
/// If `location` is not visible ASCII, as every URI is.
#[must_use]
pub fn see_other<B: Default>(location: &str) -> Response<B> {
    let mut response = Response::new(B::default());
    *response.status_mut() = StatusCode::SEE_OTHER;
    let mut location = HeaderValue::from_str(location).unwrap_or_else(|_| unreachable!("a URI is ASCII"));
    location.set_sensitive(true);
    response.headers_mut().insert(header::LOCATION, location);
    add_security_headers(response.headers_mut());
    response
}

/// Says which language a page is in (RFC 9110 §8.5), and that another reader may get another one. Redirects and other
/// responses without a page stay as they are.
#[must_use]
pub fn with_language<B>(mut response: Response<B>, language: Language) -> Response<B> {
    let headers = response.headers_mut();
    let is_page =
        headers.get(header::CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(b"text/html"));
    if is_page {
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
        headers.append(header::VARY, HeaderValue::from_static("Accept-Language"));
    }
    response
}

/// Adds `Retry-After`.
#[must_use]
pub fn with_retry_after<B>(mut response: Response<B>, seconds: i64) -> Response<B> {
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}
