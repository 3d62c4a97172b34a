//! Importing scopes from an OpenAPI document: the document, then what it changes, then the change.

use super::openapi;
use super::{api_frame, api_url, no_change, path, resources, scopes_json};
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
use serde_json::json;
use shared::domain::primitives::display_text::Description;
use shared::domain::primitives::unknown_attributes::UnknownAttributes;
use shared::domain::primitives::validation::FieldError;
use shared::domain::resource::scope::{Scope, ScopeSet};
use shared::domain::resource::{Resource, ScopeDefinition};
use shared::services::resources::{ResourceChange, ResourceError};
use shared::web::response::see_other;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the names of the fields with descriptions start with.
const DESCRIPTION_PREFIX: &str = "description:";

#[derive(Template)]
#[template(path = "operator/apis/import.html")]
struct ImportPage<'a> {
    frame: Frame<'a>,
    target: FormTarget,
    version: u64,
    form: FilledForm,
    back: String,
}

/// A scope of the document.
struct FoundScope {
    name: String,
    description: String,
    /// What it is called now, if the API has it.
    present: Option<String>,
    /// Whether it would be changed or added.
    is_change: bool,
}

#[derive(Template)]
#[template(path = "operator/apis/import_review.html")]
struct ReviewPage<'a> {
    frame: Frame<'a>,
    target: FormTarget,
    version: u64,
    scopes: Vec<FoundScope>,
    back: String,
    command: String,
}

/// `GET /console/operator/apis/{resource_id}/import`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    Path(resource_id): Path<String>,
    request: OperatorRequest,
) -> Result<Response, ConsoleError> {
    let resource = resources(&state, &request)?.get(&resource_id).await?;
    Ok(respond::page(&page(&state, &request, &resource, FilledForm::default())))
}

/// `POST /console/operator/apis/{resource_id}/import`: shows what the document changes, or changes it.
pub async fn submit(
    State(state): State<Arc<ConsoleState>>,
    Path(resource_id): Path<String>,
    request: OperatorRequest,
) -> Result<Response, ConsoleError> {
    let (resources, version) = (resources(&state, &request)?, request.form_version()?);
    let resource = resources.get(&resource_id).await?;
    let invalid = |errors: Vec<FieldError>| {
        let form = FilledForm::new(request.form.clone()).with_errors_at(errors, &["document"]);
        let again = page(&state, &request, &resource, form);
        Ok(respond::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again))
    };
    if request.form.get("step") == Some("import") {
        let scopes = Some(with_imported(&resource, chosen(&request.form)));
        let change = ResourceChange { scopes, ..no_change() };
        return match resources.update(&resource_id, &change, &|present| present == version).await {
            Ok(resource) => Ok(see_other(&Notice::Saved.after(&path(&resource, "")))),
            Err(ResourceError::Invalid(errors)) => invalid(errors),
            Err(error) => Err(error.into()),
        };
    }
    match openapi::scopes(request.form.get("document").unwrap_or_default()) {
        Ok(found) => Ok(respond::page(&review(&state, &request, &resource, found))),
        Err(error) => invalid(vec![FieldError::new("document", error.to_string())]),
    }
}

/// The scopes that are ticked, with their descriptions.
fn chosen(form: &Form) -> BTreeMap<Scope, Description> {
    let scopes = form.all("scope").filter_map(|name| Scope::parse(name).ok());
    let described = scopes.map(|name| {
        let words = form.get(&format!("{DESCRIPTION_PREFIX}{name}")).unwrap_or_default();
        (name, Description::parse(words).unwrap_or_default())
    });
    described.collect()
}

/// The scopes of the API with other descriptions, and the new ones after them.
fn with_imported(resource: &Resource, mut imported: BTreeMap<Scope, Description>) -> Vec<ScopeDefinition> {
    let present = resource.scopes.iter().map(|scope| match imported.remove(&scope.name) {
        Some(description) => ScopeDefinition { description, ..scope.clone() },
        None => scope.clone(),
    });
    let mut scopes: Vec<ScopeDefinition> = present.collect();
    scopes.extend(imported.into_iter().map(|(name, description)| ScopeDefinition {
        name,
        description,
        restricted: false,
        implies: ScopeSet::default(),
        unknown: UnknownAttributes::default(),
    }));
    scopes
}

fn page<'a>(
    state: &'a ConsoleState,
    request: &OperatorRequest,
    resource: &Resource,
    form: FilledForm,
) -> ImportPage<'a> {
    let mut frame = api_frame(state, request, resource, request.texts.get("import-title"));
    frame.has_errors = form.has_errors();
    let (target, version) = (request.form_target(), resource.version);
    ImportPage { frame, target, version, form, back: path(resource, "") }
}

/// Whether a scope of the document is new, or has other words than the API's. A document without words takes none away.
fn is_change(present: Option<&ScopeDefinition>, words: &Description) -> bool {
    present.is_none_or(|scope| !words.is_empty() && scope.description != *words)
}

fn review<'a>(
    state: &'a ConsoleState,
    request: &OperatorRequest,
    resource: &Resource,
    mut found: BTreeMap<Scope, Description>,
) -> ReviewPage<'a> {
    let present = |name: &Scope| resource.scopes.iter().find(|scope| scope.name == *name);
    let scopes = found.iter().map(|(name, description)| FoundScope {
        name: name.to_string(),
        description: description.as_str().to_owned(),
        is_change: is_change(present(name), description),
        present: present(name).map(|scope| scope.description.as_str().to_owned()),
    });
    let scopes = scopes.collect();
    found.retain(|name, description| is_change(present(name), description));
    let body = json!({ "scopes": scopes_json(&with_imported(resource, found)) });
    ReviewPage {
        frame: api_frame(state, request, resource, request.texts.get("import-review")),
        target: request.form_target(),
        version: resource.version,
        scopes,
        back: path(resource, ""),
        command: api_command("PATCH", &api_url(state, resource), resource.version, &body),
    }
}
