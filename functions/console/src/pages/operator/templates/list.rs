//! The list of templates, in the order in which accounts see them.

use super::{asked_label, path, reader};
use crate::error::ConsoleError;
use crate::frame::{Frame, display_name};
use crate::operator_request::OperatorRequest;
use crate::pages::operator;
use crate::pages::parts::icon;
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use shared::adapters::store::ResourceCatalog;
use shared::domain::client::registration::template::ClientTemplate;
use shared::domain::primitives::visible_text::without_hidden_characters;
use shared::services::clients::template_faults;
use shared::texts::{Complaint, Texts};
use std::sync::Arc;

/// A template in the list.
struct TemplateRow {
    href: String,
    title: String,
    summary: String,
    letter: String,
    /// The members that it asks for: what people call them, and their names.
    asked: Vec<(String, &'static str)>,
    /// Why no account is offered it.
    faults: Vec<Complaint>,
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
    let catalogue = state.app().catalogue(request.audit_context.now).await?.value;
    let page = ListPage {
        frame: operator::frame(&state, &request, request.texts.get("nav-operator-templates")),
        rows: templates.iter().map(|template| row(request.texts, template, &catalogue)).collect(),
        new: path("/new"),
    };
    Ok(respond::page(&page))
}

fn row(texts: Texts, template: &ClientTemplate, catalogue: &ResourceCatalog) -> TemplateRow {
    let title = display_name(&template.title);
    let faults = template_faults(template, catalogue).into_iter();
    TemplateRow {
        href: path(&format!("/{}", template.template_id)),
        letter: icon::letter(&title),
        title,
        summary: without_hidden_characters(template.summary.as_str()),
        asked: template.asked.iter().map(|member| (asked_label(texts, *member), member.as_str())).collect(),
        faults: faults.map(|fault| texts.complaint(&fault.detail)).collect(),
        order: template.order,
    }
}
