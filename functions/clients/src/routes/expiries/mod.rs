//! What ends in an account.

mod response;

use crate::pagination::{PageParams, PageRequest, PageResponse, next_page};
use crate::path_params::PathParams;
use crate::problem::{Problem, ProblemDocument};
use crate::request_context::RequestContext;
use crate::response::{calendar, csv, json};
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use jiff::civil::Date;
use response::ExpiryResponse;
use shared::app::ManagementState;
use shared::domain::primitives::display_text::Name;
use shared::services::clients::{ClientReader, EXPIRY_COLUMNS, Expiry, ExpiryQuery, last_date};
use shared::texts::Texts;
use shared::web::expiry_calendar::{self, CalendarEnd, MAX_EVENTS};
use shared::wire;
use std::borrow::Cow;
use std::iter;
use std::sync::Arc;

/// List the secrets and certificates of an account's enabled clients that end until a date, the soonest first; what has
/// expired stays for 30 days. As JSON; as CSV by `Accept: text/csv`, with the next page in `Link`; or the first 500 as a
/// calendar (RFC 5545) by `Accept: text/calendar`. Of accounts with more than 5,000 clients, the newest 5,000 count.
#[utoipa::path(
    get, path = "/v1/accounts/{account_id}/expiries", tag = "clients", operation_id = "list_expiries",
    params(
        ("account_id" = String, Path), PageParams,
        ("until" = Option<String>, Query, description = "the last date (UTC), such as 2026-12-31: from today to 366 days \
         ahead; 90 days ahead if absent")
    ),
    security(("latchkey" = ["clients:read"])),
    responses(
        (status = 200, content(
            (PageResponse<ExpiryResponse> = "application/json"), (String = "text/csv"), (String = "text/calendar")
        )),
        (status = 404, body = ProblemDocument)
    )
)]
pub async fn list(
    State(state): State<Arc<ManagementState>>,
    PathParams(account_id): PathParams<String>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let clients = ClientReader::authorize(ctx.management(&state), &account_id)?;
    let request = PageRequest::read(&state.app, &ctx, &["until"]).await?;
    let requested = request.filters.get("until").map(|date| date.parse::<Date>());
    let requested =
        requested.transpose().map_err(|_| Problem::field("until", "must be a date such as 2026-12-31"))?;
    let until = last_date(requested, ctx.now).map_err(|error| Problem::field("until", error.to_string()))?;
    let query = ExpiryQuery { until, schedule: &state.app.config.reminder_days, history_days: 0 };
    if wire::calendar::is_preferred(&ctx.accept) {
        let page = clients.expiries(query, MAX_EVENTS, None).await?.page;
        return Ok(calendar(in_calendar(&state, &clients.account().await?.account_name, &page.items, &ctx)));
    }
    let page = clients.expiries(query, request.limit.into(), request.after.as_ref()).await?.page;
    if !wire::csv::is_preferred(&ctx.accept) {
        let page = request.response(&state.app, &ctx, page, ExpiryResponse::from).await?;
        return Ok(json(StatusCode::OK, &page));
    }
    let (rows, next_cursor) = request.response(&state.app, &ctx, page, |row| row).await?.into_parts();
    let next = next_cursor.map(|cursor| next_page(&ctx, &cursor));
    let rows = rows.iter().map(|row| row.cells().map(Cow::Owned).to_vec());
    let names = EXPIRY_COLUMNS.map(Cow::Borrowed).to_vec();
    Ok(csv(wire::csv::document(iter::once(names).chain(rows)), next.as_deref()))
}

fn in_calendar(state: &ManagementState, account: &Name, rows: &[Expiry], ctx: &RequestContext) -> String {
    let config = &state.app.config;
    let host = config.issuer.split_once("://").map_or(config.issuer.as_str(), |(_, host)| host);
    let uids: Vec<String> = rows.iter().map(Expiry::uid).collect();
    let ends = rows.iter().zip(&uids).map(|(row, uid)| CalendarEnd {
        uid,
        client_name: &row.client_name,
        credential: &row.credential,
        expires_at: row.expires_at,
    });
    expiry_calendar::document(Texts::of(config.locale), account, host, ctx.now, ends)
}
