//! `GET …/audit`: who changed what in an account.

use crate::call::Call;
use crate::paging::{List, Listing, PageQuery};
use crate::problem::{Problem, ProblemDocument};
use crate::respond;
use crate::segments::Segments;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde::Serialize;
use shared::assembly::Management;
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
pub struct AuditView {
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

impl From<AuditEntry> for AuditView {
    fn from(entry: AuditEntry) -> Self {
        let AuditEntry { audit_id, account_id: _, at, actor, action, target, changed } = entry;
        Self { audit_id, at, actor, action, target, changed }
    }
}

/// Read an account's audit trail, newest first.
#[utoipa::path(
    get, path = "/v1/accounts/{account_id}/audit", tag = "audit",
    params(("account_id" = String, Path), PageQuery),
    security(("latchkey" = ["audit:read"])),
    responses((status = 200, body = List<AuditView>), (status = 404, body = ProblemDocument))
)]
pub async fn list(
    State(management): State<Arc<Management>>,
    Segments(account_id): Segments<String>,
    call: Call,
) -> Result<Response, Problem> {
    let account = call.enter_existing(&management, ManagementScope::AuditRead, &account_id).await?;
    let app = &management.app;
    let listing = Listing::read(app, &call, &[]).await?;
    let page = app.store.list_audit(&account, listing.limit.into(), listing.after.as_ref()).await?;
    Ok(respond::json(StatusCode::OK, &listing.answer(app, &call, page, AuditView::from).await?))
}
