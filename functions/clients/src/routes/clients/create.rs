//! Creating and duplicating a client.

use crate::path_params::PathParams;
use crate::problem::{Problem, ProblemDocument};
use crate::request_context::RequestContext;
use crate::response::created_with_more;
use crate::routes::clients::new_client::NewClient;
use crate::routes::clients::request::CreateClientRequest;
use crate::routes::clients::response::CreateClientResponse;
use axum::extract::State;
use axum::response::Response;
use shared::api::client::ClientResponse;
use shared::app::ManagementState;
use shared::services::clients::{AttentionInputs, ClientManager, CreateClientOutput};
use std::sync::Arc;

/// Create a client. Unless it authenticates by `private_key_jwt`, its first secret comes with it.
#[utoipa::path(
    post, path = "/v1/accounts/{account_id}/clients", tag = "clients", request_body = CreateClientRequest,
    params(("account_id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    security(("latchkey" = ["clients:manage"])),
    responses(
        (status = 201, body = CreateClientResponse),
        (status = 404, description = "No such account", body = ProblemDocument),
        (status = 409, description = "The id is, or was, taken", body = ProblemDocument),
        (status = 422, body = ProblemDocument)
    )
)]
pub async fn create(
    State(state): State<Arc<ManagementState>>,
    PathParams(account_id): PathParams<String>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let clients = ClientManager::authorize(ctx.management(&state), &account_id)?;
    let new = match NewClient::parse(ctx.json()?)? {
        NewClient::FromTemplate(template, members) => clients.from_template(&template, &members).await?,
        NewClient::Whole(new) => *new,
    };
    let inputs = clients.attention_inputs().await?;
    let output = clients.create(new).await?;
    Ok(respond(output, &state.app.config.issuer, &inputs))
}

/// Duplicate a client: everything but identity, secrets and dates. Members of the body override.
#[utoipa::path(
    post, path = "/v1/accounts/{account_id}/clients/{client_id}/duplicate", tag = "clients",
    request_body = Option<CreateClientRequest>,
    params(
        ("account_id" = String, Path), ("client_id" = String, Path), ("Idempotency-Key" = Option<String>, Header)
    ),
    security(("latchkey" = ["clients:manage"])),
    responses(
        (status = 201, body = CreateClientResponse),
        (status = 404, body = ProblemDocument),
        (status = 409, description = "The id is, or was, taken", body = ProblemDocument),
        (status = 422, body = ProblemDocument)
    )
)]
pub async fn duplicate(
    State(state): State<Arc<ManagementState>>,
    PathParams((account_id, client_id)): PathParams<(String, String)>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let clients = ClientManager::authorize(ctx.management(&state), &account_id)?;
    let change = CreateClientRequest::parse(ctx.optional_json()?)?;
    let inputs = clients.attention_inputs().await?;
    let output = clients.duplicate(&client_id, change).await?;
    Ok(respond(output, &state.app.config.issuer, &inputs))
}

fn respond(output: CreateClientOutput, issuer: &str, inputs: &AttentionInputs) -> Response {
    let client = output.client();
    let location = format!("/v1/accounts/{}/clients/{}", client.account_id, client.client_id);
    let version = client.version;
    let item = ClientResponse::new(client.clone(), issuer, inputs);
    let body = match output {
        CreateClientOutput::New(client, new_secret) => {
            CreateClientResponse::new(ClientResponse::new(client, issuer, inputs), new_secret)
        }
        CreateClientOutput::Replayed(client, secret) => {
            CreateClientResponse::replayed(ClientResponse::new(client, issuer, inputs), secret.as_ref())
        }
    };
    created_with_more(&location, Some(version), &item, &body)
}
