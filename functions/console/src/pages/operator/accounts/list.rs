//! The list of accounts, and the search for them.

use super::{accounts, path};
use crate::error::ConsoleError;
use crate::frame::navigation::OPERATOR_ROOT;
use crate::frame::{Frame, display_name};
use crate::operator_request::OperatorRequest;
use crate::pages::operator;
use crate::pages::parts::time::Instant;
use crate::paging::{PagedList, Pager};
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use shared::domain::account::Status;
use shared::services::accounts::FoundAccount;
use std::sync::Arc;

/// The longest text that is looked for, in characters.
const MAX_TEXT: usize = 254;

/// An account in the list.
struct AccountRow {
    name: String,
    id: String,
    href: String,
    is_active: bool,
    clients: Option<u64>,
    needing_attention: Option<u64>,
    next_end: Option<Instant>,
    /// The client that was looked for, and its page.
    client: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "operator/accounts/list.html")]
struct ListPage<'a> {
    frame: Frame<'a>,
    text: String,
    rows: Vec<AccountRow>,
    new: String,
    path: &'a str,
    pager: Pager,
}

/// `GET /console/operator/accounts?q=`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    request: OperatorRequest,
) -> Result<Response, ConsoleError> {
    let accounts = accounts(&state, &request)?;
    let query = form_urlencoded::parse(request.query.as_bytes()).find(|(name, _)| name == "q");
    let text: String =
        query.map(|(_, text)| text.trim().chars().take(MAX_TEXT).collect()).unwrap_or_default();
    let searched = [("q", text.as_str())];
    let list = PagedList::open(&state, &request, if text.is_empty() { &[] } else { &searched }).await?;
    let after = list.after.as_ref();
    let found = if text.is_empty() {
        accounts.list_with_numbers(after).await?
    } else {
        accounts.search(&text, after).await?
    };
    let page = ListPage {
        frame: operator::frame(&state, &request, request.texts.get("nav-operator-accounts")),
        rows: found.items.into_iter().map(|found| row(&request, found)).collect(),
        new: format!("{OPERATOR_ROOT}/accounts/new"),
        path: &request.path,
        pager: list.pager(found.next).await?,
        text,
    };
    Ok(respond::page(&page))
}

fn row(request: &OperatorRequest, found: FoundAccount) -> AccountRow {
    let (texts, now) = (request.texts, request.audit_context.now);
    let (account, summary) = (found.row.account, found.row.summary);
    let id = account.account_id.to_string();
    let client = |client: &str| (client.to_owned(), format!("/console/accounts/{id}/clients/{client}"));
    let next_end = summary.as_ref().and_then(|summary| summary.next_end).filter(|at| *at > now);
    AccountRow {
        name: display_name(&account.account_name),
        href: path(&id, ""),
        is_active: account.status == Status::Active,
        clients: found.row.usage.map(|usage| usage.clients),
        needing_attention: summary.map(|summary| summary.needing_attention),
        next_end: next_end.map(|at| Instant::new(texts, at, now)),
        client: found.client.map(|id| client(id.as_str())),
        id,
    }
}
