//! What forms about a client have in common.

use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::state::ConsoleState;
use shared::domain::client::Client;
use shared::services::clients::ClientManager;

/// The clients of the account, for a person who may change them.
pub fn manager<'a>(
    state: &'a ConsoleState,
    request: &'a AccountRequest,
) -> Result<ClientManager<'a>, ConsoleError> {
    Ok(ClientManager::authorize(request.management(state), request.account.account_id.as_str())?)
}

/// The URL of a client in the management API.
pub fn api_url(state: &ConsoleState, client: &Client) -> String {
    let issuer = &state.app().config.issuer;
    format!("{issuer}/v1/accounts/{}/clients/{}", client.account_id, client.client_id)
}

/// The version of the client that a form was made for.
pub fn form_version(request: &AccountRequest) -> Result<u64, ConsoleError> {
    let version = request.form.get("version").and_then(|version| version.parse().ok());
    version.ok_or(ConsoleError::InvalidForm)
}
