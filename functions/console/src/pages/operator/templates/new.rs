//! A new template.

use super::editor::{Editor, at_fields, members};
use super::{path, templates};
use crate::error::ConsoleError;
use crate::forms::filled_form::FilledForm;
use crate::operator_request::OperatorRequest;
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
    respond_form(&state, &request, FilledForm::new(form), StatusCode::OK).await
}

/// `POST /console/operator/templates/new`
pub async fn submit(
    State(state): State<Arc<ConsoleState>>,
    request: OperatorRequest,
) -> Result<Response, ConsoleError> {
    let request = request.recognised_by_form()?;
    let created = match members(&request.form) {
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
            vec![FieldError::new(
                "template_id",
                format!("there are {MAX_TEMPLATES} templates, which is the most"),
            )]
        }
        Err(error) => return Err(error.into()),
    };
    let form = FilledForm::new(request.form.clone()).with_errors(errors);
    respond_form(&state, &request, form, StatusCode::UNPROCESSABLE_ENTITY).await
}

async fn respond_form(
    state: &ConsoleState,
    request: &OperatorRequest,
    form: FilledForm,
    status: StatusCode,
) -> Result<Response, ConsoleError> {
    let catalogue = state.app().catalogue(request.audit_context.now).await?.value;
    let frame = operator::frame(state, request, request.texts.get("template-new"));
    let editor = Editor { template: None, form, is_changed: false };
    Ok(respond::page_with_status(status, &editor.page(state, request, &catalogue, frame)))
}
