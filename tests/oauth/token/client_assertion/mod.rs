//! Clients that authenticate by a signed JWT (RFC 7523, RFC 10070).

mod federated;
mod jwks_uri;
mod private_key_jwt;
mod registration;
mod rejected;
mod replay;
mod ssrf;
mod supplied_keys;
mod workloads;

use crate::support::app::{ISSUER, TestApp};
use crate::support::crypto::assertions::{TestKey, claims, form};
use crate::support::fixtures::ACCOUNT;
use crate::support::http::TestResponse;
use serde_json::{Value, json};

/// A client of [`ACCOUNT`] that can authenticate only with these keys.
pub async fn client_with(latchkey: &TestApp, keys: &Value) -> String {
    let mut members = json!({
        "client_name": "Order sync", "token_endpoint_auth_method": "private_key_jwt",
        "permissions": [{ "resource": "backoffice_api", "scopes": ["orders:read"] }],
    });
    members.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
    let path = format!("/v1/accounts/{ACCOUNT}/clients");
    latchkey.admin_request("POST", &path).await.json(&members).send().await.expect(201).string("client_id")
}

/// New claims of the client, valid now.
pub fn new_claims(latchkey: &TestApp, client_id: &str) -> Value {
    claims(client_id, ISSUER, latchkey.now().as_second())
}

async fn send(latchkey: &TestApp, assertion: &str) -> TestResponse {
    latchkey.request("POST", "/oauth/token").form(&form(assertion)).send().await
}

async fn authenticate(latchkey: &TestApp, key: &TestKey, claims: &Value) -> TestResponse {
    send(latchkey, &key.assert(claims)).await
}
