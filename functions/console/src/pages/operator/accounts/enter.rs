//! The operator begins to act in an account.

use super::accounts;
use crate::error::ConsoleError;
use crate::operator_request::OperatorRequest;
use crate::state::ConsoleState;
use axum::extract::State;
use axum::response::Response;
use shared::web::response::see_other;
use std::sync::Arc;

/// `POST /console/operator/accounts/{account_id}/enter`: leads into the account, whose audit trail says so.
pub async fn submit(
    State(state): State<Arc<ConsoleState>>,
    request: OperatorRequest,
) -> Result<Response, ConsoleError> {
    let account = accounts(&state, &request)?.enter(request.account.account_id.as_str()).await?;
    Ok(see_other(&format!("/console/accounts/{}", account.account_id)))
}
