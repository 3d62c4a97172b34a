//! The first page of an account: what needs attention, what ends next, what was refused lately, and where to start.

use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::frame::{Frame, Link, display_name};
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
use shared::services::clients::{AttentionInputs, Expiry};
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

/// No one gets e-mails about what ends.
struct Unread {
    /// Where this person may change that.
    remedy: Option<Link>,
}

#[derive(Template)]
#[template(path = "overview.html")]
struct OverviewPage<'a> {
    frame: Frame<'a>,
    /// How many clients are active.
    clients: usize,
    /// How many others there are, if none is active.
    disabled: usize,
    is_truncated: bool,
    reasons: Vec<ReasonRow>,
    ends: Vec<EndRow>,
    refusals: Vec<RefusalRow>,
    /// How many more reasons and clients there are than are shown.
    more_refusals: usize,
    /// URL of what ends.
    expiry: String,
    unread: Option<Unread>,
    list: String,
    new_client: Option<String>,
    /// The kinds of client, if there is no client and the person may create one.
    kinds: Vec<new::KindCard>,
    /// What a program and an API need to know: the name of each value, and the value.
    values: [(String, String); 3],
}

impl OverviewPage<'_> {
    /// Whether the account has no clients at all.
    const fn is_first_run(&self) -> bool {
        self.clients == 0 && self.disabled == 0 && !self.is_truncated
    }
}

/// `GET /console/accounts/{account_id}`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let reader = request.clients(&state)?;
    let (inputs, all, refused) = tokio::try_join!(
        reader.attention_inputs_without_mail(&request.person.member),
        reader.newest(MAX_CLIENTS),
        reader.account_refusals(),
    )?;
    let refusals = refused.iter().take(MAX_REFUSALS);
    let refusals = refusals.map(|one| refusal_row(&request, &all.items, one)).collect();
    let (active, others): (Vec<Client>, Vec<Client>) =
        all.items.into_iter().partition(|client| client.status == Status::Active);
    let schedule = &state.app().config.reminder_days;
    let ends = reader.next_ends(active.clone(), schedule, MAX_ENDS).await?;
    let is_unread = !active.is_empty() && active.iter().all(|client| !inputs.has_recipients(client));
    let can_manage = request.may(ManagementScope::ClientsManage);
    let disabled = if active.is_empty() { others.len() } else { 0 };
    let has_none = active.is_empty() && disabled == 0;
    let kinds = if has_none && can_manage { new::kinds(&state, &request).await? } else { Vec::new() };
    let overview = OverviewPage {
        kinds,
        disabled,
        unread: is_unread.then(|| Unread { remedy: unread_remedy(&request) }),
        frame: Frame::in_account(&state, &request, request.texts.get("nav-overview")),
        clients: active.len(),
        is_truncated: all.next.is_some(),
        reasons: reasons(&request, &active, &inputs),
        ends: ends.iter().map(|end| end_row(&request, end)).collect(),
        more_refusals: refused.len().saturating_sub(MAX_REFUSALS),
        refusals,
        expiry: request.url("/expiries"),
        list: request.url("/clients"),
        new_client: can_manage.then(|| request.url("/clients/new")),
        values: values(&request, &state.app().config.issuer),
    };
    Ok(respond::page(&overview))
}

/// Where the person may see to it that someone gets e-mails about what ends.
fn unread_remedy(request: &AccountRequest) -> Option<Link> {
    let texts = request.texts;
    if request.may(ManagementScope::MembersManage) {
        return Some(Link { href: request.url("/members/new"), text: texts.get("no-recipients-add") });
    }
    // Members who manage clients get them, unless they have chosen otherwise.
    let is_own_choice = request.may(ManagementScope::ClientsManage) && !request.is_as_operator();
    is_own_choice.then(|| Link { href: "/console/me".to_owned(), text: texts.get("no-recipients-own") })
}

/// What a program and an API need to know.
fn values(request: &AccountRequest, issuer: &str) -> [(String, String); 3] {
    [
        ("token-url", format!("{issuer}/oauth/token")),
        ("keys-url", format!("{issuer}/.well-known/jwks.json")),
        ("issuer", issuer.to_owned()),
    ]
    .map(|(name, value)| (request.texts.get(name), value))
}

/// The reasons for attention, the worst first.
fn reasons(request: &AccountRequest, clients: &[Client], inputs: &AttentionInputs) -> Vec<ReasonRow> {
    let mut counts: BTreeMap<Attention, usize> = BTreeMap::new();
    for reason in clients.iter().flat_map(|client| inputs.of(client)) {
        *counts.entry(reason).or_default() += 1;
    }
    let row = |(reason, clients): (Attention, usize)| ReasonRow {
        text: badges::attention_filter(request.texts, reason),
        clients,
        href: request.url(&format!("/clients?attention={}", reason.as_str())),
    };
    counts.into_iter().map(row).collect()
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
