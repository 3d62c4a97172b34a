//! Responses of the function: pages and redirects.

use crate::error::ConsoleError;
use askama::Template;
use axum::response::Response;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderName, HeaderValue, StatusCode, header};
use shared::adapters::crypto::digest::sha256;
use shared::web::response::{html, see_other};
use shared::web::security_headers::{FormAction, PagePolicy};
use std::sync::LazyLock;

/// Style sheet, inline in every page.
pub const STYLESHEET: &str = include_str!("../templates/console.css");

/// Style sheet of the pages with long forms, inline in them.
pub const FORMS_STYLESHEET: &str = include_str!("../templates/forms.css");

/// Script, inline in every page: copies texts, shows local times, ticks boxes.
pub const SCRIPT: &str = include_str!("../templates/console.js");

static STYLESHEET_HASH: LazyLock<String> = LazyLock::new(|| hash(STYLESHEET));
static FORMS_STYLESHEET_HASH: LazyLock<String> = LazyLock::new(|| hash(FORMS_STYLESHEET));
static SCRIPT_HASH: LazyLock<String> = LazyLock::new(|| hash(SCRIPT));

fn hash(text: &str) -> String {
    STANDARD.encode(sha256(text.as_bytes()))
}

/// A page.
pub fn page(template: &impl Template) -> Response {
    page_with_status(StatusCode::OK, template)
}

/// A page with a status.
pub fn page_with_status(status: StatusCode, template: &impl Template) -> Response {
    let policy = PagePolicy {
        style_sha256: vec![&STYLESHEET_HASH, &FORMS_STYLESHEET_HASH],
        script_sha256: Some(&SCRIPT_HASH),
        form_action: &FormAction::Own,
    };
    let mut response = html(status, template, &policy);
    let headers = response.headers_mut();
    // Unlike the sign-in, no page of the console is opened in a window that another site waits for.
    headers.insert(
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    );
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Language, Cookie"));
    response
}

/// The root of the site: people who type its host name want the console.
pub async fn root() -> Response {
    let mut response = see_other("/console");
    *response.status_mut() = StatusCode::FOUND;
    response
}

/// A path that is no page.
pub async fn not_found() -> ConsoleError {
    ConsoleError::NotFound
}

/// Fallback of a page for other methods.
pub async fn page_only() -> ConsoleError {
    ConsoleError::MethodNotAllowed("GET, HEAD")
}

/// Fallback for other methods where a GET starts a sign-in, which HEAD must not do (RFC 9110 §9.3.2).
pub async fn get_only() -> ConsoleError {
    ConsoleError::MethodNotAllowed("GET")
}

/// Fallback of a form for other methods.
pub async fn post_only() -> ConsoleError {
    ConsoleError::MethodNotAllowed("POST")
}

/// Fallback of a page that takes a form.
pub async fn page_or_form_only() -> ConsoleError {
    ConsoleError::MethodNotAllowed("GET, HEAD, POST")
}
