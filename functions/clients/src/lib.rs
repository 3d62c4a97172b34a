//! The management API: accounts, members, resources, clients, secrets, audit.

mod access_log;
mod auth;
mod idempotency;
mod json_body;
mod openapi;
mod pagination;
mod path_params;
mod preconditions;
mod problem;
mod request_context;
mod response;
mod retry;
mod routes;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use openapi::OAuthApiDoc;
use problem::Problem;
use shared::adapters::lambda::deadline::{self, REQUEST_TIMEOUT};
use shared::app::ManagementState;
use std::sync::Arc;
use utoipa::OpenApi;

/// The function's routes.
pub fn router(management: Arc<ManagementState>) -> Router {
    let (routes, _) = routes::openapi_router().split_for_parts();
    routes
        .merge(openapi::route(&openapi()))
        .fallback(async || Problem::NotFound)
        .method_not_allowed_fallback(async || Problem::MethodNotAllowed)
        .layer(from_fn(|request: Request, next: Next| deadline::within(REQUEST_TIMEOUT, next.run(request))))
        .layer(from_fn(access_log::log))
        .with_state(management)
}

/// The OpenAPI 3.1 document, generated from the routes and their types, and of the OAuth endpoints.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut document = routes::openapi_router().into_openapi();
    openapi::finalize(&mut document);
    document.merge_from(OAuthApiDoc::openapi())
}
