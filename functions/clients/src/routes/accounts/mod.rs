//! Accounts: created by operators, changed by them and by their own administrators.

pub mod export;
mod request;
pub mod suppressed_addresses;

use crate::json_body::merge_patch::{self, ReducedPatch};
use crate::pagination::{PageParams, PageRequest, PageResponse};
use crate::path_params::PathParams;
use crate::problem::{Problem, ProblemDocument};
use crate::request_context::RequestContext;
use crate::response::{created, json, no_content, ok_with_etag};
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use request::{CreateAccountRequest, UpdateAccountRequest};
use shared::api::account::{AccountResponse, AccountWithUsageResponse};
use shared::app::ManagementState;
use shared::domain::account::Account;
use shared::domain::account::limits::{EffectiveLimits, Usage};
use shared::domain::account::mail::Suppression;
use shared::domain::primitives::email::EmailAddress;
use shared::services::accounts::{AccountManager, AccountTokens, Accounts};
use std::sync::Arc;

/// Create an account.
#[utoipa::path(
    post, path = "/v1/accounts", tag = "accounts", request_body = CreateAccountRequest,
    params(("Idempotency-Key" = Option<String>, Header)),
    security(("latchkey" = ["accounts:manage"])),
    responses(
        (status = 201, body = AccountWithUsageResponse),
        (status = 409, description = "The id is taken", body = ProblemDocument),
        (status = 422, body = ProblemDocument)
    )
)]
pub async fn create(
    State(state): State<Arc<ManagementState>>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let accounts = Accounts::authorize(ctx.management(&state))?;
    let account = accounts.create(CreateAccountRequest::parse(ctx.json()?)?).await?;
    let location = format!("/v1/accounts/{}", account.account_id);
    let (usage, recipients, suppressed) = tokio::try_join!(
        accounts.usage(&account),
        accounts.mail_recipients_today(&account),
        accounts.suppressed_contacts(&account),
    )?;
    Ok(created(&location, Some(account.version), &shown(&state, account, usage, recipients, suppressed)))
}

/// List all accounts.
#[utoipa::path(
    get, path = "/v1/accounts", tag = "accounts", params(PageParams),
    security(("latchkey" = ["accounts:manage"])),
    responses((status = 200, body = PageResponse<AccountResponse>))
)]
pub async fn list(
    State(state): State<Arc<ManagementState>>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let accounts = Accounts::authorize(ctx.management(&state))?;
    let request = PageRequest::read(&state.app, &ctx, &[]).await?;
    let page = accounts.list(request.limit.into(), request.after.as_ref()).await?;
    let has_provider = state.app.config.upstream.is_some();
    let response = |account| AccountResponse::new(account, has_provider);
    Ok(json(StatusCode::OK, &request.response(&state.app, &ctx, page, response).await?))
}

/// Read an account: one's own, or any as an operator.
#[utoipa::path(
    get, path = "/v1/accounts/{account_id}", tag = "accounts", params(("account_id" = String, Path)),
    security(("latchkey" = ["members:manage"])),
    responses((status = 200, body = AccountWithUsageResponse), (status = 404, body = ProblemDocument))
)]
pub async fn get(
    State(state): State<Arc<ManagementState>>,
    PathParams(account_id): PathParams<String>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let manager = AccountManager::authorize(ctx.management(&state), &account_id)?;
    let account = manager.get().await?;
    Ok(ok_with_etag(account.version, &read(&state, &manager, account).await?))
}

/// Change an account: name, language, contacts, lifetimes of secrets and ways to sign in of one's own, or anything of any as
/// an operator.
#[utoipa::path(
    patch, path = "/v1/accounts/{account_id}", tag = "accounts", request_body = UpdateAccountRequest,
    params(("account_id" = String, Path), ("If-Match" = Option<String>, Header)),
    security(("latchkey" = ["members:manage"])),
    responses(
        (status = 200, body = AccountWithUsageResponse),
        (status = 403, description = "Only operators set that member", body = ProblemDocument),
        (status = 404, body = ProblemDocument),
        (status = 412, description = "It has changed since it was read", body = ProblemDocument),
        (status = 422, body = ProblemDocument)
    )
)]
pub async fn update(
    State(state): State<Arc<ManagementState>>,
    PathParams(account_id): PathParams<String>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let manager = AccountManager::authorize(ctx.management(&state), &account_id)?;
    let body = ctx.json()?;
    let account = match change(&manager, &ctx, body).await {
        Err(problem) if merge_patch::is_reducible(&problem) => {
            let account = manager.get().await?;
            let rest = ReducedPatch::new(body, &read(&state, &manager, account).await?, problem)?;
            change(&manager, &ctx, &rest.body).await.map_err(|problem| rest.explain(problem))?
        }
        result => result?,
    };
    Ok(ok_with_etag(account.version, &read(&state, &manager, account).await?))
}

/// Delete an account that has neither clients nor members, or that has been disabled for 7 days. What it has is deleted
/// within hours; its audit trail stays, and its id is never used again.
#[utoipa::path(
    delete, path = "/v1/accounts/{account_id}", tag = "accounts",
    params(("account_id" = String, Path), ("If-Match" = Option<String>, Header)),
    security(("latchkey" = ["accounts:manage"])),
    responses(
        (status = 204),
        (status = 404, body = ProblemDocument),
        (status = 409, description = "It is in use, or the operator's", body = ProblemDocument),
        (status = 412, description = "It has changed since it was read", body = ProblemDocument)
    )
)]
pub async fn delete(
    State(state): State<Arc<ManagementState>>,
    PathParams(account_id): PathParams<String>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let accounts = Accounts::authorize(ctx.management(&state))?;
    accounts.delete(&account_id, &|version| ctx.if_match.accepts(version)).await?;
    Ok(no_content())
}

/// Revoke all tokens of an account's clients, those that act for people too. Secrets and consents stay.
#[utoipa::path(
    post, path = "/v1/accounts/{account_id}/revoke-tokens", tag = "accounts",
    params(("account_id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    security(("latchkey" = ["members:manage"])),
    responses((status = 204), (status = 404, body = ProblemDocument))
)]
pub async fn revoke_tokens(
    State(state): State<Arc<ManagementState>>,
    PathParams(account_id): PathParams<String>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    AccountTokens::authorize(ctx.management(&state), &account_id)?.revoke().await?;
    Ok(no_content())
}

async fn read(
    state: &ManagementState,
    manager: &AccountManager<'_>,
    account: Account,
) -> Result<AccountWithUsageResponse, Problem> {
    let (usage, recipients, suppressed) = tokio::try_join!(
        manager.usage(&account),
        manager.mail_recipients_today(),
        manager.suppressed_contacts(&account),
    )?;
    Ok(shown(state, account, usage, recipients, suppressed))
}

fn shown(
    state: &ManagementState,
    account: Account,
    usage: (EffectiveLimits, Usage),
    recipients: u64,
    suppressed: Vec<(EmailAddress, Suppression)>,
) -> AccountWithUsageResponse {
    AccountWithUsageResponse::new(account, state.app.config.upstream.is_some(), usage, recipients, suppressed)
}

async fn change(account: &AccountManager<'_>, ctx: &RequestContext, body: &[u8]) -> Result<Account, Problem> {
    let change = UpdateAccountRequest::parse(body)?;
    Ok(account.update(&change, &|version| ctx.if_match.accepts(version)).await?)
}
