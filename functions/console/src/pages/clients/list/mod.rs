//! The list of an account's clients.

pub mod export;
pub mod query;

use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::frame::{Frame, Link, display_name};
use crate::pages::clients::badges::{self, StatusBadge};
use crate::pages::clients::list::query::{Choice, ListQuery, MORE, STATUS};
use crate::pages::clients::new;
use crate::pages::parts::time::Instant;
use crate::paging::{PAGE_SIZE, Trail};
use crate::respond::{self, with_query};
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use shared::domain::client::Client;
use shared::domain::client::attention::Attention;
use shared::domain::management::ManagementScope;
use shared::services::clients::{AttentionInputs, ClientOrder, SignInMeans};
use shared::texts::Texts;
use std::sync::Arc;

/// A client in the list.
struct ClientRow {
    name: String,
    client_id: String,
    status: StatusBadge,
    /// The worst reason for attention, and how many more there are.
    attention: Option<(String, usize)>,
    signs_in_with: String,
    has_secret: bool,
    ends: Option<Instant>,
    last_used: String,
}

/// A choice of the form above the list.
struct Select {
    name: &'static str,
    label: String,
    options: Vec<(&'static str, String)>,
    chosen: String,
}

#[derive(Template)]
#[template(path = "clients/list.html")]
struct ListPage<'a> {
    frame: Frame<'a>,
    path: &'a str,
    query: &'a ListQuery,
    selects: Vec<Select>,
    more: Vec<Select>,
    rows: Vec<ClientRow>,
    /// Whether the person may change clients.
    may_manage: bool,
    is_sorted: bool,
    /// What is said about clients that are hidden since they are disabled.
    hidden: Option<String>,
    /// URL of the list with those that are disabled.
    all: String,
    /// URL and name of the page before.
    back: Option<Link>,
    /// Which entries of the list the page has.
    range: String,
    /// URL and name of the next page.
    next: Option<Link>,
    /// URL of the list as CSV.
    csv: String,
    /// URL of the form of a new client.
    new_client: Option<String>,
    /// The kinds of client, if there is no client and the person may create one.
    kinds: Vec<new::KindCard>,
}

impl ListPage<'_> {
    /// Whether the account has no clients at all, as far as this page can tell.
    fn is_empty(&self) -> bool {
        let is_only_page = self.back.is_none() && self.next.is_none();
        self.rows.is_empty() && !self.query.is_filtered() && is_only_page && self.hidden.is_none()
    }
}

/// `GET /console/accounts/{account_id}/clients`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let clients = request.clients(&state)?;
    let query = ListQuery::parse(&request.query);
    let (app, now, texts) = (state.app(), request.audit_context.now, request.texts);
    let first_page = query.first_page(None);
    let purpose = format!("{}?{first_page}", request.path);
    let trail = Trail::open(app, &purpose, query.after.as_deref(), now).await?;
    let after = trail.after();
    let inputs = clients.attention_inputs_without_mail(&request.person.member).await?;
    let (filter, order) = (query.filter(), query.order());
    let list = clients.list_in_order(&filter, &inputs, order, PAGE_SIZE, after.as_ref()).await?;
    let is_whole = after.is_none() && list.page.next.is_none();
    let shown = list.page.items.len();
    let next = match &list.page.next {
        Some(next) => trail.on(next, shown).seal(app, &purpose, now).await?,
        None => None,
    };
    let back = trail.back().seal(app, &purpose, now).await?;
    let url = |position: Option<&str>| with_query(&request.path, &query.at(position));
    let is_newest_first = order == ClientOrder::Newest || !list.is_sorted;
    let (back_id, next_id) =
        if is_newest_first { ("newer-page", "older-page") } else { ("previous-page", "next-page") };
    let mut page = ListPage {
        frame: Frame::in_account(&state, &request, texts.get("clients-title")),
        path: &request.path,
        selects: vec![select(texts, &query, &STATUS), reasons(texts, &query)],
        more: MORE.iter().map(|choice| select(texts, &query, choice)).collect(),
        rows: list.page.items.iter().map(|client| row(&request, client, &inputs)).collect(),
        may_manage: request.may(ManagementScope::ClientsManage),
        is_sorted: list.is_sorted,
        hidden: hidden(texts, list.hidden, is_whole),
        all: with_query(&request.path, &query.first_page(Some("all"))),
        back: after.is_some().then(|| Link { href: url(back.as_deref()), text: texts.get(back_id) }),
        range: format!("{}–{}", trail.entries_before() + 1, trail.entries_before() + shown),
        next: next.map(|next| Link { href: url(Some(&next)), text: texts.get(next_id) }),
        csv: with_query(&request.url("/clients.csv"), &first_page),
        new_client: request.may(ManagementScope::ClientsManage).then(|| request.url("/clients/new")),
        query: &query,
        kinds: Vec::new(),
    };
    if page.is_empty() && page.may_manage {
        page.kinds = new::kinds(&state, &request).await?;
    }
    Ok(respond::page(&page))
}

/// How many clients are hidden is known only if all were read.
fn hidden(texts: Texts, clients: usize, is_whole: bool) -> Option<String> {
    if clients == 0 {
        return None;
    }
    let count = u64::try_from(clients).unwrap_or(u64::MAX);
    Some(if is_whole { texts.count("disabled-hidden", count) } else { texts.get("disabled-are-hidden") })
}

fn select(texts: Texts, query: &ListQuery, choice: &Choice) -> Select {
    Select {
        name: choice.name,
        label: texts.get(choice.label),
        options: choice.values.iter().map(|(value, text)| (*value, texts.get(text))).collect(),
        chosen: query.value(choice).to_owned(),
    }
}

fn reasons(texts: Texts, query: &ListQuery) -> Select {
    // Whether reminders wait depends on mails, which the list does not read.
    let listed = Attention::ALL.iter().filter(|reason| **reason != Attention::MailDeferred);
    let listed = listed.map(|reason| (reason.as_str(), badges::attention_filter(texts, *reason)));
    let general = [("", texts.get("attention-filter-all")), ("any", texts.get("attention-filter-any"))];
    Select {
        name: "attention",
        label: texts.get("filter-attention"),
        options: general.into_iter().chain(listed).collect(),
        chosen: query.attention.clone(),
    }
}

fn row(request: &AccountRequest, client: &Client, inputs: &AttentionInputs) -> ClientRow {
    let (texts, now) = (request.texts, request.audit_context.now);
    let reasons = inputs.of(client);
    let worst = reasons.first().map(|reason| badges::attention(texts, client, *reason, now));
    ClientRow {
        name: display_name(&client.client_name),
        client_id: client.client_id.to_string(),
        status: StatusBadge::of(client),
        attention: worst.map(|worst| (worst, reasons.len() - 1)),
        signs_in_with: badges::signs_in_with(texts, client),
        has_secret: SignInMeans::of(client) == SignInMeans::Secret,
        ends: client.next_end(now).map(|at| Instant::new(texts, at, now)),
        last_used: badges::in_use_on(texts, client.last_used_on(), now),
    }
}
