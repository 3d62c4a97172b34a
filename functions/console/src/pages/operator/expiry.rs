//! Accounts with clients whose credentials end within 30 days.

use super::accounts::{accounts, path};
use super::attention::{next, position};
use super::frame;
use crate::error::ConsoleError;
use crate::frame::{Frame, display_name};
use crate::operator_request::OperatorRequest;
use crate::pages::clients::badges;
use crate::pages::parts::time::Instant;
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use shared::services::accounts::{ClientEndingSoon, EndingAccount};
use std::sync::Arc;

/// A client.
struct ClientRow {
    name: String,
    href: String,
    ends: Instant,
    last_used: String,
}

/// An account.
struct AccountRow {
    name: String,
    id: String,
    href: String,
    clients: Vec<ClientRow>,
    /// How many more there are, and where.
    more: Option<(String, String)>,
    as_of: Instant,
}

#[derive(Template)]
#[template(path = "operator/expiry.html")]
struct ExpiryPage<'a> {
    frame: Frame<'a>,
    rows: Vec<AccountRow>,
    path: &'a str,
    is_first: bool,
    next: Option<String>,
}

/// `GET /console/operator/expiry`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    request: OperatorRequest,
) -> Result<Response, ConsoleError> {
    let accounts = accounts(&state, &request)?;
    let after = position(&state, &request).await?;
    let page = accounts.ending_soon(after.as_ref()).await?;
    let next = next(&state, &request, page.next).await?;
    let page = ExpiryPage {
        frame: frame(&state, &request, request.texts.get("ends-soon-title")),
        rows: page.items.into_iter().map(|found| row(&request, found)).collect(),
        path: &request.path,
        is_first: after.is_none(),
        next,
    };
    Ok(respond::page(&page))
}

fn row(request: &OperatorRequest, found: EndingAccount) -> AccountRow {
    let (texts, now) = (request.texts, request.audit_context.now);
    let EndingAccount { account, ends, clients } = found;
    let id = account.account_id.to_string();
    let client = |ending: &ClientEndingSoon| {
        let client = &ending.client;
        ClientRow {
            name: display_name(&client.client_name),
            href: format!("/console/accounts/{id}/clients/{}", client.client_id),
            ends: Instant::new(texts, ending.ends_at, now),
            last_used: badges::used_on(texts, client.last_used_on(), now),
        }
    };
    let hidden = ends.total.saturating_sub(ends.first.len() as u64);
    let list = format!("/console/accounts/{id}/clients?ends=30&sort=ends");
    AccountRow {
        name: display_name(&account.account_name),
        href: path(&id, ""),
        clients: clients.iter().map(client).collect(),
        more: (hidden > 0).then(|| (texts.count("ends-more", hidden), list)),
        as_of: Instant::new(texts, ends.computed_at, now),
        id,
    }
}
