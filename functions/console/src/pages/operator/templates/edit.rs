//! A template, and its change.

use super::editor::Editor;
use super::fields::{at_fields, fields, members};
use super::{find, templates};
use crate::error::ConsoleError;
use crate::forms::filled_form::FilledForm;
use crate::frame::display_name;
use crate::operator_request::OperatorRequest;
use crate::pages::clients::permissions::offered::OfferedApis;
use crate::pages::clients::permissions::ticked::PermissionsForm;
use crate::pages::operator;
use crate::pages::parts::notice::Notice;
use crate::respond;
use crate::state::ConsoleState;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use shared::domain::client::registration::template::ClientTemplate;
use shared::services::clients::{TemplateError, TemplateInput};
use shared::web::response::see_other;
use std::sync::Arc;

/// `GET /console/operator/templates/{template_id}`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    Path(template_id): Path<String>,
    request: OperatorRequest,
) -> Result<Response, ConsoleError> {
    let template = find(&state, &request, &template_id).await?;
    let catalogue = state.app().catalogue(request.audit_context.now).await?.value;
    let offered = OfferedApis::all(&catalogue.resources);
    let form = FilledForm::new(fields(&template, &offered));
    let editor = Editor { template: Some(&template), form, ..Editor::default() };
    Ok(respond_form(&state, &request, &template, &offered, editor, StatusCode::OK))
}

/// `POST /console/operator/templates/{template_id}`
pub async fn submit(
    State(state): State<Arc<ConsoleState>>,
    Path(template_id): Path<String>,
    request: OperatorRequest,
) -> Result<Response, ConsoleError> {
    let (templates, version) = (templates(&state, &request)?, request.form_version()?);
    let catalogue = state.app().catalogue(request.audit_context.now).await?.value;
    let offered = OfferedApis::all(&catalogue.resources);
    if PermissionsForm::read(&request.form, &offered).is_shown_again {
        let template = find(&state, &request, &template_id).await?;
        let form = FilledForm::new(request.form.clone());
        let editor = Editor { template: Some(&template), form, ..Editor::default() };
        return Ok(respond_form(&state, &request, &template, &offered, editor, StatusCode::OK));
    }
    let changed = match members(&request.form, &offered) {
        Ok(members) => {
            let input = TemplateInput::new(members);
            templates.replace(&template_id, &input, &|present| present == version).await
        }
        Err(errors) => Err(TemplateError::Invalid(errors)),
    };
    let (errors, is_changed) = match changed {
        Ok(_) => return Ok(see_other(&Notice::Saved.after(&request.path))),
        Err(TemplateError::Invalid(errors)) => (at_fields(errors), false),
        Err(TemplateError::VersionMismatch(_)) => (Vec::new(), true),
        Err(error) => return Err(error.into()),
    };
    let template = find(&state, &request, &template_id).await?;
    let form = FilledForm::new(request.form.clone()).with_errors(errors);
    let status = if is_changed { StatusCode::PRECONDITION_FAILED } else { StatusCode::UNPROCESSABLE_ENTITY };
    let editor = Editor { template: Some(&template), form, is_changed, ..Editor::default() };
    Ok(respond_form(&state, &request, &template, &offered, editor, status))
}

fn respond_form(
    state: &ConsoleState,
    request: &OperatorRequest,
    template: &ClientTemplate,
    offered: &OfferedApis<'_>,
    editor: Editor<'_>,
    status: StatusCode,
) -> Response {
    let frame = operator::frame(state, request, display_name(&template.title));
    respond::page_with_status(status, &editor.page(state, request, offered, frame))
}
