//! `POST …/duplicate`: another client like this one, with an identity and a secret of its own.

use super::client_body::CreateClient;
use super::client_view::CreatedClientView;
use super::clients::load;
use super::create_client::{Draft, answered_before, make};
use super::permissions::may_grant;
use crate::body;
use crate::call::Call;
use crate::problem::{Problem, ProblemDocument};
use crate::segments::Segments;
use axum::extract::State;
use axum::response::Response;
use shared::adapters::entropy::random;
use shared::assembly::Management;
use shared::domain::client::Client;
use shared::domain::credential::LastUses;
use shared::domain::ids::ClientId;
use shared::domain::management::ManagementScope;
use std::sync::Arc;

/// Duplicate a client: everything but identity, secrets and dates. Members of the body override.
#[utoipa::path(
    post, path = "/v1/accounts/{account_id}/clients/{client_id}/duplicate", tag = "clients",
    request_body = Option<CreateClient>,
    params(
        ("account_id" = String, Path), ("client_id" = String, Path), ("Idempotency-Key" = Option<String>, Header)
    ),
    security(("latchkey" = ["clients:manage"])),
    responses(
        (status = 201, body = CreatedClientView),
        (status = 404, body = ProblemDocument),
        (status = 409, description = "The id is, or was, taken", body = ProblemDocument),
        (status = 422, body = ProblemDocument)
    )
)]
pub async fn duplicate(
    State(management): State<Arc<Management>>,
    Segments((account_id, client_id)): Segments<(String, String)>,
    call: Call,
) -> Result<Response, Problem> {
    let account = call.enter(ManagementScope::ClientsManage, &account_id)?;
    if let Some(answer) = answered_before(&management, &call).await? {
        return Ok(answer);
    }
    let (body, checked) = body::read::<CreateClient>(call.optional_json()?)?;
    let original = load(&management, &account, &client_id).await?.client;
    call.caller.outranks(&original)?;
    let base = Client {
        client_id: ClientId::from_entropy(random()),
        created_at: call.now,
        updated_at: call.now,
        version: 1,
        secrets: Vec::new(),
        last_uses: LastUses::new(),
        certificate_said: None,
        ..original
    };
    let draft = Draft::read(body, checked, base, &management, &call).await?;
    may_grant(&call.caller, &[], &draft.client.permissions)?;
    make(&management, &call, draft).await
}
