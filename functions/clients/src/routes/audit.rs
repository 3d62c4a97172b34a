//! `GET …/audit`: who changed what in an account.

use crate::pagination::{PageParams, PageRequest, PageResponse};
use crate::path_params::PathParams;
use crate::problem::{Problem, ProblemDocument};
use crate::request_context::RequestContext;
use crate::response;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde::Serialize;
use shared::app::ManagementState;
use shared::domain::audit::{Action, Actor, AuditEntry, Target};
use shared::domain::management::ManagementScope;
use std::sync::Arc;
use utoipa::ToSchema;

/// Who did it.
#[derive(Serialize, ToSchema)]
#[schema(as = Actor)]
struct ActorSchema {
    client_id: String,
    account_id: String,
    email: Option<String>,
    source_ip: Option<String>,
}

/// What it was done to.
#[derive(Serialize, ToSchema)]
#[schema(as = Target)]
struct TargetSchema {
    client_id: Option<String>,
    secret_id: Option<String>,
    revoked_secret_ids: Option<Vec<String>>,
    email: Option<String>,
    resource_id: Option<String>,
}

/// One entry of the trail. None of its members can hold a secret.
#[derive(Serialize, ToSchema)]
pub struct AuditEntryResponse {
    audit_id: String,
    #[schema(value_type = String, format = DateTime)]
    at: jiff::Timestamp,
    #[schema(value_type = ActorSchema)]
    actor: Actor,
    /// What was done: `client.created`, `secret.revoked`, …
    #[schema(value_type = String, example = "client.created")]
    action: Action,
    #[schema(value_type = TargetSchema)]
    target: Target,
    /// The members that changed.
    changed: Vec<String>,
}

impl From<AuditEntry> for AuditEntryResponse {
    fn from(entry: AuditEntry) -> Self {
        let AuditEntry { audit_id, account_id: _, at, actor, action, target, changed } = entry;
        Self { audit_id, at, actor, action, target, changed }
    }
}

/// Read an account's audit trail, newest first.
#[utoipa::path(
    get, path = "/v1/accounts/{account_id}/audit", tag = "audit",
    params(("account_id" = String, Path), PageParams),
    security(("latchkey" = ["audit:read"])),
    responses((status = 200, body = PageResponse<AuditEntryResponse>), (status = 404, body = ProblemDocument))
)]
pub async fn list(
    State(management): State<Arc<ManagementState>>,
    PathParams(account_id): PathParams<String>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let account =
        ctx.authorize_existing_account(&management, ManagementScope::AuditRead, &account_id).await?;
    let app = &management.app;
    let listing = PageRequest::read(app, &ctx, &[]).await?;
    let page = app.store.list_audit(&account, listing.limit.into(), listing.after.as_ref()).await?;
    Ok(response::json(StatusCode::OK, &listing.answer(app, &ctx, page, AuditEntryResponse::from).await?))
}
