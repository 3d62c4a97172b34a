//! Addresses that the reminders of an account are not sent to.

use crate::path_params::PathParams;
use crate::problem::{Problem, ProblemDocument};
use crate::request_context::RequestContext;
use crate::response::no_content;
use axum::extract::State;
use axum::response::Response;
use shared::app::ManagementState;
use shared::services::accounts::SuppressedAddresses;
use std::sync::Arc;

/// Send reminders to an address again that they are not sent to: because one came back or was reported as spam, or because
/// its reader stopped them. For operators, who take the address off the list of SES as well.
#[utoipa::path(
    delete, path = "/v1/accounts/{account_id}/suppressed-addresses/{email}", tag = "accounts",
    operation_id = "lift_suppression",
    params(("account_id" = String, Path), ("email" = String, Path)),
    security(("latchkey" = ["accounts:manage"])),
    responses(
        (status = 204),
        (status = 404, description = "Reminders are sent to it", body = ProblemDocument)
    )
)]
pub async fn lift(
    State(state): State<Arc<ManagementState>>,
    PathParams((account_id, email)): PathParams<(String, String)>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    SuppressedAddresses::authorize(ctx.management(&state), &account_id)?.lift(&email).await?;
    Ok(no_content())
}
