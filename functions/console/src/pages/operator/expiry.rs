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
use shared::domain::client::SecretSummary;
use shared::domain::primitives::visible_text::without_hidden_characters;
use shared::services::accounts::{ClientEndingSoon, EndingAccount};
use shared::texts::Texts;
use std::sync::Arc;

/// A client.
struct ClientRow {
    name: String,
    /// The credential that ends.
    what: String,
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
            what: what(texts, ending),
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

/// What of a client ends: a secret, with what people call it, or its certificate.
fn what(texts: Texts, ending: &ClientEndingSoon) -> String {
    let ends = |secret: &&SecretSummary| secret.expires_at == ending.ends_at;
    let Some(secret) = ending.client.secrets.iter().find(ends) else {
        return texts.get("audit-certificate");
    };
    let is_only = ending.client.secrets.len() < 2;
    match &secret.label {
        Some(label) => {
            format!("{}: {}", texts.get("ends-soon-secret"), without_hidden_characters(label.as_str()))
        }
        None if is_only => texts.get("ends-soon-secret"),
        None => texts.get("ends-soon-one-secret"),
    }
}
