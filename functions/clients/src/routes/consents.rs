//! Consents that people gave to a client.

use crate::pagination::{PageParams, PageRequest, PageResponse};
use crate::path_params::PathParams;
use crate::problem::{Problem, ProblemDocument};
use crate::request_context::RequestContext;
use crate::response::{json, no_content};
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use shared::api::consent::ConsentResponse;
use shared::app::ManagementState;
use shared::services::clients::{ClientManager, ClientReader};
use std::sync::Arc;

/// List the consents given to a client.
#[utoipa::path(
    get, path = "/v1/accounts/{account_id}/clients/{client_id}/consents", tag = "consents",
    params(("account_id" = String, Path), ("client_id" = String, Path), PageParams),
    security(("latchkey" = ["clients:read"])),
    responses((status = 200, body = PageResponse<ConsentResponse>), (status = 404, body = ProblemDocument))
)]
pub async fn list(
    State(state): State<Arc<ManagementState>>,
    PathParams((account_id, client_id)): PathParams<(String, String)>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let clients = ClientReader::authorize(ctx.management(&state), &account_id)?;
    let request = PageRequest::read(&state.app, &ctx, &[]).await?;
    let page = clients.consents(&client_id, request.limit.into(), request.after.as_ref()).await?;
    Ok(json(StatusCode::OK, &request.response(&state.app, &ctx, page, ConsentResponse::from).await?))
}

/// Withdraw a person's consent: the client's refresh tokens for that person are invalid from the next request on, its
/// access tokens introspect as inactive, and the person is asked again at the next sign-in.
#[utoipa::path(
    delete, path = "/v1/accounts/{account_id}/clients/{client_id}/consents/{sub}", tag = "consents",
    params(
        ("account_id" = String, Path), ("client_id" = String, Path), ("sub" = String, Path),
        ("If-Match" = Option<String>, Header, description = "the ETag of the client")
    ),
    security(("latchkey" = ["clients:manage"])),
    responses(
        (status = 204),
        (status = 404, body = ProblemDocument),
        (status = 412, description = "The client has changed since it was read", body = ProblemDocument)
    )
)]
pub async fn withdraw(
    State(state): State<Arc<ManagementState>>,
    PathParams((account_id, client_id, sub)): PathParams<(String, String, String)>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let clients = ClientManager::authorize(ctx.management(&state), &account_id)?;
    clients.withdraw_consent(&client_id, &sub, &|version| ctx.if_match.accepts(version)).await?;
    Ok(no_content())
}
