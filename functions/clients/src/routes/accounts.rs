//! Accounts: made and changed by the operator.

use crate::idempotency;
use crate::json_body::{self, RequestBody, UnknownFields};
use crate::pagination::{PageParams, PageRequest, PageResponse};
use crate::path_params::PathParams;
use crate::problem::{Problem, ProblemDocument};
use crate::request_context::RequestContext;
use crate::response;
use crate::retry::OptimisticRetry;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use shared::adapters::crypto::random::random;
use shared::adapters::store::{AuditRecord, Created, UpdateAccount, WriteConflict, WriteOutcome};
use shared::app::ManagementState;
use shared::domain::account::{Account, Status};
use shared::domain::audit::{Action, Target};
use shared::domain::management::ManagementScope;
use shared::domain::primitives::display_text::Name;
use shared::domain::primitives::ids::AccountId;
use shared::domain::primitives::validation::Field;
use std::sync::Arc;
use utoipa::ToSchema;

/// An account to be made.
#[derive(Deserialize, ToSchema)]
pub struct CreateAccountRequest {
    /// Chosen by the caller if it is free; `T` and eight digits otherwise.
    #[serde(default)]
    #[schema(value_type = String, pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", example = "T12345678")]
    account_id: Field<AccountId>,
    /// For people; 1 to 100 characters.
    #[serde(default)]
    #[schema(required = true, value_type = String, min_length = 1, max_length = 100, example = "Acme")]
    account_name: Field<Name>,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: UnknownFields,
}

/// What is to change about an account.
#[derive(Deserialize, ToSchema)]
pub struct UpdateAccountRequest {
    /// For people; 1 to 100 characters.
    #[serde(default)]
    #[schema(value_type = String, min_length = 1, max_length = 100)]
    account_name: Field<Name>,
    /// `disabled` stops all its clients: the management API at once, their tokens within a minute.
    #[serde(default)]
    #[schema(value_type = String, pattern = "^(active|disabled)$")]
    status: Field<Status>,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: UnknownFields,
}

impl RequestBody for CreateAccountRequest {
    fn unknown(&self) -> &UnknownFields {
        &self.unknown
    }
}

impl RequestBody for UpdateAccountRequest {
    fn unknown(&self) -> &UnknownFields {
        &self.unknown
    }
}

/// An account.
#[derive(Serialize, ToSchema)]
pub struct AccountResponse {
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

impl From<Account> for AccountResponse {
    fn from(account: Account) -> Self {
        let Account { account_id, account_name, status, created_at, updated_at, version: _ } = account;
        Self { account_id, account_name, status, created_at, updated_at }
    }
}

/// Make an account.
#[utoipa::path(
    post, path = "/v1/accounts", tag = "accounts", request_body = CreateAccountRequest,
    params(("Idempotency-Key" = Option<String>, Header)),
    security(("latchkey" = ["accounts:manage"])),
    responses(
        (status = 201, body = AccountResponse),
        (status = 409, description = "The id is taken", body = ProblemDocument),
        (status = 422, body = ProblemDocument)
    )
)]
pub async fn create(
    State(management): State<Arc<ManagementState>>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    ctx.caller.require_scope(ManagementScope::AccountsManage)?;
    if let Some(created) = idempotency::find_record(&management, &ctx).await? {
        return backoff(&management, created).await;
    }
    let (body, mut checked) = json_body::read::<CreateAccountRequest>(ctx.json()?)?;
    let chosen = checked.optional("account_id", body.account_id);
    let name = checked.required("account_name", body.account_name);
    let (Some(account_name), true) = (name, checked.is_ok()) else {
        return Err(Problem::Invalid(checked.into_errors()));
    };
    let audit_context = ctx.audit_context();
    let mut attempts = OptimisticRetry::default();
    loop {
        let account = Account {
            account_id: chosen.clone().unwrap_or_else(|| AccountId::from_random_bytes(random())),
            account_name: account_name.clone(),
            status: Status::Active,
            created_at: ctx.now,
            updated_at: ctx.now,
            version: 1,
        };
        let id = &account.account_id;
        let audit = audit_context.audit(id, Action::AccountCreated, Target::default(), &[]);
        let idempotency_record =
            audit_context.idempotency_record(Created::Account { account_id: id.clone() });
        let record = AuditRecord { audit: &audit, idempotency_record: idempotency_record.as_ref() };
        match management.app.store.create_account(&account, &record).await? {
            WriteOutcome::Committed => {
                management.publish(&audit).await;
                return Ok(answer(account));
            }
            WriteOutcome::Rejected(WriteConflict::IdempotentReplay) => {
                let created = idempotency::require_record(&management, &ctx).await?;
                return backoff(&management, created).await;
            }

            WriteOutcome::Rejected(WriteConflict::AlreadyExists) if chosen.is_some() => {
                return Err(Problem::Conflict(
                    "account_id_taken",
                    "an account of this id exists; choose another id",
                ));
            }
            WriteOutcome::Rejected(_) => attempts.backoff().await?,
        }
    }
}

