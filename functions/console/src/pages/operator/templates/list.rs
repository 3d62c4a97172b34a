//! The list of templates, in the order in which accounts see them.

use super::{path, reader};
use crate::error::ConsoleError;
use crate::frame::{Frame, display_name};
use crate::operator_request::OperatorRequest;
use crate::pages::operator;
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use shared::domain::client::registration::template::{AskedMember, ClientTemplate};
use shared::domain::primitives::visible_text::without_hidden_characters;
use std::sync::Arc;

/// A template in the list.
struct TemplateRow {
    href: String,
    title: String,
    summary: String,
    /// The members that it asks for.
    asked: String,
    order: u32,
}

#[derive(Template)]
#[template(path = "operator/templates/list.html")]
struct ListPage<'a> {
    frame: Frame<'a>,
    rows: Vec<TemplateRow>,
    new: String,
}

/// `GET /console/operator/templates`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    request: OperatorRequest,
) -> Result<Response, ConsoleError> {
    let templates = reader(&state, &request).await?.list().await?;
    let page = ListPage {
        frame: operator::frame(&state, &request, request.texts.get("nav-operator-templates")),
        rows: templates.iter().map(row).collect(),
        new: path("/new"),
    };
    Ok(respond::page(&page))
}

fn row(template: &ClientTemplate) -> TemplateRow {
    let asked: Vec<&str> = template.asked.iter().copied().map(AskedMember::as_str).collect();
    TemplateRow {
        href: path(&format!("/{}", template.template_id)),
        title: display_name(&template.title),
        summary: without_hidden_characters(template.summary.as_str()),
        asked: asked.join(", "),
        order: template.order,
    }
}
