//! The management API: HTTP for the services of accounts, members, resources, clients, secrets and the audit trail.

mod access_log;
mod auth;
mod customer_docs;
mod idempotency;
mod json_body;
mod openapi;
mod pagination;
mod path_params;
mod preconditions;
mod problem;
mod request_context;
mod response;
mod routes;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use problem::Problem;
use shared::adapters::lambda::deadline::{self, REQUEST_TIMEOUT};
use shared::app::ManagementState;
use std::sync::Arc;

/// The function's routes.
pub fn router(state: Arc<ManagementState>) -> Router {
    let (routes, _) = routes::openapi_router().split_for_parts();
    routes
        .merge(openapi::route())
        .merge(customer_docs::routes())
        .fallback(async || Problem::NotFound)
        .method_not_allowed_fallback(async || Problem::MethodNotAllowed)
        .layer(from_fn(|request: Request, next: Next| deadline::within(REQUEST_TIMEOUT, next.run(request))))
        .layer(from_fn(preconditions::not_modified))
        .layer(from_fn(access_log::log))
        .with_state(state)
}

/// The OpenAPI 3.1 description of the management API, generated from the routes and their types.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut document = routes::openapi_router().into_openapi();
    openapi::finalize(&mut document);
    document
}
