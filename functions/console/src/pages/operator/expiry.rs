//! Accounts with clients whose credentials end within 30 days.

use super::accounts::{AccountHead, accounts};
use super::frame;
use crate::error::ConsoleError;
use crate::frame::{Frame, display_name};
use crate::operator_request::OperatorRequest;
use crate::pages::clients::badges;
use crate::pages::parts::time::Instant;
use crate::paging::{PagedList, Pager};
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
    head: AccountHead,
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
    pager: Pager,
}

/// `GET /console/operator/expiry`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    request: OperatorRequest,
) -> Result<Response, ConsoleError> {
    let accounts = accounts(&state, &request)?;
    let list = PagedList::open(&state, &request, &[]).await?;
    let found = accounts.ending_soon(list.after.as_ref()).await?;
    let page = ExpiryPage {
        frame: frame(&state, &request, request.texts.get("ends-soon-title")),
        rows: found.items.into_iter().map(|found| row(&request, found)).collect(),
        pager: list.pager(found.next).await?,
    };
    Ok(respond::page(&page))
}

fn row(request: &OperatorRequest, found: EndingAccount) -> AccountRow {
    let (texts, now) = (request.texts, request.audit_context.now);
    let EndingAccount { account, ends, clients } = found;
    let id = &account.account_id;
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
        head: AccountHead::new(&account),
        clients: clients.iter().map(client).collect(),
        more: (hidden > 0).then(|| (texts.count("ends-more", hidden), list)),
        as_of: Instant::new(texts, ends.computed_at, now),
    }
}
