//! Responses of the function: pages, and redirects to a sign-in or to the client.

use crate::page_language::PageLanguage;
use crate::pages::error_page::ErrorPage;
use crate::pages::form_error::FormErrorCode;
use crate::state::AuthorizeState;
use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use shared::domain::oauth::authorization::code::AuthorizationCode;
use shared::domain::redirect_uri::ResolvedRedirectUri;
use shared::domain::sign_in::SignInId;
use shared::services::sign_in::{AuthorizationErrorResponse, SignInError, SignInSession};
use shared::texts::Texts;
use shared::web::response::{html, see_other};
use shared::web::security_headers::{FormAction, PagePolicy};
use std::sync::Arc;

/// A page of a sign-in.
pub fn sign_in_page(state: &AuthorizeState, session: &SignInSession, template: &impl Template) -> Response {
    let form_action = form_action(state, session);
    html(StatusCode::OK, template, &page_policy(state, &form_action))
}

/// A page whose forms lead to this site only.
pub fn own_page(state: &AuthorizeState, template: &impl Template) -> Response {
    html(StatusCode::OK, template, &page_policy(state, &FormAction::Own))
}

/// An error page, which has no forms.
pub fn error_page(state: &AuthorizeState, texts: Texts, status: StatusCode, page: ErrorPage<'_>) -> Response {
    html(status, &page.template(texts, state.frame()), &page_policy(state, &FormAction::None))
}

fn page_policy<'a>(state: &'a AuthorizeState, form_action: &'a FormAction) -> PagePolicy<'a> {
    PagePolicy { style_sha256: vec![&state.stylesheet.sha256], script_sha256: None, form_action }
}

/// Target of the forms of a sign-in's pages: ourselves, and by redirect the client and the upstream provider.
///
/// Browsers check each redirect of a chain, and both may redirect further at once: with their own origins alone Chromium
/// would stop there. So it is any site over TLS, and besides the client's redirect URI if that has none: a private scheme,
/// or a server on the same device.
fn form_action(state: &AuthorizeState, session: &SignInSession) -> FormAction {
    let upstream = state.app.config.upstream.as_ref();
    let mut sources = "https:".to_owned();
    if upstream.is_some_and(|upstream| upstream.issuer.as_str().starts_with("http:")) {
        sources.push_str(" http:");
    }
    let client = session.client().map(|target| target.request.redirect.form_action()).unwrap_or_default();
    if !client.is_empty() && !client.starts_with("https:") {
        sources.push(' ');
        sources.push_str(&client);
    }
    FormAction::SelfAnd(sources)
}

/// A redirect to the page of a sign-in, with the code of what was wrong with a form.
pub fn redirect_to_sign_in(id: &SignInId, error: Option<FormErrorCode>) -> Response {
    let query =
        error.map_or_else(String::new, |error| format!("?{}={}", FormErrorCode::PARAMETER, error.as_str()));
    see_other(&format!("/oauth/authorize/{id}{query}"))
}

/// A redirect to the client with a code (RFC 6749 §4.1.2).
pub fn redirect_with_code(
    state: &AuthorizeState,
    session: &SignInSession,
    code: &AuthorizationCode,
) -> Result<Response, SignInError> {
    let request = &session.client()?.request;
    let params = [("code", code.expose())];
    Ok(see_other(&client_location(state, &request.redirect, request.state.as_deref(), &params)))
}

/// A redirect to the client with an error (RFC 6749 §4.1.2.1).
pub fn redirect_with_error(state: &AuthorizeState, response: &AuthorizationErrorResponse) -> Response {
    see_other(&error_location(state, response))
}

/// The redirect URI with an error (RFC 6749 §4.1.2.1).
pub fn error_location(state: &AuthorizeState, response: &AuthorizationErrorResponse) -> String {
    let AuthorizationErrorResponse { redirect, state: client_state, error } = response;
    let params = [("error", error.code()), ("error_description", error.description())];
    client_location(state, redirect, client_state.as_deref(), &params)
}

fn client_location(
    state: &AuthorizeState,
    redirect: &ResolvedRedirectUri,
    client_state: Option<&str>,
    params: &[(&str, &str)],
) -> String {
    let mut params = params.to_vec();
    params.extend(client_state.map(|client_state| ("state", client_state)));
    // RFC 9207: identifies the authorization server.
    params.push(("iss", &state.app.config.issuer));
    redirect.with_parameters(&params)
}

/// Fallback of a page for other methods.
pub async fn get_or_head_only(
    State(state): State<Arc<AuthorizeState>>,
    Extension(language): Extension<PageLanguage>,
) -> Response {
    method_not_allowed(&state, &language, "GET, HEAD")
}

/// Fallback for other methods where a GET starts or advances a sign-in, which HEAD must not do (RFC 9110 §9.3.2).
pub async fn get_only(
    State(state): State<Arc<AuthorizeState>>,
    Extension(language): Extension<PageLanguage>,
) -> Response {
    method_not_allowed(&state, &language, "GET")
}

/// Fallback of a form for other methods.
pub async fn post_only(
    State(state): State<Arc<AuthorizeState>>,
    Extension(language): Extension<PageLanguage>,
) -> Response {
    method_not_allowed(&state, &language, "POST")
}

/// Fallback of a page that takes a form.
pub async fn page_or_form_only(
    State(state): State<Arc<AuthorizeState>>,
    Extension(language): Extension<PageLanguage>,
) -> Response {
    method_not_allowed(&state, &language, "GET, HEAD, POST")
}

fn method_not_allowed(state: &AuthorizeState, language: &PageLanguage, allowed: &'static str) -> Response {
    let mut response =
        error_page(state, language.texts(), StatusCode::METHOD_NOT_ALLOWED, ErrorPage::MethodNotAllowed);
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allowed));
    response
}
