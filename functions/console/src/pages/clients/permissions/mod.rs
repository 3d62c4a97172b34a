//! What a client may call: boxes for each API, then the difference in words, then the change.

mod administration;
pub mod matrix;
pub mod offered;
pub mod review;
mod scope_box;
pub mod ticked;
pub mod words;

use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::forms::filled_form::FilledForm;
use crate::forms::form_target::FormTarget;
use crate::frame::Frame;
use crate::pages::clients::client_frame;
use crate::pages::clients::edit::last_change;
use crate::pages::parts::by_api::api_command;
use crate::pages::parts::notice::Notice;
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use matrix::PermissionMatrix;
use offered::OfferedApis;
use review::RightChange;
use serde_json::json;
use shared::adapters::store::ResourceCatalog;
use shared::domain::client::Client;
use shared::domain::client::permission::Permission;
use shared::domain::management::ManagementScope;
use shared::domain::primitives::validation::FieldError;
use shared::services::clients::ClientError;
use shared::web::response::see_other;
use std::sync::Arc;
use ticked::{PermissionsForm, SCOPE_FIELD, TickedScopes};

#[derive(Template)]
#[template(path = "clients/permissions/page.html")]
struct PermissionsPage<'a> {
    frame: Frame<'a>,
    target: FormTarget,
    version: u64,
    form: FilledForm,
    matrix: PermissionMatrix,
    /// Why the person can change nothing here.
    read_only: Option<String>,
    /// Who changed the client meanwhile, and when.
    changed: Option<String>,
    command: String,
}

#[derive(Template)]
#[template(path = "clients/permissions/review.html")]
struct ReviewPage<'a> {
    frame: Frame<'a>,
    target: FormTarget,
    version: u64,
    scope_field: &'static str,
    values: Vec<String>,
    /// The radio buttons that are chosen: names and values.
    chosen: Vec<(String, String)>,
    changes: Vec<RightChange>,
    /// What was ticked and does not count.
    ignored: Vec<String>,
    /// What happens to the tokens that are issued already.
    tokens: String,
    back: String,
    command: String,
}

/// What a page of a client's permissions is about.
struct Subject<'a> {
    state: &'a ConsoleState,
    request: &'a AccountRequest,
    catalogue: &'a ResourceCatalog,
    client: Client,
}

/// `GET …/clients/{client_id}/permissions`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    Path((_, client_id)): Path<(String, String)>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let clients = request.clients(&state)?;
    let client = clients.get(&client_id).await?;
    let catalogue = state.app().catalogue(request.audit_context.now).await?.value;
    let subject = Subject { state: &state, request: &request, catalogue: &catalogue, client };
    let ticked = match request.restored() {
        Some(typed) => PermissionsForm::read(typed, &subject.offered()).ticked,
        None => TickedScopes::held(&subject.client.permissions),
    };
    Ok(respond::page(&subject.page(&ticked, FilledForm::default())))
}

/// `POST …/clients/{client_id}/permissions`: ticks all or none, shows the difference, or makes it.
pub async fn submit(
    State(state): State<Arc<ConsoleState>>,
    Path((_, client_id)): Path<(String, String)>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let clients = request.client_manager(&state)?;
    let client = clients.get(&client_id).await?;
    let version = request.form_version()?;
    let catalogue = state.app().catalogue(request.audit_context.now).await?.value;
    let subject = Subject { state: &state, request: &request, catalogue: &catalogue, client };
    let sent = PermissionsForm::read(&request.form, &subject.offered());
    let step = request.form.get("step").unwrap_or_default();
    if sent.is_shown_again || step == "change" {
        return Ok(respond::page(&subject.page(&sent.ticked, FilledForm::default())));
    }
    if !sent.errors.is_empty() {
        return Ok(subject.page_with_errors(&sent.ticked, sent.errors));
    }
    let requested = sent.ticked.requested();
    if step == "save" {
        return match clients.replace_permissions(&client_id, requested, &|current| current == version).await {
            Ok(_) => Ok(see_other(&Notice::PermissionsSaved.after(&request.path))),
            Err(ClientError::Invalid(errors)) => Ok(subject.page_with_errors(&sent.ticked, errors)),
            Err(ClientError::VersionMismatch(_)) => {
                let client = clients.get(&client_id).await?;
                Subject { client, ..subject }.changed_meanwhile(&sent.ticked).await
            }
            Err(error) => Err(error.into()),
        };
    }
    if subject.client.version != version {
        return subject.changed_meanwhile(&sent.ticked).await;
    }
    match clients.preview_permissions(&client_id, requested).await {
        Ok(after) => Ok(respond::page(&subject.review(&sent, &after))),
        Err(ClientError::Invalid(errors)) => Ok(subject.page_with_errors(&sent.ticked, errors)),
        Err(error) => Err(error.into()),
    }
}

