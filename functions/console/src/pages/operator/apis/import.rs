//! Importing scopes from an OpenAPI document: the document, then what it changes, then the change.

use super::import_review::{Review, with_imported};
use super::openapi;
use super::{api_frame, no_change, path, resources};
use crate::error::ConsoleError;
use crate::forms::Form;
use crate::forms::filled_form::FilledForm;
use crate::forms::form_target::FormTarget;
use crate::frame::Frame;
use crate::operator_request::OperatorRequest;
use crate::pages::parts::notice::Notice;
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use shared::domain::primitives::validation::FieldError;
use shared::domain::resource::Resource;
use shared::services::resources::{ResourceChange, ResourceError};
use shared::web::response::see_other;
use std::sync::Arc;

/// The longest document, in bytes.
pub const MAX_DOCUMENT: usize = 1_000_000;

/// The most scopes of a document: each takes a line of the review.
const MAX_FOUND: usize = 1_000;

#[derive(Template)]
#[template(path = "operator/apis/import.html")]
struct ImportPage<'a> {
    frame: Frame<'a>,
    target: FormTarget,
    version: u64,
    form: FilledForm,
    back: String,
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
    if request.form.get("step") != Some("import") {
        return match document(&request.form) {
            Ok(found) => {
                Ok(Review { found, ..Review::default() }.respond(&state, &request, &resource, StatusCode::OK))
            }
            Err(detail) => {
                let form = FilledForm::new(shown(&request.form));
                let form = form.with_errors(vec![FieldError::new("document", detail)]);
                let again = page(&state, &request, &resource, form);
                Ok(respond::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again))
            }
        };
    }
    let mut review = Review::sent(&request.form);
    let scopes = Some(with_imported(&resource, review.chosen()));
    let change = ResourceChange { scopes, ..no_change() };
    match resources.update(&resource_id, &change, &|present| present == version).await {
        Ok(resource) => Ok(see_other(&Notice::Saved.after(&path(&resource, "")))),
        Err(ResourceError::Invalid(errors)) => {
            review.problems = errors.iter().map(|error| request.texts.complaint(&error.detail)).collect();
            Ok(review.respond(&state, &request, &resource, StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(ResourceError::VersionMismatch(_)) => {
            review.is_changed = true;
            Ok(review.respond(&state, &request, &resource, StatusCode::PRECONDITION_FAILED))
        }
        Err(error) => Err(error.into()),
    }
}

/// The document: what is pasted, or a file.
fn text(form: &Form) -> &str {
    form.get("document").or_else(|| form.get("file")).unwrap_or_default()
}

/// The scopes of the document, or what is wrong with it.
fn document(form: &Form) -> Result<openapi::FoundScopes, String> {
    let text = text(form);
    match text.len() {
        0 => Err("is required".to_owned()),
        1..=MAX_DOCUMENT => match openapi::scopes(text) {
            Ok(found) if found.scopes.len() > MAX_FOUND => {
                Err(format!("has {} scopes, and at most {MAX_FOUND} are read", found.scopes.len()))
            }
            found => found.map_err(|error| error.to_string()),
        },
        bytes => Err(format!("has {} KB, and at most {} KB are read", bytes / 1000, MAX_DOCUMENT / 1000)),
    }
}

/// The document as it is shown again; none that is too long.
fn shown(form: &Form) -> Form {
    let text = Some(text(form)).filter(|text| text.len() <= MAX_DOCUMENT).unwrap_or_default();
    [("document".to_owned(), text.to_owned())].into_iter().collect()
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
