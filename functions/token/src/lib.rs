//! The OAuth endpoints that clients and resource servers call: token, introspection, revocation, metadata, keys.

mod authenticated_request;
mod cors;
mod grants;
mod introspect;
mod metadata;
mod openapi;
mod request;
mod request_log;
mod response;
mod revoke;
mod token_endpoint;
mod token_kind;
mod token_request;

use authenticated_request::ClientAuthPolicy;
use axum::extract::Request;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::routing::{MethodRouter, get, post};
use axum::{Extension, Router};
use http::Method;
use request_log::Endpoint;
use shared::adapters::lambda::deadline::{self, REQUEST_TIMEOUT};
use shared::app::App;
use std::sync::Arc;
use utoipa::OpenApi;

/// The function's routes.
pub fn router(app: Arc<App>) -> Router {
    let logged = |endpoint: Endpoint, route: MethodRouter<Arc<App>>| {
        route.route_layer(from_fn_with_state((Arc::clone(&app), endpoint), request_log::log_and_count))
    };
    let token =
        || logged(Endpoint::Token, post(token_endpoint::token)).fallback(response::method_not_allowed);
    let introspect = || {
        logged(Endpoint::Introspection, post(introspect::introspect))
            .fallback(response::method_not_allowed)
            // A public client's id is no secret: anyone who has a token could learn from it whether the token is
            // active (RFC 7662 §2.1).
            .layer(Extension(ClientAuthPolicy::ConfidentialOnly))
    };
    let revoke = logged(Endpoint::Revocation, post(revoke::revoke))
        .fallback(response::method_not_allowed)
        .layer(Extension(ClientAuthPolicy::AllowPublic));
    let jwks = logged(Endpoint::Jwks, get(metadata::jwks));
    let for_pages = Router::new()
        .route("/oauth/token", token())
        .route("/v1/accounts/{account_id}/auth/token", token())
        .route("/oauth/revoke", revoke)
        .layer(cors::any_origin(Method::POST));
    let documents = Router::new()
        .route("/.well-known/oauth-authorization-server", get(metadata::metadata))
        .route("/.well-known/openid-configuration", get(metadata::metadata))
        .route("/.well-known/jwks.json", jwks)
        .layer(cors::any_origin(Method::GET));
    Router::new()
        .merge(for_pages)
        .merge(documents)
        .route("/oauth/introspect", introspect())
        .route("/oauth/check_token", introspect())
        .route("/health", get(response::healthy))
        .layer(from_fn(|request: Request, next: Next| deadline::within(REQUEST_TIMEOUT, next.run(request))))
        .with_state(app)
}

/// The OpenAPI description of the function's routes.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    openapi::ApiDoc::openapi()
}