impl<'a> Subject<'a> {
    fn offered(&self) -> OfferedApis<'a> {
        OfferedApis::new(&self.catalogue.resources, &self.request.account.entitlements)
    }

    fn page(&self, ticked: &TickedScopes, form: FilledForm) -> PermissionsPage<'a> {
        let (request, client) = (self.request, &self.client);
        let (texts, person) = (request.texts, &request.person.principal);
        let held = TickedScopes::held(&client.permissions);
        let read_only = if !request.may(ManagementScope::ClientsManage) {
            Some(texts.with("permissions-need-right", [("scope", ManagementScope::ClientsManage.as_str())]))
        } else if person.ensure_scopes_cover(client).is_err() {
            Some(texts.get("permissions-exceed-yours"))
        } else {
            None
        };
        let mut frame = client_frame(self.state, request, client, texts.get("permissions-title"));
        frame.has_errors = form.has_errors();
        PermissionsPage {
            frame,
            target: request.form_target(),
            version: request.shown_version(client.version),
            form,
            matrix: PermissionMatrix::new(texts, &self.offered(), person, &held, ticked),
            read_only,
            changed: None,
            command: self.command(&held),
        }
    }

    fn page_with_errors(&self, ticked: &TickedScopes, errors: Vec<FieldError>) -> Response {
        let page = self.page(ticked, FilledForm::default().with_errors(errors));
        respond::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
    }

    /// The boxes as they were ticked, for the client as it has become meanwhile.
    async fn changed_meanwhile(&self, ticked: &TickedScopes) -> Result<Response, ConsoleError> {
        let mut page = self.page(ticked, FilledForm::default());
        page.changed = Some(last_change::describe(self.state, self.request, &self.client).await?);
        (page.version, page.frame.has_errors) = (self.client.version, true);
        Ok(respond::page_with_status(StatusCode::PRECONDITION_FAILED, &page))
    }

    fn review(&self, sent: &PermissionsForm, permissions: &[Permission]) -> ReviewPage<'a> {
        let (request, client, resources) = (self.request, &self.client, &self.catalogue.resources);
        let texts = request.texts;
        let ignored = sent.ignored.iter().map(|(id, scopes)| {
            let resource = resources.get(id);
            format!(
                "{}: {}",
                words::place(resource, id),
                words::scope_words(texts, resource, id, scopes).join(", ")
            )
        });
        let after = TickedScopes::held(permissions);
        let now = request.audit_context.now;
        let minutes_left = (client.tokens_end(now).duration_since(now).as_secs() + 59) / 60;
        ReviewPage {
            frame: client_frame(self.state, request, client, texts.get("permissions-review-title")),
            target: request.form_target(),
            version: client.version,
            scope_field: SCOPE_FIELD,
            values: after.values(),
            chosen: after.choices(&self.offered()),
            changes: review::changes(texts, resources, &client.permissions, permissions),
            ignored: ignored.collect(),
            tokens: texts.count("permissions-tokens", minutes_left.unsigned_abs()),
            back: request.url(&format!("/clients/{}", client.client_id)),
            command: self.command(&after),
        }
    }

    fn command(&self, ticked: &TickedScopes) -> String {
        let permissions: Vec<_> = ticked
            .iter()
            .map(|(resource, scopes)| json!({ "resource": resource, "scopes": scopes }))
            .collect();
        let Client { account_id, client_id, version, .. } = &self.client;
        let path = format!("/v1/accounts/{account_id}/clients/{client_id}/permissions");
        let issuer = &self.state.app().config.issuer;
        api_command("PUT", &format!("{issuer}{path}"), *version, &json!({ "permissions": permissions }))
    }
}
