//! Revoking a secret. If a program uses it, its last four characters are typed.

use super::secret_view::SecretView;
use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::forms::form_target::FormTarget;
use crate::frame::Frame;
use crate::pages::clients::client_frame;
use crate::pages::clients::credentials_url;
use crate::pages::clients::edit::client_form::api_url;
use crate::pages::parts::by_api::bare_command;
use crate::pages::parts::notice::Notice;
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use shared::domain::client::Client;
use shared::domain::client::secret::{Secret, SecretStatus};
use shared::services::clients::ClientError;
use shared::services::modify::ANY_VERSION;
use shared::web::response::see_other;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "clients/credentials/revoke_secret.html")]
struct RevokePage<'a> {
    frame: Frame<'a>,
    target: FormTarget,
    back: String,
    consequences: Vec<String>,
    secret: SecretView,
    /// Whether its last four characters are to be typed.
    is_typed: bool,
    /// What was typed for them, if it was something else.
    wrong_hint: Option<String>,
    command: String,
}

/// `GET …/secrets/{secret_id}/revoke`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    Path((_, client_id, secret_id)): Path<(String, String, String)>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let clients = request.client_manager(&state)?;
    let (client, secret) = clients.secret(&client_id, &secret_id).await?;
    Ok(respond::page(&page(&state, &request, &client, &secret, None)))
}

/// `POST …/secrets/{secret_id}/revoke`
pub async fn submit(
    State(state): State<Arc<ConsoleState>>,
    Path((_, client_id, secret_id)): Path<(String, String, String)>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let clients = request.client_manager(&state)?;
    let credentials = credentials_url(&request, &client_id, "");
    let (client, secret) = match clients.secret(&client_id, &secret_id).await {
        // It was revoked already, perhaps by the same button.
        Err(ClientError::NotFound) if clients.get(&client_id).await.is_ok() => {
            return Ok(see_other(&credentials));
        }
        found => found?,
    };
    let typed = request.form.get("hint").unwrap_or_default().trim().trim_start_matches('…');
    if secret.is_in_use(request.audit_context.now) && typed != secret.hint {
        let again = page(&state, &request, &client, &secret, Some(typed.to_owned()));
        return Ok(respond::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again));
    }
    clients.revoke_secret(&client_id, &secret_id, ANY_VERSION).await?;
    Ok(see_other(&Notice::SecretRevoked.after(&credentials)))
}

fn page<'a>(
    state: &'a ConsoleState,
    request: &'a AccountRequest,
    client: &Client,
    secret: &Secret,
    wrong_hint: Option<String>,
) -> RevokePage<'a> {
    let (texts, now) = (request.texts, request.audit_context.now);
    let view = SecretView::new(texts, secret, now);
    let is_last = !client.secrets.iter().any(|other| {
        other.secret_id != secret.secret_id && other.expires_at > now && other.status == SecretStatus::Active
    });
    let mut consequences = vec![texts.get("revoke-secret-stops")];
    if is_last && secret.is_usable(now) && client.token_endpoint_auth_method.takes_secrets() {
        consequences.push(texts.get("revoke-secret-is-last"));
    }
    consequences.push(texts.get("revoke-secret-tokens-stay"));
    consequences.push(texts.get("revoke-secret-is-final"));
    consequences.push(texts.with("last-used-on", [("day", &view.last_used)]));
    let mut frame =
        client_frame(state, request, client, texts.with("revoke-secret-title", [("secret", &view.name)]));
    frame.has_errors = wrong_hint.is_some();
    RevokePage {
        frame,
        target: request.form_target(),
        back: credentials_url(request, client.client_id.as_str(), ""),
        consequences,
        is_typed: secret.is_in_use(now),
        secret: view,
        wrong_hint,
        command: bare_command("DELETE", &format!("{}/secrets/{}", api_url(state, client), secret.secret_id)),
    }
}
