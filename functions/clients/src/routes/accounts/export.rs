//! Exporting an account as lines of JSON.

use super::response::AccountResponse;
use crate::pagination::{PageParams, PageRequest};
use crate::path_params::PathParams;
use crate::problem::{Problem, ProblemDocument};
use crate::request_context::RequestContext;
use crate::routes::clients::response::ClientResponse;
use crate::routes::consents::response::ConsentResponse;
use crate::routes::members::response::MemberResponse;
use crate::routes::secrets::response::SecretResponse;
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderValue, header};
use jiff::Timestamp;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use shared::app::ManagementState;
use shared::domain::primitives::ids::ClientId;
use shared::services::accounts::{Accounts, ExportPage, ExportedClient};
use std::sync::Arc;

/// One line of an export.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Line {
    Account(AccountResponse),
    Member(MemberResponse),
    Client(Box<ClientResponse>),
    Secret {
        client_id: ClientId,
        #[serde(flatten)]
        secret: SecretResponse,
    },
    Consent {
        client_id: ClientId,
        #[serde(flatten)]
        consent: ConsentResponse,
    },
}

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
    let mut response = Response::new(Body::from(lines(page, &state.app.config.issuer, ctx.now)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson"));
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

fn lines(page: ExportPage, issuer: &str, now: Timestamp) -> Vec<u8> {
    let mut text = Vec::new();
    let mut add = |line: &Line| {
        text.extend(serde_json::to_vec(line).unwrap_or_default());
        text.push(b'\n');
    };
    if let Some(account) = page.account {
        add(&Line::Account(account.into()));
    }
    for member in page.members {
        add(&Line::Member(MemberResponse::new(member, &page.mail, now)));
    }
    if let Some(inputs) = page.inputs {
        for ExportedClient { client, secrets, consents } in page.clients {
            let client_id = client.client_id.clone();
            add(&Line::Client(Box::new(ClientResponse::new(client, issuer, &inputs))));
            for secret in secrets {
                add(&Line::Secret { client_id: client_id.clone(), secret: SecretResponse::new(secret, now) });
            }
            for consent in consents {
                add(&Line::Consent { client_id: client_id.clone(), consent: consent.into() });
            }
        }
    }
    text
}
