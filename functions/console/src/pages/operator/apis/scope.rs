//! A scope of an API: a new one, or one that is changed. Its name never changes.

use super::narrowing::{self, Narrowing};
use super::{api_frame, api_url, no_change, path, resources, scopes_json};
use crate::error::ConsoleError;
use crate::forms::Form;
use crate::forms::filled_form::FilledForm;
use crate::forms::form_target::FormTarget;
use crate::frame::Frame;
use crate::operator_request::OperatorRequest;
use crate::pages::clients::permissions::words::in_words;
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
use std::sync::Arc;

/// Fields of the form.
const FIELDS: [&str; 5] = ["name", "description", "restricted", "implies", "default_scopes"];

/// What its form sends.
const SENT: [&str; 5] = ["present", "description", "restricted", "implies", "default_scopes"];

/// What some of them are called here.
const LABELS: [(&str, &str); 2] = [("name", "scope-name"), ("description", "scope-words")];

/// A scope that another one can imply.
struct OtherScope {
    name: String,
    words: String,
    has_words: bool,
}

#[derive(Template)]
#[template(path = "operator/apis/scope.html")]
struct ScopePage<'a> {
    frame: Frame<'a>,
    target: FormTarget,
    version: u64,
    /// The scope that is changed.
    present: Option<String>,
    form: FilledForm,
    others: Vec<OtherScope>,
    /// What there is now, if another person has changed the API meanwhile.
    changed: Option<Vec<(&'static str, String)>>,
    back: String,
    command: String,
}

/// `GET /console/operator/apis/{resource_id}/scope?name=`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    Path(resource_id): Path<String>,
    request: OperatorRequest,
) -> Result<Response, ConsoleError> {
    let resource = resources(&state, &request)?.get(&resource_id).await?;
    let restored = request.restored();
    let kept = restored.and_then(|form| form.get("present")).map(str::to_owned);
    let present = match named(&request.query).or(kept) {
        None => None,
        Some(name) => Some(find(&resource, &name).ok_or(ConsoleError::NotFound)?),
    };
    let new = || present.map(|scope| fields(&resource, scope)).unwrap_or_default();
    let form = restored.cloned().unwrap_or_else(new);
    let page = page(&state, &request, &resource, present, FilledForm::new(form));
    Ok(respond::page(&page))
}

/// `POST /console/operator/apis/{resource_id}/scope`: asks first, if clients would be cut off.
pub async fn submit(
    State(state): State<Arc<ConsoleState>>,
    Path(resource_id): Path<String>,
    request: OperatorRequest,
) -> Result<Response, ConsoleError> {
    let (resources, version) = (resources(&state, &request)?, request.form_version()?);
    let resource = resources.get(&resource_id).await?;
    let present = request.form.get("present").and_then(|name| find(&resource, name));
    let form = FilledForm::new(request.form.clone());
    let invalid = |errors: Vec<FieldError>, form: FilledForm| {
        let form =
            form.with_labels(&LABELS).with_errors_at(errors.into_iter().map(at_field).collect(), &FIELDS);
        let again = page(&state, &request, &resource, present, form);
        Ok(respond::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again))
    };
    let change = match change(&resource, present, &request.form) {
        Ok(change) => change,
        Err(errors) => return invalid(errors, form),
    };
    let restricts = |scope: &&ScopeDefinition| !scope.restricted && request.form.get("restricted").is_some();
    if let Some(scope) = present.filter(restricts)
        && resource.version == version
    {
        request.require_confirmed()?;
        if !narrowing::is_seen(&request) {
            let command = page(&state, &request, &resource, present, form).command;
            let narrowing = Narrowing { resource: &resource, scope: Some(scope), fields: &SENT, command };
            return narrowing.respond(&state, &request).await;
        }
    }
    match resources.update(&resource_id, &change, &|present| present == version).await {
        Ok(resource) => Ok(see_other(&Notice::Saved.after(&path(&resource, "")))),
        Err(ResourceError::Invalid(errors)) => invalid(errors, form),
        Err(ResourceError::VersionMismatch(_)) => {
            let mut again = page(&state, &request, &resource, present, form);
            again.changed = Some(now(&resource, present));
            (again.version, again.frame.has_errors) = (resource.version, true);
            Ok(respond::page_with_status(StatusCode::PRECONDITION_FAILED, &again))
        }
        Err(error) => Err(error.into()),
    }
}

