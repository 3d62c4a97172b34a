//! The grants of a client, and clients that could keep no secret.

use crate::support::app::TestApp;
use crate::v1::{CLIENTS, assert_holds};
use serde_json::{Value, json};

const CALLBACK: &str = "https://app.example.com/callback";

/// A client for people who sign in.
fn app(members: &Value) -> Value {
    let mut body = json!({
        "client_name": "Shop app", "grant_types": ["authorization_code", "refresh_token"], "redirect_uris": [CALLBACK],
        "token_endpoint_auth_method": "none",
    });
    body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    body
}

#[tokio::test]
async fn a_public_client_has_no_secret_and_needs_none() {
    let latchkey = TestApp::with_fixtures().await;
    let permission = json!([{ "resource": "backoffice_api" }]);
    let made = latchkey.post(CLIENTS, &app(&json!({ "permissions": permission }))).await.expect(201);
    let path = made.header("location").to_owned();
    assert_eq!(made.json().get("client_secret"), None);
    for answer in [made.json(), latchkey.get(&path).await.expect(200).json()] {
        assert_holds(&answer, &app(&json!({ "attention": [], "credentials": [] })));
    }
    let refused = latchkey.post(&format!("{path}/secrets"), &json!({})).await.expect(409);
    assert_eq!(refused.problem(), "no_secrets");
    assert_eq!(latchkey.stored_client_ids().await, ["latchkey-operator"]);
    let copy = latchkey.post(&format!("{path}/duplicate"), &json!({})).await.expect(201);
    assert_eq!(copy.json().get("client_secret"), None);
}

#[tokio::test]
async fn what_does_not_go_together_is_refused_with_the_member_that_is_wrong() {
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
        let answer = latchkey.post(CLIENTS, &app(&members)).await.expect(422);
        assert_eq!(answer.pointers(), [pointer], "{members}");
    }
    assert!(latchkey.items_of(CLIENTS).await.is_empty());
}

#[tokio::test]
async fn a_client_that_keeps_a_secret_may_have_every_grant() {
    let latchkey = TestApp::with_fixtures().await;
    let grants = json!(["authorization_code", "client_credentials", "refresh_token"]);
    let members = json!({ "grant_types": grants, "token_endpoint_auth_method": "client_secret_basic" });
    let made = latchkey.post(CLIENTS, &app(&members)).await.expect(201);
    assert_eq!(made.json()["grant_types"], grants);
    assert!(made.json()["client_secret"].is_string());
}

#[tokio::test]
async fn taking_away_what_a_grant_needs_is_refused_and_changes_nothing() {
    let latchkey = TestApp::with_fixtures().await;
    let made = latchkey.post(CLIENTS, &app(&json!({}))).await.expect(201);
    let path = made.header("location").to_owned();
    for change in [
        json!({ "redirect_uris": [] }),
        json!({ "grant_types": ["refresh_token"] }),
        json!({ "grant_types": ["authorization_code", "client_credentials"] }),
    ] {
        latchkey.patch(&path, &change).await.expect(422);
    }
    assert_eq!(latchkey.get(&path).await.json()["updated_at"], made.json()["updated_at"]);
}
