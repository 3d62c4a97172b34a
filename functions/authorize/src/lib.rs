//! The browser's side of the authorization code flow (RFC 6749 §4.1): sign-in, consent, code.

mod endpoint;
mod error;
mod pages;
mod sign_in;
mod state;

pub use state::ResponseTiming;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::routing::{get, post};
use shared::adapters::lambda::deadline::{self, REQUEST_TIMEOUT};
use shared::app::App;
use shared::app::AwsClients;
use state::AuthorizeState;
use std::sync::Arc;

/// The function's routes.
pub fn router(app: Arc<App>, aws: &AwsClients, pace: ResponseTiming) -> Router {
    Router::new()
        .route(
            "/oauth/authorize",
            get(endpoint::authorization_endpoint::authorize).fallback(pages::response::method_not_allowed),
        )
        .route(
            "/oauth/authorize/{sign_in_id}",
            get(pages::sign_in_page::get).fallback(pages::response::method_not_allowed),
        )
        .route(
            "/oauth/authorize/{sign_in_id}/email",
            post(sign_in::request_email_code::post).fallback(pages::response::post_only),
        )
        .route(
            "/oauth/authorize/{sign_in_id}/code",
            post(sign_in::email_code::submit).fallback(pages::response::post_only),
        )
        .route(
            "/oauth/authorize/{sign_in_id}/upstream",
            post(sign_in::idp::post).fallback(pages::response::post_only),
        )
        .route(
            "/oauth/authorize/{sign_in_id}/consent",
            post(sign_in::consent::submit_consent).fallback(pages::response::post_only),
        )
        .route("/oauth/callback", get(sign_in::idp::callback).fallback(pages::response::method_not_allowed))
        .layer(from_fn(|request: Request, next: Next| deadline::within(REQUEST_TIMEOUT, next.run(request))))
        .with_state(Arc::new(AuthorizeState::new(app, aws, pace)))
}
