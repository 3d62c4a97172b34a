//! Deleting a template.

use super::{api_url, find, path, templates};
use crate::error::ConsoleError;
use crate::frame::{Link, display_name};
use crate::operator_request::OperatorRequest;
use crate::pages::operator;
use crate::pages::operator::confirm::ConfirmPage;
use crate::pages::parts::by_api::bare_command;
use crate::pages::parts::notice::Notice;
use crate::respond;
use crate::state::ConsoleState;
use axum::extract::{Path, State};
use axum::response::Response;
use shared::services::modify::ANY_VERSION;
use shared::web::response::see_other;
use std::sync::Arc;

/// `GET /console/operator/templates/{template_id}/delete`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    Path(template_id): Path<String>,
    request: OperatorRequest,
) -> Result<Response, ConsoleError> {
    let template = find(&state, &request, &template_id).await?;
    let (texts, name) = (request.texts, display_name(&template.title));
    let own = path(&format!("/{}", template.template_id));
    let crumbs = vec![
        Link { href: path(""), text: texts.get("nav-operator-templates") },
        Link { href: own.clone(), text: name.clone() },
    ];
    let page = ConfirmPage {
        frame: operator::frame(&state, &request, texts.with("delete-title", [("name", &name)])).below(crumbs),
        target: request.form_target(),
        hidden: Vec::new(),
        consequences: vec![texts.get("template-delete-offered"), texts.get("template-delete-clients")],
        typed: None,
        button: texts.get("delete-button"),
        is_danger: true,
        back: own,
        command: bare_command("DELETE", &api_url(&state, &format!("/{}", template.template_id))),
    };
    Ok(respond::page(&page))
}

/// `POST /console/operator/templates/{template_id}/delete`
pub async fn submit(
    State(state): State<Arc<ConsoleState>>,
    Path(template_id): Path<String>,
    request: OperatorRequest,
) -> Result<Response, ConsoleError> {
    request.require_confirmed()?;
    templates(&state, &request)?.delete(&template_id, ANY_VERSION).await?;
    Ok(see_other(&Notice::Deleted.after(&path(""))))
}
