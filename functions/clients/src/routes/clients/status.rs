//! Enabling and disabling a client. Both act on its next request.

use crate::path_params::PathParams;
use crate::problem::{Problem, ProblemDocument};
use crate::request_context::RequestContext;
use crate::response::ok_with_etag;
use crate::routes::clients::response::ClientResponse;
use axum::extract::State;
use axum::response::Response;
use shared::app::ManagementState;
use shared::services::clients::ClientManager;
use std::sync::Arc;

/// Allow a client to act again.
#[utoipa::path(
    post, path = "/v1/accounts/{account_id}/clients/{client_id}/enable", tag = "clients",
    params(
        ("account_id" = String, Path), ("client_id" = String, Path), ("Idempotency-Key" = Option<String>, Header)
    ),
    security(("latchkey" = ["clients:manage"])),
    responses((status = 200, body = ClientResponse), (status = 404, body = ProblemDocument))
)]
pub async fn enable(
    State(state): State<Arc<ManagementState>>,
    PathParams((account_id, client_id)): PathParams<(String, String)>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let clients = ClientManager::authorize(ctx.management(&state), &account_id)?;
    let inputs = clients.attention_inputs().await?;
    let client = clients.enable(&client_id).await?;
    Ok(ok_with_etag(client.version, &ClientResponse::new(client, &state.app.config.issuer, &inputs)))
}

/// Stop a client from acting: it gets no token, and its tokens are inactive.
#[utoipa::path(
    post, path = "/v1/accounts/{account_id}/clients/{client_id}/disable", tag = "clients",
    params(
        ("account_id" = String, Path), ("client_id" = String, Path), ("Idempotency-Key" = Option<String>, Header)
    ),
    security(("latchkey" = ["clients:manage"])),
    responses((status = 200, body = ClientResponse), (status = 404, body = ProblemDocument))
)]
pub async fn disable(
    State(state): State<Arc<ManagementState>>,
    PathParams((account_id, client_id)): PathParams<(String, String)>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let clients = ClientManager::authorize(ctx.management(&state), &account_id)?;
    let inputs = clients.attention_inputs().await?;
    let client = clients.disable(&client_id).await?;
    Ok(ok_with_etag(client.version, &ClientResponse::new(client, &state.app.config.issuer, &inputs)))
}
