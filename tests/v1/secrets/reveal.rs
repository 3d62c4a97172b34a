//! Seeing a secret again.

use crate::support::app::TestApp;
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::v1::AUDIT;
use serde_json::json;

fn value(client: &TestClient, secret_id: &str) -> String {
    format!("{}/value", client.secret(secret_id))
}

async fn shown_client(latchkey: &TestApp) -> TestClient {
    latchkey.client_like(ACCOUNT, &json!({ "secret_display": "on_request" })).await
}

#[tokio::test]
async fn a_secret_shown_on_request_is_seen_again_as_often_as_one_likes() {
    let latchkey = TestApp::with_fixtures().await;
    let client = shown_client(&latchkey).await;
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
async fn a_secret_shown_once_is_not_seen_again() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.client().await;
    let answer = latchkey.get(&value(&client, &client.secret_id)).await.expect(409);
    assert_eq!(answer.problem(), "shown_once");
    assert!(!answer.text().contains("lks_"));
}

#[tokio::test]
async fn a_secret_made_to_be_shown_once_stays_so() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.client().await;
    latchkey.patch(&client.path(), &json!({ "secret_display": "on_request" })).await.expect(200);
    latchkey.get(&value(&client, &client.secret_id)).await.expect(409);
    let second = latchkey.add_secret(&client, &json!({})).await.expect(201);
    latchkey.get(&value(&client, &second.string("secret_id"))).await.expect(200);
}

#[tokio::test]
async fn no_secret_is_seen_any_more_once_its_client_says_once() {
    let latchkey = TestApp::with_fixtures().await;
    let client = shown_client(&latchkey).await;
    latchkey.patch(&client.path(), &json!({ "secret_display": "once" })).await.expect(200);
    latchkey.get(&value(&client, &client.secret_id)).await.expect(409);
}

#[tokio::test]
async fn a_secret_that_left_the_vault_is_not_seen_again() {
    let latchkey = TestApp::with_fixtures().await;
    let client = shown_client(&latchkey).await;
    let change = json!({ "secret_display": "once", "secret_storage": "digest_only" });
    latchkey.patch(&client.path(), &change).await.expect(200);
    latchkey.get(&value(&client, &client.secret_id)).await.expect(409);
}

#[tokio::test]
async fn each_look_is_audited_and_a_refused_one_is_not() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, once) = (shown_client(&latchkey).await, latchkey.client().await);
    latchkey.get(&value(&client, &client.secret_id)).await.expect(200);
    latchkey.get(&value(&client, &client.secret_id)).await.expect(200);
    latchkey.get(&value(&once, &once.secret_id)).await.expect(409);
    let mut looks = latchkey.items_of(AUDIT).await;
    looks.retain(|entry| entry["action"] == "secret.revealed");
    let target = json!({ "client_id": client.client_id, "secret_id": client.secret_id });
    assert_eq!(looks.iter().map(|entry| &entry["target"]).collect::<Vec<_>>(), [&target, &target]);
}

#[tokio::test]
async fn it_takes_the_scope_for_it() {
    let latchkey = TestApp::with_fixtures().await;
    let client = shown_client(&latchkey).await;
    let path = value(&client, &client.secret_id);
    let (_, manager) = latchkey.administrator(ACCOUNT, &["clients:read", "clients:manage"]).await;
    let answer = latchkey.request("GET", &path).bearer(&manager).send().await.expect(403);
    assert_eq!(answer.problem(), "insufficient_scope");
    let (_, revealer) = latchkey.administrator(ACCOUNT, &["secrets:reveal"]).await;
    latchkey.request("GET", &path).bearer(&revealer).send().await.expect(200);
}

#[tokio::test]
async fn an_unknown_or_revoked_secret_is_not_found() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, other) = (shown_client(&latchkey).await, shown_client(&latchkey).await);
    latchkey.get(&value(&client, &other.secret_id)).await.expect(404);
    latchkey.get(&value(&client, "AWSCURRENT")).await.expect(404);
    latchkey.delete(&client.secret(&client.secret_id)).await.expect(204);
    latchkey.get(&value(&client, &client.secret_id)).await.expect(404);
}
