//! Replacing a secret in three steps, so that no program is refused meanwhile: add a second one, watch until nothing uses the
//! old one, end the old one. The step follows from the secrets.

mod end_step;
mod finding;
pub mod form;
pub mod leaked;

use crate::account_request::{AccountRequest, MembersRequest};
use crate::error::ConsoleError;
use crate::forms::filled_form::FilledForm;
use crate::forms::form_target::FormTarget;
use crate::frame::Frame;
use crate::pages::clients::client_frame;
use crate::pages::clients::credentials::once::{self, Occasion, ShownCredentials, ShownSecret};
use crate::pages::clients::credentials::secret_view::SecretView;
use crate::pages::clients::credentials_url;
use crate::pages::clients::edit::client_form::api_url;
use crate::pages::clients::reminders::reminders_text;
use crate::pages::parts::by_api::{bare_command, create_command};
use crate::pages::parts::notice::Notice;
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use end_step::{EndStep, end_step};
use form::SecretForm;
use http::StatusCode;
use jiff::Timestamp;
use serde_json::json;
use shared::adapters::store::ClientWithSecrets;
use shared::domain::account::Member;
use shared::domain::client::rotation_progress::RotationProgress;
use shared::domain::client::secret_rotation::ReplacePolicy;
use shared::domain::management::ManagementScope;
use shared::domain::primitives::email::EmailAddress;
use shared::services::clients::{AddSecretResult, ClientError};
use shared::web::response::see_other;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "clients/credentials/rotate.html")]
struct RotatePage<'a> {
    frame: Frame<'a>,
    target: FormTarget,
    /// Number of the form. What was refused has a new one, since it made nothing.
    number: String,
    can_manage: bool,
    /// URL at which the person confirms who they are, if that is to be done before a secret is added.
    confirm: Option<String>,
    /// URL of the page for a secret that has leaked.
    leaked: String,
    credentials: String,
    step: u8,
    content: Content,
    /// What is wrong with a new secret.
    problems: FilledForm,
    command: String,
}

/// What the page is about.
enum Content {
    /// A secret is added, beside the one that is live.
    Add { live: Option<SecretView>, form: SecretForm },
    /// A secret is added in place of this one.
    Replace { id: String, replaced: SecretView, breaks: bool, form: SecretForm },
    /// The old one is watched and ended.
    End(Box<EndStep>),
}

/// `GET …/credentials/rotate?replace=`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    Path((_, client_id)): Path<(String, String)>,
    MembersRequest { request, members }: MembersRequest,
) -> Result<Response, ConsoleError> {
    let clients = request.clients(&state)?;
    let known = clients.with_secrets(&client_id).await?;
    if !known.client.token_endpoint_auth_method.takes_secrets() {
        return Ok(see_other(&credentials_url(&request, &client_id, "")));
    }
    let tried = clients.tried_while_paused(&known).await?;
    let mut params = form_urlencoded::parse(request.query.as_bytes());
    let replace = params.find(|(name, _)| name == "replace").map(|(_, id)| id);
    let (limits, now) = (request.secret_limits(&state), request.audit_context.now);
    let (replace, form) = match request.restored() {
        Some(typed) => {
            let replace = typed.get("replace").map(|id| id.to_owned().into());
            (replace, SecretForm::filled(request.texts, limits, now, typed))
        }
        None => (replace, SecretForm::new(request.texts, limits, now)),
    };
    let mut page = page(&state, &request, &known, tried, replace.as_deref(), form);
    page.add_reminders(&state, &request, members, &known.client.contacts).await?;
    Ok(respond::page(&page))
}

/// `POST …/credentials/rotate`: adds a secret, and shows it once.
pub async fn add(
    State(state): State<Arc<ConsoleState>>,
    Path((_, client_id)): Path<(String, String)>,
    MembersRequest { request, members }: MembersRequest,
) -> Result<Response, ConsoleError> {
    let request = request.recognised_by_form()?;
    let clients = request.client_manager(&state)?;
    request.require_confirmed()?;
    let replaced = request.form.get("replace");
    let policy = replaced.map(parse_replaced).transpose()?;
    match clients.add_secret(&client_id, SecretForm::read(&request.form, policy)).await {
        Ok(added) => show_added(&state, &request, &added, None).await,
        // Another one was added or removed since the page was loaded.
        Err(ClientError::Rotation(_)) => Ok(see_other(&Notice::TwoSecrets.after(&request.path))),
        Err(ClientError::Invalid(errors)) => {
            let known = request.clients(&state)?.with_secrets(&client_id).await?;
            let limits = request.secret_limits(&state);
            let problems = FilledForm::default().with_errors_at(errors, &["expires_on", "label"]);
            let form = SecretForm::filled(request.texts, limits, request.audit_context.now, &request.form);
            let form = form.with_errors_of(&problems);
            let mut again = page(&state, &request, &known, None, replaced, form);
            again.add_reminders(&state, &request, members, &known.client.contacts).await?;
            again.frame.has_errors = true;
            again.problems = problems;
            Ok(respond::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again))
        }
        Err(error) => Err(error.into()),
    }
}

