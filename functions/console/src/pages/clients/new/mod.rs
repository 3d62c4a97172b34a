//! Creating a client: what kind it is, then its form, then its credentials.

mod again;
mod body;
pub mod duplicate;
mod form_page;
mod page;
mod preset;
mod sent;
mod template_form;

pub use page::NewClientForm;
pub use preset::Preset;
pub use sent::Copied;

use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::forms::Form;
use crate::forms::new_client_link::linked;
use crate::frame::{Frame, Link, display_name};
use crate::pages::clients::credentials::once::{self, Occasion, ShownCredentials, ShownSecret};
use crate::pages::clients::keys::platform::PlatformLink;
use crate::pages::clients::permissions::offered::OfferedApis;
use crate::pages::clients::permissions::ticked::PermissionsForm;
use crate::pages::parts::icon;
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use body::new_client;
use http::StatusCode;
use shared::domain::client::federated_identity::workload::Platform;
use shared::domain::management::ManagementScope;
use shared::domain::primitives::ids::TemplateId;
use shared::domain::primitives::validation::FieldError;
use shared::domain::primitives::visible_text::without_hidden_characters;
use shared::services::clients::{ClientError, CreateClientOutput};
use std::str::FromStr;
use std::sync::Arc;

/// A kind of client to choose.
pub struct KindCard {
    /// URL of its form.
    pub href: String,
    /// Its name.
    pub title: String,
    /// What it is for.
    pub purpose: String,
    /// The icon of one of the operator's own; empty for others.
    pub letter: String,
}

#[derive(Template)]
#[template(path = "clients/new/choose.html")]
struct ChoosePage<'a> {
    frame: Frame<'a>,
    kinds: Vec<KindCard>,
    /// Whether the template that the link names is not offered.
    is_gone: bool,
}

/// `GET …/clients/new?template=`: the kinds of client, or the form of one.
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    request.person.principal.require_scope(ManagementScope::ClientsManage)?;
    let params: Form = form_urlencoded::parse(request.query.as_bytes()).into_owned().collect();
    let Some(preset) = params.get("template").and_then(Preset::of_code) else {
        let named = match params.get("template") {
            Some(id) => template_form::find(&state, &request, id).await?,
            None => None,
        };
        let is_gone = params.get("template").is_some();
        let Some(template) = named else { return choose(&state, &request, is_gone).await };
        request.require_confirmed_at(&format!("{}?{}", request.path, request.query))?;
        let form = match request.restored() {
            Some(form) => template_form::restored_form(form),
            None => template_form::first_form(&template, linked(&params)),
        };
        return template_form::respond_form(&state, &request, &template, form, StatusCode::OK).await;
    };
    if request.restored().is_some() {
        request.require_confirmed_at(&format!("{}?{}", request.path, request.query))?;
        let form = NewClientForm::sent(&state, &request, preset, Vec::new());
        return Ok(respond::page(&form.page(&state, &request).await?));
    }
    let platform = params.get("platform").filter(|code| Platform::from_str(code).is_ok());
    if preset == Preset::Workload && platform.is_none() {
        let frame = Frame::in_account(&state, &request, preset.title(request.texts)).below(crumbs(&request));
        let url = format!("{}?template={}&platform=", request.path, preset.code());
        let links = PlatformLink::all(request.texts, &url).into_iter();
        let card = |link: PlatformLink| KindCard {
            href: link.href,
            title: link.name,
            purpose: link.hint,
            letter: String::new(),
        };
        return Ok(respond::page(&ChoosePage { frame, kinds: links.map(card).collect(), is_gone: false }));
    }
    request.require_confirmed_at(&format!("{}?{}", request.path, request.query))?;
    let linked = linked(&params);
    let is_linked = !linked.is_empty();
    let platform = platform.map(|code| ("platform".to_owned(), code.to_owned()));
    let filled = linked.into_iter().chain(platform).collect();
    let form = NewClientForm::new(&state, &request, preset, filled);
    let mut page = form.page(&state, &request).await?;
    page.is_linked = is_linked;
    Ok(respond::page(&page))
}

