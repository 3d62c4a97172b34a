//! The list of an account's clients.

use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::frame::{Frame, display_name};
use crate::pages::clients::badges::{self, StatusBadge};
use crate::pages::clients::list_query::{ListQuery, StatusChoice};
use crate::pages::time::Instant;
use crate::state::ConsoleState;
use crate::{paging, respond};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use shared::domain::client::Client;
use shared::domain::client::attention::Attention;
use shared::services::clients::{AttentionInputs, ClientReader};
use shared::texts::Texts;
use std::sync::Arc;

/// A client in the list.
struct ClientRow {
    href: String,
    name: String,
    client_id: String,
    status: StatusBadge,
    /// The worst reason for attention, and how many more there are.
    attention: Option<(String, usize)>,
    signs_in_with: String,
    ends: Option<Instant>,
    last_used: String,
}

#[derive(Template)]
#[template(path = "clients/list.html")]
struct ListPage<'a> {
    frame: Frame<'a>,
    path: &'a str,
    query: &'a ListQuery,
    statuses: Vec<(&'static str, String)>,
    reasons: Vec<(&'static str, String)>,
    rows: Vec<ClientRow>,
    /// URL of the older entries.
    older: Option<String>,
}

impl ListPage<'_> {
    /// Whether the account has no clients at all, as far as this page can tell.
    fn is_empty(&self) -> bool {
        self.rows.is_empty() && !self.query.is_filtered() && self.older.is_none()
    }
}

/// `GET /console/accounts/{account_id}/clients`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let clients = ClientReader::authorize(request.management(&state), request.account.account_id.as_str())?;
    let query = ListQuery::parse(&request.query);
    let (app, now, texts) = (state.app(), request.audit_context.now, request.texts);
    let purpose = format!("{} {:?}", request.path, query.filters());
    let after = paging::open(app, &purpose, query.after.as_deref(), now).await?;
    let inputs = clients.attention_inputs_without_mail().await?;
    let page = clients.list(&query.filter(), &inputs, paging::PAGE_SIZE, after.as_ref()).await?;
    let older = paging::seal(app, &purpose, page.next, now).await?;
    let rows = page.items.iter().map(|client| row(&request, client, &inputs)).collect();
    let list = ListPage {
        frame: Frame::in_account(&state, &request, texts.get("clients-title")),
        path: &request.path,
        statuses: StatusChoice::all().map(|choice| (choice.as_str(), texts.get(choice.text_id()))).collect(),
        reasons: reasons(texts),
        rows,
        older: older.map(|position| format!("{}?{}", request.path, query.with_position(&position))),
        query: &query,
    };
    Ok(respond::page(&list))
}

fn reasons(texts: Texts) -> Vec<(&'static str, String)> {
    let name = |reason: &Attention| (reason.as_str(), badges::attention_filter(texts, *reason));
    // Whether reminders wait depends on mails, which the list does not read.
    let listed = Attention::ALL.iter().filter(|reason| **reason != Attention::MailDeferred);
    listed.map(name).collect()
}

fn row(request: &AccountRequest, client: &Client, inputs: &AttentionInputs) -> ClientRow {
    let (texts, now) = (request.texts, request.audit_context.now);
    let reasons = inputs.of(client);
    let worst = reasons.first().map(|reason| badges::attention(texts, client, *reason, now));
    ClientRow {
        href: request.url(&format!("/clients/{}", client.client_id)),
        name: display_name(&client.client_name),
        client_id: client.client_id.to_string(),
        status: StatusBadge::of(client),
        attention: worst.map(|worst| (worst, reasons.len() - 1)),
        signs_in_with: badges::signs_in_with(texts, client),
        ends: badges::next_end(client, now).map(|at| Instant::new(texts, at, now)),
        last_used: badges::used_on(texts, client.last_used_on(), now),
    }
}
