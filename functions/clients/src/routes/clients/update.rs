//! Changing the details of a client.

use crate::json_body::merge_patch::{self, ReducedPatch};
use crate::path_params::PathParams;
use crate::problem::{Problem, ProblemDocument};
use crate::request_context::RequestContext;
use crate::response::ok_with_etag;
use crate::routes::clients::request::UpdateClientRequest;
use axum::extract::State;
use axum::response::Response;
use shared::api::client::ClientResponse;
use shared::app::ManagementState;
use shared::domain::client::Client;
use shared::services::clients::ClientManager;
use std::sync::Arc;

/// Change a client's details.
#[utoipa::path(
    patch, path = "/v1/accounts/{account_id}/clients/{client_id}", tag = "clients",
    request_body = UpdateClientRequest,
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
pub async fn update(
    State(state): State<Arc<ManagementState>>,
    PathParams((account_id, client_id)): PathParams<(String, String)>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let clients = ClientManager::authorize(ctx.management(&state), &account_id)?;
    let inputs = clients.attention_inputs().await?;
    let view = |client| ClientResponse::new(client, &state.app.config.issuer, &inputs);
    let body = ctx.json()?;
    let client = match change(&clients, &client_id, &ctx, body).await {
        Err(problem) if merge_patch::is_reducible(&problem) => {
            let rest = ReducedPatch::new(body, &view(clients.get(&client_id).await?), problem)?;
            change(&clients, &client_id, &ctx, &rest.body).await.map_err(|problem| rest.explain(problem))?
        }
        result => result?,
    };
    Ok(ok_with_etag(client.version, &view(client)))
}

async fn change(
    clients: &ClientManager<'_>,
    client_id: &str,
    ctx: &RequestContext,
    body: &[u8],
) -> Result<Client, Problem> {
    let change = UpdateClientRequest::parse(body)?;
    Ok(clients.update(client_id, &change, &|version| ctx.if_match.accepts(version)).await?)
}
