//! Answers to a browser. None of them may be stored, framed, or run a script.

use crate::pages::error_page::ErrorPage;
use crate::pages::form_error::FormErrorCode;
use crate::pages::templates;
use crate::state::AuthorizeState;
use askama::Template;
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderName, HeaderValue, StatusCode, header};
use shared::domain::redirect_uri::ResolvedRedirectUri;
use shared::domain::sign_in::SignInId;
use std::sync::Arc;

/// Where the forms of a page may lead. A browser applies it to what a form's answer redirects to as well.
pub enum FormAction {
    /// The page has none.
    None,
    /// To ourselves, and by redirect to these sources.
    SelfAnd(String),
}

/// A page.
pub fn page(status: StatusCode, template: &impl Template, forms: &FormAction) -> Response {
    // What is rendered are strings, into a string: that cannot fail.
    let body = template.render().unwrap_or_else(|error| unreachable!("{error}"));
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    let forms = match forms {
        FormAction::None => "'none'".to_owned(),
        FormAction::SelfAnd(sources) => format!("'self' {sources}"),
    };
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; form-action {}; frame-ancestors 'none'; base-uri 'none'",
        *templates::STYLESHEET_HASH,
        forms,
    );
    let policy = HeaderValue::from_str(&policy).unwrap_or_else(|_| unreachable!("ASCII"));
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    with_security_headers(response)
}

/// A page that only says something.
pub fn message(state: &AuthorizeState, status: StatusCode, message: ErrorPage<'_>) -> Response {
    page(status, &message.page(state.host()), &FormAction::None)
}

/// On to the page of a sign-in, with a fixed word about what was wrong.
pub fn redirect_to_sign_in(id: &SignInId, trouble: Option<FormErrorCode>) -> Response {
    let query = trouble
        .map_or_else(String::new, |trouble| format!("?{}={}", FormErrorCode::PARAMETER, trouble.as_str()));
    see_other(&format!("/oauth/authorize/{id}{query}"))
}

/// Back to the client (RFC 6749 §4.1.2), which is told whose answer it is (RFC 9207).
pub fn redirect_to_client(
    authorize: &AuthorizeState,
    redirect: &ResolvedRedirectUri,
    state: Option<&str>,
    answer: &[(&str, &str)],
) -> Response {
    let mut parameters = answer.to_vec();
    parameters.extend(state.map(|state| ("state", state)));
    parameters.push(("iss", &authorize.app.config.issuer));
    see_other(&redirect.with_parameters(&parameters))
}

/// Elsewhere, by GET (RFC 9700 §4.12).
pub fn see_other(location: &str) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    let mut location = HeaderValue::from_str(location).unwrap_or_else(|_| unreachable!("a URI is ASCII"));
    location.set_sensitive(true);
    response.headers_mut().insert(header::LOCATION, location);
    with_security_headers(response)
}

/// The answer to a method that a page does not have.
pub async fn method_not_allowed(State(state): State<Arc<AuthorizeState>>) -> Response {
    not_allowed(&state, "GET, HEAD")
}

/// The answer to a method that a form does not have.
pub async fn post_only(State(state): State<Arc<AuthorizeState>>) -> Response {
    not_allowed(&state, "POST")
}

fn not_allowed(state: &AuthorizeState, allowed: &'static str) -> Response {
    let mut response = message(state, StatusCode::METHOD_NOT_ALLOWED, ErrorPage::MethodNotAllowed);
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allowed));
    response
}

/// When to try again.
pub fn retry_after(mut response: Response, seconds: i64) -> Response {
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// What every answer carries. There is no `Cross-Origin-Opener-Policy`: a client that opens the sign-in in a window of
/// its own waits for the answer there, and would lose that window. Without scripts, an opener has nothing here to reach.
fn with_security_headers(mut response: Response) -> Response {
    const HEADERS: [(HeaderName, &str); 7] = [
        (header::CACHE_CONTROL, "no-store"),
        (header::PRAGMA, "no-cache"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        ),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
