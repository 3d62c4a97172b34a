//! Pages of the operator: what concerns the deployment, and not one account.

pub mod accounts;
pub mod apis;
mod attention;
mod confirm;
mod deployment;
mod expiry;
pub mod templates;

use crate::error::ConsoleError;
use crate::frame::{Frame, NavEntry};
use crate::operator_request::{OPERATOR_ROOT, OperatorRequest};
use crate::respond::page_only;
use crate::routes::Routes;
use crate::state::ConsoleState;
use axum::response::Response;
use axum::routing::get;
use shared::domain::management::ManagementScope;
use shared::web::response::see_other;

/// The pages in the navigation: what follows the root, the id of the text, and the right that the page needs.
const ENTRIES: [(&str, &str, ManagementScope); 6] = [
    ("/accounts", "nav-operator-accounts", ManagementScope::AccountsManage),
    ("/attention", "nav-operator-attention", ManagementScope::AccountsManage),
    ("/expiry", "nav-operator-expiry", ManagementScope::AccountsManage),
    ("/apis", "nav-operator-apis", ManagementScope::ResourcesManage),
    ("/templates", "nav-operator-templates", ManagementScope::ResourcesManage),
    ("/deployment", "nav-operator-deployment", ManagementScope::AccountsManage),
];

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
    let texts = request.texts;
    let entries = ENTRIES.iter().filter(|(.., right)| request.may(*right)).map(|(below, text, _)| {
        let href = format!("{OPERATOR_ROOT}{below}");
        let is_current = request.path.starts_with(&href);
        NavEntry { href, text: texts.get(text), is_current }
    });
    Frame::for_operator(state, request, title, entries.collect())
}

/// `GET /console/operator`: leads to the first page that the person may see.
async fn first(request: OperatorRequest) -> Result<Response, ConsoleError> {
    let found = ENTRIES.iter().find(|(.., right)| request.may(*right));
    found.map(|(below, ..)| see_other(&format!("{OPERATOR_ROOT}{below}"))).ok_or(ConsoleError::NotFound)
}
