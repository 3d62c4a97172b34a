//! The first page of an account: what needs attention, what ends next, and where to start.

use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::frame::{Frame, display_name};
use crate::pages::clients::badges;
use crate::pages::parts::time::Instant;
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use shared::domain::account::Status;
use shared::domain::client::Client;
use shared::domain::client::attention::Attention;
use shared::domain::management::ManagementScope;
use shared::services::clients::{AttentionInputs, ClientFilter};
use shared::texts::Texts;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The most clients that are looked at. The page of an account of more says that these are the newest.
const MAX_CLIENTS: usize = 1_000;

/// Ends that are shown.
const MAX_ENDS: usize = 5;

/// A reason for attention, and how many clients have it.
struct ReasonRow {
    text: String,
    clients: usize,
    href: String,
}

/// A credential that ends.
struct EndRow {
    name: String,
    href: String,
    ends: Instant,
    last_used: String,
}

#[derive(Template)]
#[template(path = "overview.html")]
struct OverviewPage<'a> {
    frame: Frame<'a>,
    clients: usize,
    is_truncated: bool,
    reasons: Vec<ReasonRow>,
    ends: Vec<EndRow>,
    /// Whether no one gets e-mails about what ends.
    is_unread: bool,
    list: String,
    new_client: Option<String>,
    issuer: &'a str,
}

/// `GET /console/accounts/{account_id}`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let reader = request.clients(&state)?;
    let inputs = reader.attention_inputs_without_mail(&request.person.member).await?;
    let active = ClientFilter { status: Some(Status::Active), ..ClientFilter::default() };
    let page = reader.list(&active, &inputs, MAX_CLIENTS, None).await?;
    let is_unread = !page.items.is_empty() && page.items.iter().all(|client| !inputs.has_recipients(client));
    let overview = OverviewPage {
        is_unread,
        frame: Frame::in_account(&state, &request, request.texts.get("nav-overview")),
        clients: page.items.len(),
        is_truncated: page.next.is_some(),
        reasons: reasons(&request, &page.items, &inputs),
        ends: next_ends(&request, &page.items),
        list: request.url("/clients"),
        new_client: request.may(ManagementScope::ClientsManage).then(|| request.url("/clients/new")),
        issuer: &state.app().config.issuer,
    };
    Ok(respond::page(&overview))
}

/// The reasons for attention, in the order in which they are worst.
fn reasons(request: &AccountRequest, clients: &[Client], inputs: &AttentionInputs) -> Vec<ReasonRow> {
    let mut counts: BTreeMap<&'static str, (Attention, usize)> = BTreeMap::new();
    for reason in clients.iter().flat_map(|client| inputs.of(client)) {
        counts.entry(reason.as_str()).or_insert((reason, 0)).1 += 1;
    }
    let found = Attention::ALL.iter().filter_map(|reason| counts.get(reason.as_str()));
    let row = |(reason, clients): &(Attention, usize)| ReasonRow {
        text: badges::attention_filter(request.texts, *reason),
        clients: *clients,
        href: request.url(&format!("/clients?attention={}", reason.as_str())),
    };
    found.map(row).collect()
}

fn next_ends(request: &AccountRequest, clients: &[Client]) -> Vec<EndRow> {
    let now = request.audit_context.now;
    let mut ends: Vec<(Timestamp, &Client)> =
        clients.iter().filter_map(|client| Some((client.next_end(now)?, client))).collect();
    ends.sort_by_key(|(at, _)| *at);
    ends.into_iter().take(MAX_ENDS).map(|(at, client)| end_row(request, at, client)).collect()
}

fn end_row(request: &AccountRequest, at: Timestamp, client: &Client) -> EndRow {
    let (texts, now): (Texts, Timestamp) = (request.texts, request.audit_context.now);
    EndRow {
        name: display_name(&client.client_name),
        href: request.url(&format!("/clients/{}", client.client_id)),
        ends: Instant::new(texts, at, now),
        last_used: badges::used_on(texts, client.last_used_on(), now),
    }
}
