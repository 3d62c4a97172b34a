//! Changing the name, description, website and contacts of a client.

pub mod client_form;
mod details;
pub mod last_change;

use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::forms::filled_form::FilledForm;
use crate::forms::form_target::FormTarget;
use crate::frame::{Frame, display_name};
use crate::pages::clients::client_frame;
use crate::pages::parts::by_api::api_command;
use crate::pages::parts::notice::Notice;
use crate::pages::parts::time::Instant;
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use details::{Detail, Details};
use http::StatusCode;
use shared::domain::client::Client;
use shared::services::clients::ClientError;
use shared::web::response::see_other;
use std::sync::Arc;

/// What is around the fields of both pages.
struct FormFrame {
    target: FormTarget,
    version: u64,
    /// The details that the page was loaded with.
    before: Vec<(String, String)>,
    back: String,
}

#[derive(Template)]
#[template(path = "clients/edit/page.html")]
struct EditPage<'a> {
    frame: Frame<'a>,
    sent: FormFrame,
    form: FilledForm,
    command: String,
}

/// A detail that was changed twice: here and by another person.
struct DetailInBoth {
    label: String,
    mine: String,
    theirs: String,
}

#[derive(Template)]
#[template(path = "clients/edit/changed.html")]
struct ChangedPage<'a> {
    frame: Frame<'a>,
    sent: FormFrame,
    /// Who changed what of the client meanwhile, and when.
    changed: String,
    /// Those that were changed here and by the other person.
    details: Vec<DetailInBoth>,
    /// Whether anything was changed here.
    has_own_change: bool,
    /// The other person, if known.
    actor: Option<String>,
    /// What *Keep mine* sends.
    kept: Vec<(&'static str, String)>,
}

/// `GET …/clients/{client_id}/edit`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    Path((_, client_id)): Path<(String, String)>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let client = request.client_manager(&state)?.get(&client_id).await?;
    if let Some(typed) = request.restored() {
        let mut page = page(&state, &request, &client, FilledForm::new(typed.clone()));
        (page.sent.version, page.sent.before) = (request.form_version()?, Details::before(typed).hidden());
        return Ok(respond::page(&page));
    }
    let form = FilledForm::new(Details::of(&client).fields());
    Ok(respond::page(&page(&state, &request, &client, form)))
}

/// `POST …/clients/{client_id}/edit`: changes what differs from the page as it was loaded.
pub async fn submit(
    State(state): State<Arc<ConsoleState>>,
    Path((_, client_id)): Path<(String, String)>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let clients = request.client_manager(&state)?;
    let version = request.form_version()?;
    let (mine, before) = (Details::filled_in(&request.form), Details::before(&request.form));
    let changed = mine.differing(&before);
    match clients.update(&client_id, &mine.to_change(&changed), &|current| current == version).await {
        Ok(client) => {
            let own = request.url(&format!("/clients/{}", client.client_id));
            Ok(see_other(&Notice::DetailsSaved.after(&own)))
        }
        Err(ClientError::Invalid(errors)) => {
            let client = clients.get(&client_id).await?;
            let form = FilledForm::new(request.form.clone()).with_errors(errors);
            let mut page = page(&state, &request, &client, form);
            (page.sent.version, page.sent.before) = (version, before.hidden());
            Ok(respond::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(ClientError::VersionMismatch(_)) => {
            let client = clients.get(&client_id).await?;
            let page = changed_meanwhile(&state, &request, &client, &mine, &before).await?;
            Ok(respond::page_with_status(StatusCode::PRECONDITION_FAILED, &page))
        }
        Err(error) => Err(error.into()),
    }
}

fn page<'a>(
    state: &'a ConsoleState,
    request: &'a AccountRequest,
    client: &Client,
    form: FilledForm,
) -> EditPage<'a> {
    let mut frame = client_frame(state, request, client, request.texts.get("edit-title"));
    frame.has_errors = form.has_errors();
    let details = Details::of(client);
    let url = format!(
        "{}/v1/accounts/{}/clients/{}",
        state.app().config.issuer,
        client.account_id,
        client.client_id
    );
    let body = details.to_json(&Detail::ALL).into();
    EditPage {
        frame,
        sent: form_frame(request, client, &details),
        form,
        command: api_command("PATCH", &url, client.version, &body),
    }
}

fn form_frame(request: &AccountRequest, client: &Client, before: &Details) -> FormFrame {
    FormFrame {
        target: request.form_target(),
        version: client.version,
        before: before.hidden(),
        back: request.url(&format!("/clients/{}", client.client_id)),
    }
}

/// Both versions. *Keep mine* changes what was changed here, and leaves the rest as the other person made it.
async fn changed_meanwhile<'a>(
    state: &'a ConsoleState,
    request: &'a AccountRequest,
    client: &Client,
    mine: &Details,
    before: &Details,
) -> Result<ChangedPage<'a>, ConsoleError> {
    let texts = request.texts;
    let theirs = Details::of(client);
    let (own, others) = (mine.differing(before), theirs.differing(before));
    let (changed, actor) = changed_by_others(state, request, client, &others).await?;
    let both = |detail: &Detail| DetailInBoth {
        label: texts.get(detail.label()),
        mine: mine.get(*detail).to_owned(),
        theirs: theirs.get(*detail).to_owned(),
    };
    let in_both = |detail: &&Detail| others.contains(detail) && mine.get(**detail) != theirs.get(**detail);
    let details = own.iter().filter(in_both).map(both).collect();
    let name = display_name(&client.client_name);
    let mut frame = client_frame(state, request, client, texts.with("edit-changed-title", [("name", &name)]));
    frame.has_errors = true;
    let kept = theirs.clone().with(mine, &own);
    Ok(ChangedPage {
        frame,
        sent: form_frame(request, client, &theirs),
        changed,
        details,
        has_own_change: !own.is_empty(),
        actor,
        kept: Detail::ALL.map(|detail| (detail.name(), kept.get(detail).to_owned())).to_vec(),
    })
}

/// Which of the details others changed, when, and which person did it last, if that is known: in a sentence, and the person.
async fn changed_by_others(
    state: &ConsoleState,
    request: &AccountRequest,
    client: &Client,
    others: &[Detail],
) -> Result<(String, Option<String>), ConsoleError> {
    if others.is_empty() {
        return Ok((last_change::describe(state, request, client).await?, None));
    }
    let (texts, now) = (request.texts, request.audit_context.now);
    let fields: Vec<String> = others.iter().map(|detail| texts.get(detail.label())).collect();
    let fields = fields.join(", ");
    let members: Vec<&str> = others.iter().map(|detail| detail.name()).collect();
    let (at, actor) = match last_change::of_members(state, request, client, &members).await? {
        Some((at, actor)) => (at, Some(actor)),
        None => (client.updated_at, None),
    };
    let at = Instant::new(texts, at, now).utc;
    let changed = match &actor {
        Some(actor) => {
            texts.with("edit-changed-by", [("actor", actor.as_str()), ("fields", &fields), ("at", &at)])
        }
        None => texts.with("edit-changed-fields", [("fields", &fields), ("at", &at)]),
    };
    Ok((changed, actor))
}
