//! The OAuth endpoints that programs and verifiers call: tokens, introspection, revocation, metadata, keys.

mod authenticate;
mod caller;
mod grants;
mod introspect;
mod issue;
mod metadata;
mod presented_token;
mod request;
mod respond;
mod revoke;
mod stopped;
mod token_endpoint;
mod token_request;
mod usage;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::routing::{get, post};
use shared::adapters::deadline::{self, REQUEST_TIMEOUT};
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
        .route("/oauth/introspect", post(introspect::introspect).fallback(respond::post_only))
        .route("/oauth/check_token", post(introspect::introspect).fallback(respond::post_only))
        .route("/oauth/revoke", post(revoke::revoke).fallback(respond::post_only))
        .route("/.well-known/oauth-authorization-server", get(metadata::metadata))
        .route("/.well-known/openid-configuration", get(metadata::metadata))
        .route("/.well-known/jwks.json", get(metadata::jwks))
        .layer(from_fn(|request: Request, next: Next| deadline::within(REQUEST_TIMEOUT, next.run(request))))
        .with_state(app)
}
