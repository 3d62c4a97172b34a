//! The grant types of a client, and public clients.

use crate::support::app::TestApp;
use crate::v1::{CLIENTS, assert_contains};
use serde_json::{Value, json};

const CALLBACK: &str = "https://app.example.com/callback";

/// A client of the code flow.
fn app(members: &Value) -> Value {
    let mut body = json!({
        "client_name": "Shop app", "grant_types": ["authorization_code", "refresh_token"], "redirect_uris": [CALLBACK],
        "token_endpoint_auth_method": "none",
    });
    body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    body
}

#[tokio::test]
async fn public_client_has_no_secret() {
    let latchkey = TestApp::with_fixtures().await;
    let permission = json!([{ "resource": "backoffice_api" }]);
    let created = latchkey.post(CLIENTS, &app(&json!({ "permissions": permission }))).await.expect(201);
    let path = created.header("location").to_owned();
    assert_eq!(created.json().get("client_secret"), None);
    for response in [created.json(), latchkey.get(&path).await.expect(200).json()] {
        assert_contains(&response, &app(&json!({ "attention": [], "credentials": [] })));
    }
    let refused = latchkey.post(&format!("{path}/secrets"), &json!({})).await.expect(409);
    assert_eq!(refused.problem(), "no_secrets");
    assert_eq!(latchkey.inspect().stored_client_ids().await, ["latchkey-operator"]);
    let copy = latchkey.post(&format!("{path}/duplicate"), &json!({})).await.expect(201);
    assert_eq!(copy.json().get("client_secret"), None);
}

#[tokio::test]
async fn conflicting_members_are_rejected_by_name() {
    let latchkey = TestApp::with_fixtures().await;
    let keys = json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }] });
    for (members, pointer) in [
        (json!({ "redirect_uris": [] }), "#/grant_types"),
        (json!({ "grant_types": ["refresh_token"] }), "#/grant_types"),
        (json!({ "grant_types": ["refresh_token", "refresh_token"] }), "#/grant_types"),
        (json!({ "grant_types": ["authorization_code", "authorization_code"] }), "#/grant_types"),
        (json!({ "grant_types": ["authorization_code", "implicit"] }), "#/grant_types/1"),
        (json!({ "grant_types": ["client_credentials"] }), "#/grant_types"),
        (json!({ "grant_types": ["authorization_code", "client_credentials"] }), "#/grant_types"),
        (json!({ "jwks": keys }), "#/token_endpoint_auth_method"),
        (json!({ "secret": { "remind": true } }), "#/secret"),
    ] {
        let response = latchkey.post(CLIENTS, &app(&members)).await.expect(422);
        assert_eq!(response.pointers(), [pointer], "{members}");
    }
    assert!(latchkey.list_items(CLIENTS).await.is_empty());
}

#[tokio::test]
async fn confidential_client_may_have_every_grant() {
    let latchkey = TestApp::with_fixtures().await;
    let grants = json!(["authorization_code", "client_credentials", "refresh_token"]);
    let members = json!({ "grant_types": grants, "token_endpoint_auth_method": "client_secret_basic" });
    let created = latchkey.post(CLIENTS, &app(&members)).await.expect(201);
    assert_eq!(created.json()["grant_types"], grants);
    assert!(created.json()["client_secret"].is_string());
}

#[tokio::test]
async fn removing_a_grants_prerequisite_is_rejected() {
    let latchkey = TestApp::with_fixtures().await;
    let created = latchkey.post(CLIENTS, &app(&json!({}))).await.expect(201);
    let path = created.header("location").to_owned();
    for change in [
        json!({ "redirect_uris": [] }),
        json!({ "grant_types": ["refresh_token"] }),
        json!({ "grant_types": ["authorization_code", "client_credentials"] }),
    ] {
        latchkey.patch(&path, &change).await.expect(422);
    }
    assert_eq!(latchkey.get(&path).await.json()["updated_at"], created.json()["updated_at"]);
}
