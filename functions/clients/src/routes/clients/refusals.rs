//! Why clients are refused at the token endpoint.

use crate::pagination::PageResponse;
use crate::path_params::PathParams;
use crate::problem::{Problem, ProblemDocument};
use crate::request_context::RequestContext;
use crate::response::json;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde::Serialize;
use shared::app::ManagementState;
use shared::domain::oauth::refusal::{ClientRefusal, Refusal};
use shared::domain::primitives::ids::ClientId;
use shared::services::clients::ClientReader;
use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::Arc;
use utoipa::ToSchema;

/// Refusals of a client for one reason.
#[derive(Serialize, ToSchema)]
#[schema(as = Refusal)]
pub struct RefusalResponse {
    /// `wrong_secret`, `expired_secret`, `address_not_allowed`, `scope_not_granted`, …
    #[schema(value_type = String, example = "expired_secret")]
    reason: Cow<'static, str>,
    /// The first caller that was refused in `last_hour`; null if its address is not known.
    #[schema(value_type = Option<String>, example = "203.0.113.9")]
    first_address: Option<IpAddr>,
    /// Begin of the last hour with such a refusal.
    #[schema(value_type = String, format = DateTime)]
    last_hour: jiff::Timestamp,
    /// The number of hours with such a refusal in the last seven days.
    #[schema(minimum = 1, maximum = 168)]
    hours_in_7_days: u32,
}

impl From<Refusal> for RefusalResponse {
    fn from(refusal: Refusal) -> Self {
        let Refusal { reason, first_address, last_hour, hours } = refusal;
        Self { reason, first_address, last_hour, hours_in_7_days: hours }
    }
}

/// Refusals of one of an account's clients for one reason.
#[derive(Serialize, ToSchema)]
#[schema(as = AccountRefusal)]
pub struct AccountRefusalResponse {
    #[schema(value_type = String, example = "lk_4fT9wQzN2sXbR7mYc1Ae0P")]
    client_id: ClientId,
    /// `wrong_secret`, `expired_secret`, `address_not_allowed`, `scope_not_granted`, …
    #[schema(value_type = String, example = "expired_secret")]
    reason: Cow<'static, str>,
    /// The first caller that was refused in `last_hour`; null if its address is not known.
    #[schema(value_type = Option<String>, example = "203.0.113.9")]
    first_address: Option<IpAddr>,
    /// Begin of the last hour with such a refusal.
    #[schema(value_type = String, format = DateTime)]
    last_hour: jiff::Timestamp,
    /// The number of hours with such a refusal in the last 24 hours.
    #[schema(minimum = 1, maximum = 24)]
    hours_in_24_hours: u32,
}

impl From<ClientRefusal> for AccountRefusalResponse {
    fn from(refused: ClientRefusal) -> Self {
        let ClientRefusal { client_id, refusal: Refusal { reason, first_address, last_hour, hours } } =
            refused;
        Self { client_id, reason, first_address, last_hour, hours_in_24_hours: hours }
    }
}

/// Read why a client was refused in the last seven days. The caller that is refused always gets the same answer.
#[utoipa::path(
    get, path = "/v1/accounts/{account_id}/clients/{client_id}/refusals", tag = "clients",
    operation_id = "list_refusals",
    params(("account_id" = String, Path), ("client_id" = String, Path)),
    security(("latchkey" = ["clients:read"])),
    responses((status = 200, body = PageResponse<RefusalResponse>), (status = 404, body = ProblemDocument))
)]
pub async fn list(
    State(state): State<Arc<ManagementState>>,
    PathParams((account_id, client_id)): PathParams<(String, String)>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let clients = ClientReader::authorize(ctx.management(&state), &account_id)?;
    let refusals = clients.refusals(&client_id).await?;
    let items = refusals.into_iter().map(RefusalResponse::from).collect();
    Ok(json(StatusCode::OK, &PageResponse::unpaged(items)))
}

/// Read which clients of an account were refused in the last 24 hours, and why, the latest first.
#[utoipa::path(
    get, path = "/v1/accounts/{account_id}/refusals", tag = "clients", operation_id = "list_account_refusals",
    params(("account_id" = String, Path)),
    security(("latchkey" = ["clients:read"])),
    responses((status = 200, body = PageResponse<AccountRefusalResponse>), (status = 404, body = ProblemDocument))
)]
pub async fn list_of_account(
    State(state): State<Arc<ManagementState>>,
    PathParams(account_id): PathParams<String>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let clients = ClientReader::authorize(ctx.management(&state), &account_id)?;
    let refusals = clients.account_refusals().await?;
    let items = refusals.into_iter().map(AccountRefusalResponse::from).collect();
    Ok(json(StatusCode::OK, &PageResponse::unpaged(items)))
}
