//! Changing the name, documentation, accounts and algorithm of an API.

use super::narrowing::{self, Narrowing};
use super::{api_frame, api_url, member, no_change, path, resources};
use crate::error::ConsoleError;
use crate::forms::Form;
use crate::forms::filled_form::FilledForm;
use crate::forms::form_target::FormTarget;
use crate::frame::Frame;
use crate::operator_request::OperatorRequest;
use crate::pages::parts::by_api::api_command;
use crate::pages::parts::notice::Notice;
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use serde_json::{Map, Value, json};
use shared::domain::primitives::validation::{FieldError, Validator};
use shared::domain::resource::{AccountAccess, Resource};
use shared::services::resources::{ResourceChange, ResourceError};
use shared::web::response::see_other;
use std::sync::Arc;

const MEMBERS: [&str; 4] = ["resource_name", "token_signing_alg", "account_access", "documentation_url"];

#[derive(Template)]
#[template(path = "operator/apis/edit.html")]
struct EditPage<'a> {
    frame: Frame<'a>,
    target: FormTarget,
    version: u64,
    form: FilledForm,
    /// The fields as they are now, if another person has changed the API meanwhile.
    changed: Option<Vec<(&'static str, String)>>,
    back: String,
    command: String,
}

/// `GET /console/operator/apis/{resource_id}/edit`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    Path(resource_id): Path<String>,
    request: OperatorRequest,
) -> Result<Response, ConsoleError> {
    let resource = resources(&state, &request)?.get(&resource_id).await?;
    let form = FilledForm::new(request.restored().cloned().unwrap_or_else(|| fields(&resource)));
    Ok(respond::page(&page(&state, &request, &resource, form)))
}

/// `POST /console/operator/apis/{resource_id}/edit`: asks first, if clients would be cut off.
pub async fn submit(
    State(state): State<Arc<ConsoleState>>,
    Path(resource_id): Path<String>,
    request: OperatorRequest,
) -> Result<Response, ConsoleError> {
    let (resources, version) = (resources(&state, &request)?, request.form_version()?);
    let resource = resources.get(&resource_id).await?;
    let form = FilledForm::new(request.form.clone());
    let change = match change(&body(&request.form)) {
        Ok(change) => change,
        Err(errors) => {
            let again = page(&state, &request, &resource, form.with_errors_at(errors, &MEMBERS));
            return Ok(respond::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again));
        }
    };
    let narrows = resource.account_access == AccountAccess::All
        && change.account_access.is_some_and(|access| access != AccountAccess::All);
    if narrows && resource.version == version {
        request.require_confirmed()?;
        if !narrowing::is_seen(&request) {
            let command = page(&state, &request, &resource, form).command;
            let narrowing = Narrowing { resource: &resource, scope: None, fields: &MEMBERS, command };
            return narrowing.respond(&state, &request).await;
        }
    }
    match resources.update(&resource_id, &change, &|present| present == version).await {
        Ok(resource) => Ok(see_other(&Notice::Saved.after(&path(&resource, "")))),
        Err(ResourceError::VersionMismatch(_)) => {
            let mut again = page(&state, &request, &resource, form);
            again.changed = Some(fields(&resource).listed(&MEMBERS));
            (again.version, again.frame.has_errors) = (resource.version, true);
            Ok(respond::page_with_status(StatusCode::PRECONDITION_FAILED, &again))
        }
        Err(ResourceError::Invalid(errors)) => {
            let again = page(&state, &request, &resource, form.with_errors_at(errors, &MEMBERS));
            Ok(respond::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again))
        }
        Err(error) => Err(error.into()),
    }
}

fn fields(resource: &Resource) -> Form {
    let documentation = resource.documentation_url.as_ref().map(|url| url.as_str().to_owned());
    let access = json!(resource.account_access).as_str().unwrap_or_default().to_owned();
    let values = [
        resource.resource_name.to_string(),
        resource.token_signing_alg.as_str().to_owned(),
        access,
        documentation.unwrap_or_default(),
    ];
    MEMBERS.iter().map(|name| (*name).to_owned()).zip(values).collect()
}

fn body(form: &Form) -> Map<String, Value> {
    let value = |name: &str| match form.get(name).unwrap_or_default().trim() {
        "" if name == "documentation_url" => Value::Null,
        text => json!(text),
    };
    MEMBERS.iter().map(|name| ((*name).to_owned(), value(name))).collect()
}

fn change(body: &Map<String, Value>) -> Result<ResourceChange, Vec<FieldError>> {
    let mut checked = Validator::new();
    let change = ResourceChange {
        resource_name: checked.optional("resource_name", member(body, "resource_name")),
        token_signing_alg: checked.optional("token_signing_alg", member(body, "token_signing_alg")),
        account_access: checked.optional("account_access", member(body, "account_access")),
        documentation_url: checked.patch("documentation_url", member(body, "documentation_url")),
        ..no_change()
    };
    if checked.is_ok() { Ok(change) } else { Err(checked.into_errors()) }
}

fn page<'a>(
    state: &'a ConsoleState,
    request: &OperatorRequest,
    resource: &Resource,
    form: FilledForm,
) -> EditPage<'a> {
    let mut frame = api_frame(state, request, resource, request.texts.get("api-edit"));
    frame.has_errors = form.has_errors();
    EditPage {
        frame,
        target: request.form_target(),
        version: request.shown_version(resource.version),
        command: api_command(
            "PATCH",
            &api_url(state, resource),
            resource.version,
            &body(form.values()).into(),
        ),
        form,
        changed: None,
        back: path(resource, ""),
    }
}
