//! Claims that stand in every access token of an account.

use super::{account_frame, api_url, manager, own_path};
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
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde_json::{Map, Value, json};
use shared::domain::account::{AccountClaims, ClaimsPatch};
use shared::domain::primitives::optional_change::OptionalChange;
use shared::domain::primitives::validation::{FieldError, FromJson};
use shared::services::accounts::{AccountChange, AccountError};
use shared::texts::{Complaint, Texts};
use shared::web::response::see_other;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Rows of the form: as many as there can be claims.
const ROWS: usize = 10;

/// Hidden fields of the names of the claims that there were when the form was loaded.
const LOADED: &str = "loaded";

/// A claim in the form.
#[derive(Clone, Default)]
struct ClaimRow {
    name: String,
    value: String,
    kind: &'static str,
    /// What is wrong with the name.
    name_errors: Vec<Complaint>,
    /// What is wrong with the value.
    value_errors: Vec<Complaint>,
}

impl ClaimRow {
    fn errors(&self) -> impl Iterator<Item = &Complaint> {
        self.name_errors.iter().chain(&self.value_errors)
    }

    /// The value as JSON; `None` if it is not of its kind.
    fn json(&self) -> Option<Value> {
        match self.kind {
            "number" => serde_json::from_str(&self.value).map(Value::Number).ok(),
            "boolean" => self.value.parse().map(Value::Bool).ok(),
            _ => Some(json!(self.value)),
        }
    }
}

#[derive(Template)]
#[template(path = "operator/accounts/claims.html")]
struct ClaimsPage<'a> {
    frame: Frame<'a>,
    target: FormTarget,
    version: u64,
    form: FilledForm,
    rows: Vec<ClaimRow>,
    /// Whether anything is wrong.
    has_errors: bool,
    /// The names of the claims that there were when the form was loaded.
    loaded: Vec<String>,
    /// The claims as they are now, if another person has changed the account meanwhile.
    changed: Option<Vec<(String, String)>>,
    back: String,
    command: String,
}

/// `GET /console/operator/accounts/{account_id}/claims`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    request: OperatorRequest,
) -> Result<Response, ConsoleError> {
    manager(&state, &request)?;
    let rows = rows_of(&request.account.claims);
    Ok(respond::page(&page(&state, &request, rows, FilledForm::default())))
}

/// `POST /console/operator/accounts/{account_id}/claims`
pub async fn submit(
    State(state): State<Arc<ConsoleState>>,
    request: OperatorRequest,
) -> Result<Response, ConsoleError> {
    let version = request.form_version()?;
    let rows = sent(&request.form);
    let form = FilledForm::new(request.form.clone());
    let invalid = |rows: Vec<ClaimRow>, errors: Vec<FieldError>| {
        let errors = errors.into_iter().map(|error| FieldError::new("claims", error.detail));
        let form = FilledForm::new(request.form.clone()).with_errors(errors.collect());
        let again = page(&state, &request, rows, form);
        Ok(respond::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again))
    };
    let (rows, errors) = checked(request.texts, rows);
    if !errors.is_empty() || rows.iter().any(|row| row.errors().next().is_some()) {
        return invalid(rows, errors);
    }
    let claims = match ClaimsPatch::from_json(&body(&loaded(&request), &rows).into()) {
        Ok(claims) => claims,
        Err(errors) => return invalid(rows, errors),
    };
    let change = AccountChange { claims: OptionalChange::Set(claims), ..AccountChange::default() };
    match manager(&state, &request)?.update(&change, &|present| present == version).await {
        Ok(_) => Ok(see_other(&Notice::Saved.after(&own_path(&request, "")))),
        Err(AccountError::Invalid(errors)) => invalid(rows, errors),
        Err(AccountError::VersionMismatch(_)) => {
            let mut again = page(&state, &request, rows, form);
            again.changed = Some(present(&request.account.claims));
            (again.version, again.frame.has_errors) = (request.account.version, true);
            Ok(respond::page_with_status(StatusCode::PRECONDITION_FAILED, &again))
        }
        Err(error) => Err(error.into()),
    }
}

