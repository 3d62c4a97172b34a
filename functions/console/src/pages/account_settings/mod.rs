//! The settings of an account: its name and language, contacts, how long secrets live, how members sign in, and what limits
//! it. Each part is a form of its own.

mod section;

use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::forms::Form;
use crate::forms::filled_form::FilledForm;
use crate::forms::form_target::FormTarget;
use crate::frame::Frame;
use crate::pages::parts::by_api::api_command;
use crate::pages::parts::notice::Notice;
use crate::pages::parts::time::Instant;
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use section::Section;
use serde_json::Value;
use shared::domain::account::Account;
use shared::domain::client::secret_expiry::MaxLifetime;
use shared::services::accounts::{AccountError, AccountManager};
use shared::web::response::see_other;
use std::sync::Arc;

/// A limit, and how much of it is used.
struct LimitRow {
    name: String,
    limit: u32,
    used: u64,
}

/// How members may sign in.
enum SignInChoice {
    /// By a code; there is no provider to choose.
    CodeOnly,
    /// The person first confirms who they are, on this page.
    Confirm(String),
    /// They choose; this is the host of the provider.
    Choose(String),
}

#[derive(Template)]
#[template(path = "account_settings.html")]
struct AccountSettingsPage<'a> {
    frame: Frame<'a>,
    target: FormTarget,
    version: u64,
    form: FilledForm,
    /// The fields of the part that was sent as they are now, if another person has changed the account meanwhile.
    changed: Option<Vec<(&'static str, String)>>,
    account_id: String,
    /// Contacts that get no e-mails, and since when.
    unreached: Vec<(String, Instant)>,
    /// What applies where the account sets no default, and no maximum.
    lifetimes: [String; 2],
    sign_in: SignInChoice,
    limits: Vec<LimitRow>,
    command: String,
}

/// `GET …/settings`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let accounts = manager(&state, &request)?;
    let account = accounts.get().await?;
    let section = |typed: &Form| typed.get("section").and_then(|name| name.parse::<Section>().ok());
    let typed = request.restored().and_then(|typed| Some((section(typed)?, typed)));
    let form = FilledForm::new(values(&account, typed));
    Ok(respond::page(&page(&state, &request, &accounts, &account, form).await?))
}

/// `POST …/settings`
pub async fn submit(
    State(state): State<Arc<ConsoleState>>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let accounts = manager(&state, &request)?;
    let section = request.form.get("section").and_then(|name| name.parse::<Section>().ok());
    let section = section.ok_or(ConsoleError::InvalidForm)?;
    let version = request.form_version()?;
    if section == Section::SignIn {
        request.require_confirmed()?;
    }
    let updated = match section.change(&request.form) {
        Ok(change) => accounts.update(&change, &|current| current == version).await.map(|_| ()),
        Err(errors) => Err(AccountError::Invalid(errors)),
    };
    let refused = match updated {
        Ok(()) => return Ok(see_other(&Notice::SettingsSaved.after(&request.path))),
        Err(error @ (AccountError::Invalid(_) | AccountError::VersionMismatch(_))) => error,
        Err(error) => return Err(error.into()),
    };
    let account = accounts.get().await?;
    let form = FilledForm::new(values(&account, Some((section, &request.form))));
    if let AccountError::Invalid(errors) = refused {
        let form = form.with_errors_at(errors, section.fields());
        let again = page(&state, &request, &accounts, &account, form).await?;
        return Ok(respond::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again));
    }
    let mut again = page(&state, &request, &accounts, &account, form).await?;
    (again.changed, again.frame.has_errors) = (Some(section.values(&account)), true);
    again.version = account.version;
    Ok(respond::page_with_status(StatusCode::PRECONDITION_FAILED, &again))
}

/// The fields of all parts: those of the account, but for the part that was sent.
fn values(account: &Account, sent: Option<(Section, &Form)>) -> Form {
    let of = |section: &Section| match sent {
        Some((own, form)) if own == *section => own.sent(form),
        _ => section.values(account),
    };
    let fields = Section::ALL.iter().flat_map(of);
    fields.map(|(name, value)| (name.to_owned(), value)).collect()
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
    let (texts, now) = (request.texts, request.audit_context.now);
    let ((limits, usage), recipients, unreached) = tokio::try_join!(
        accounts.usage(account),
        accounts.mail_recipients_today(),
        accounts.suppressed_contacts(account),
    )?;
    let row = |name, limit, used| LimitRow { name, limit, used };
    let mut frame = Frame::in_account(state, request, texts.get("account-settings-title"));
    frame.has_errors = form.has_errors();
    let url = format!("{}/v1/accounts/{}", state.app().config.issuer, account.account_id);
    let has_provider = accounts.has_provider();
    let body: Value =
        Section::ALL.iter().flat_map(|section| section.to_json(account, has_provider)).collect();
    Ok(AccountSettingsPage {
        frame,
        target: request.form_target(),
        version: request.shown_version(account.version),
        form,
        changed: None,
        account_id: account.account_id.to_string(),
        unreached: unreached
            .into_iter()
            .map(|(contact, suppression)| (contact.to_string(), Instant::new(texts, suppression.since, now)))
            .collect(),
        lifetimes: lifetimes(state, request),
        sign_in: sign_in(state, request),
        limits: vec![
            row(texts.get("api-clients"), limits.clients, usage.clients),
            row(texts.get("limit-members"), limits.members, usage.members),
            row(texts.get("limit-mail"), limits.mail_recipients_per_day, recipients),
        ],
        command: api_command("PATCH", &url, account.version, &body),
    })
}

/// The lifetimes of the deployment, in words.
fn lifetimes(state: &ConsoleState, request: &AccountRequest) -> [String; 2] {
    let (texts, limits) = (request.texts, state.app().config.secret_limits);
    let max = match limits.max {
        MaxLifetime::TwoYears => texts.get("setting-24-months"),
        MaxLifetime::Days(days) | MaxLifetime::OfAccount(days) => texts.count("days", u64::from(days)),
    };
    [texts.count("days", u64::from(limits.default_days)), max]
}

fn sign_in(state: &ConsoleState, request: &AccountRequest) -> SignInChoice {
    let provider = match &state.app().config.upstream {
        None if request.account.sign_in_methods.is_default() => return SignInChoice::CodeOnly,
        None => request.texts.get("provider-unnamed"),
        Some(provider) => provider.issuer.host().to_owned(),
    };
    if request.is_confirmed() {
        SignInChoice::Choose(provider)
    } else {
        SignInChoice::Confirm(request.confirm_url())
    }
}