/// The page with the kinds of client.
async fn choose(
    state: &ConsoleState,
    request: &AccountRequest,
    is_gone: bool,
) -> Result<Response, ConsoleError> {
    let frame = Frame::in_account(state, request, request.texts.get("new-client")).below(crumbs(request));
    Ok(respond::page(&ChoosePage { frame, kinds: kinds(state, request).await?, is_gone }))
}

/// The kinds of client, the operator's own first.
pub async fn kinds(state: &ConsoleState, request: &AccountRequest) -> Result<Vec<KindCard>, ConsoleError> {
    let href = |code: &str| request.url(&format!("/clients/new?template={code}"));
    let own = template_form::offered(state, request).await?.into_iter().map(|template| {
        let title = display_name(&template.title);
        KindCard {
            href: href(template.template_id.as_str()),
            letter: icon::letter(&title),
            title,
            purpose: without_hidden_characters(template.summary.as_str()),
        }
    });
    let built_in = Preset::ALL.iter().map(|preset| KindCard {
        href: href(preset.code()),
        title: preset.title(request.texts),
        purpose: preset.purpose(request.texts),
        letter: String::new(),
    });
    Ok(own.chain(built_in).collect())
}

/// `POST …/clients/new`: creates a client, and shows its credentials once.
pub async fn submit(
    State(state): State<Arc<ConsoleState>>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    create(&state, request).await
}

async fn create(state: &ConsoleState, request: AccountRequest) -> Result<Response, ConsoleError> {
    request.person.principal.require_scope(ManagementScope::ClientsManage)?;
    let request = request.recognised_by_form()?;
    let code = request.form.get("template").ok_or(ConsoleError::InvalidForm)?;
    let clients = request.client_manager(state)?;
    request.require_confirmed_at(&format!("{}?template={code}", request.path))?;
    let Some(preset) = Preset::of_code(code) else {
        let id = TemplateId::parse(code).map_err(|_| ConsoleError::InvalidForm)?;
        return template_form::create(state, &request, &id).await;
    };
    let catalogue = state.app().catalogue(request.audit_context.now).await?.value;
    let offered = OfferedApis::new(&catalogue.resources, &request.account.entitlements);
    let permissions = PermissionsForm::read(&request.form, &offered);
    if permissions.is_shown_again {
        return again::respond_ticked(state, &request, preset, permissions.ticked.values()).await;
    }
    let new = new_client(preset, &request.form, permissions);
    match clients.create(new).await {
        Ok(created) => show_credentials(state, &request, &created).await,
        Err(ClientError::Invalid(errors)) => again::respond_again(state, &request, preset, errors).await,
        Err(ClientError::IdTaken) => {
            let taken = FieldError::new("client_id", "is taken: choose another one");
            again::respond_again(state, &request, preset, vec![taken]).await
        }
        Err(error) => again::respond_failed(state, &request, preset, error.into()).await,
    }
}

async fn show_credentials(
    state: &ConsoleState,
    request: &AccountRequest,
    created: &CreateClientOutput,
) -> Result<Response, ConsoleError> {
    let (client, secret) = match created {
        CreateClientOutput::New(client, new) => {
            (client, new.as_ref().map(|new| ShownSecret { secret: &new.secret, value: Some(&new.value) }))
        }
        CreateClientOutput::Replayed(client, secret) => {
            (client, secret.as_ref().map(|secret| ShownSecret { secret, value: None }))
        }
    };
    let shown = ShownCredentials { client, secret, occasion: Occasion::Created, finding: None };
    once::respond(state, request, shown).await
}

/// The pages above these.
pub fn crumbs(request: &AccountRequest) -> Vec<Link> {
    vec![Link { href: request.url("/clients"), text: request.texts.get("clients-title") }]
}
