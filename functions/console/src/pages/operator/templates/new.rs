//! A new template.

use super::editor::Editor;
use super::fields::{at_fields, members};
use super::{path, templates};
use crate::error::ConsoleError;
use crate::forms::filled_form::FilledForm;
use crate::operator_request::OperatorRequest;
use crate::pages::clients::permissions::offered::OfferedApis;
use crate::pages::clients::permissions::ticked::PermissionsForm;
use crate::pages::operator;
use crate::pages::parts::notice::Notice;
use crate::respond;
use crate::state::ConsoleState;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use shared::domain::client::registration::template::{ClientTemplate, MAX_TEMPLATES};
use shared::domain::primitives::validation::FieldError;
use shared::services::clients::{TemplateError, TemplateInput};
use shared::services::idempotency::IdempotencyError;
use shared::web::response::see_other;
use std::sync::Arc;

/// `GET /console/operator/templates/new`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    request: OperatorRequest,
) -> Result<Response, ConsoleError> {
    templates(&state, &request)?;
    let preset = [("order", "0"), ("asked", "client_name")];
    let form = preset.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let catalogue = state.app().catalogue(request.audit_context.now).await?.value;
    let editor = Editor { form: FilledForm::new(form), ..Editor::default() };
    Ok(respond_form(&state, &request, &OfferedApis::all(&catalogue.resources), editor, StatusCode::OK))
}

/// `POST /console/operator/templates/new`
pub async fn submit(
    State(state): State<Arc<ConsoleState>>,
    request: OperatorRequest,
) -> Result<Response, ConsoleError> {
    let request = request.recognised_by_form()?;
    let catalogue = state.app().catalogue(request.audit_context.now).await?.value;
    let offered = OfferedApis::all(&catalogue.resources);
    let sent = FilledForm::new(request.form.clone());
    if PermissionsForm::read(&request.form, &offered).is_shown_again {
        let editor = Editor { form: sent, ..Editor::default() };
        return Ok(respond_form(&state, &request, &offered, editor, StatusCode::OK));
    }
    let created = match members(&request.form, &offered) {
        Ok(members) => templates(&state, &request)?.create(&TemplateInput::new(members)).await,
        Err(errors) => Err(TemplateError::Invalid(errors)),
    };
    let errors = match created {
        Ok(ClientTemplate { template_id, .. }) => {
            return Ok(see_other(&Notice::Created.after(&path(&format!("/{template_id}")))));
        }
        Err(TemplateError::Invalid(errors)) => at_fields(errors),
        Err(TemplateError::IdTaken) => vec![FieldError::new("template_id", "is taken: choose another one")],
        Err(TemplateError::TooMany) => {
            let detail = format!("there are {MAX_TEMPLATES} templates, which is the most");
            vec![FieldError::new("template_id", detail)]
        }
        Err(TemplateError::Idempotency(IdempotencyError::KeyReused)) => {
            let problem = Some(request.texts.get("form-sent-before"));
            let editor = Editor { form: sent, problem, ..Editor::default() };
            return Ok(respond_form(&state, &request, &offered, editor, StatusCode::CONFLICT));
        }
        Err(error) => return Err(error.into()),
    };
    let editor = Editor { form: sent.with_errors(errors), ..Editor::default() };
    Ok(respond_form(&state, &request, &offered, editor, StatusCode::UNPROCESSABLE_ENTITY))
}

fn respond_form(
    state: &ConsoleState,
    request: &OperatorRequest,
    offered: &OfferedApis<'_>,
    editor: Editor<'_>,
    status: StatusCode,
) -> Response {
    let frame = operator::frame(state, request, request.texts.get("template-new"));
    respond::page_with_status(status, &editor.page(state, request, offered, frame))
}
