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
use shared::web::response::see_other;
use std::sync::Arc;

/// Rows of the form: as many as there can be claims.
const ROWS: usize = 10;

/// A claim in the form.
#[derive(Clone, Default)]
struct ClaimRow {
    name: String,
    value: String,
    kind: &'static str,
}

#[derive(Template)]
#[template(path = "operator/accounts/claims.html")]
struct ClaimsPage<'a> {
    frame: Frame<'a>,
    target: FormTarget,
    version: u64,
    form: FilledForm,
    rows: Vec<ClaimRow>,
    is_changed: bool,
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
    Ok(respond::page(&page(&state, &request, rows, FilledForm::default(), false)))
}

/// `POST /console/operator/accounts/{account_id}/claims`
pub async fn submit(
    State(state): State<Arc<ConsoleState>>,
    request: OperatorRequest,
) -> Result<Response, ConsoleError> {
    let version = request.form_version()?;
    let rows = sent(&request.form);
    let form = FilledForm::new(request.form.clone());
    let invalid = |errors: Vec<FieldError>| {
        // Which claim it is, since all are one field.
        let errors = errors.into_iter().map(|error| {
            let path = error.path.strip_prefix("claims/").unwrap_or(&error.path);
            let detail = if path.is_empty() { error.detail } else { format!("{path}: {}", error.detail) };
            FieldError::new("claims", detail)
        });
        let form = FilledForm::new(request.form.clone()).with_errors(errors.collect());
        let again = page(&state, &request, sent(&request.form), form, false);
        Ok(respond::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again))
    };
    let claims = match body(&request.account.claims, &rows) {
        Ok(body) => match ClaimsPatch::from_json(&body.into()) {
            Ok(claims) => claims,
            Err(errors) => return invalid(errors),
        },
        Err(errors) => return invalid(errors),
    };
    let change = AccountChange { claims: OptionalChange::Set(claims), ..AccountChange::default() };
    match manager(&state, &request)?.update(&change, &|present| present == version).await {
        Ok(_) => Ok(see_other(&Notice::Saved.after(&own_path(&request, "")))),
        Err(AccountError::Invalid(errors)) => invalid(errors),
        Err(AccountError::VersionMismatch(_)) => {
            let again = page(&state, &request, rows, form, true);
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
        ClaimRow { name: name.clone(), value, kind }
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
    });
    rows.filter(|row| !row.name.is_empty() || !row.value.is_empty()).collect()
}

/// The rows as the API takes them; claims that are no longer there are removed.
fn body(present: &AccountClaims, rows: &[ClaimRow]) -> Result<Map<String, Value>, Vec<FieldError>> {
    let mut body: Map<String, Value> =
        present.as_map().keys().map(|name| (name.clone(), Value::Null)).collect();
    let (mut seen, mut errors) = (Map::new(), Vec::new());
    for row in rows {
        let value = match row.kind {
            "number" => serde_json::from_str::<serde_json::Number>(&row.value).map(Value::Number).ok(),
            "boolean" => row.value.parse().map(Value::Bool).ok(),
            _ => Some(json!(row.value)),
        };
        match value {
            None => errors.push(FieldError::new(&*row.name, format!("{} is no {}", row.value, row.kind))),
            Some(value) => {
                if seen.insert(row.name.clone(), Value::Null).is_some() {
                    errors.push(FieldError::new(&*row.name, "is there twice"));
                }
                body.insert(row.name.clone(), value);
            }
        }
    }
    if errors.is_empty() { Ok(body) } else { Err(errors) }
}

fn page<'a>(
    state: &'a ConsoleState,
    request: &OperatorRequest,
    mut rows: Vec<ClaimRow>,
    form: FilledForm,
    is_changed: bool,
) -> ClaimsPage<'a> {
    let body = body(&request.account.claims, &rows).unwrap_or_default();
    let mut frame = account_frame(state, request, request.texts.get("claims-title"));
    frame.has_errors = form.has_errors() || is_changed;
    let empty = ClaimRow { kind: "text", ..ClaimRow::default() };
    rows.resize(rows.len().max(ROWS.min(rows.len() + 3)), empty);
    ClaimsPage {
        frame,
        target: request.form_target(),
        version: request.account.version,
        form,
        rows,
        is_changed,
        back: own_path(request, ""),
        command: api_command(
            "PATCH",
            &api_url(state, request),
            request.account.version,
            &json!({ "claims": body }),
        ),
    }
}
