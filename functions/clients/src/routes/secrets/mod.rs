//! The secrets of a client: add, list, read, change, pause, revoke, reveal.

pub mod pause;
mod request;
pub mod response;

use crate::json_body::merge_patch::{self, ReducedPatch};
use crate::pagination::PageResponse;
use crate::path_params::PathParams;
use crate::problem::{Problem, ProblemDocument};
use crate::request_context::RequestContext;
use crate::response::{created, json, no_content, ok_with_etag};
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use request::{AddSecretRequest, UpdateSecretRequest};
use response::{CreateSecretResponse, SecretValueResponse};
use shared::api::secret::SecretResponse;
use shared::app::ManagementState;
use shared::domain::client::Client;
use shared::domain::client::secret::Secret;
use shared::domain::primitives::ids::SecretId;
use shared::services::clients::{AddSecretResult, ClientManager, ClientReader, SecretRevealer};
use std::sync::Arc;

/// Add a secret, beside the present one or in its place.
#[utoipa::path(
    post, path = "/v1/accounts/{account_id}/clients/{client_id}/secrets", tag = "secrets",
    request_body = Option<AddSecretRequest>,
    params(
        ("account_id" = String, Path), ("client_id" = String, Path), ("Idempotency-Key" = Option<String>, Header)
    ),
    security(("latchkey" = ["clients:manage"])),
    responses(
        (status = 201, body = CreateSecretResponse),
        (status = 404, body = ProblemDocument),
        (status = 409, description = "Two secrets are live, and `replace` was not given", body = ProblemDocument),
        (status = 422, body = ProblemDocument)
    )
)]
pub async fn add(
    State(state): State<Arc<ManagementState>>,
    PathParams((account_id, client_id)): PathParams<(String, String)>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let clients = ClientManager::authorize(ctx.management(&state), &account_id)?;
    let new = AddSecretRequest::parse(ctx.optional_json()?)?;
    let (location, body) = match clients.add_secret(&client_id, new).await? {
        AddSecretResult::New(client, new_secret) => {
            (location(&client, &new_secret.secret.secret_id), CreateSecretResponse::new(new_secret, ctx.now))
        }
        AddSecretResult::Replayed(client, secret) => {
            (location(&client, &secret.secret_id), CreateSecretResponse::replayed(secret, ctx.now))
        }
    };
    Ok(created(&location, None, &body))
}

fn location(client: &Client, secret: &SecretId) -> String {
    format!("/v1/accounts/{}/clients/{}/secrets/{secret}", client.account_id, client.client_id)
}

/// List a client's secrets, oldest first. There are at most two, and expired ones until they are swept.
#[utoipa::path(
    get, path = "/v1/accounts/{account_id}/clients/{client_id}/secrets", tag = "secrets",
    params(("account_id" = String, Path), ("client_id" = String, Path)),
    security(("latchkey" = ["clients:read"])),
    responses((status = 200, body = PageResponse<SecretResponse>), (status = 404, body = ProblemDocument))
)]
pub async fn list(
    State(state): State<Arc<ManagementState>>,
    PathParams((account_id, client_id)): PathParams<(String, String)>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let clients = ClientReader::authorize(ctx.management(&state), &account_id)?;
    let secrets = clients.secrets(&client_id).await?;
    let items = secrets.into_iter().map(|secret| SecretResponse::new(secret, ctx.now)).collect();
    Ok(json(StatusCode::OK, &PageResponse::<SecretResponse>::unpaged(items)))
}

/// Read a secret, without its value.
#[utoipa::path(
    get, path = "/v1/accounts/{account_id}/clients/{client_id}/secrets/{secret_id}", tag = "secrets",
    params(("account_id" = String, Path), ("client_id" = String, Path), ("secret_id" = String, Path)),
    security(("latchkey" = ["clients:read"])),
    responses((status = 200, body = SecretResponse), (status = 404, body = ProblemDocument))
)]
pub async fn get(
    State(state): State<Arc<ManagementState>>,
    PathParams((account_id, client_id, secret_id)): PathParams<(String, String, String)>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let clients = ClientReader::authorize(ctx.management(&state), &account_id)?;
    let (client, secret) = clients.secret(&client_id, &secret_id).await?;
    Ok(ok_with_etag(client.version, &SecretResponse::new(secret, ctx.now)))
}

