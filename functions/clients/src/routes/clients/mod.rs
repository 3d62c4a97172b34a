//! Clients: create, list, read, change, delete.

pub mod create;
mod new_client;
pub mod permissions;
pub mod refusals;
mod request;
pub mod request_parts;
mod response;
pub mod status;
pub mod update;

use crate::pagination::{PageParams, PageRequest, PageResponse};
use crate::path_params::PathParams;
use crate::problem::{Problem, ProblemDocument};
use crate::request_context::RequestContext;
use crate::response::{json, no_content, ok_with_etag};
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde_json::Value;
use shared::api::client::ClientResponse;
use shared::app::ManagementState;
use shared::domain::account::Status;
use shared::domain::client::attention::Attention;
use shared::domain::primitives::folded::folded;
use shared::domain::primitives::validation::{Field, FromJson, Validator};
use shared::services::clients::{AttentionFilter, ClientFilter, ClientManager, ClientReader};
use std::sync::Arc;

/// List an account's clients, newest first.
#[utoipa::path(
    get, path = "/v1/accounts/{account_id}/clients", tag = "clients",
    params(
        ("account_id" = String, Path), PageParams,
        ("status" = Option<String>, Query, description = "`active` or `disabled`"),
        ("attention" = Option<String>, Query, description = "a reason of `attention`, or `any`"),
        ("q" = Option<String>, Query, description = "part of the name or the id, in any case, of characters that may look different")
    ),
    security(("latchkey" = ["clients:read"])),
    responses((status = 200, body = PageResponse<ClientResponse>), (status = 404, body = ProblemDocument))
)]
pub async fn list(
    State(state): State<Arc<ManagementState>>,
    PathParams(account_id): PathParams<String>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let clients = ClientReader::authorize(ctx.management(&state), &account_id)?;
    let request = PageRequest::read(&state.app, &ctx, &["status", "attention", "q"]).await?;
    let (filter, inputs) = (filter(&request)?, clients.attention_inputs().await?);
    let page = clients.list(&filter, &inputs, request.limit.into(), request.after.as_ref()).await?;
    let view = |client| ClientResponse::new(client, &state.app.config.issuer, &inputs);
    Ok(json(StatusCode::OK, &request.response(&state.app, &ctx, page, view).await?))
}

fn filter(request: &PageRequest) -> Result<ClientFilter, Problem> {
    let given = |name| request.filters.get(name).map(|text| Value::String(text.clone()));
    let mut checked = Validator::new();
    let status = given("status").map(|value| Field::Present(Status::from_json(&value))).unwrap_or_default();
    let attention = given("attention").map(|value| {
        Field::Present(match value.as_str() {
            Some("any") => Ok(AttentionFilter::Any),
            _ => Attention::from_json(&value).map(AttentionFilter::Reason),
        })
    });
    let filter = ClientFilter {
        status: checked.optional("status", status),
        attention: checked.optional("attention", attention.unwrap_or_default()),
        q: request.filters.get("q").map(|text| folded(text)),
        ..ClientFilter::default()
    };
    if checked.is_ok() { Ok(filter) } else { Err(Problem::Invalid(checked.into_errors())) }
}

/// Read a client.
#[utoipa::path(
    get, path = "/v1/accounts/{account_id}/clients/{client_id}", tag = "clients",
    params(("account_id" = String, Path), ("client_id" = String, Path)),
    security(("latchkey" = ["clients:read"])),
    responses((status = 200, body = ClientResponse), (status = 404, body = ProblemDocument))
)]
pub async fn get(
    State(state): State<Arc<ManagementState>>,
    PathParams((account_id, client_id)): PathParams<(String, String)>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let clients = ClientReader::authorize(ctx.management(&state), &account_id)?;
    let (inputs, client) = tokio::try_join!(clients.attention_inputs(), clients.get(&client_id))?;
    Ok(ok_with_etag(client.version, &ClientResponse::new(client, &state.app.config.issuer, &inputs)))
}

/// Delete a client with all its secrets. Its id is never used again.
#[utoipa::path(
    delete, path = "/v1/accounts/{account_id}/clients/{client_id}", tag = "clients",
    params(
        ("account_id" = String, Path), ("client_id" = String, Path), ("If-Match" = Option<String>, Header)
    ),
    security(("latchkey" = ["clients:manage"])),
    responses(
        (status = 204),
        (status = 404, body = ProblemDocument),
        (status = 412, description = "It has changed since it was read", body = ProblemDocument)
    )
)]
pub async fn delete(
    State(state): State<Arc<ManagementState>>,
    PathParams((account_id, client_id)): PathParams<(String, String)>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let clients = ClientManager::authorize(ctx.management(&state), &account_id)?;
    clients.delete(&client_id, &|version| ctx.if_match.accepts(version)).await?;
    Ok(no_content())
}
