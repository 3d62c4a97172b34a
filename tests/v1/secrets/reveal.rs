//! `GET …/secrets/{secret_id}/value`.

use crate::support::app::TestApp;
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::v1::AUDIT;
use serde_json::json;

fn value(client: &TestClient, secret_id: &str) -> String {
    format!("{}/value", client.secret(secret_id))
}

async fn revealable_client(latchkey: &TestApp) -> TestClient {
    latchkey.fixtures().client_with(ACCOUNT, &json!({ "secret_display": "on_request" })).await
}

#[tokio::test]
async fn revealable_secret_is_revealed_repeatedly() {
    let latchkey = TestApp::with_fixtures().await;
    let client = revealable_client(&latchkey).await;
    let second = latchkey.add_secret(&client, &json!({})).await.expect(201);
    for (id, secret) in [
        (client.secret_id.clone(), client.client_secret.clone()),
        (second.string("secret_id"), second.string("client_secret")),
        (client.secret_id.clone(), client.client_secret.clone()),
    ] {
        let shown = latchkey.get(&value(&client, &id)).await.expect(200);
        assert_eq!(shown.json(), json!({ "client_secret": secret }));
        assert_eq!(shown.header("cache-control"), "no-store");
    }
}

#[tokio::test]
async fn show_once_secret_is_not_revealed() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let response = latchkey.get(&value(&client, &client.secret_id)).await.expect(409);
    assert_eq!(response.problem(), "shown_once");
    assert!(!response.text().contains("lks_"));
}

#[tokio::test]
async fn show_once_secret_stays_unrevealable() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    latchkey.patch(&client.path(), &json!({ "secret_display": "on_request" })).await.expect(200);
    latchkey.get(&value(&client, &client.secret_id)).await.expect(409);
    let second = latchkey.add_secret(&client, &json!({})).await.expect(201);
    latchkey.get(&value(&client, &second.string("secret_id"))).await.expect(200);
}

#[tokio::test]
async fn show_once_client_reveals_no_secret() {
    let latchkey = TestApp::with_fixtures().await;
    let client = revealable_client(&latchkey).await;
    latchkey.patch(&client.path(), &json!({ "secret_display": "once" })).await.expect(200);
    latchkey.get(&value(&client, &client.secret_id)).await.expect(409);
}

#[tokio::test]
async fn secret_removed_from_secrets_manager_is_not_revealed() {
    let latchkey = TestApp::with_fixtures().await;
    let client = revealable_client(&latchkey).await;
    let change = json!({ "secret_display": "once", "secret_storage": "digest_only" });
    latchkey.patch(&client.path(), &change).await.expect(200);
    latchkey.get(&value(&client, &client.secret_id)).await.expect(409);
}

#[tokio::test]
async fn each_reveal_is_audited_and_rejections_are_not() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, once) = (revealable_client(&latchkey).await, latchkey.fixtures().client().await);
    latchkey.get(&value(&client, &client.secret_id)).await.expect(200);
    latchkey.get(&value(&client, &client.secret_id)).await.expect(200);
    latchkey.get(&value(&once, &once.secret_id)).await.expect(409);
    let mut looks = latchkey.list_items(AUDIT).await;
    looks.retain(|entry| entry["action"] == "secret.revealed");
    let hint = &client.client_secret[client.client_secret.len() - 4..];
    let target = json!({ "client_id": client.client_id, "secret_id": client.secret_id, "hint": hint });
    assert_eq!(looks.iter().map(|entry| &entry["target"]).collect::<Vec<_>>(), [&target, &target]);
}

#[tokio::test]
async fn reveal_requires_its_scope() {
    let latchkey = TestApp::with_fixtures().await;
    let client = revealable_client(&latchkey).await;
    let path = value(&client, &client.secret_id);
    let (_, manager) = latchkey.fixtures().administrator(ACCOUNT, &["clients:read", "clients:manage"]).await;
    let response = latchkey.request("GET", &path).bearer(&manager).send().await.expect(403);
    assert_eq!(response.problem(), "insufficient_scope");
    let (_, revealer) = latchkey.fixtures().administrator(ACCOUNT, &["secrets:reveal"]).await;
    latchkey.request("GET", &path).bearer(&revealer).send().await.expect(200);
}

#[tokio::test]
async fn unknown_or_revoked_secret_is_404() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, other) = (revealable_client(&latchkey).await, revealable_client(&latchkey).await);
    latchkey.get(&value(&client, &other.secret_id)).await.expect(404);
    latchkey.get(&value(&client, "AWSCURRENT")).await.expect(404);
    latchkey.delete(&client.secret(&client.secret_id)).await.expect(204);
    latchkey.get(&value(&client, &client.secret_id)).await.expect(404);
}
