//! The limits of an account.

use super::{account_frame, accounts, api_url, manager, own_path};
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
use shared::domain::account::limits::{AccountLimits, LimitsChange};
use shared::domain::primitives::validation::FromJson;
use shared::services::accounts::{AccountChange, AccountError};
use shared::web::response::see_other;
use std::sync::Arc;

/// The limits, as the API calls them.
const LIMITS: [&str; 3] = ["clients", "members", "mail_recipients_per_day"];

/// A limit in the form.
struct LimitField {
    name: &'static str,
    label: &'static str,
    /// What the deployment sets, and how much is used.
    hint: String,
}

#[derive(Template)]
#[template(path = "operator/accounts/limits.html")]
struct LimitsPage<'a> {
    frame: Frame<'a>,
    target: FormTarget,
    version: u64,
    form: FilledForm,
    fields: Vec<LimitField>,
    /// The limits as they are now, if another person has changed the account meanwhile.
    changed: Option<Vec<(&'static str, String)>>,
    back: String,
    command: String,
}

/// `GET /console/operator/accounts/{account_id}/limits`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    request: OperatorRequest,
) -> Result<Response, ConsoleError> {
    let page = page(&state, &request, FilledForm::new(fields(&request.account.limits))).await?;
    Ok(respond::page(&page))
}

/// `POST /console/operator/accounts/{account_id}/limits`
pub async fn submit(
    State(state): State<Arc<ConsoleState>>,
    request: OperatorRequest,
) -> Result<Response, ConsoleError> {
    let version = request.form_version()?;
    let form = FilledForm::new(request.form.clone());
    let limits = match LimitsChange::from_json(&body(&request.form).into()) {
        Ok(limits) => limits,
        Err(errors) => {
            let again = page(&state, &request, form.with_errors_at(errors, &LIMITS)).await?;
            return Ok(respond::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again));
        }
    };
    let change = AccountChange { limits: Some(limits), ..AccountChange::default() };
    match manager(&state, &request)?.update(&change, &|present| present == version).await {
        Ok(_) => Ok(see_other(&Notice::Saved.after(&own_path(&request, "")))),
        Err(AccountError::VersionMismatch(_)) => {
            let mut again = page(&state, &request, form).await?;
            again.changed = Some(fields(&request.account.limits).listed(&LIMITS));
            (again.version, again.frame.has_errors) = (request.account.version, true);
            Ok(respond::page_with_status(StatusCode::PRECONDITION_FAILED, &again))
        }
        Err(error) => Err(error.into()),
    }
}

/// The fields of the limits that the account has of its own.
fn fields(limits: &AccountLimits) -> Form {
    let values = [limits.clients, limits.members, limits.mail_recipients_per_day];
    let filled = LIMITS.iter().zip(values);
    filled.filter_map(|(name, value)| Some(((*name).to_owned(), value?.to_string()))).collect()
}

/// The limits as the API takes them: empty ones are the deployment's.
fn body(form: &Form) -> Map<String, Value> {
    let value = |name: &str| match form.get(name).map(str::trim) {
        None | Some("") => Value::Null,
        Some(text) => text.parse::<u64>().map_or_else(|_| json!(text), |number| json!(number)),
    };
    LIMITS.iter().map(|name| ((*name).to_owned(), value(name))).collect()
}

async fn page<'a>(
    state: &'a ConsoleState,
    request: &OperatorRequest,
    form: FilledForm,
) -> Result<LimitsPage<'a>, ConsoleError> {
    let texts = request.texts;
    let accounts = accounts(state, request)?;
    let ((_, usage), recipients) = tokio::try_join!(
        accounts.usage(&request.account),
        accounts.mail_recipients_today(&request.account),
    )?;
    let limits = state.app().config.account_limits;
    let hint = |key: &str, limit: u32, used: u64| {
        texts.with(key, [("limit", limit.to_string()), ("used", used.to_string())])
    };
    let now = |limit: u32, used: u64| hint("limit-hint-used", limit, used);
    let mut frame = account_frame(state, request, texts.get("limits-title"));
    frame.has_errors = form.has_errors();
    Ok(LimitsPage {
        frame,
        target: request.form_target(),
        version: request.shown_version(request.account.version),
        fields: vec![
            LimitField { name: LIMITS[0], label: "api-clients", hint: now(limits.clients, usage.clients) },
            LimitField { name: LIMITS[1], label: "limit-members", hint: now(limits.members, usage.members) },
            LimitField {
                name: LIMITS[2],
                label: "limit-mail",
                hint: hint("limit-hint-today", limits.mail_recipients_per_day, recipients),
            },
        ],
        changed: None,
        back: own_path(request, ""),
        command: api_command(
            "PATCH",
            &api_url(state, request),
            request.account.version,
            &json!({ "limits": body(form.values()) }),
        ),
        form,
    })
}
