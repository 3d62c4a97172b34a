//! The settings of an account: its name and language, and what limits it.

use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::forms::filled_form::FilledForm;
use crate::forms::form_target::FormTarget;
use crate::frame::Frame;
use crate::pages::parts::by_api::api_command;
use crate::pages::parts::notice::Notice;
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde_json::json;
use shared::domain::account::Account;
use shared::domain::primitives::display_text::Name;
use shared::domain::primitives::optional_change::OptionalChange;
use shared::domain::primitives::validation::{FieldError, FromJson};
use shared::services::accounts::{AccountChange, AccountError, AccountManager};
use shared::web::cross_site::CSRF_FIELD;
use shared::web::response::see_other;
use std::sync::Arc;

/// A limit, and how much of it is used.
struct LimitRow {
    name: String,
    limit: u32,
    used: Option<u64>,
}

#[derive(Template)]
#[template(path = "account_settings.html")]
struct AccountSettingsPage<'a> {
    frame: Frame<'a>,
    target: FormTarget,
    version: u64,
    form: FilledForm,
    /// Whether the account was changed since the page was loaded.
    is_changed: bool,
    account_id: String,
    limits: Vec<LimitRow>,
    back: String,
    command: String,
}

/// `GET …/settings`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let accounts = manager(&state, &request)?;
    let account = accounts.get().await?;
    let mut fields = vec![("account_name", account.account_name.to_string())];
    fields.extend(account.locale.map(|locale| ("locale", locale.tag().to_owned())));
    let form = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let page = page(&state, &request, &accounts, &account, FilledForm::new(form)).await?;
    Ok(respond::page(&page))
}

/// `POST …/settings`
pub async fn submit(
    State(state): State<Arc<ConsoleState>>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let accounts = manager(&state, &request)?;
    let version = request.form_version()?;
    let typed = request.form.get("account_name").unwrap_or_default().trim();
    let name = match Name::from_json(&json!(typed)) {
        Ok(name) => name,
        Err(errors) => {
            let at = |error: FieldError| FieldError::new("account_name", error.detail);
            let errors = errors.into_iter().map(at).collect();
            let form = FilledForm::new(request.form.clone().without(CSRF_FIELD)).with_errors(errors);
            let mut again = page(&state, &request, &accounts, &accounts.get().await?, form).await?;
            again.version = version;
            return Ok(respond::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again));
        }
    };
    let locale = request.form.get("locale").and_then(|tag| tag.parse().ok());
    let change = AccountChange {
        account_name: Some(name),
        locale: locale.map_or(OptionalChange::Remove, OptionalChange::Set),
        status: None,
        entitlements: None,
        claims: OptionalChange::Keep,
        end_users: None,
        limits: None,
    };
    match accounts.update(&change, &|current| current == version).await {
        Ok(_) => Ok(see_other(&Notice::Saved.after(&request.path))),
        Err(AccountError::VersionMismatch(_)) => {
            let form = FilledForm::new(request.form.clone().without(CSRF_FIELD));
            let mut again = page(&state, &request, &accounts, &accounts.get().await?, form).await?;
            (again.is_changed, again.frame.has_errors) = (true, true);
            Ok(respond::page_with_status(StatusCode::PRECONDITION_FAILED, &again))
        }
        Err(error) => Err(error.into()),
    }
}

fn manager<'a>(
    state: &'a ConsoleState,
    request: &'a AccountRequest,
) -> Result<AccountManager<'a>, ConsoleError> {
    Ok(AccountManager::authorize(request.management(state), request.account.account_id.as_str())?)
}

async fn page<'a>(
    state: &'a ConsoleState,
    request: &'a AccountRequest,
    accounts: &AccountManager<'_>,
    account: &Account,
    form: FilledForm,
) -> Result<AccountSettingsPage<'a>, ConsoleError> {
    let texts = request.texts;
    let (limits, usage) = accounts.usage(account).await?;
    let row = |name, limit, used| LimitRow { name, limit, used };
    let mut frame = Frame::in_account(state, request, texts.get("account-settings-title"));
    frame.has_errors = form.has_errors();
    let url = format!("{}/v1/accounts/{}", state.app().config.issuer, account.account_id);
    let locale = form.values().get("locale");
    let body = json!({ "account_name": form.value("account_name"), "locale": locale });
    Ok(AccountSettingsPage {
        frame,
        target: request.form_target(),
        version: account.version,
        form,
        is_changed: false,
        account_id: account.account_id.to_string(),
        limits: vec![
            row(texts.get("api-clients"), limits.clients, Some(usage.clients)),
            row(texts.get("limit-members"), limits.members, Some(usage.members)),
            row(texts.get("limit-mail"), limits.mail_recipients_per_day, None),
        ],
        back: request.url("/members"),
        command: api_command("PATCH", &url, account.version, &body),
    })
}
