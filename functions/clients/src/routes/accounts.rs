//! Accounts: made and changed by the operator.

use crate::body::{self, Body, Unknown};
use crate::call::Call;
use crate::contention::Attempts;
use crate::idempotency;
use crate::paging::{List, Listing, PageQuery};
use crate::problem::{Problem, ProblemDocument};
use crate::respond;
use crate::segments::Segments;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use shared::adapters::entropy::random;
use shared::adapters::store::{AccountChange, Created, Outcome, Record, Refused};
use shared::assembly::Management;
use shared::domain::account::{Account, Status};
use shared::domain::audit::{Action, Target};
use shared::domain::ids::AccountId;
use shared::domain::management::ManagementScope;
use shared::domain::text::Name;
use shared::domain::validation::Input;
use std::sync::Arc;
use utoipa::ToSchema;

/// An account to be made.
#[derive(Deserialize, ToSchema)]
pub struct CreateAccount {
    /// Chosen by the caller if it is free; `T` and eight digits otherwise.
    #[serde(default)]
    #[schema(value_type = String, pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", example = "T12345678")]
    account_id: Input<AccountId>,
    /// For people; 1 to 100 characters.
    #[serde(default)]
    #[schema(required = true, value_type = String, min_length = 1, max_length = 100, example = "Acme")]
    account_name: Input<Name>,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

/// What is to change about an account.
#[derive(Deserialize, ToSchema)]
pub struct UpdateAccount {
    /// For people; 1 to 100 characters.
    #[serde(default)]
    #[schema(value_type = String, min_length = 1, max_length = 100)]
    account_name: Input<Name>,
    /// `disabled` stops all its clients: the management API at once, their tokens within a minute.
    #[serde(default)]
    #[schema(value_type = String, pattern = "^(active|disabled)$")]
    status: Input<Status>,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl Body for CreateAccount {
    fn unknown(&self) -> &Unknown {
        &self.unknown
    }
}

impl Body for UpdateAccount {
    fn unknown(&self) -> &Unknown {
        &self.unknown
    }
}

/// An account.
#[derive(Serialize, ToSchema)]
pub struct AccountView {
    #[schema(value_type = String)]
    account_id: AccountId,
    #[schema(value_type = String)]
    account_name: Name,
    #[schema(value_type = String, pattern = "^(active|disabled)$")]
    status: Status,
    #[schema(value_type = String, format = DateTime)]
    created_at: jiff::Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: jiff::Timestamp,
}

impl From<Account> for AccountView {
    fn from(account: Account) -> Self {
        let Account { account_id, account_name, status, created_at, updated_at, version: _ } = account;
        Self { account_id, account_name, status, created_at, updated_at }
    }
}

/// Make an account.
#[utoipa::path(
    post, path = "/v1/accounts", tag = "accounts", request_body = CreateAccount,
    params(("Idempotency-Key" = Option<String>, Header)),
    security(("latchkey" = ["accounts:manage"])),
    responses(
        (status = 201, body = AccountView),
        (status = 409, description = "The id is taken", body = ProblemDocument),
        (status = 422, body = ProblemDocument)
    )
)]
pub async fn create(State(management): State<Arc<Management>>, call: Call) -> Result<Response, Problem> {
    call.caller.require(ManagementScope::AccountsManage)?;
    if let Some(created) = idempotency::earlier(&management, &call).await? {
        return again(&management, created).await;
    }
    let (body, mut checked) = body::read::<CreateAccount>(call.json()?)?;
    let chosen = checked.optional("account_id", body.account_id);
    let name = checked.required("account_name", body.account_name);
    let (Some(account_name), true) = (name, checked.is_clean()) else {
        return Err(Problem::Invalid(checked.into_errors()));
    };
    let mandate = call.mandate();
    let mut attempts = Attempts::default();
    loop {
        let account = Account {
            account_id: chosen.clone().unwrap_or_else(|| AccountId::from_entropy(random())),
            account_name: account_name.clone(),
            status: Status::Active,
            created_at: call.now,
            updated_at: call.now,
            version: 1,
        };
        let id = &account.account_id;
        let audit = mandate.audit(id, Action::AccountCreated, Target::default(), &[]);
        let receipt = mandate.receipt(Created::Account { account_id: id.clone() });
        let record = Record { audit: &audit, receipt: receipt.as_ref() };
        match management.app.store.create_account(&account, &record).await? {
            Outcome::Done => {
                management.announce(&audit).await;
                return Ok(answer(account));
            }
            Outcome::Refused(Refused::Replayed) => {
                let created = idempotency::surely_earlier(&management, &call).await?;
                return again(&management, created).await;
            }

            Outcome::Refused(Refused::Taken) if chosen.is_some() => {
                return Err(Problem::Conflict(
                    "account_id_taken",
                    "an account of this id exists; choose another id",
                ));
            }
            Outcome::Refused(_) => attempts.again().await?,
        }
    }
}

