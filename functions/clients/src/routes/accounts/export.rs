//! Exporting an account as lines of JSON.

use crate::pagination::{PageParams, PageRequest};
use crate::path_params::PathParams;
use crate::problem::{Problem, ProblemDocument};
use crate::request_context::RequestContext;
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderValue, header};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use shared::api::export;
use shared::app::ManagementState;
use shared::services::accounts::Accounts;
use std::sync::Arc;

/// Export an account: a line of JSON for the account, each member, client, secret (without its value) and consent. The
/// `Link` header leads to the next page (RFC 8288). The audit trail has a route of its own.
#[utoipa::path(
    get, path = "/v1/accounts/{account_id}/export", tag = "accounts",
    params(("account_id" = String, Path), PageParams),
    security(("latchkey" = ["accounts:manage"])),
    responses(
        (status = 200, description = "Lines of JSON, each with a `type`", body = String,
            content_type = "application/x-ndjson"),
        (status = 404, body = ProblemDocument)
    )
)]
pub async fn export(
    State(state): State<Arc<ManagementState>>,
    PathParams(account_id): PathParams<String>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let accounts = Accounts::authorize(ctx.management(&state))?;
    let request = PageRequest::read(&state.app, &ctx, &[]).await?;
    let mut page = accounts.export(&account_id, request.limit, request.after.as_ref()).await?;
    let cursor = request.seal(&state.app, &ctx, page.next.take()).await?;
    let config = &state.app.config;
    let lines = export::lines(page, &config.issuer, config.upstream.is_some(), ctx.now);
    let mut response = Response::new(Body::from(lines));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(export::MEDIA_TYPE));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(cursor) = cursor {
        let cursor = utf8_percent_encode(&cursor, NON_ALPHANUMERIC);
        let link = format!("<{}?limit={}&cursor={cursor}>; rel=\"next\"", ctx.path, request.limit);
        if let Ok(link) = HeaderValue::from_str(&link) {
            headers.insert(header::LINK, link);
        }
    }
    Ok(response)
}
