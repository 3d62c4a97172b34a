//! The operator's logo.

use crate::state::AuthorizeState;
use axum::extract::State;
use axum::response::Response;
use shared::web::logo;
use std::sync::Arc;

/// `GET /oauth/authorize/logo`
pub async fn get(State(state): State<Arc<AuthorizeState>>) -> Response {
    logo::response(state.app.logo.get(state.app.clock.now()).await.as_deref())
}
