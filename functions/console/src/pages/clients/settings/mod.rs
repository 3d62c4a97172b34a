//! The settings of a client: lifetimes, addresses, redirect URLs, grants, and how its next secrets are kept. Each part is a
//! form of its own.

mod section;

use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::forms::Form;
use crate::forms::filled_form::FilledForm;
use crate::forms::form_target::FormTarget;
use crate::forms::lifetime::{self, LifetimeUnit};
use crate::frame::Frame;
use crate::pages::clients::client_frame;
use crate::pages::clients::edit::client_form::api_url;
use crate::pages::clients::edit::last_change;
use crate::pages::parts::by_api::api_command;
use crate::pages::parts::notice::Notice;
use crate::pages::parts::time::Instant;
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use section::Section;
use serde_json::Value;
use shared::domain::client::{Client, GrantType};
use shared::domain::net::ip_allowlist;
use shared::domain::oauth::lifetime::MAX_REFRESH_SECONDS;
use shared::domain::redirect_uri::RedirectUri;
use shared::services::clients::ClientError;
use shared::web::response::see_other;
use std::sync::Arc;

/// A redirect URL with a wildcard.
struct WildcardUrl {
    url: String,
    /// One that it lets in.
    matching: String,
    /// A longer one that it does not.
    other: String,
}

/// What another person changed while the form was filled in.
struct ChangedMeanwhile {
    /// When the client was changed, and by which person.
    change: String,
    /// The settings of the part as they are now.
    now: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "clients/settings/page.html")]
struct SettingsPage<'a> {
    frame: Frame<'a>,
    target: FormTarget,
    version: u64,
    form: FilledForm,
    changed: Option<ChangedMeanwhile>,
    access_unit: LifetimeUnit,
    refresh_unit: LifetimeUnit,
    /// Whether it may get refresh tokens.
    has_refresh_tokens: bool,
    /// Address of the person.
    own_address: Option<String>,
    /// Whether the list refuses it.
    is_own_refused: bool,
    /// Addresses that were refused, each with the hour of it.
    refused: Vec<(String, Instant)>,
    wildcards: Vec<WildcardUrl>,
    chooses_storage: bool,
    command: String,
}

/// `GET …/clients/{client_id}/settings`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    Path((_, client_id)): Path<(String, String)>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let client = request.client_manager(&state)?.get(&client_id).await?;
    let section = |typed: &Form| typed.get("section").and_then(|name| name.parse::<Section>().ok());
    let typed = request.restored().and_then(|typed| Some((section(typed)?, typed)));
    let form = FilledForm::new(fields(&client, typed));
    let mut page = page(&state, &request, &client, form).await?;
    if typed.is_some() {
        page.version = request.form_version()?;
    }
    Ok(respond::page(&page))
}

/// `POST …/clients/{client_id}/settings`
pub async fn submit(
    State(state): State<Arc<ConsoleState>>,
    Path((_, client_id)): Path<(String, String)>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let clients = request.client_manager(&state)?;
    let section = request.form.get("section").and_then(|name| name.parse::<Section>().ok());
    let section = section.ok_or(ConsoleError::InvalidForm)?;
    let version = request.form_version()?;
    let refused =
        match clients.update(&client_id, &section.change(&request.form), &|present| present == version).await
        {
            Ok(_) => return Ok(see_other(&Notice::SettingsSaved.after(&request.path))),
            Err(error @ (ClientError::Invalid(_) | ClientError::VersionMismatch(_))) => error,
            Err(error) => return Err(error.into()),
        };
    let client = clients.get(&client_id).await?;
    let form = FilledForm::new(fields(&client, Some((section, &request.form))));
    if let ClientError::Invalid(errors) = refused {
        let max = state.app().config.max_access_token_lifetime;
        let errors = lifetime::in_units(errors, max, |member| lifetime::unit(&request.form, member));
        let form = form.with_errors_at(errors, section.members());
        let again = page(&state, &request, &client, form).await?;
        return Ok(respond::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again));
    }
    let mut again = page(&state, &request, &client, form).await?;
    again.changed = Some(ChangedMeanwhile {
        change: last_change::describe(&state, &request, &client).await?,
        now: present(section, &client),
    });
    again.frame.has_errors = true;
    Ok(respond::page_with_status(StatusCode::PRECONDITION_FAILED, &again))
}

/// The fields of all parts: those of the client, but for the part that was sent.
fn fields(client: &Client, sent: Option<(Section, &Form)>) -> Form {
    let of = |section: &Section| match sent {
        Some((own, form)) if own == *section => own.sent(form),
        _ => section.fields(client),
    };
    Section::ALL.iter().flat_map(of).collect()
}

/// The members of a part as they are now, one line each.
fn present(section: Section, client: &Client) -> Vec<(&'static str, String)> {
    let mut json = section.to_json(client);
    let text = |value: Value| match value {
        Value::String(text) => text,
        Value::Array(values) => values.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    };
    let members = section.members().iter();
    members.map(|member| (*member, json.remove(*member).map(text).unwrap_or_default())).collect()
}

async fn page<'a>(
    state: &'a ConsoleState,
    request: &'a AccountRequest,
    client: &Client,
    form: FilledForm,
) -> Result<SettingsPage<'a>, ConsoleError> {
    let (texts, now) = (request.texts, request.audit_context.now);
    let clients = request.clients(state)?;
    let refused = clients.refused_addresses(client.client_id.as_str()).await?;
    let refused =
        refused.into_iter().map(|(address, hour)| (address.to_string(), Instant::new(texts, hour, now)));
    let own = request.audit_context.actor.source_ip;
    let mut frame = client_frame(state, request, client, texts.get("settings-title"));
    frame.has_errors = form.has_errors();
    let body: Value = Section::ALL.iter().flat_map(|section| section.to_json(client)).collect();
    let wildcard = |uri: &RedirectUri| {
        let [matching, other] = uri.wildcard_examples()?;
        Some(WildcardUrl { url: uri.to_string(), matching, other })
    };
    let lifetime =
        |member: &str, most: u32| LifetimeUnit::new(texts, lifetime::unit(form.values(), member), most);
    Ok(SettingsPage {
        frame,
        target: request.form_target(),
        version: client.version,
        changed: None,
        access_unit: lifetime("access_token_lifetime", state.app().config.max_access_token_lifetime),
        has_refresh_tokens: client.grant_types.contains(&GrantType::RefreshToken),
        refresh_unit: lifetime("refresh_token_lifetime", MAX_REFRESH_SECONDS),
        is_own_refused: own.is_some_and(|own| !ip_allowlist::allows(&client.allowed_ips, own)),
        own_address: own.map(|address| address.to_canonical().to_string()),
        refused: refused.collect(),
        wildcards: client.redirect_uris.iter().filter_map(wildcard).collect(),
        chooses_storage: request.client_manager(state)?.chooses_storage(),
        command: api_command("PATCH", &api_url(state, client), client.version, &body),
        form,
    })
}
