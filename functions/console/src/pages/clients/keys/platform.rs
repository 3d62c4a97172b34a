//! Trusting a platform: the identity that its tokens must have, from the values that people have of it.

use super::found::findings;
use super::source::FoundPage;
use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::forms::Form;
use crate::forms::filled_form::FilledForm;
use crate::forms::form_target::FormTarget;
use crate::frame::Frame;
use crate::pages::clients::badges::platform_name;
use crate::pages::clients::credentials::key_rows::members;
use crate::pages::clients::edit::client_form::api_url;
use crate::pages::clients::{client_frame, credentials_url};
use crate::pages::parts::by_api::api_command;
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};
use shared::domain::client::Client;
use shared::domain::client::credential::CredentialId;
use shared::domain::client::federated_identity::FederatedIdentity;
use shared::domain::client::federated_identity::workload::Platform;
use shared::domain::primitives::validation::FieldError;
use shared::services::clients::ClientError;
use shared::texts::Texts;
use std::sync::Arc;

/// A link to the page of a platform.
pub struct PlatformLink {
    pub href: String,
    pub name: String,
    pub hint: String,
}

impl PlatformLink {
    /// The links to all platforms, each at the URL that begins like this.
    pub fn all(texts: Texts, url: &str) -> Vec<Self> {
        let link = |platform: &Platform| Self {
            href: format!("{url}{}", platform.as_str()),
            name: platform_name(texts, *platform),
            hint: texts.get(match platform {
                Platform::Aws => "platform-aws-hint",
                Platform::Github => "platform-github-hint",
                Platform::Kubernetes => "platform-kubernetes-hint",
                Platform::Google => "platform-google-hint",
                Platform::Entra => "platform-entra-hint",
                Platform::Other => "platform-other-hint",
            }),
        };
        Platform::ALL.iter().map(link).collect()
    }
}

#[derive(Template)]
#[template(path = "clients/keys/platform.html")]
struct PlatformPage<'a> {
    frame: Frame<'a>,
    platform: Platform,
    target: FormTarget,
    back: String,
    form: FilledForm,
    command: String,
}

/// `GET …/credentials/keys/platforms/{platform}`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    Path((_, client_id, platform)): Path<(String, String, String)>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let platform = platform.parse().map_err(|_| ConsoleError::NotFound)?;
    let client = request.client_manager(&state)?.get(&client_id).await?;
    request.require_confirmed()?;
    let values = [("audience", state.app().config.issuer.as_str()), ("context", "branch")];
    let defaults = || values.map(|(name, value)| (name.to_owned(), value.to_owned())).into_iter().collect();
    let values: Form = request.restored().cloned().unwrap_or_else(defaults);
    Ok(respond::page(&page(&state, &request, platform, &client, FilledForm::new(values))))
}

/// `POST …/credentials/keys/platforms/{platform}`
pub async fn submit(
    State(state): State<Arc<ConsoleState>>,
    Path((_, client_id, platform)): Path<(String, String, String)>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let platform: Platform = platform.parse().map_err(|_| ConsoleError::NotFound)?;
    let clients = request.client_manager(&state)?;
    request.require_confirmed()?;
    let added = match platform.identity(|field| request.form.get(field).unwrap_or_default()) {
        Err(errors) => Err(errors),
        Ok(identity) => match clients.add_identity(&client_id, &identity).await {
            Ok(client) => Ok((client, identity)),
            Err(ClientError::Invalid(errors)) => Err(platform.at_fields(of_identities(errors))),
            Err(error) => return Err(error.into()),
        },
    };
    match added {
        Ok((client, identity)) => {
            let found = findings(request.texts, &client, &clients.fetched_keys(&client));
            let same_issuer = client.federated_identities.iter().filter(|own| own.issuer == identity.issuer);
            let mut ids = same_issuer.map(CredentialId::of_identity);
            let page = FoundPage {
                frame: client_frame(&state, &request, &client, request.texts.get("found-title")),
                back: credentials_url(&request, &client_id, "/keys"),
                place: identity.issuer.as_str().to_owned(),
                found: ids.find_map(|id| found.of(&id)),
                identity: members(&identity),
            };
            Ok(respond::page(&page))
        }
        Err(errors) => {
            let client = clients.get(&client_id).await?;
            let form = FilledForm::new(request.form.clone()).with_errors_at(errors, platform.fields());
            let form = form.in_order(platform.fields());
            let again = page(&state, &request, platform, &client, form);
            Ok(respond::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again))
        }
    }
}

/// Errors of the last of a client's identities, by its members.
fn of_identities(errors: Vec<FieldError>) -> Vec<FieldError> {
    let member = |error: FieldError| {
        let below = error.path.strip_prefix("federated_identities/").and_then(|path| path.split_once('/'));
        let path = below.map_or("", |(_, member)| member).to_owned();
        FieldError::new(path, error.detail)
    };
    errors.into_iter().map(member).collect()
}

fn page<'a>(
    state: &'a ConsoleState,
    request: &'a AccountRequest,
    platform: Platform,
    client: &Client,
    form: FilledForm,
) -> PlatformPage<'a> {
    let name = platform_name(request.texts, platform);
    let title = request.texts.with("platform-title", [("platform", &name)]);
    let mut frame = client_frame(state, request, client, title);
    frame.has_errors = form.has_errors();
    // A PATCH replaces the whole list.
    let mut identities: Vec<Value> =
        client.federated_identities.iter().map(FederatedIdentity::to_json).collect();
    identities.push(json!({ "issuer": "…", "subject": "…", "audience": state.app().config.issuer }));
    let body = json!({ "federated_identities": identities });
    PlatformPage {
        frame,
        platform,
        target: request.form_target(),
        back: credentials_url(request, client.client_id.as_str(), "/keys"),
        form,
        command: api_command("PATCH", &api_url(state, client), client.version, &body),
    }
}
