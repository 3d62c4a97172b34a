//! The browser's side of the authorization code flow (RFC 6749 §4.1): sign-in, consent, code.

mod endpoint;
mod error;
mod error_responses;
mod mail_stop;
mod page_language;
mod pages;
mod sign_in;
mod state;

pub use shared::services::sign_in::ResponseTiming;
pub use state::AuthorizeState;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::routing::{get, post};
use endpoint::authorization_endpoint;
use error_responses::log_and_render_errors;
use pages::response::{get_only, get_or_head_only, page_or_form_only, post_only};
use pages::sign_in_page;
use shared::adapters::lambda::deadline::{self, REQUEST_TIMEOUT};
use shared::web::logo;
use sign_in::{consent, email_code, idp, request_email_code};
use std::sync::Arc;
use utoipa::OpenApi;

/// The function's routes.
pub fn router(state: Arc<AuthorizeState>) -> Router {
    Router::new()
        .route("/oauth/authorize", get(authorization_endpoint::authorize).head(get_only).fallback(get_only))
        .route(logo::PATH, get(pages::logo::get).fallback(get_or_head_only))
        .route("/oauth/authorize/{sign_in_id}", get(sign_in_page::get).fallback(get_or_head_only))
        .route("/oauth/authorize/{sign_in_id}/email", post(request_email_code::submit).fallback(post_only))
        .route("/oauth/authorize/{sign_in_id}/code", post(email_code::submit).fallback(post_only))
        .route("/oauth/authorize/{sign_in_id}/upstream", post(idp::submit).fallback(post_only))
        .route("/oauth/authorize/{sign_in_id}/consent", post(consent::submit).fallback(post_only))
        .route("/oauth/callback", get(idp::callback).head(get_only).fallback(get_only))
        .route("/mail/stop/{token}", get(mail_stop::get).post(mail_stop::post).fallback(page_or_form_only))
        .layer(from_fn_with_state(Arc::clone(&state), log_and_render_errors))
        .layer(from_fn(|request: Request, next: Next| deadline::within(REQUEST_TIMEOUT, next.run(request))))
        .with_state(state)
}

/// The OpenAPI description of the authorization endpoint.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    endpoint::openapi::ApiDoc::openapi()
}
