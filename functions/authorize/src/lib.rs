//! The browser's side of the authorization code flow (RFC 6749 §4.1): sign-in, consent, code.

mod pages;

use axum::Router;
use axum::routing::{get, post};
use shared::assembly::App;
use std::sync::Arc;

/// The function's routes.
pub fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/oauth/authorize", get(pages::not_yet))
        .route("/oauth/authorize/{sign_in_id}", get(pages::not_yet))
        .route("/oauth/authorize/{sign_in_id}/email", post(pages::not_yet))
        .route("/oauth/authorize/{sign_in_id}/code", post(pages::not_yet))
        .route("/oauth/authorize/{sign_in_id}/upstream", post(pages::not_yet))
        .route("/oauth/authorize/{sign_in_id}/consent", post(pages::not_yet))
        .route("/oauth/callback", get(pages::not_yet))
        .with_state(app)
}
