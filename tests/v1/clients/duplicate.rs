//! `POST …/clients/{client_id}/duplicate`.

use crate::support::app::TestApp;
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::v1::{CLIENTS, assert_contains, backoffice};
use jiff::SignedDuration;
use serde_json::{Value, json};

async fn full_client(latchkey: &TestApp) -> TestClient {
    let members = json!({
        "client_name": "Order sync", "description": "Nightly", "token_endpoint_auth_method": "client_secret_post",
        "permissions": backoffice(&["orders:read", "orders:write"]), "access_token_lifetime": 120,
        "refresh_token_lifetime": 240, "redirect_uris": ["https://app.example.com/callback"],
        "allowed_ips": ["192.0.2.0/24"], "contacts": ["ops@example.com"], "secret_display": "on_request",
    });
    latchkey.fixtures().client_with(ACCOUNT, &members).await
}

fn without_identity_and_dates(client: &Value) -> Value {
    let mut client = client.clone();
    let members = client.as_object_mut().unwrap();
    for member in
        ["client_id", "created_at", "updated_at", "secret_id", "client_secret", "client_secret_expires_at"]
    {
        members.remove(member);
    }
    client
}

#[tokio::test]
async fn duplicate_copies_all_but_identity_secrets_and_dates() {
    let mut latchkey = TestApp::with_fixtures().await;
    let original = full_client(&latchkey).await;
    let before = latchkey.get(&original.path()).await.json();
    latchkey.advance(SignedDuration::from_secs(5));
    let path = format!("{}/duplicate", original.path());
    let created = latchkey.admin_request("POST", &path).await.send().await.expect(201);
    assert_eq!(without_identity_and_dates(&created.json()), without_identity_and_dates(&before));
    for member in ["client_id", "created_at", "updated_at"] {
        assert_ne!(created.json()[member], before[member], "{member}");
    }
    assert_ne!(created.string("client_secret"), original.client_secret);
    assert_ne!(created.string("secret_id"), original.secret_id);
    assert_eq!(latchkey.get(created.header("location")).await.expect(200).etag(), created.etag());
    assert_eq!(latchkey.get(&original.path()).await.json(), before);
}

#[tokio::test]
async fn original_and_duplicate_have_separate_secrets() {
    let latchkey = TestApp::with_fixtures().await;
    let original = full_client(&latchkey).await;
    let created = latchkey.post(&format!("{}/duplicate", original.path()), &json!({})).await.expect(201);
    let (id, secret) = (created.string("client_id"), created.string("client_secret"));
    latchkey.token(&id, &secret, "").await.expect(200);
    latchkey.token(&original.client_id, &original.client_secret, "").await.expect(200);
    latchkey.token(&id, &original.client_secret, "").await.expect(401);
    latchkey.token(&original.client_id, &secret, "").await.expect(401);
    let current = latchkey.inspect().stored_value(&id, "AWSCURRENT").await.unwrap();
    assert_eq!(
        (current["client_id"].as_str(), current["client_secret"].as_str()),
        (Some(&*id), Some(&*secret))
    );
}

#[tokio::test]
async fn body_members_override_copied_ones() {
    let mut latchkey = TestApp::with_fixtures().await;
    latchkey.set_time("2026-11-20T16:00:00Z".parse().unwrap());
    let original = full_client(&latchkey).await;
    let overrides = json!({
        "client_id": "copy", "client_name": "Copy", "description": "", "allowed_ips": [], "contacts": [],
        "permissions": backoffice(&["orders:read"]), "access_token_lifetime": 60, "secret_display": "once",
    });
    let mut body = overrides.clone();
    body["secret"] = json!({ "expires_on": "2027-02-18" });
    let created = latchkey.post(&format!("{}/duplicate", original.path()), &body).await.expect(201).json();
    assert_contains(&created, &overrides);
    assert_contains(
        &created,
        &json!({ "refresh_token_lifetime": 240, "client_secret_expires_at": 1_802_995_140 }),
    );
}

#[tokio::test]
async fn invalid_override_is_named() {
    let latchkey = TestApp::with_fixtures().await;
    let original = full_client(&latchkey).await;
    let body = json!({ "client_name": "", "secret_storage": "digest_only", "colour": "blue" });
    let response = latchkey.post(&format!("{}/duplicate", original.path()), &body).await.expect(422);
    assert_eq!(response.pointers(), ["#/colour", "#/client_name", "#/secret_display"]);
    let taken = latchkey.fixtures().client_with(ACCOUNT, &json!({ "client_id": "taken" })).await;
    let taken = json!({ "client_id": taken.client_id });
    latchkey.post(&format!("{}/duplicate", original.path()), &taken).await.expect(409);
}

#[tokio::test]
async fn unknown_client_is_404() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.post(&format!("{CLIENTS}/unknown/duplicate"), &json!({})).await.expect(404);
}
