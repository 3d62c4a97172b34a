//! Pages of the operator: what concerns the deployment, and not one account.

pub mod accounts;
pub mod apis;
mod attention;
mod confirm;
mod deployment;
mod expiry;
pub mod templates;

use crate::error::ConsoleError;
use crate::frame::Frame;
use crate::frame::navigation::{OPERATOR_ENTRIES, OPERATOR_ROOT};
use crate::operator_request::OperatorRequest;
use crate::respond::page_only;
use crate::routes::Routes;
use crate::state::ConsoleState;
use axum::response::Response;
use axum::routing::get;
use shared::web::response::see_other;

/// The routes.
pub fn routes() -> Routes {
    Routes::default()
        .route(OPERATOR_ROOT, get(first).fallback(page_only))
        .route("/console/operator/attention", get(attention::show).fallback(page_only))
        .route("/console/operator/expiry", get(expiry::show).fallback(page_only))
        .route("/console/operator/deployment", get(deployment::show).fallback(page_only))
        .route("/console/operator/deployment/changes", get(deployment::changes).fallback(page_only))
        .merge(accounts::routes())
        .merge(apis::routes())
        .merge(templates::routes())
}

/// The frame of a page of the operator.
fn frame<'a>(state: &'a ConsoleState, request: &OperatorRequest, title: String) -> Frame<'a> {
    Frame::for_operator(state, request, title)
}

/// `GET /console/operator`: leads to the first page that the person may see.
async fn first(request: OperatorRequest) -> Result<Response, ConsoleError> {
    let found = OPERATOR_ENTRIES.iter().find(|(.., right)| request.may(*right));
    found.map(|(below, ..)| see_other(&format!("{OPERATOR_ROOT}{below}"))).ok_or(ConsoleError::NotFound)
}
