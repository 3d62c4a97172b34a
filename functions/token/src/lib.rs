//! The OAuth endpoints that programs and verifiers call: tokens, introspection, revocation, metadata, keys.

mod authenticated_request;
mod client_auth;
mod error;
mod grants;
mod introspect;
mod issue;
mod last_used;
mod metadata;
mod request;
mod response;
mod revoke;
mod token_endpoint;
mod token_kind;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::routing::{get, post};
use shared::adapters::lambda::deadline::{self, REQUEST_TIMEOUT};
use shared::app::App;
use std::sync::Arc;

/// The function's routes.
pub fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/oauth/token", post(token_endpoint::token).fallback(response::post_only))
        .route(
            "/v1/accounts/{account_id}/auth/token",
            post(token_endpoint::account_token).fallback(response::post_only),
        )
        .route("/oauth/introspect", post(introspect::introspect).fallback(response::post_only))
        .route("/oauth/check_token", post(introspect::introspect).fallback(response::post_only))
        .route("/oauth/revoke", post(revoke::revoke).fallback(response::post_only))
        .route("/.well-known/oauth-authorization-server", get(metadata::metadata))
        .route("/.well-known/openid-configuration", get(metadata::metadata))
        .route("/.well-known/jwks.json", get(metadata::jwks))
        .layer(from_fn(|request: Request, next: Next| deadline::within(REQUEST_TIMEOUT, next.run(request))))
        .with_state(app)
}
