//! Accounts: created by operators, changed by them and by their own administrators.

mod request;
mod response;

use crate::pagination::{PageParams, PageRequest, PageResponse};
use crate::path_params::PathParams;
use crate::problem::{Problem, ProblemDocument};
use crate::request_context::RequestContext;
use crate::response::{created, json, ok_with_etag};
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use request::{CreateAccountRequest, UpdateAccountRequest};
use response::AccountResponse;
use shared::app::ManagementState;
use shared::services::accounts::{AccountManager, Accounts};
use std::sync::Arc;

/// Create an account.
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
    State(state): State<Arc<ManagementState>>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let accounts = Accounts::authorize(ctx.management(&state))?;
    let account = accounts.create(CreateAccountRequest::parse(ctx.json()?)?).await?;
    let location = format!("/v1/accounts/{}", account.account_id);
    Ok(created(&location, Some(account.version), &AccountResponse::from(account)))
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
    Ok(json(StatusCode::OK, &request.response(&state.app, &ctx, page, AccountResponse::from).await?))
}

/// Read an account: one's own, or any as an operator.
#[utoipa::path(
    get, path = "/v1/accounts/{account_id}", tag = "accounts", params(("account_id" = String, Path)),
    security(("latchkey" = ["members:manage"])),
    responses((status = 200, body = AccountResponse), (status = 404, body = ProblemDocument))
)]
pub async fn get(
    State(state): State<Arc<ManagementState>>,
    PathParams(account_id): PathParams<String>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let account = AccountManager::authorize(ctx.management(&state), &account_id)?.get().await?;
    Ok(ok_with_etag(account.version, &AccountResponse::from(account)))
}

/// Change an account: the name of one's own, or anything of any as an operator.
#[utoipa::path(
    patch, path = "/v1/accounts/{account_id}", tag = "accounts", request_body = UpdateAccountRequest,
    params(("account_id" = String, Path), ("If-Match" = Option<String>, Header)),
    security(("latchkey" = ["members:manage"])),
    responses(
        (status = 200, body = AccountResponse),
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
    let account = AccountManager::authorize(ctx.management(&state), &account_id)?;
    let change = UpdateAccountRequest::parse(ctx.json()?)?;
    let account = account.update(&change, &|version| ctx.if_match.accepts(version)).await?;
    Ok(ok_with_etag(account.version, &AccountResponse::from(account)))
}
