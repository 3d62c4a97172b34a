//! The OAuth endpoints that programs and verifiers call: tokens, metadata, keys.

mod authenticate;
mod grant;
mod metadata;
mod request;
mod respond;
mod token_endpoint;
mod usage;

use axum::Router;
use axum::routing::{get, post};
use shared::assembly::App;
use std::sync::Arc;

/// The function's routes.
pub fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/oauth/token", post(token_endpoint::token).fallback(respond::post_only))
        .route(
            "/v1/accounts/{account_id}/auth/token",
            post(token_endpoint::account_token).fallback(respond::post_only),
        )
        .route("/.well-known/oauth-authorization-server", get(metadata::metadata))
        .route("/.well-known/openid-configuration", get(metadata::metadata))
        .route("/.well-known/jwks.json", get(metadata::jwks))
        .with_state(app)
}
