//! Removing a key, the URL of keys, or a platform.

use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::forms::form_target::FormTarget;
use crate::frame::Frame;
use crate::pages::clients::credentials::key_rows::{KeyRow, key_rows};
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
use serde_json::{Value, json};
use shared::domain::client::client_keys::ClientKeys;
use shared::domain::client::credential::CredentialId;
use shared::domain::client::federated_identity::FederatedIdentity;
use shared::domain::client::{AuthMethod, Client};
use shared::domain::jose::jwk::PublicJwk;
use shared::services::clients::ClientError;
use shared::web::response::see_other;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "clients/keys/remove.html")]
struct RemovePage<'a> {
    frame: Frame<'a>,
    target: FormTarget,
    back: String,
    method: String,
    row: KeyRow,
    consequences: Vec<String>,
    /// Whether the client signs in with nothing else, so that it stays.
    is_needed: bool,
    command: String,
}

/// `GET …/credentials/keys/remove/{credential_id}`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    Path((_, client_id, credential)): Path<(String, String, String)>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let client = request.client_manager(&state)?.get(&client_id).await?;
    // It was removed already.
    let gone = || see_other(&credentials_url(&request, &client_id, "/keys"));
    let page = page(&state, &request, &client, &credential);
    Ok(page.map_or_else(gone, |page| respond::page(&page)))
}

/// `POST …/credentials/keys/remove/{credential_id}`
pub async fn submit(
    State(state): State<Arc<ConsoleState>>,
    Path((_, client_id, credential)): Path<(String, String, String)>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let clients = request.client_manager(&state)?;
    let keys = credentials_url(&request, &client_id, "/keys");
    match clients.remove_credential(&client_id, &credential).await {
        Ok(_) => Ok(see_other(&Notice::CredentialRemoved.after(&keys))),
        // The client would have nothing left to sign in with.
        Err(ClientError::Invalid(_)) => {
            let client = clients.get(&client_id).await?;
            let page = page(&state, &request, &client, &credential).ok_or(ConsoleError::NotFound)?;
            Ok(respond::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        // It was removed already, perhaps by the same button.
        Err(ClientError::NotFound) if clients.get(&client_id).await.is_ok() => Ok(see_other(&keys)),
        Err(error) => Err(error.into()),
    }
}

fn page<'a>(
    state: &'a ConsoleState,
    request: &'a AccountRequest,
    client: &Client,
    credential: &str,
) -> Option<RemovePage<'a>> {
    let (texts, now) = (request.texts, request.audit_context.now);
    let mut rows = key_rows(texts, client, now);
    let count = rows.len();
    let row = rows.swap_remove(rows.iter().position(|row| row.id.as_str() == credential)?);
    let is_needed = count == 1 && client.token_endpoint_auth_method == AuthMethod::PrivateKeyJwt;
    let consequences = vec![
        texts.get("remove-key-stops"),
        texts.get("revoke-secret-tokens-stay"),
        texts.get("remove-key-again"),
        texts.with("last-used-on", [("day", &row.last_used)]),
    ];
    Some(RemovePage {
        frame: client_frame(state, request, client, texts.get("remove-key-title")),
        target: request.form_target(),
        back: credentials_url(request, client.client_id.as_str(), "/keys"),
        method: credentials_url(request, client.client_id.as_str(), "/method"),
        command: api_command("PATCH", &api_url(state, client), client.version, &body(client, credential)),
        row,
        consequences,
        is_needed,
    })
}

/// The change in the API: the list of identities or keys without this one, or no keys.
fn body(client: &Client, credential: &str) -> Value {
    let is_other = |id: CredentialId| id.as_str() != credential;
    let rest =
        client.federated_identities.iter().filter(|identity| is_other(CredentialId::of_identity(identity)));
    let rest: Vec<Value> = rest.map(FederatedIdentity::to_json).collect();
    if rest.len() < client.federated_identities.len() {
        return json!({ "federated_identities": rest });
    }
    let Some(source) = &client.key_source else { return json!({}) };
    let keys = source.inline_keys().iter().filter(|key| is_other(CredentialId::of_key(key)));
    let keys: Vec<Value> = keys.map(PublicJwk::to_json).collect();
    match source {
        ClientKeys::Jwks(_) if !keys.is_empty() => json!({ "jwks": { "keys": keys } }),
        other => json!({ other.field_name(): null }),
    }
}
