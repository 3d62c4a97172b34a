//! The audit trail of an account.

mod response;

use crate::pagination::{PageParams, PageRequest, PageResponse};
use crate::path_params::PathParams;
use crate::problem::{Problem, ProblemDocument};
use crate::request_context::RequestContext;
use crate::response::json;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use response::AuditEntryResponse;
use shared::app::ManagementState;
use shared::services::audit_trail::AuditTrail;
use std::sync::Arc;

/// Read an account's audit trail, newest first.
#[utoipa::path(
    get, path = "/v1/accounts/{account_id}/audit", tag = "audit",
    params(("account_id" = String, Path), PageParams),
    security(("latchkey" = ["audit:read"])),
    responses((status = 200, body = PageResponse<AuditEntryResponse>), (status = 404, body = ProblemDocument))
)]
pub async fn list(
    State(state): State<Arc<ManagementState>>,
    PathParams(account_id): PathParams<String>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let trail = AuditTrail::authorize(ctx.management(&state), &account_id)?;
    let request = PageRequest::read(&state.app, &ctx, &[]).await?;
    let page = trail.list(request.limit.into(), request.after.as_ref()).await?;
    Ok(json(StatusCode::OK, &request.response(&state.app, &ctx, page, AuditEntryResponse::from).await?))
}