fn answer(account: Account) -> Response {
    let client_path = format!("/v1/accounts/{}", account.account_id);
    response::created(&client_path, Some(account.version), &AccountResponse::from(account))
}

async fn backoff(management: &ManagementState, created: Created) -> Result<Response, Problem> {
    let Created::Account { account_id } = created else {
        return Err(Problem::IdempotencyKeyReused);
    };
    load(management, &account_id).await.map(answer)
}

/// List all accounts.
#[utoipa::path(
    get, path = "/v1/accounts", tag = "accounts", params(PageParams),
    security(("latchkey" = ["accounts:manage"])),
    responses((status = 200, body = PageResponse<AccountResponse>))
)]
pub async fn list(
    State(management): State<Arc<ManagementState>>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    ctx.caller.require_scope(ManagementScope::AccountsManage)?;
    let app = &management.app;
    let listing = PageRequest::read(app, &ctx, &[]).await?;
    let page = app.store.list_accounts(listing.limit.into(), listing.after.as_ref()).await?;
    Ok(response::json(StatusCode::OK, &listing.answer(app, &ctx, page, AccountResponse::from).await?))
}

/// Read an account.
#[utoipa::path(
    get, path = "/v1/accounts/{account_id}", tag = "accounts", params(("account_id" = String, Path)),
    security(("latchkey" = ["accounts:manage"])),
    responses((status = 200, body = AccountResponse), (status = 404, body = ProblemDocument))
)]
pub async fn get(
    State(management): State<Arc<ManagementState>>,
    PathParams(account_id): PathParams<String>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let id = ctx.authorize_account(ManagementScope::AccountsManage, &account_id)?;
    let account = load(&management, &id).await?;
    Ok(response::ok_with_etag(account.version, &AccountResponse::from(account)))
}

/// Change an account.
#[utoipa::path(
    patch, path = "/v1/accounts/{account_id}", tag = "accounts", request_body = UpdateAccountRequest,
    params(("account_id" = String, Path), ("If-Match" = Option<String>, Header)),
    security(("latchkey" = ["accounts:manage"])),
    responses(
        (status = 200, body = AccountResponse),
        (status = 404, body = ProblemDocument),
        (status = 412, description = "It has changed since it was read", body = ProblemDocument),
        (status = 422, body = ProblemDocument)
    )
)]
pub async fn update(
    State(management): State<Arc<ManagementState>>,
    PathParams(account_id): PathParams<String>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let id = ctx.authorize_account(ManagementScope::AccountsManage, &account_id)?;
    let (body, mut checked) = json_body::read::<UpdateAccountRequest>(ctx.json()?)?;
    let name = checked.optional("account_name", body.account_name);
    let status = checked.optional("status", body.status);
    if !checked.is_ok() {
        return Err(Problem::Invalid(checked.into_errors()));
    }
    if status == Some(Status::Disabled) && id == ctx.caller.client.account_id {
        return Err(Problem::Forbidden("an account cannot disable itself"));
    }
    let audit_context = ctx.audit_context();
    let mut attempts = OptimisticRetry::default();
    loop {
        let before = load(&management, &id).await?;
        ctx.if_match.check(before.version)?;
        let mut after = before.clone();
        after.account_name = name.clone().unwrap_or(after.account_name);
        after.status = status.unwrap_or(after.status);
        let mut changed = Vec::new();
        changed.extend((after.account_name != before.account_name).then_some("account_name"));
        changed.extend((after.status != before.status).then_some("status"));
        if changed.is_empty() {
            return Ok(response::ok_with_etag(before.version, &AccountResponse::from(before)));
        }
        (after.version, after.updated_at) = (before.version + 1, ctx.now);
        let audit = audit_context.audit(&id, Action::AccountUpdated, Target::default(), &changed);
        let change = UpdateAccount { account: &after, read_version: before.version };
        match management
            .app
            .store
            .update_account(&change, &AuditRecord { audit: &audit, idempotency_record: None })
            .await?
        {
            WriteOutcome::Committed => {
                management.publish(&audit).await;
                return Ok(response::ok_with_etag(after.version, &AccountResponse::from(after)));
            }
            WriteOutcome::Rejected(_) => attempts.backoff().await?,
        }
    }
}

async fn load(management: &ManagementState, id: &AccountId) -> Result<Account, Problem> {
    management.app.store.load_account(id).await?.ok_or(Problem::NotFound)
}

/// Why nothing new can be made in an account.
pub async fn gone(management: &ManagementState, id: &AccountId) -> Result<Problem, Problem> {
    Ok(match management.app.store.load_account(id).await? {
        None => Problem::NotFound,
        Some(_) => Problem::Conflict("account_disabled", "the account is disabled; enable it first"),
    })
}
