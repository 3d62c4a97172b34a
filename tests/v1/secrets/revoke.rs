//! `DELETE …/secrets/{secret_id}`.

use crate::support::app::TestApp;
use serde_json::json;

#[tokio::test]
async fn revoked_secret_stops_at_once_and_the_other_works() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let second = latchkey.add_secret(&client, &json!({})).await.expect(201);
    latchkey.delete(&client.secret(&client.secret_id)).await.expect(204);
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(401);
    latchkey.token(&client.client_id, &second.string("client_secret"), "").await.expect(200);
    assert_eq!(latchkey.list_items(&client.secrets()).await.len(), 1);
}

#[tokio::test]
async fn last_secret_may_be_revoked_and_replaced() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    latchkey.delete(&client.secret(&client.secret_id)).await.expect(204);
    assert_eq!(latchkey.get(&client.path()).await.json()["attention"], json!(["no_credentials"]));
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(401);
    let added = latchkey.add_secret(&client, &json!({})).await.expect(201);
    latchkey.token(&client.client_id, &added.string("client_secret"), "").await.expect(200);
}

#[tokio::test]
async fn unknown_revoked_and_foreign_secrets_are_404() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, other) = (latchkey.fixtures().client().await, latchkey.fixtures().client().await);
    latchkey.delete(&client.secret(&other.secret_id)).await.expect(404);
    latchkey.delete(&client.secret("no%2Fsecret")).await.expect(404);
    latchkey.delete(&client.secret(&client.secret_id)).await.expect(204);
    latchkey.delete(&client.secret(&client.secret_id)).await.expect(404);
    latchkey.token(&other.client_id, &other.client_secret, "").await.expect(200);
}

#[tokio::test]
async fn expired_secret_may_be_revoked() {
    let mut latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let ends = crate::v1::days_ahead(&latchkey, 1);
    let second = latchkey.add_secret(&client, &json!({ "expires_on": ends })).await.expect(201);
    latchkey.set_time(format!("{ends}T23:59:00Z").parse().unwrap());
    latchkey.delete(&client.secret(&second.string("secret_id"))).await.expect(204);
    assert_eq!(latchkey.list_items(&client.secrets()).await.len(), 1);
}

#[tokio::test]
async fn secret_changes_update_the_clients_etag() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let first = latchkey.get(&client.path()).await.etag();
    let added = latchkey.add_secret(&client, &json!({})).await.expect(201);
    let second = latchkey.get(&client.path()).await.etag();
    latchkey.delete(&client.secret(&added.string("secret_id"))).await.expect(204);
    let third = latchkey.get(&client.path()).await.etag();
    assert!(first != second && second != third && first != third, "{first} {second} {third}");
}
