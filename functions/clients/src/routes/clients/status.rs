//! Enabling and disabling a client. Both act on its next request.

use crate::json_body::{self, RequestBody, UnknownFields};
use crate::path_params::PathParams;
use crate::problem::{Problem, ProblemDocument};
use crate::request_context::RequestContext;
use crate::response::ok_with_etag;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use shared::api::client::ClientResponse;
use shared::app::ManagementState;
use shared::domain::primitives::validation::Field;
use shared::services::clients::ClientManager;
use std::sync::Arc;
use utoipa::ToSchema;

/// How a client is enabled.
#[derive(Deserialize, ToSchema)]
pub struct EnableClientRequest {
    /// Whether its tokens are revoked; false if absent: they are active again.
    #[serde(default)]
    #[schema(value_type = bool)]
    revoke_tokens: Field<bool>,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: UnknownFields,
}

impl RequestBody for EnableClientRequest {
    fn unknown(&self) -> &UnknownFields {
        &self.unknown
    }
}

impl EnableClientRequest {
    /// Parses the body: whether tokens are revoked.
    fn parse(json: &[u8]) -> Result<bool, Problem> {
        let (body, mut checked) = json_body::read::<Self>(json)?;
        let revoke_tokens = checked.optional("revoke_tokens", body.revoke_tokens).unwrap_or_default();
        if checked.is_ok() { Ok(revoke_tokens) } else { Err(Problem::Invalid(checked.into_errors())) }
    }
}

/// Allow a client to act again.
#[utoipa::path(
    post, path = "/v1/accounts/{account_id}/clients/{client_id}/enable", tag = "clients",
    request_body = Option<EnableClientRequest>,
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
    let revoke_tokens = EnableClientRequest::parse(ctx.optional_json()?)?;
    let inputs = clients.attention_inputs().await?;
    let client = clients.enable(&client_id, revoke_tokens).await?;
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
    ctx.no_members()?;
    let inputs = clients.attention_inputs().await?;
    let client = clients.disable(&client_id).await?;
    Ok(ok_with_etag(client.version, &ClientResponse::new(client, &state.app.config.issuer, &inputs)))
}

/// Revoke all tokens of a client, at once. Its secrets and the consents given to it stay.
#[utoipa::path(
    post, path = "/v1/accounts/{account_id}/clients/{client_id}/revoke-tokens", tag = "clients",
    params(
        ("account_id" = String, Path), ("client_id" = String, Path), ("Idempotency-Key" = Option<String>, Header)
    ),
    security(("latchkey" = ["clients:manage"])),
    responses((status = 200, body = ClientResponse), (status = 404, body = ProblemDocument))
)]
pub async fn revoke_tokens(
    State(state): State<Arc<ManagementState>>,
    PathParams((account_id, client_id)): PathParams<(String, String)>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let clients = ClientManager::authorize(ctx.management(&state), &account_id)?;
    let inputs = clients.attention_inputs().await?;
    let client = clients.revoke_tokens(&client_id).await?;
    Ok(ok_with_etag(client.version, &ClientResponse::new(client, &state.app.config.issuer, &inputs)))
}
