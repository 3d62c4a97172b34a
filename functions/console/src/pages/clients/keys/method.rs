//! How a client signs in: with secrets or keys, and how far it has come from the ones to the others.

use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::forms::Form;
use crate::forms::filled_form::FilledForm;
use crate::forms::form_target::FormTarget;
use crate::frame::Frame;
use crate::pages::clients::edit::client_form::api_url;
use crate::pages::clients::{client_frame, credentials_url};
use crate::pages::parts::by_api::api_command;
use crate::pages::parts::notice::Notice;
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use serde_json::json;
use shared::adapters::store::ClientWithSecrets;
use shared::domain::client::AuthMethod;
use shared::domain::client::client_keys::migration::{self, MigrationStep};
use shared::domain::primitives::validation::{Field, FromJson, Validator};
use shared::services::clients::{ClientChange, ClientError, ClientMetadata};
use shared::texts::Texts;
use shared::web::response::see_other;
use std::sync::Arc;

const FIELD: &str = "token_endpoint_auth_method";

/// A step from secrets to keys.
struct Step {
    text: String,
    is_done: bool,
    /// Where it is done.
    href: Option<String>,
}

/// A way of signing in.
struct MethodChoice {
    value: &'static str,
    text: String,
}

#[derive(Template)]
#[template(path = "clients/keys/method.html")]
struct MethodPage<'a> {
    frame: Frame<'a>,
    target: FormTarget,
    back: String,
    /// The version of the client that the page shows.
    version: u64,
    form: FilledForm,
    /// Whether the steps from secrets to keys say something about it: it signs in with secrets, or still has one.
    moves_to_keys: bool,
    steps: Vec<Step>,
    choices: Vec<MethodChoice>,
    /// Whether a secret is accepted, and one was used in the last seven days.
    uses_secret: bool,
    command: String,
}

/// `GET …/credentials/method`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    Path((_, client_id)): Path<(String, String)>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    request.client_manager(&state)?;
    let known = load(&state, &request, &client_id).await?;
    let present = known.client.token_endpoint_auth_method.as_str();
    let values: Form = [(FIELD.to_owned(), present.to_owned())].into_iter().collect();
    Ok(respond::page(&page(&state, &request, &known, FilledForm::new(values))))
}

/// `POST …/credentials/method`
pub async fn submit(
    State(state): State<Arc<ConsoleState>>,
    Path((_, client_id)): Path<(String, String)>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let clients = request.client_manager(&state)?;
    let chosen = AuthMethod::from_json(&json!(request.form.get(FIELD).unwrap_or_default()));
    let metadata =
        ClientMetadata { token_endpoint_auth_method: Field::Present(chosen), ..ClientMetadata::default() };
    let change = ClientChange { metadata, errors: Validator::new() };
    let version = request.form_version()?;
    match clients.update(&client_id, &change, &|present| present == version).await {
        Ok(_) => Ok(see_other(&Notice::MethodChanged.after(&request.path))),
        Err(ClientError::Invalid(errors)) => {
            let known = load(&state, &request, &client_id).await?;
            let form = FilledForm::new(request.form.clone()).with_errors_at(errors, &[FIELD]);
            let again = page(&state, &request, &known, form);
            Ok(respond::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again))
        }
        Err(ClientError::VersionMismatch(_)) => {
            let known = load(&state, &request, &client_id).await?;
            let mut again = page(&state, &request, &known, FilledForm::new(request.form.clone()));
            again.frame.notice = Some(request.texts.get("method-changed-meanwhile"));
            Ok(respond::page_with_status(StatusCode::PRECONDITION_FAILED, &again))
        }
        Err(error) => Err(error.into()),
    }
}

async fn load(
    state: &ConsoleState,
    request: &AccountRequest,
    client_id: &str,
) -> Result<ClientWithSecrets, ConsoleError> {
    let clients = request.clients(state)?;
    Ok(clients.with_secrets(client_id).await?)
}

fn page<'a>(
    state: &'a ConsoleState,
    request: &'a AccountRequest,
    known: &ClientWithSecrets,
    form: FilledForm,
) -> MethodPage<'a> {
    let (client, texts, now) = (&known.client, request.texts, request.audit_context.now);
    let mut frame = client_frame(state, request, client, texts.get("method-title"));
    frame.has_errors = form.has_errors();
    let takes_secrets = client.token_endpoint_auth_method.takes_secrets();
    let body = json!({ FIELD: AuthMethod::PrivateKeyJwt.as_str() });
    let below = |path: &str| credentials_url(request, client.client_id.as_str(), path);
    let choice = |method: &AuthMethod| MethodChoice { value: method.as_str(), text: text(texts, *method) };
    let places = [below("/keys"), below("")];
    MethodPage {
        frame,
        target: request.form_target(),
        back: below(""),
        version: client.version,
        form,
        moves_to_keys: takes_secrets || known.secrets.iter().any(|secret| secret.is_live(now)),
        steps: migration::steps(client, &known.secrets, now)
            .into_iter()
            .map(|(of, is_done)| step(texts, of, is_done, &places))
            .collect(),
        choices: AuthMethod::ALL.iter().map(choice).collect(),
        uses_secret: takes_secrets && known.secrets.iter().any(|secret| secret.is_in_use(now)),
        command: api_command("PATCH", &api_url(state, client), client.version, &body),
    }
}

/// A step in words, with where it is done.
fn step(texts: Texts, step: MigrationStep, is_done: bool, [keys, credentials]: &[String; 2]) -> Step {
    let (id, href) = match step {
        MigrationStep::Register => ("move-register", Some(keys)),
        MigrationStep::SignIn => ("move-sign", None),
        MigrationStep::RefuseSecrets => ("move-refuse", None),
        MigrationStep::RevokeSecrets => ("move-revoke", Some(credentials)),
    };
    Step { text: texts.get(id), is_done, href: href.cloned() }
}

fn text(texts: Texts, method: AuthMethod) -> String {
    texts.get(match method {
        AuthMethod::ClientSecretBasic => "method-secret-basic",
        AuthMethod::ClientSecretPost => "method-secret-post",
        AuthMethod::PrivateKeyJwt => "method-key",
        AuthMethod::None => "method-none",
    })
}
