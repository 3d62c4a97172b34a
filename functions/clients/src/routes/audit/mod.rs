//! The audit trail of an account.

mod response;

use crate::pagination::{PageParams, PageRequest, PageResponse, next_page};
use crate::path_params::PathParams;
use crate::problem::{Problem, ProblemDocument};
use crate::request_context::RequestContext;
use crate::response::{csv, json};
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use response::AuditEntryResponse;
use serde_json::Value;
use shared::app::ManagementState;
use shared::domain::audit::filter::AuditFilter;
use shared::domain::audit::{AUDIT_COLUMNS, AuditEntry};
use shared::domain::primitives::validation::{Field, FromJson, Validator};
use shared::services::audit::trail::AuditTrail;
use shared::wire;
use std::borrow::Cow;
use std::iter;
use std::sync::Arc;

/// Read an account's audit trail, newest first: as JSON, or as CSV by `Accept: text/csv`, with the next page in `Link`.
#[utoipa::path(
    get, path = "/v1/accounts/{account_id}/audit", tag = "audit",
    params(
        ("account_id" = String, Path), PageParams,
        ("client_id" = Option<String>, Query, description = "the client that was changed, or whose secret was; \
         shows a change a moment later than the other lists"),
        ("actor" = Option<String>, Query, description = "the id of the client, the address of the person, or the \
         `system` that acted"),
        ("action" = Option<String>, Query, description = "an action, such as `client.created`"),
        ("from" = Option<String>, Query, description = "the earliest time: RFC 3339, or a date, which begins in UTC"),
        ("to" = Option<String>, Query, description = "the time before which the entries are")
    ),
    security(("latchkey" = ["audit:read"])),
    responses(
        (status = 200, content(
            (PageResponse<AuditEntryResponse> = "application/json"), (String = "text/csv")
        )),
        (status = 404, body = ProblemDocument)
    )
)]
pub async fn list(
    State(state): State<Arc<ManagementState>>,
    PathParams(account_id): PathParams<String>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let trail = AuditTrail::authorize(ctx.management(&state), &account_id)?;
    let filters = ["client_id", "actor", "action", "from", "to"];
    let request = PageRequest::read(&state.app, &ctx, &filters).await?;
    let page = trail.list(&filter(&request)?, request.limit.into(), request.after.as_ref()).await?;
    if !wire::csv::is_preferred(&ctx.accept) {
        let page = request.response(&state.app, &ctx, page, AuditEntryResponse::from).await?;
        return Ok(json(StatusCode::OK, &page));
    }
    let (entries, next_cursor) = request.response(&state.app, &ctx, page, |entry| entry).await?.into_parts();
    let next = next_cursor.map(|cursor| next_page(&ctx, &cursor));
    let names = AUDIT_COLUMNS.map(Cow::Borrowed).to_vec();
    let rows = entries.iter().map(AuditEntry::cells);
    Ok(csv(wire::csv::document(iter::once(names).chain(rows)), next.as_deref()))
}

fn filter(request: &PageRequest) -> Result<AuditFilter, Problem> {
    fn given<T: FromJson>(request: &PageRequest, name: &str) -> Field<T> {
        let value = request.filters.get(name).map(|text| Value::String(text.clone()));
        value.map(|value| Field::Present(T::from_json(&value))).unwrap_or_default()
    }
    let mut checked = Validator::new();
    let filter = AuditFilter {
        client_id: checked.optional("client_id", given(request, "client_id")),
        actor: checked.optional("actor", given(request, "actor")),
        action: checked.optional("action", given(request, "action")),
        group: None,
        from: checked.optional("from", given(request, "from")),
        to: checked.optional("to", given(request, "to")),
    };
    checked.extend(filter.validate());
    if checked.is_ok() { Ok(filter) } else { Err(Problem::Invalid(checked.into_errors())) }
}
