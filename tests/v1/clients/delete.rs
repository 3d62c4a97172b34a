//! `DELETE …/clients/{client_id}`.

use crate::support::app::TestApp;
use crate::v1::CLIENTS;
use serde_json::json;

#[tokio::test]
async fn deleted_client_and_its_secrets_are_gone() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    latchkey.post(&format!("{}/secrets", client.path()), &json!({})).await.expect(201);
    let response = latchkey.delete(&client.path()).await.expect(204);
    assert_eq!(response.text(), "");
    latchkey.get(&client.path()).await.expect(404);
    latchkey.get(&format!("{}/secrets", client.path())).await.expect(404);
    latchkey.delete(&client.path()).await.expect(404);
    assert_eq!(latchkey.list_items(CLIENTS).await.len(), 0);
    assert_eq!(latchkey.inspect().partition(&format!("CLIENT#{}", client.client_id)).await.len(), 0);
    assert_eq!(latchkey.inspect().stored_client_ids().await, ["latchkey-operator"]);
}

#[tokio::test]
async fn deleted_client_gets_no_token_at_once() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    latchkey.delete(&client.path()).await.expect(204);
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(401);
}

#[tokio::test]
async fn deleted_client_id_is_never_reused() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().account("T2").await;
    let body = json!({ "client_name": "x", "client_id": "mine" });
    latchkey.post(CLIENTS, &body).await.expect(201);
    latchkey.delete(&format!("{CLIENTS}/mine")).await.expect(204);
    for path in [CLIENTS, "/v1/accounts/T2/clients"] {
        assert_eq!(latchkey.post(path, &body).await.expect(409).problem(), "client_id_taken");
    }
    let duplicate = json!({ "client_id": "mine" });
    let other = latchkey.fixtures().client().await;
    latchkey.post(&format!("{}/duplicate", other.path()), &duplicate).await.expect(409);
    assert!(!latchkey.inspect().stored_client_ids().await.contains(&"mine".to_owned()));
}

#[tokio::test]
async fn deleting_one_client_keeps_others() {
    let latchkey = TestApp::with_fixtures().await;
    let (one, other) = (latchkey.fixtures().client().await, latchkey.fixtures().client().await);
    latchkey.delete(&one.path()).await.expect(204);
    latchkey.get(&other.path()).await.expect(200);
    latchkey.token(&other.client_id, &other.client_secret, "").await.expect(200);
    assert!(latchkey.inspect().stored_client_ids().await.contains(&other.client_id));
}
