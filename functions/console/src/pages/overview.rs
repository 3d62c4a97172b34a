//! The first page of an account: what needs attention, what ends next, what was refused lately, and where to start.

use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::frame::{Frame, display_name};
use crate::pages::clients::{activity, badges, new};
use crate::pages::expiry::table;
use crate::pages::parts::time::Instant;
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use shared::domain::account::Status;
use shared::domain::client::Client;
use shared::domain::client::attention::Attention;
use shared::domain::management::ManagementScope;
use shared::domain::oauth::refusal::ClientRefusal;
use shared::domain::reminder::ExpiringCredential;
use shared::services::clients::{AttentionInputs, ClientFilter, Expiry};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The most clients that are looked at. The page of an account of more says that these are the newest.
const MAX_CLIENTS: usize = 1_000;

/// Ends that are shown.
const MAX_ENDS: usize = 5;

/// Refusals that are shown.
const MAX_REFUSALS: usize = 5;

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
    /// The credential.
    what: String,
    ends: Instant,
    last_used: String,
    /// URL of the page on which it is renewed.
    renew: Option<String>,
}

/// A client that was refused in the last 24 hours.
struct RefusalRow {
    name: String,
    /// URL of the page that says what to do.
    href: String,
    reason: String,
    last: Instant,
}

#[derive(Template)]
#[template(path = "overview.html")]
struct OverviewPage<'a> {
    frame: Frame<'a>,
    clients: usize,
    is_truncated: bool,
    reasons: Vec<ReasonRow>,
    ends: Vec<EndRow>,
    refusals: Vec<RefusalRow>,
    /// How many more reasons and clients there are than are shown.
    more_refusals: usize,
    /// URL of what ends.
    expiry: String,
    /// Whether no one gets e-mails about what ends.
    is_unread: bool,
    list: String,
    new_client: Option<String>,
    /// The kinds of client, if there is no client and the person may create one: URL, name, and what it is for.
    kinds: Vec<[String; 3]>,
    issuer: &'a str,
}

/// `GET /console/accounts/{account_id}`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let reader = request.clients(&state)?;
    let active = ClientFilter { status: Some(Status::Active), ..ClientFilter::default() };
    let listing = async {
        let inputs = reader.attention_inputs_without_mail(&request.person.member).await?;
        let page = reader.list(&active, &inputs, MAX_CLIENTS, None).await?;
        Ok((inputs, page))
    };
    let ((inputs, page), refused) = tokio::try_join!(listing, reader.account_refusals())?;
    let schedule = &state.app().config.reminder_days;
    let ends = reader.next_ends(page.items.clone(), schedule, MAX_ENDS).await?;
    let is_unread = !page.items.is_empty() && page.items.iter().all(|client| !inputs.has_recipients(client));
    let can_manage = request.may(ManagementScope::ClientsManage);
    let kinds =
        if page.items.is_empty() && can_manage { new::kinds(&state, &request).await? } else { Vec::new() };
    let overview = OverviewPage {
        kinds,
        is_unread,
        frame: Frame::in_account(&state, &request, request.texts.get("nav-overview")),
        clients: page.items.len(),
        is_truncated: page.next.is_some(),
        reasons: reasons(&request, &page.items, &inputs),
        ends: ends.iter().map(|end| end_row(&request, end)).collect(),
        more_refusals: refused.len().saturating_sub(MAX_REFUSALS),
        refusals: refused
            .iter()
            .take(MAX_REFUSALS)
            .map(|one| refusal_row(&request, &page.items, one))
            .collect(),
        expiry: request.url("/expiries"),
        list: request.url("/clients"),
        new_client: can_manage.then(|| request.url("/clients/new")),
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

fn end_row(request: &AccountRequest, end: &Expiry) -> EndRow {
    let (texts, now) = (request.texts, request.audit_context.now);
    let client = request.url(&format!("/clients/{}", end.client_id));
    let page = match end.credential {
        ExpiringCredential::Secret { .. } => "credentials/rotate",
        ExpiringCredential::Certificate { .. } => "credentials/keys",
    };
    EndRow {
        name: display_name(&end.client_name),
        what: table::what(texts, end),
        ends: Instant::new(texts, end.expires_at, now),
        last_used: badges::used_on(texts, end.last_used_on, now),
        renew: request.may(ManagementScope::ClientsManage).then(|| format!("{client}/{page}")),
        href: client,
    }
}

/// A refusal of a client, by its name if it is among these clients.
fn refusal_row(request: &AccountRequest, clients: &[Client], refused: &ClientRefusal) -> RefusalRow {
    let (texts, now) = (request.texts, request.audit_context.now);
    let client = clients.iter().find(|client| client.client_id == refused.client_id);
    RefusalRow {
        name: client.map_or_else(
            || refused.client_id.as_str().to_owned(),
            |client| display_name(&client.client_name),
        ),
        href: request.url(&format!("/clients/{}/activity", refused.client_id)),
        reason: activity::reason_in_words(texts, &refused.refusal.reason),
        last: Instant::new(texts, refused.refusal.last_hour, now),
    }
}
