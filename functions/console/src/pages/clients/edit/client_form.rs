//! What forms about a client have in common.

use crate::state::ConsoleState;
use shared::domain::client::Client;

/// The URL of a client in the management API.
pub fn api_url(state: &ConsoleState, client: &Client) -> String {
    let issuer = &state.app().config.issuer;
    format!("{issuer}/v1/accounts/{}/clients/{}", client.account_id, client.client_id)
}
