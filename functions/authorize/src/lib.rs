//! The browser's side of the authorization code flow (RFC 6749 §4.1): sign-in, consent, code.

mod begin;
mod browser;
mod code;
mod consent;
mod desk;
mod email;
mod form;
mod give;
mod halt;
mod look;
mod message;
mod page;
mod problem;
mod query;
mod respond;
mod scene;
mod upstream;

pub use desk::Pace;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::routing::{get, post};
use desk::Desk;
use shared::adapters::deadline::{self, REQUEST_TIMEOUT};
use shared::assembly::App;
use shared::assembly::AwsClients;
use std::sync::Arc;

/// The function's routes.
pub fn router(app: Arc<App>, aws: &AwsClients, pace: Pace) -> Router {
    Router::new()
        .route("/oauth/authorize", get(begin::begin).fallback(respond::get_only))
        .route("/oauth/authorize/{sign_in_id}", get(page::show).fallback(respond::get_only))
        .route("/oauth/authorize/{sign_in_id}/email", post(email::post).fallback(respond::post_only))
        .route("/oauth/authorize/{sign_in_id}/code", post(code::post).fallback(respond::post_only))
        .route("/oauth/authorize/{sign_in_id}/upstream", post(upstream::leave).fallback(respond::post_only))
        .route("/oauth/authorize/{sign_in_id}/consent", post(consent::post).fallback(respond::post_only))
        .route("/oauth/callback", get(upstream::come_back).fallback(respond::get_only))
        .layer(from_fn(|request: Request, next: Next| deadline::within(REQUEST_TIMEOUT, next.run(request))))
        .with_state(Arc::new(Desk::new(app, aws, pace)))
}
