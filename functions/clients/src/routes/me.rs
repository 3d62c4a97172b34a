//! The caller itself.

use crate::problem::Problem;
use crate::request_context::RequestContext;
use crate::response::json;
use axum::response::Response;
use http::StatusCode;
use serde::Serialize;
use shared::domain::management::ManagementScope;
use shared::domain::primitives::ids::{AccountId, ClientId};
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// The calling client, and the management scopes that it holds with this token.
#[derive(Serialize, ToSchema)]
#[schema(as = Caller)]
struct CallerResponse<'a> {
    #[schema(value_type = String)]
    client_id: Option<&'a ClientId>,
    #[schema(value_type = String)]
    account_id: &'a AccountId,
    #[schema(value_type = Vec<String>)]
    scopes: &'a BTreeSet<ManagementScope>,
}

/// Read who is calling.
#[utoipa::path(
    get, path = "/v1/me", tag = "accounts",
    security(("latchkey" = [])),
    responses((status = 200, body = CallerResponse))
)]
pub async fn me(ctx: RequestContext) -> Result<Response, Problem> {
    let principal = ctx.principal();
    let caller = CallerResponse {
        client_id: principal.client_id(),
        account_id: principal.account_id(),
        scopes: principal.scopes(),
    };
    Ok(json(StatusCode::OK, &caller))
}
