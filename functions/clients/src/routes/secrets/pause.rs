//! Pausing a secret and resuming it.

use crate::path_params::PathParams;
use crate::problem::{Problem, ProblemDocument};
use crate::request_context::RequestContext;
use crate::response::ok_with_etag;
use axum::extract::State;
use axum::response::Response;
use shared::api::secret::SecretResponse;
use shared::app::ManagementState;
use shared::domain::client::secret::SecretStatus;
use shared::services::clients::ClientManager;
use std::sync::Arc;

/// Pause a secret: it authenticates no one until it is resumed. It stays one of the two, and expires as before.
#[utoipa::path(
    post, path = "/v1/accounts/{account_id}/clients/{client_id}/secrets/{secret_id}/pause", tag = "secrets",
    params(
        ("account_id" = String, Path), ("client_id" = String, Path), ("secret_id" = String, Path),
        ("Idempotency-Key" = Option<String>, Header)
    ),
    security(("latchkey" = ["clients:manage"])),
    responses(
        (status = 200, body = SecretResponse),
        (status = 404, body = ProblemDocument),
        (status = 409, description = "It has expired", body = ProblemDocument)
    )
)]
pub async fn pause(
    State(state): State<Arc<ManagementState>>,
    PathParams(path): PathParams<(String, String, String)>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    set_status(&state, &path, &ctx, SecretStatus::Paused).await
}

/// Resume a paused secret: it authenticates its client again.
#[utoipa::path(
    post, path = "/v1/accounts/{account_id}/clients/{client_id}/secrets/{secret_id}/resume", tag = "secrets",
    params(
        ("account_id" = String, Path), ("client_id" = String, Path), ("secret_id" = String, Path),
        ("Idempotency-Key" = Option<String>, Header)
    ),
    security(("latchkey" = ["clients:manage"])),
    responses(
        (status = 200, body = SecretResponse),
        (status = 404, body = ProblemDocument),
        (status = 409, description = "It has expired", body = ProblemDocument)
    )
)]
pub async fn resume(
    State(state): State<Arc<ManagementState>>,
    PathParams(path): PathParams<(String, String, String)>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    set_status(&state, &path, &ctx, SecretStatus::Active).await
}

async fn set_status(
    state: &ManagementState,
    (account_id, client_id, secret_id): &(String, String, String),
    ctx: &RequestContext,
    status: SecretStatus,
) -> Result<Response, Problem> {
    let clients = ClientManager::authorize(ctx.management(state), account_id)?;
    ctx.no_members()?;
    let (client, secret) = clients.set_secret_status(client_id, secret_id, status).await?;
    Ok(ok_with_etag(client.version, &SecretResponse::new(secret, ctx.now)))
}
