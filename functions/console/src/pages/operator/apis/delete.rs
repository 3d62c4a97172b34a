//! Deleting an API.

use super::removal::{self, HoldersView, RemovalPage};
use super::{api_frame, api_url, path, resources};
use crate::error::ConsoleError;
use crate::frame::display_name;
use crate::frame::navigation::OPERATOR_ROOT;
use crate::operator_request::OperatorRequest;
use crate::pages::operator::confirm::{TYPED, TypedField};
use crate::pages::parts::by_api::bare_command;
use crate::pages::parts::notice::Notice;
use crate::respond;
use crate::state::ConsoleState;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use shared::domain::resource::Resource;
use shared::services::modify::ANY_VERSION;
use shared::web::response::see_other;
use std::sync::Arc;

/// `GET /console/operator/apis/{resource_id}/delete`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    Path(resource_id): Path<String>,
    request: OperatorRequest,
) -> Result<Response, ConsoleError> {
    let (resource, holders) = removal::find(&state, &request, &resource_id, None).await?;
    Ok(respond::page(&page(&state, &request, &resource, holders, None)))
}

/// `POST /console/operator/apis/{resource_id}/delete`
pub async fn submit(
    State(state): State<Arc<ConsoleState>>,
    Path(resource_id): Path<String>,
    request: OperatorRequest,
) -> Result<Response, ConsoleError> {
    let resources = resources(&state, &request)?;
    let resource = resources.get(&resource_id).await?;
    request.require_confirmed()?;
    let typed = request.form.get(TYPED).unwrap_or_default().trim();
    if typed != resource.resource_id.as_str() {
        let (resource, holders) = removal::find(&state, &request, &resource_id, None).await?;
        let again = page(&state, &request, &resource, holders, Some(typed.to_owned()));
        return Ok(respond::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again));
    }
    resources.delete(&resource_id, ANY_VERSION).await?;
    Ok(see_other(&Notice::Deleted.after(&format!("{OPERATOR_ROOT}/apis"))))
}

fn page<'a>(
    state: &'a ConsoleState,
    request: &OperatorRequest,
    resource: &Resource,
    holders: HoldersView,
    wrong: Option<String>,
) -> RemovalPage<'a> {
    let (texts, name) = (request.texts, display_name(&resource.resource_name));
    let mut frame = api_frame(state, request, resource, texts.with("delete-title", [("name", &name)]));
    frame.has_errors = wrong.is_some();
    let label = texts.html("api-delete-type", [("id", resource.resource_id.as_str())]);
    RemovalPage {
        frame,
        target: request.form_target(),
        hidden: Vec::new(),
        holders,
        stays: false,
        consequences: vec![
            texts.get("api-delete-tokens"),
            texts.get("api-delete-entitled"),
            texts.get("scope-remove-issued"),
            texts.get("delete-is-final"),
        ],
        typed: Some(TypedField::new(label, wrong, request)),
        button: texts.get("delete-button"),
        back: path(resource, ""),
        command: bare_command("DELETE", &api_url(state, resource)),
    }
}
