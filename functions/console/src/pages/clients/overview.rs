//! The page of one client.

use crate::account_request::{AccountRequest, MembersRequest};
use crate::error::ConsoleError;
use crate::frame::{Frame, FrameClient, Link, display_name};
use crate::pages::clients::badges;
use crate::pages::clients::permissions::words::scope_words;
use crate::pages::clients::status::ClientAction;
use crate::pages::clients::{client_tabs, frame_client, reminders};
use crate::pages::expiry::{self, timeline::Timeline};
use crate::pages::parts::time::Instant;
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use jiff::Timestamp;
use shared::adapters::store::MailHistory;
use shared::domain::client::Client;
use shared::domain::client::attention::Attention;
use shared::domain::client::permission::Permission;
use shared::domain::management::{self, ManagementScope};
use shared::domain::primitives::visible_text::without_hidden_characters;
use shared::services::clients::Expiry;
use shared::services::members::recipients::MailRecipients;
use shared::texts::Texts;
use std::sync::Arc;

/// A resource that a client may call.
struct PermissionRow {
    resource: String,
    /// Its service and its stage.
    place: Vec<String>,
    /// How many scopes, in words; `None` if it is used without any.
    number: Option<String>,
    scopes: Vec<String>,
}

/// The next reminder about a credential of the client.
struct NextReminder {
    at: Instant,
    people: String,
}

#[derive(Template)]
#[template(path = "clients/overview.html")]
struct OverviewPage<'a> {
    frame: Frame<'a>,
    /// Reasons for attention, each with the page that mends it.
    attention: Vec<(String, Option<Link>)>,
    description: String,
    website: Option<(&'a str, &'a str)>,
    permissions: Vec<PermissionRow>,
    signs_in_with: String,
    method: &'static str,
    ends: Option<Instant>,
    last_used: String,
    lifetime: String,
    allowed_ips: Vec<String>,
    contacts: Vec<String>,
    timeline: Option<Timeline>,
    next_reminder: Option<NextReminder>,
    created: Instant,
    /// URL of who created and changed it, for persons who may read the audit trail.
    changes: Option<String>,
    updated: Instant,
}

/// `GET /console/accounts/{account_id}/clients/{client_id}`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    Path((_, client_id)): Path<(String, String)>,
    MembersRequest { request, members }: MembersRequest,
) -> Result<Response, ConsoleError> {
    let clients = request.clients(&state)?;
    let (texts, now) = (request.texts, request.audit_context.now);
    let days = expiry::span_of_client(now).days_back(now);
    let (known, MailHistory { mail, sent }) =
        tokio::try_join!(clients.with_secrets(&client_id), clients.mail_history(days))?;
    let recipients = MailRecipients::new(members, &request.account.contacts, mail);
    let inputs = clients.attention_inputs_of(&recipients).await?;
    let (main_action, others) = actions(&request, &known.client);
    let ends = clients.expiries_of(&known, &recipients, &sent, &state.app().config.reminder_days);
    let timeline = expiry::of_client(&state, &request, &ends, &sent);
    let next_reminder = next_reminder(&request, ends);
    let client = known.client;
    let reasons = inputs.of(&client).into_iter();
    let page = OverviewPage {
        frame: Frame::in_account(&state, &request, display_name(&client.client_name))
            .below(vec![Link { href: request.url("/clients"), text: texts.get("clients-title") }])
            .about(FrameClient { is_heading: true, main_action, actions: others, ..frame_client(&client) })
            .among(client_tabs(&request, &client)),
        attention: reasons
            .map(|reason| (badges::attention(texts, &client, reason, now), remedy(&request, &client, reason)))
            .collect(),
        description: without_hidden_characters(client.description.as_str()),
        website: client.client_uri.as_ref().map(|uri| (uri.as_str(), uri.host())),
        permissions: permissions(&state, texts, &client, now).await?,
        signs_in_with: badges::signs_in_with(texts, &client),
        method: client.token_endpoint_auth_method.into(),
        ends: client.next_end(now).map(|at| Instant::new(texts, at, now)),
        last_used: badges::used_on(texts, client.last_used_on(), now),
        lifetime: texts.count("minutes", u64::from(client.access_token_lifetime / 60)),
        allowed_ips: client.allowed_ips.iter().map(ToString::to_string).collect(),
        contacts: client.contacts.iter().map(ToString::to_string).collect(),
        timeline,
        next_reminder,
        created: Instant::new(texts, client.created_at, now),
        changes: request
            .may(ManagementScope::AuditRead)
            .then(|| request.url(&format!("/audit?client={}", client.client_id))),
        updated: Instant::new(texts, client.updated_at, now),
    };
    Ok(respond::page(&page))
}

/// What a client may call, in the words of the resources.
async fn permissions(
    state: &ConsoleState,
    texts: Texts,
    client: &Client,
    now: Timestamp,
) -> Result<Vec<PermissionRow>, ConsoleError> {
    let catalogue = state.app().catalogue(now).await?.value;
    let row = |Permission { resource: id, scopes, .. }: &Permission| {
        let resource = catalogue.resources.get(id);
        // The management API has neither stages nor services beside it.
        let staged = resource.filter(|_| id.as_str() != management::RESOURCE_ID);
        let number = scopes.len() as u64;
        PermissionRow {
            resource: resource.map_or_else(|| id.to_string(), |known| display_name(&known.resource_name)),
            place: staged.map_or_else(Vec::new, |known| {
                vec![known.service.as_str().to_owned(), known.stage.as_str().to_owned()]
            }),
            number: (number > 0).then(|| texts.count("scopes", number)),
            scopes: scope_words(texts, resource, id, scopes),
        }
    };
    Ok(client.permissions.iter().map(row).collect())
}

/// When the next reminder is due, and who would get it now.
fn next_reminder(request: &AccountRequest, ends: Vec<Expiry>) -> Option<NextReminder> {
    let (texts, now) = (request.texts, request.audit_context.now);
    let next = ends.into_iter().filter_map(|end| end.next_reminder).min_by_key(|next| next.at)?;
    let people = match reminders::in_words(texts, &next.recipients) {
        Some(people) => texts.with("next-reminder-to", [("people", &*people)]),
        None => texts.get("reminders-to-no-one"),
    };
    Some(NextReminder { at: Instant::new(texts, next.at, now), people })
}

/// The page that mends a reason for attention, for those who may.
fn remedy(request: &AccountRequest, client: &Client, reason: Attention) -> Option<Link> {
    let (below, text) = badges::remedy(reason).filter(|_| request.may(ManagementScope::ClientsManage))?;
    let href = request.url(&format!("/clients/{}/{below}", client.client_id));
    Some(Link { href, text: request.texts.get(text) })
}

/// What can be done to a client: the most usual, and the rest.
fn actions(request: &AccountRequest, client: &Client) -> (Option<Link>, Vec<Link>) {
    if request.person.principal.require_scope(ManagementScope::ClientsManage).is_err() {
        return (None, Vec::new());
    }
    let link = |segment: &str, text: String| Link {
        href: request.url(&format!("/clients/{}/{segment}", client.client_id)),
        text,
    };
    let texts = request.texts;
    let takes_secrets = client.token_endpoint_auth_method.takes_secrets();
    let rotate = takes_secrets.then(|| link("credentials/rotate", texts.get("rotate-link")));
    let edit = link("edit", texts.get("edit-link"));
    let duplicate = link("duplicate", texts.get("duplicate-link"));
    let actions = ClientAction::offered(client).into_iter();
    let actions = actions.map(|action| link(action.segment(), action.link(texts)));
    (rotate, [edit, duplicate].into_iter().chain(actions).collect())
}
