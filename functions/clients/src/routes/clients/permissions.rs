//! Replacing the permissions of a client.

use crate::path_params::PathParams;
use crate::problem::{Problem, ProblemDocument};
use crate::request_context::RequestContext;
use crate::response::ok_with_etag;
use crate::routes::clients::request::ReplacePermissionsRequest;
use axum::extract::State;
use axum::response::Response;
use shared::api::client::ClientResponse;
use shared::app::ManagementState;
use shared::services::clients::ClientManager;
use std::sync::Arc;

/// Replace a client's permissions.
#[utoipa::path(
    put, path = "/v1/accounts/{account_id}/clients/{client_id}/permissions", tag = "clients",
    request_body = ReplacePermissionsRequest,
    params(
        ("account_id" = String, Path), ("client_id" = String, Path), ("If-Match" = Option<String>, Header)
    ),
    security(("latchkey" = ["clients:manage"])),
    responses(
        (status = 200, body = ClientResponse),
        (status = 404, body = ProblemDocument),
        (status = 412, description = "It has changed since it was read", body = ProblemDocument),
        (status = 422, body = ProblemDocument)
    )
)]
pub async fn replace(
    State(state): State<Arc<ManagementState>>,
    PathParams((account_id, client_id)): PathParams<(String, String)>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let clients = ClientManager::authorize(ctx.management(&state), &account_id)?;
    let requested = ReplacePermissionsRequest::parse(ctx.json()?)?;
    let expected = |version| ctx.if_match.accepts(version);
    let inputs = clients.attention_inputs().await?;
    let client = clients.replace_permissions(&client_id, requested, &expected).await?;
    Ok(ok_with_etag(client.version, &ClientResponse::new(client, &state.app.config.issuer, &inputs)))
}