fn answer(account: Account) -> Response {
    let location = format!("/v1/accounts/{}", account.account_id);
    respond::created(&location, Some(account.version), &AccountView::from(account))
}

async fn again(management: &Management, created: Created) -> Result<Response, Problem> {
    let Created::Account { account_id } = created else {
        return Err(Problem::KeyReused);
    };
    load(management, &account_id).await.map(answer)
}

/// List all accounts.
#[utoipa::path(
    get, path = "/v1/accounts", tag = "accounts", params(PageQuery),
    security(("latchkey" = ["accounts:manage"])),
    responses((status = 200, body = List<AccountView>))
)]
pub async fn list(State(management): State<Arc<Management>>, call: Call) -> Result<Response, Problem> {
    call.caller.require(ManagementScope::AccountsManage)?;
    let app = &management.app;
    let listing = Listing::read(app, &call, &[]).await?;
    let page = app.store.list_accounts(listing.limit.into(), listing.after.as_ref()).await?;
    Ok(respond::json(StatusCode::OK, &listing.answer(app, &call, page, AccountView::from).await?))
}

/// Read an account.
#[utoipa::path(
    get, path = "/v1/accounts/{account_id}", tag = "accounts", params(("account_id" = String, Path)),
    security(("latchkey" = ["accounts:manage"])),
    responses((status = 200, body = AccountView), (status = 404, body = ProblemDocument))
)]
pub async fn get(
    State(management): State<Arc<Management>>,
    Segments(account_id): Segments<String>,
    call: Call,
) -> Result<Response, Problem> {
    let id = call.enter(ManagementScope::AccountsManage, &account_id)?;
    let account = load(&management, &id).await?;
    Ok(respond::thing(account.version, &AccountView::from(account)))
}

/// Change an account.
#[utoipa::path(
    patch, path = "/v1/accounts/{account_id}", tag = "accounts", request_body = UpdateAccount,
    params(("account_id" = String, Path), ("If-Match" = Option<String>, Header)),
    security(("latchkey" = ["accounts:manage"])),
    responses(
        (status = 200, body = AccountView),
        (status = 404, body = ProblemDocument),
        (status = 412, description = "It has changed since it was read", body = ProblemDocument),
        (status = 422, body = ProblemDocument)
    )
)]
pub async fn update(
    State(management): State<Arc<Management>>,
    Segments(account_id): Segments<String>,
    call: Call,
) -> Result<Response, Problem> {
    let id = call.enter(ManagementScope::AccountsManage, &account_id)?;
    let (body, mut checked) = body::read::<UpdateAccount>(call.json()?)?;
    let name = checked.optional("account_name", body.account_name);
    let status = checked.optional("status", body.status);
    if !checked.is_clean() {
        return Err(Problem::Invalid(checked.into_errors()));
    }
    if status == Some(Status::Disabled) && id == call.caller.client.account_id {
        return Err(Problem::Forbidden("an account cannot disable itself"));
    }
    let mandate = call.mandate();
    let mut attempts = Attempts::default();
    loop {
        let before = load(&management, &id).await?;
        call.if_match.check(before.version)?;
        let mut after = before.clone();
        after.account_name = name.clone().unwrap_or(after.account_name);
        after.status = status.unwrap_or(after.status);
        let mut changed = Vec::new();
        changed.extend((after.account_name != before.account_name).then_some("account_name"));
        changed.extend((after.status != before.status).then_some("status"));
        if changed.is_empty() {
            return Ok(respond::thing(before.version, &AccountView::from(before)));
        }
        (after.version, after.updated_at) = (before.version + 1, call.now);
        let audit = mandate.audit(&id, Action::AccountUpdated, Target::default(), &changed);
        let change = AccountChange { account: &after, read_version: before.version };
        match management.app.store.update_account(&change, &Record { audit: &audit, receipt: None }).await? {
            Outcome::Done => {
                management.announce(&audit).await;
                return Ok(respond::thing(after.version, &AccountView::from(after)));
            }
            Outcome::Refused(_) => attempts.again().await?,
        }
    }
}

async fn load(management: &Management, id: &AccountId) -> Result<Account, Problem> {
    management.app.store.load_account(id).await?.ok_or(Problem::NotFound)
}

/// Why nothing new can be made in an account.
pub async fn gone(management: &Management, id: &AccountId) -> Result<Problem, Problem> {
    Ok(match management.app.store.load_account(id).await? {
        None => Problem::NotFound,
        Some(_) => Problem::Conflict("account_disabled", "the account is disabled; enable it first"),
    })
}
