//! What an account may give its clients: boxes for each API, then the difference in words, then the change.

mod choices;

use super::{account_frame, api_url, manager, own_path};
use crate::error::ConsoleError;
use crate::forms::filled_form::FilledForm;
use crate::forms::form_target::FormTarget;
use crate::frame::Frame;
use crate::operator_request::OperatorRequest;
use crate::pages::clients::permissions::review::{RightChange, changes};
use crate::pages::parts::by_api::api_command;
use crate::pages::parts::notice::Notice;
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use choices::{ServiceChoices, fields, read, services};
use http::StatusCode;
use serde_json::json;
use shared::adapters::store::ResourceCatalog;
use shared::domain::account::{Entitlement, Entitlements};
use shared::domain::client::permission::Permission;
use shared::domain::management;
use shared::domain::primitives::unknown_attributes::UnknownAttributes;
use shared::domain::primitives::validation::FieldError;
use shared::services::accounts::{AccountChange, AccountError};
use shared::web::response::see_other;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "operator/accounts/entitlements.html")]
struct EntitlementsPage<'a> {
    frame: Frame<'a>,
    target: FormTarget,
    version: u64,
    form: FilledForm,
    services: Vec<ServiceChoices>,
    is_changed: bool,
    back: String,
    command: String,
}

impl EntitlementsPage<'_> {
    /// Whether there is anything to choose: an API that all accounts may use whole has nothing.
    fn has_choices(&self) -> bool {
        let mut apis = self.services.iter().flat_map(|service| &service.apis);
        apis.any(|api| !api.is_for_all || !api.boxes.is_empty())
    }
}

#[derive(Template)]
#[template(path = "operator/accounts/entitlements_review.html")]
struct ReviewPage<'a> {
    frame: Frame<'a>,
    target: FormTarget,
    version: u64,
    hidden: Vec<(String, String)>,
    changes: Vec<RightChange>,
    back: String,
    command: String,
}

/// `GET /console/operator/accounts/{account_id}/entitlements`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    request: OperatorRequest,
) -> Result<Response, ConsoleError> {
    manager(&state, &request)?;
    let catalogue = state.app().catalogue(request.audit_context.now).await?.value;
    let form = request.restored().cloned().unwrap_or_else(|| fields(&request.account.entitlements));
    Ok(respond::page(&page(&state, &request, &catalogue, FilledForm::new(form), false)))
}

/// `POST /console/operator/accounts/{account_id}/entitlements`: shows the difference, or makes it.
pub async fn submit(
    State(state): State<Arc<ConsoleState>>,
    request: OperatorRequest,
) -> Result<Response, ConsoleError> {
    let (manager, version) = (manager(&state, &request)?, request.form_version()?);
    request.require_confirmed()?;
    let catalogue = state.app().catalogue(request.audit_context.now).await?.value;
    let form = FilledForm::new(request.form.clone());
    let again = |form: FilledForm, is_changed: bool| {
        let status =
            if is_changed { StatusCode::PRECONDITION_FAILED } else { StatusCode::UNPROCESSABLE_ENTITY };
        Ok(respond::page_with_status(status, &page(&state, &request, &catalogue, form, is_changed)))
    };
    let step = request.form.get("step").unwrap_or_default();
    if step == "change" {
        return Ok(respond::page(&page(&state, &request, &catalogue, form, false)));
    }
    let present = &request.account.entitlements;
    let resolved = read(&request.form, &catalogue, present).and_then(|new| {
        let resolved = Entitlements::resolve(new.clone(), present, |id| catalogue.resources.get(id))?;
        Ok((new, resolved))
    });
    let (new, after) = match resolved {
        Ok(resolved) => resolved,
        Err(errors) => return again(form.with_errors(at_field(errors)), false),
    };
    if step == "save" {
        let change = AccountChange { entitlements: Some(new), ..AccountChange::default() };
        return match manager.update(&change, &|present| present == version).await {
            Ok(_) => Ok(see_other(&Notice::Saved.after(&own_path(&request, "")))),
            Err(AccountError::Invalid(errors)) => again(form.with_errors(at_field(errors)), false),
            Err(AccountError::VersionMismatch(_)) => again(form, true),
            Err(error) => Err(error.into()),
        };
    }
    if request.account.version != version {
        return again(form, true);
    }
    Ok(respond::page(&review(&state, &request, &catalogue, &new, &after)))
}

/// All complaints are about the one field that the form is.
fn at_field(errors: Vec<FieldError>) -> Vec<FieldError> {
    errors.into_iter().map(|error| FieldError::new("entitlements", error.detail)).collect()
}

/// What an account may give its clients, as if one client held all of it.
fn as_permissions(catalogue: &ResourceCatalog, entitlements: &Entitlements) -> Vec<Permission> {
    let customers = catalogue.resources.values();
    let customers = customers.filter(|resource| resource.resource_id.as_str() != management::RESOURCE_ID);
    let permitted = customers.filter_map(|resource| {
        let scopes = entitlements.permitted_scopes(resource)?;
        let unknown = UnknownAttributes::default();
        Some(Permission { resource: resource.resource_id.clone(), scopes, unknown })
    });
    permitted.collect()
}

fn page<'a>(
    state: &'a ConsoleState,
    request: &OperatorRequest,
    catalogue: &ResourceCatalog,
    form: FilledForm,
    is_changed: bool,
) -> EntitlementsPage<'a> {
    let present: Vec<Entitlement> = request.account.entitlements.iter().cloned().collect();
    let version = request.account.version;
    let mut frame = account_frame(state, request, request.texts.get("entitlements-title"));
    frame.has_errors = form.has_errors() || is_changed;
    EntitlementsPage {
        frame,
        target: request.form_target(),
        version: if is_changed { version } else { request.shown_version(version) },
        services: services(catalogue, form.values()),
        form,
        is_changed,
        back: own_path(request, ""),
        command: command(state, request, &present),
    }
}

fn review<'a>(
    state: &'a ConsoleState,
    request: &OperatorRequest,
    catalogue: &ResourceCatalog,
    new: &[Entitlement],
    after: &Entitlements,
) -> ReviewPage<'a> {
    let before = as_permissions(catalogue, &request.account.entitlements);
    let after = as_permissions(catalogue, after);
    ReviewPage {
        frame: account_frame(state, request, request.texts.get("entitlements-review-title")),
        target: request.form_target(),
        version: request.account.version,
        hidden: choices::hidden(&request.form),
        changes: changes(request.texts, &catalogue.resources, &before, &after),
        back: own_path(request, ""),
        command: command(state, request, new),
    }
}

fn command(state: &ConsoleState, request: &OperatorRequest, entitlements: &[Entitlement]) -> String {
    let body = json!({ "entitlements": entitlements });
    api_command("PATCH", &api_url(state, request), request.account.version, &body)
}