fn rows_of(claims: &AccountClaims) -> Vec<ClaimRow> {
    let row = |(name, value): (&String, &Value)| {
        let (kind, value) = match value {
            Value::String(text) => ("text", text.clone()),
            Value::Bool(_) => ("boolean", value.to_string()),
            _ => ("number", value.to_string()),
        };
        ClaimRow { name: name.clone(), value, kind, ..ClaimRow::default() }
    };
    claims.as_map().iter().map(row).collect()
}

/// The rows that are filled in.
fn sent(form: &Form) -> Vec<ClaimRow> {
    let kind = |kind: &str| match kind {
        "number" => "number",
        "boolean" => "boolean",
        _ => "text",
    };
    let parts = form.all("claim_name").zip(form.all("claim_value")).zip(form.all("claim_kind"));
    let rows = parts.map(|((name, value), sent)| ClaimRow {
        name: name.trim().to_owned(),
        value: value.trim().to_owned(),
        kind: kind(sent),
        ..ClaimRow::default()
    });
    rows.filter(|row| !row.name.is_empty() || !row.value.is_empty()).collect()
}

/// The rows, each with what is wrong with it, and what is wrong with all together.
fn checked(texts: Texts, mut rows: Vec<ClaimRow>) -> (Vec<ClaimRow>, Vec<FieldError>) {
    let mut all = BTreeMap::new();
    for row in &mut rows {
        let complaints = |checked: Result<ClaimsPatch, Vec<FieldError>>| {
            let errors = checked.err().unwrap_or_default().into_iter();
            errors.map(|error| texts.complaint(&error.detail)).collect::<Vec<_>>()
        };
        // The name with any value, and the value with any name.
        row.name_errors = complaints(ClaimsPatch::from_json(&json!({ &row.name: null })));
        let value = row.json();
        row.value_errors = match (&value, row.kind) {
            (Some(value), _) => complaints(ClaimsPatch::from_json(&json!({ "a": value }))),
            (None, "number") => vec![texts.complaint("must be a number")],
            (None, _) => vec![texts.complaint("must be true or false")],
        };
        let value = value.unwrap_or_else(|| json!(row.value));
        if all.insert(row.name.clone(), value).is_some() {
            row.name_errors.push(texts.complaint("is there twice"));
        }
    }
    let errors = AccountClaims::size_errors(&all);
    (rows, errors)
}

/// The claims as they are now, in a line each.
fn present(claims: &AccountClaims) -> Vec<(String, String)> {
    rows_of(claims).into_iter().map(|row| (row.name, row.value)).collect()
}

/// The names of the claims that there were when the form was loaded.
fn loaded(request: &OperatorRequest) -> Vec<String> {
    match request.form_version() {
        Ok(_) => request.form.all(LOADED).map(str::to_owned).collect(),
        Err(_) => request.account.claims.as_map().keys().cloned().collect(),
    }
}

/// The rows as the API takes them. Claims that were there when the form was loaded, and no longer are, are removed; those that
/// another person added meanwhile stay.
fn body(loaded: &[String], rows: &[ClaimRow]) -> Map<String, Value> {
    let mut body: Map<String, Value> = loaded.iter().map(|name| (name.clone(), Value::Null)).collect();
    body.extend(rows.iter().filter_map(|row| Some((row.name.clone(), row.json()?))));
    body
}

fn page<'a>(
    state: &'a ConsoleState,
    request: &OperatorRequest,
    mut rows: Vec<ClaimRow>,
    form: FilledForm,
) -> ClaimsPage<'a> {
    let loaded = loaded(request);
    let body = body(&loaded, &rows);
    let mut frame = account_frame(state, request, request.texts.get("claims-title"));
    let has_errors = form.has_errors() || rows.iter().any(|row| row.errors().next().is_some());
    frame.has_errors = has_errors;
    let empty = ClaimRow { kind: "text", ..ClaimRow::default() };
    rows.resize(rows.len().max(ROWS.min(rows.len() + 3)), empty);
    ClaimsPage {
        frame,
        target: request.form_target(),
        version: request.shown_version(request.account.version),
        form,
        rows,
        has_errors,
        loaded,
        changed: None,
        back: own_path(request, ""),
        command: api_command(
            "PATCH",
            &api_url(state, request),
            request.account.version,
            &json!({ "claims": body }),
        ),
    }
}