/// Change a secret: its label, whether reminders of its expiry are sent, and an earlier expiry.
#[utoipa::path(
    patch, path = "/v1/accounts/{account_id}/clients/{client_id}/secrets/{secret_id}", tag = "secrets",
    request_body = UpdateSecretRequest,
    params(
        ("account_id" = String, Path), ("client_id" = String, Path), ("secret_id" = String, Path),
        ("If-Match" = Option<String>, Header, description = "the ETag of the secret, or of the client")
    ),
    security(("latchkey" = ["clients:manage"])),
    responses(
        (status = 200, body = SecretResponse),
        (status = 404, body = ProblemDocument),
        (status = 412, description = "The client has changed since it was read", body = ProblemDocument),
        (status = 422, body = ProblemDocument)
    )
)]
pub async fn update(
    State(state): State<Arc<ManagementState>>,
    PathParams((account_id, client_id, secret_id)): PathParams<(String, String, String)>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let clients = ClientManager::authorize(ctx.management(&state), &account_id)?;
    let body = ctx.json()?;
    let (client, secret) = match change(&clients, (&client_id, &secret_id), &ctx, body).await {
        Err(problem) if merge_patch::is_reducible(&problem) => {
            let rest = ReducedPatch::new(
                body,
                &SecretResponse::new(clients.secret(&client_id, &secret_id).await?.1, ctx.now),
                problem,
            )?;
            change(&clients, (&client_id, &secret_id), &ctx, &rest.body)
                .await
                .map_err(|problem| rest.explain(problem))?
        }
        result => result?,
    };
    Ok(ok_with_etag(client.version, &SecretResponse::new(secret, ctx.now)))
}

async fn change(
    clients: &ClientManager<'_>,
    (client_id, secret_id): (&str, &str),
    ctx: &RequestContext,
    body: &[u8],
) -> Result<(Client, Secret), Problem> {
    let change = UpdateSecretRequest::parse(body)?;
    let expected = |version| ctx.if_match.accepts(version);
    Ok(clients.update_secret(client_id, secret_id, change, &expected).await?)
}

/// Revoke a secret at once. The last one can be revoked too.
#[utoipa::path(
    delete, path = "/v1/accounts/{account_id}/clients/{client_id}/secrets/{secret_id}", tag = "secrets",
    params(
        ("account_id" = String, Path), ("client_id" = String, Path), ("secret_id" = String, Path),
        ("If-Match" = Option<String>, Header, description = "the ETag of the client")
    ),
    security(("latchkey" = ["clients:manage"])),
    responses(
        (status = 204),
        (status = 404, body = ProblemDocument),
        (status = 412, description = "The client has changed since it was read", body = ProblemDocument)
    )
)]
pub async fn revoke(
    State(state): State<Arc<ManagementState>>,
    PathParams((account_id, client_id, secret_id)): PathParams<(String, String, String)>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let clients = ClientManager::authorize(ctx.management(&state), &account_id)?;
    clients.revoke_secret(&client_id, &secret_id, &|version| ctx.if_match.accepts(version)).await?;
    Ok(no_content())
}

/// Read a secret again that was created while its client was set to `on_request`. Each time is audited.
#[utoipa::path(
    get, path = "/v1/accounts/{account_id}/clients/{client_id}/secrets/{secret_id}/value", tag = "secrets",
    params(("account_id" = String, Path), ("client_id" = String, Path), ("secret_id" = String, Path)),
    security(("latchkey" = ["secrets:reveal"])),
    responses(
        (status = 200, body = SecretValueResponse),
        (status = 404, body = ProblemDocument),
        (status = 409, description = "It was shown once, and cannot be again", body = ProblemDocument)
    )
)]
pub async fn reveal(
    State(state): State<Arc<ManagementState>>,
    PathParams((account_id, client_id, secret_id)): PathParams<(String, String, String)>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let secrets = SecretRevealer::authorize(ctx.management(&state), &account_id)?;
    let value = secrets.reveal(&client_id, &secret_id).await?;
    Ok(json(StatusCode::OK, &SecretValueResponse::new(value)))
}
