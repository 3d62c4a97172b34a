//! `POST …/duplicate`: another client like this one, with an identity and a secret of its own.

use crate::json_body;
use crate::path_params::PathParams;
use crate::problem::{Problem, ProblemDocument};
use crate::request_context::RequestContext;
use crate::routes::clients::create::{ValidatedClient, persist, replay};
use crate::routes::clients::load;
use crate::routes::clients::permissions::may_grant;
use crate::routes::clients::request::CreateClientRequest;
use crate::routes::clients::response::CreateClientResponse;
use axum::extract::State;
use axum::response::Response;
use shared::adapters::crypto::random::random;
use shared::app::ManagementState;
use shared::domain::client::Client;
use shared::domain::client::credential::LastUses;
use shared::domain::management::ManagementScope;
use shared::domain::primitives::ids::ClientId;
use std::sync::Arc;

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
    State(management): State<Arc<ManagementState>>,
    PathParams((account_id, client_id)): PathParams<(String, String)>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let account = ctx.authorize_account(ManagementScope::ClientsManage, &account_id)?;
    if let Some(answer) = replay(&management, &ctx).await? {
        return Ok(answer);
    }
    let (body, checked) = json_body::read::<CreateClientRequest>(ctx.optional_json()?)?;
    let original = load(&management, &account, &client_id).await?.client;
    ctx.caller.ensure_scopes_cover(&original)?;
    let base = Client {
        client_id: ClientId::from_random_bytes(random()),
        created_at: ctx.now,
        updated_at: ctx.now,
        version: 1,
        secrets: Vec::new(),
        last_uses: LastUses::new(),
        certificate_said: None,
        ..original
    };
    let draft = ValidatedClient::read(body, checked, base, &management, &ctx).await?;
    may_grant(&ctx.caller, &[], &draft.client.permissions)?;
    persist(&management, &ctx, draft).await
}