impl RotatePage<'_> {
    /// Says on the form of a new secret, if the page has it, who gets reminders. They are read for nothing else.
    async fn add_reminders(
        &mut self,
        state: &ConsoleState,
        request: &AccountRequest,
        members: Vec<Member>,
        contacts: &[EmailAddress],
    ) -> Result<(), ConsoleError> {
        if let Content::Add { form, .. } | Content::Replace { form, .. } = &mut self.content
            && self.can_manage
            && self.confirm.is_none()
        {
            let recipients = request.clients(state)?.mail_recipients_among(members).await?;
            form.reminders = reminders_text(state, request, contacts, &recipients);
        }
        Ok(())
    }
}

/// The page with a secret that was added; without its value if the same form made it before.
async fn show_added(
    state: &ConsoleState,
    request: &AccountRequest,
    added: &AddSecretResult,
    finding: Option<once::Finding>,
) -> Result<Response, ConsoleError> {
    let (client, secret) = match added {
        AddSecretResult::New(client, new) => {
            (client, ShownSecret { secret: &new.secret, value: Some(&new.value) })
        }
        AddSecretResult::Replayed(client, secret) => (client, ShownSecret { secret, value: None }),
    };
    let (secret, occasion) = (Some(secret), Occasion::Added);
    once::respond(state, request, ShownCredentials { client, secret, occasion, finding }).await
}

/// A secret to replace is named by its id: "the oldest" may be another one by now.
fn parse_replaced(id: &str) -> Result<ReplacePolicy, ConsoleError> {
    let id = shared::domain::primitives::ids::SecretId::parse(id).map_err(|_| ConsoleError::InvalidForm)?;
    Ok(ReplacePolicy::Secret(id))
}

fn page<'a>(
    state: &'a ConsoleState,
    request: &'a AccountRequest,
    known: &ClientWithSecrets,
    tried: Option<Timestamp>,
    replace: Option<&str>,
    form: SecretForm,
) -> RotatePage<'a> {
    let (client, texts, now) = (&known.client, request.texts, request.audit_context.now);
    let progress = RotationProgress::of(&known.secrets, tried, client.updated_at, now);
    let replaced = known.secrets.iter().find(|secret| Some(secret.secret_id.as_str()) == replace);
    let (step, content) = match progress {
        RotationProgress::Add(live) => {
            (1, Content::Add { live: live.map(|secret| SecretView::new(texts, secret, now)), form })
        }
        RotationProgress::End { old, new, finding } => match replaced {
            Some(secret) if secret.is_live(now) => {
                let replaced = SecretView::new(texts, secret, now);
                let id = secret.secret_id.to_string();
                (1, Content::Replace { id, replaced, breaks: secret.is_in_use(now), form })
            }
            _ => {
                let step = if finding.is_safe_to_end() { 3 } else { 2 };
                (
                    step,
                    Content::End(Box::new(end_step(request, client.client_id.as_str(), old, new, finding))),
                )
            }
        },
    };
    RotatePage {
        command: command(&format!("{}/secrets", api_url(state, client)), &content),
        problems: FilledForm::default(),
        frame: client_frame(state, request, client, texts.get("rotate-title")),
        target: request.form_target(),
        number: request.new_form_number(),
        can_manage: request.may(ManagementScope::ClientsManage),
        confirm: (!request.is_confirmed()).then(|| request.confirm_url()),
        leaked: credentials_url(request, client.client_id.as_str(), "/leaked"),
        credentials: credentials_url(request, client.client_id.as_str(), ""),
        step,
        content,
    }
}

/// What the page does, as requests to the API below the URL of the client's secrets.
fn command(secrets: &str, content: &Content) -> String {
    match content {
        Content::Add { form, .. } => create_command(secrets, &form.shown_body()),
        Content::Replace { id, form, .. } => {
            let mut body = form.shown_body();
            body["replace"] = json!(id);
            create_command(secrets, &body)
        }
        Content::End(end) => {
            let old = format!("{secrets}/{}", end.ids[0]);
            let toggle = if end.is_old_paused { "resume" } else { "pause" };
            let toggle = bare_command("POST", &format!("{old}/{toggle}"));
            format!("{toggle}\n\n{}", bare_command("DELETE", &old))
        }
    }
}
