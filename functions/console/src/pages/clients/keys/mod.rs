//! What a client signs in with in place of secrets: its keys, and the platforms that vouch for it.

mod check_token;
mod found;
mod method;
pub mod platform;
mod remove;
pub mod source;

use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::frame::Frame;
use crate::pages::clients::credentials::key_rows::{KeyRow, key_rows};
use crate::pages::clients::{client_frame, credentials_url};
use crate::respond::{self, page_only, page_or_form_only};
use crate::routes::Routes;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use found::{FoundKeys, findings};
use platform::PlatformLink;
use source::KeySource;
use std::sync::Arc;

/// A key or identity that the client has.
struct CredentialCard {
    row: KeyRow,
    /// What was found when its published keys were looked at.
    found: Option<FoundKeys>,
    /// URL of the page that removes it.
    remove: String,
}

#[derive(Template)]
#[template(path = "clients/keys/page.html")]
struct KeysPage<'a> {
    frame: Frame<'a>,
    credentials: Vec<CredentialCard>,
    /// What was passed over among keys that are stored here.
    ignored: Vec<String>,
    /// Whether keys are set already, which new ones replace.
    has_keys: bool,
    platforms: Vec<PlatformLink>,
    /// URL of this page.
    own: String,
    method: String,
}

/// The routes of the pages about keys and platforms.
pub fn routes() -> Routes {
    let page =
        |below: &str| format!("/console/accounts/{{account_id}}/clients/{{client_id}}/credentials{below}");
    let routes = Routes::default()
        .route(&page("/keys"), get(show).fallback(page_only))
        .route(
            &page("/keys/platforms/{platform}"),
            get(platform::show).post(platform::submit).fallback(page_or_form_only),
        )
        .route(
            &page("/keys/check"),
            get(check_token::show).post(check_token::submit).fallback(page_or_form_only),
        )
        .route(
            &page("/keys/remove/{credential_id}"),
            get(remove::show).post(remove::submit).fallback(page_or_form_only),
        )
        .route(&page("/method"), get(method::show).post(method::submit).fallback(page_or_form_only));
    KeySource::ALL.into_iter().fold(routes, |routes, known| {
        routes.route(
            &page(&format!("/keys/{}", known.segment())),
            get(source::show).post(source::submit).fallback(page_or_form_only),
        )
    })
}

/// `GET …/credentials/keys`
async fn show(
    State(state): State<Arc<ConsoleState>>,
    Path((_, client_id)): Path<(String, String)>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let clients = request.client_manager(&state)?;
    let client = clients.get(&client_id).await?;
    let (texts, own) = (request.texts, credentials_url(&request, &client_id, "/keys"));
    let checks = findings(texts, &client, &clients.fetched_keys(&client));
    let rows = key_rows(texts, &client, request.audit_context.now).into_iter();
    let card = |row: KeyRow| CredentialCard {
        found: checks.of(&row.id),
        remove: format!("{own}/remove/{}", row.id.as_str()),
        row,
    };
    let page = KeysPage {
        frame: client_frame(&state, &request, &client, texts.get("keys-title")),
        credentials: rows.map(card).collect(),
        ignored: checks.ignored_inline(),
        has_keys: client.key_source.is_some(),
        platforms: PlatformLink::all(texts, &format!("{own}/platforms/")),
        method: credentials_url(&request, &client_id, "/method"),
        own,
    };
    Ok(respond::page(&page))
}
