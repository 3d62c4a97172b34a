//! Clients that authenticate by a signed JWT (RFC 7523, RFC 10070).

mod federated;
mod own;
mod published;
mod refused;
mod replay;
mod ssrf;
mod workloads;

use crate::support::answer::Answer;
use crate::support::assertions::{TestKey, claims, form};
use crate::support::house::{ISSUER, TestHouse};
use crate::support::things::ACCOUNT;
use serde_json::{Value, json};

/// A client of [`ACCOUNT`] with this key material and nothing else to authenticate with.
pub async fn client_with(house: &TestHouse, keys: &Value) -> String {
    let mut members = json!({
        "client_name": "Order sync", "token_endpoint_auth_method": "private_key_jwt",
        "permissions": [{ "resource": "backoffice_api", "scopes": ["orders:read"] }],
    });
    members.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
    let path = format!("/v1/accounts/{ACCOUNT}/clients");
    house.admin_ask("POST", &path).await.json(&members).send().await.expect(201).string("client_id")
}

/// What the client says of itself now.
pub fn fresh(house: &TestHouse, client_id: &str) -> Value {
    claims(client_id, ISSUER, house.now().as_second())
}

async fn send(house: &TestHouse, assertion: &str) -> Answer {
    house.ask("POST", "/oauth/token").form(&form(assertion)).send().await
}

async fn ask(house: &TestHouse, key: &TestKey, claims: &Value) -> Answer {
    send(house, &key.assert(claims)).await
}
