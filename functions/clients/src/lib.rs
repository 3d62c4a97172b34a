//! The management API: accounts, members, resources, clients, secrets, audit.

mod body;
mod call;
mod caller;
mod conditional;
mod contention;
mod idempotency;
mod outcome_log;
mod paging;
mod problem;
mod respond;
mod routes;
mod segments;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use problem::Problem;
use routes::oauth_document::OAuthDocument;
use shared::adapters::deadline::{self, REQUEST_TIMEOUT};
use shared::assembly::Management;
use std::sync::Arc;
use utoipa::OpenApi;

/// The function's routes.
pub fn router(management: Arc<Management>) -> Router {
    let (routes, _) = routes::documented().split_for_parts();
    routes
        .merge(routes::openapi::route(&openapi()))
        .fallback(async || Problem::NotFound)
        .method_not_allowed_fallback(async || Problem::MethodNotAllowed)
        .layer(from_fn(|request: Request, next: Next| deadline::within(REQUEST_TIMEOUT, next.run(request))))
        .layer(from_fn(outcome_log::log))
        .with_state(management)
}

/// The OpenAPI 3.1 document, generated from the routes and their types, and of the OAuth endpoints.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut document = routes::documented().into_openapi();
    routes::openapi::complete(&mut document);
    document.merge_from(OAuthDocument::openapi())
}
