//! What changed from one version to the next.

use super::PATH;
use crate::error::ConsoleError;
use crate::frame::navigation::OPERATOR_ROOT;
use crate::frame::{Frame, Link};
use crate::operator_request::OperatorRequest;
use crate::pages::help::markdown::to_html;
use crate::pages::operator::frame;
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use shared::domain::management::ManagementScope;
use std::sync::Arc;

/// The change notes of the repository.
const CHANGELOG: &str = include_str!("../../../../../../.github/CHANGELOG.md");

#[derive(Template)]
#[template(path = "help/topic.html")]
struct ChangesPage<'a> {
    frame: Frame<'a>,
    /// Whether there are commands that need others.
    needs_functions: bool,
    /// The notes as HTML. They are part of the program, so nothing in them was sent by anyone.
    html: String,
}

/// `GET /console/operator/deployment/changes`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    request: OperatorRequest,
) -> Result<Response, ConsoleError> {
    request.person.principal.require_scope(ManagementScope::AccountsManage)?;
    let texts = request.texts;
    let above = Link { href: format!("{OPERATOR_ROOT}{PATH}"), text: texts.get("nav-operator-deployment") };
    let frame = frame(&state, &request, texts.get("deployment-changes")).below(vec![above]);
    // The page has a heading of its own.
    let notes = CHANGELOG.split_once("\n\n").map_or(CHANGELOG, |(_, notes)| notes);
    let html = to_html(notes, &str::to_owned);
    Ok(respond::page(&ChangesPage { frame, needs_functions: false, html }))
}