/// The scope that a query names.
pub fn named(query: &str) -> Option<String> {
    let mut params = form_urlencoded::parse(query.as_bytes());
    params.find(|(name, _)| name == "name").map(|(_, value)| value.into_owned())
}

/// The scope of this name.
pub fn find<'a>(resource: &'a Resource, name: &str) -> Option<&'a ScopeDefinition> {
    resource.scopes.iter().find(|scope| scope.name.as_str() == name)
}

fn fields(resource: &Resource, scope: &ScopeDefinition) -> Form {
    let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let mut fields =
        vec![field("name", scope.name.as_str()), field("description", scope.description.as_str())];
    fields.extend(scope.restricted.then(|| field("restricted", "yes")));
    fields.extend(resource.default_scopes.has(&scope.name).then(|| field("default_scopes", "yes")));
    fields.extend(scope.implies.iter().map(|implied| field("implies", implied.as_str())));
    fields.into_iter().collect()
}

/// The fields of a scope as they are now; for a new one, the scopes that there are.
fn now(resource: &Resource, present: Option<&ScopeDefinition>) -> Vec<(&'static str, String)> {
    match present {
        Some(scope) => fields(resource, scope).listed(&FIELDS[1..]),
        None => vec![("scopes", resource.scope_names().to_string())],
    }
}

/// The change that puts the scope of the form in the place of the present one, or at the end.
fn change(
    resource: &Resource,
    present: Option<&ScopeDefinition>,
    form: &Form,
) -> Result<ResourceChange, Vec<FieldError>> {
    let mut errors = Vec::new();
    let text = |name: &str| form.get(name).unwrap_or_default().trim();
    let name = match present {
        Some(scope) => Some(scope.name.clone()),
        None => Scope::parse(text("name"))
            .map_err(|error| errors.push(FieldError::new("name", error.to_string())))
            .ok(),
    };
    let description = Description::parse(text("description"))
        .map_err(|error| errors.push(FieldError::new("description", error.to_string())))
        .unwrap_or_default();
    let implies: ScopeSet = form.all("implies").filter_map(|name| Scope::parse(name).ok()).collect();
    let Some(name) = name.filter(|_| errors.is_empty()) else { return Err(errors) };
    let unknown = present.map_or_else(UnknownAttributes::default, |scope| scope.unknown.clone());
    let restricted = form.get("restricted").is_some();
    let scope = ScopeDefinition { name: name.clone(), description, restricted, implies, unknown };
    let mut scopes = resource.scopes.clone();
    match present.and_then(|present| scopes.iter_mut().find(|own| own.name == present.name)) {
        Some(place) => *place = scope,
        None => scopes.push(scope),
    }
    let mut default_scopes = resource.default_scopes.filtered(|own| *own != name);
    if form.get("default_scopes").is_some() {
        default_scopes.insert(name);
    }
    Ok(ResourceChange { scopes: Some(scopes), default_scopes: Some(default_scopes), ..no_change() })
}

/// An error of the scopes together, at the field of this form that it is about.
fn at_field(error: FieldError) -> FieldError {
    let field = if error.path.ends_with("/implies") {
        "implies"
    } else if error.path == "scopes" {
        "name"
    } else {
        return error;
    };
    FieldError::new(field, error.detail)
}

fn page<'a>(
    state: &'a ConsoleState,
    request: &OperatorRequest,
    resource: &Resource,
    present: Option<&ScopeDefinition>,
    form: FilledForm,
) -> ScopePage<'a> {
    let texts = request.texts;
    let title = present.map_or_else(|| texts.get("scope-new"), |scope| scope.name.to_string());
    let mut frame = api_frame(state, request, resource, title);
    frame.has_errors = form.has_errors();
    let others = resource.scopes.iter().filter(|own| present.is_none_or(|scope| own.name != scope.name));
    let others = others.map(|own| {
        let (words, code) = in_words(own);
        OtherScope { name: own.name.to_string(), words, has_words: code.is_some() }
    });
    let after = change(resource, present, form.values());
    let scopes = after.ok().and_then(|change| change.scopes).unwrap_or_else(|| resource.scopes.clone());
    let body = json!({ "scopes": scopes_json(&scopes) });
    ScopePage {
        frame,
        target: request.form_target(),
        version: request.shown_version(resource.version),
        present: present.map(|scope| scope.name.to_string()),
        form,
        others: others.collect(),
        changed: None,
        back: path(resource, ""),
        command: api_command("PATCH", &api_url(state, resource), resource.version, &body),
    }
}
