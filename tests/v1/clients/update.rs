//! `PATCH …/clients/{client_id}`.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::v1::{CLIENTS, backoffice};
use jiff::SignedDuration;
use serde_json::json;

#[tokio::test]
async fn each_detail_changes_alone() {
    let mut latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().manager(ACCOUNT, "ann@acme.example").await;
    let client = latchkey.fixtures().client().await;
    let mut expected = latchkey.get(&client.path()).await.json();
    latchkey.advance(SignedDuration::from_secs(5));
    let changes = [
        json!({ "client_name": "Stock sync" }),
        json!({ "description": "Nightly" }),
        json!({ "token_endpoint_auth_method": "client_secret_post" }),
        json!({ "access_token_lifetime": 120 }),
        json!({ "refresh_token_lifetime": 120 }),
        json!({ "redirect_uris": ["https://app.example.com/callback"] }),
        json!({ "allowed_ips": ["8.8.8.0/24"] }),
        json!({ "contacts": ["ops@example.com"] }),
        json!({ "secret_display": "on_request" }),
        json!({ "secret_display": "once", "secret_storage": "digest_only" }),
    ];
    for change in changes {
        let response = latchkey.patch(&client.path(), &change).await.expect(200).json();
        assert_ne!(response["updated_at"], expected["created_at"]);
        expected.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        expected["updated_at"] = response["updated_at"].clone();
        assert_eq!(response, expected);
        assert_eq!(latchkey.get(&client.path()).await.json(), expected);
    }
}

#[tokio::test]
async fn ids_permissions_secrets_and_status_are_rejected_here() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let before = latchkey.get(&client.path()).await;
    for member in ["client_id", "account_id", "permissions", "secret", "secrets", "status", "created_at"] {
        let response = latchkey.patch(&client.path(), &json!({ member: null })).await.expect(422);
        assert_eq!(response.pointers(), [format!("#/{member}")]);
    }
    let after = latchkey.get(&client.path()).await;
    assert_eq!((after.json(), after.etag()), (before.json(), before.etag()));
}

#[tokio::test]
async fn update_acts_on_next_token() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let (id, secret) = (&client.client_id, &client.client_secret);
    latchkey.token(id, secret, "").await.expect(200);
    latchkey.patch(&client.path(), &json!({ "access_token_lifetime": 61 })).await.expect(200);
    assert_eq!(latchkey.token(id, secret, "").await.expect(200).json()["expires_in"], 61);
    latchkey.patch(&client.path(), &json!({ "allowed_ips": ["203.0.113.0/24"] })).await.expect(200);
    latchkey.token(id, secret, "").await.expect(401);
    latchkey.patch(&client.path(), &json!({ "allowed_ips": [] })).await.expect(200);
    latchkey.token(id, secret, "").await.expect(200);
}

#[tokio::test]
async fn unchanged_update_keeps_the_version() {
    let mut latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let before = latchkey.get(&client.path()).await;
    latchkey.advance(SignedDuration::from_secs(5));
    for body in [json!({}), json!({ "client_name": "Order sync" }), json!({ "client_name": " Order sync " })]
    {
        let response = latchkey.patch(&client.path(), &body).await.expect(200);
        assert_eq!((response.json(), response.etag()), (before.json(), before.etag()));
    }
}

#[tokio::test]
async fn members_conflicting_together_are_named() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client_with(ACCOUNT, &json!({ "secret_display": "on_request" })).await;
    let response =
        latchkey.patch(&client.path(), &json!({ "secret_storage": "digest_only" })).await.expect(422);
    assert_eq!(response.pointers(), ["#/secret_display"]);
    assert_eq!(latchkey.get(&client.path()).await.string("secret_storage"), "secrets_manager");
}

