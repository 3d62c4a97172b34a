//! Replacing all secrets of a client at once, because one has leaked.

use super::form::SecretForm;
use super::show_added;
use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::forms::form_target::FormTarget;
use crate::frame::{Frame, display_name};
use crate::pages::clients::client_frame;
use crate::pages::clients::credentials::once::Finding;
use crate::pages::clients::credentials_url;
use crate::pages::clients::edit::client_form::api_url;
use crate::pages::clients::status::verified_offline;
use crate::pages::parts::by_api::{bare_command, create_command};
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use serde_json::json;
use shared::domain::client::Client;
use shared::domain::client::secret_rotation::ReplacePolicy;
use shared::domain::primitives::validation::Validator;
use shared::services::audit::AuditContext;
use shared::services::clients::{AddSecret, ClientManager, SecretRequest};
use shared::services::context::ManagementContext;
use shared::web::response::see_other;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "clients/credentials/leaked.html")]
struct LeakedPage<'a> {
    frame: Frame<'a>,
    target: FormTarget,
    number: String,
    back: String,
    consequences: Vec<String>,
    name: String,
    revokes_tokens: bool,
    /// What was typed for the name.
    typed: String,
    /// Whether it was another one.
    is_wrong: bool,
    command: String,
}

/// `GET …/credentials/leaked`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    Path((_, client_id)): Path<(String, String)>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let clients = request.client_manager(&state)?;
    let client = clients.get(&client_id).await?;
    if !client.token_endpoint_auth_method.takes_secrets() {
        return Ok(see_other(&credentials_url(&request, &client_id, "")));
    }
    request.require_confirmed()?;
    let revokes_tokens = request.restored().is_none_or(|typed| typed.get("revoke_tokens").is_some());
    Ok(respond::page(&page(&state, &request, &client, revokes_tokens, None)))
}

/// `POST …/credentials/leaked`: a new secret takes the place of all, and tokens are revoked if that is wished.
pub async fn submit(
    State(state): State<Arc<ConsoleState>>,
    Path((_, client_id)): Path<(String, String)>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let request = request.recognised_by_form()?;
    let clients = request.client_manager(&state)?;
    request.require_confirmed()?;
    let client = clients.get(&client_id).await?;
    let typed = request.form.get("name").unwrap_or_default().trim();
    let revokes_tokens = request.form.get("revoke_tokens").is_some();
    if typed != client.client_name.as_str() && typed != display_name(&client.client_name) {
        let again = page(&state, &request, &client, revokes_tokens, Some(typed.to_owned()));
        return Ok(respond::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again));
    }
    let (options, errors) = (SecretRequest::default(), Validator::new());
    let replacement = AddSecret { options, replace: Some(ReplacePolicy::All), errors };
    let added = clients.add_secret(&client_id, replacement).await?;
    // The number of the form belongs to the secret: revoking is repeated with each press.
    let audit_context = AuditContext { request: None, ..request.audit_context.clone() };
    let ctx = ManagementContext { audit_context: &audit_context, ..request.management(&state) };
    let warning = if revokes_tokens {
        let revoked = ClientManager::authorize(ctx, request.account.account_id.as_str())?
            .revoke_tokens(&client_id)
            .await;
        // The secret has replaced the others already, so it is shown in any case.
        revoked.err().map(|error| {
            tracing::error!(cause = %error, "the tokens of a client whose secret has leaked are not revoked");
            request.texts.get("leaked-tokens-not-revoked")
        })
    } else {
        None
    };
    let finding = warning.map(Finding::Fails);
    show_added(&state, &request, &added, finding).await
}

fn page<'a>(
    state: &'a ConsoleState,
    request: &'a AccountRequest,
    client: &Client,
    revokes_tokens: bool,
    wrong_name: Option<String>,
) -> LeakedPage<'a> {
    let texts = request.texts;
    let name = display_name(&client.client_name);
    let mut frame = client_frame(state, request, client, texts.with("leaked-title", [("name", &name)]));
    frame.has_errors = wrong_name.is_some();
    let form = SecretForm::new(texts, request.secret_limits(state), request.audit_context.now);
    let ends = form.ends.iter().find(|choice| choice.is_chosen);
    let mut consequences = vec![texts.get("leaked-stops"), texts.get("leaked-programs-break")];
    consequences.extend(ends.map(|choice| texts.with("leaked-new-ends", [("at", &choice.at.utc)])));
    consequences.push(verified_offline(texts, client, request.audit_context.now));
    LeakedPage {
        frame,
        target: request.form_target(),
        number: request.new_form_number(),
        back: credentials_url(request, client.client_id.as_str(), "/rotate"),
        consequences,
        name,
        revokes_tokens,
        is_wrong: wrong_name.is_some(),
        typed: wrong_name.unwrap_or_else(|| request.typed("name")),
        command: command(&api_url(state, client)),
    }
}

/// What the page does, as requests to the API: the new secret, and the end of the tokens.
fn command(client: &str) -> String {
    let replace = create_command(&format!("{client}/secrets"), &json!({ "replace": "all" }));
    format!("{replace}\n\n{}", bare_command("POST", &format!("{client}/revoke-tokens")))
}