#[tokio::test]
async fn lists_have_limits() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let path = client.path();
    let uris: Vec<_> = (0..21).map(|n| format!("https://a.example.com/{n}")).collect();
    let networks: Vec<_> = (0..51).map(|n| format!("10.0.0.{n}")).collect();
    let contacts: Vec<_> = (0..11).map(|n| format!("c{n}@example.com")).collect();
    for (member, values) in [("redirect_uris", uris), ("allowed_ips", networks), ("contacts", contacts)] {
        let response = latchkey.patch(&path, &json!({ member: values })).await.expect(422);
        assert_eq!(response.pointers(), [format!("#/{member}")]);
        latchkey.patch(&path, &json!({ member: values[1..] })).await.expect(200);
        latchkey.patch(&path, &json!({ member: [] })).await.expect(200);
    }
    assert_eq!(
        latchkey.patch(&path, &json!({ "grant_types": [] })).await.expect(422).pointers(),
        ["#/grant_types"]
    );
}

#[tokio::test]
async fn client_metadata_has_a_total_size_limit() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let long = json!({ "description": "ü".repeat(500), "client_name": "ü".repeat(100) });
    latchkey.patch(&client.path(), &long).await.expect(200);
    let uris: Vec<_> = (0..2).map(|n| format!("https://a.example.com/{n}{}", "x".repeat(470))).collect();
    let response = latchkey.patch(&client.path(), &json!({ "redirect_uris": uris })).await.expect(422);
    assert_eq!(response.pointers(), ["#"]);
}

#[tokio::test]
async fn client_leaving_secrets_manager_keeps_its_secrets() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    latchkey.patch(&client.path(), &json!({ "secret_storage": "digest_only" })).await.expect(200);
    assert_eq!(latchkey.inspect().stored_client_ids().await, ["latchkey-operator"]);
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
}

#[tokio::test]
async fn client_joining_secrets_manager_stores_next_secret() {
    let latchkey = TestApp::with_fixtures().await;
    let members = json!({ "secret_storage": "digest_only", "permissions": backoffice(&["orders:read"]) });
    let client = latchkey.fixtures().client_with(ACCOUNT, &members).await;
    latchkey.patch(&client.path(), &json!({ "secret_storage": "secrets_manager" })).await.expect(200);
    let added = latchkey.post(&format!("{}/secrets", client.path()), &json!({})).await.expect(201);
    let current = latchkey.inspect().stored_value(&client.client_id, "AWSCURRENT").await.unwrap();
    assert_eq!(current["client_secret"], added.json()["client_secret"]);
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
}

#[tokio::test]
async fn concurrent_updates_are_all_applied() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let (path, admin) = (client.path(), latchkey.admin().await.to_owned());
    let changes = [
        json!({ "client_name": "a" }),
        json!({ "description": "b" }),
        json!({ "access_token_lifetime": 77 }),
        json!({ "contacts": ["c@example.com"] }),
    ];
    let mut running = tokio::task::JoinSet::new();
    for change in &changes {
        running.spawn(latchkey.request("PATCH", &path).bearer(&admin).json(change).send());
    }
    for response in running.join_all().await {
        response.expect(200);
    }
    let read = latchkey.get(&path).await.json();
    for change in &changes {
        crate::v1::assert_contains(&read, change);
    }
}

#[tokio::test]
async fn unknown_client_is_404() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.patch(&format!("{CLIENTS}/unknown"), &json!({ "client_name": "x" })).await.expect(404);
}

#[tokio::test]
async fn website_of_a_client_is_a_link() {
    let latchkey = TestApp::with_fixtures().await;
    let body = json!({ "client_name": "Order sync", "client_uri": "https://Shop.example.com" });
    let created = latchkey.post(CLIENTS, &body).await.expect(201);
    assert_eq!(created.json()["client_uri"], "https://shop.example.com/");
    let path = format!("{CLIENTS}/{}", created.string("client_id"));
    for bad in ["http://shop.example.com", "javascript:alert(1)", "https://a@b.example", "shop"] {
        let refused = latchkey.patch(&path, &json!({ "client_uri": bad })).await.expect(422);
        assert_eq!(refused.pointers(), ["#/client_uri"], "{bad}");
    }
    let removed = latchkey.patch(&path, &json!({ "client_uri": null })).await.expect(200);
    assert_eq!(removed.json()["client_uri"], json!(null));
}
