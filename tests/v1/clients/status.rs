//! `POST …/clients/{client_id}/enable` and `/disable`.

use crate::support::app::TestApp;
use crate::support::fixtures::TestClient;
use crate::support::http::TestResponse;
use crate::v1::CLIENTS;
use serde_json::json;

async fn set_status(latchkey: &TestApp, client: &TestClient, what: &str) -> TestResponse {
    latchkey.admin_request("POST", &format!("{}/{what}", client.path())).await.send().await
}

#[tokio::test]
async fn disabled_client_gets_no_token_until_enabled() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let (id, secret) = (&client.client_id, &client.client_secret);
    latchkey.token(id, secret, "").await.expect(200);
    let disabled = set_status(&latchkey, &client, "disable").await.expect(200);
    assert_eq!(disabled.string("status"), "disabled");
    latchkey.token(id, secret, "").await.expect(401);
    let enabled = set_status(&latchkey, &client, "enable").await.expect(200);
    assert_eq!(enabled.string("status"), "active");
    latchkey.token(id, secret, "").await.expect(200);
}

#[tokio::test]
async fn only_status_changes() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let before = latchkey.get(&client.path()).await.json();
    let secrets = latchkey.list_items(&format!("{}/secrets", client.path())).await;
    let disabled = set_status(&latchkey, &client, "disable").await.expect(200);
    let mut expected = before.clone();
    expected["status"] = "disabled".into();
    expected["updated_at"] = disabled.json()["updated_at"].clone();
    assert_eq!(disabled.json(), expected);
    let read = latchkey.get(&client.path()).await;
    assert_eq!((read.json(), read.etag()), (disabled.json(), disabled.etag()));
    assert_eq!(latchkey.list_items(&format!("{}/secrets", client.path())).await, secrets);
    assert!(latchkey.inspect().stored_value(&client.client_id, "AWSCURRENT").await.is_some());
}

#[tokio::test]
async fn repeated_status_change_is_a_no_op() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let before = latchkey.get(&client.path()).await;
    let enabled = set_status(&latchkey, &client, "enable").await.expect(200);
    assert_eq!((enabled.json(), enabled.etag()), (before.json(), before.etag()));
    let once = set_status(&latchkey, &client, "disable").await.expect(200);
    let twice = set_status(&latchkey, &client, "disable").await.expect(200);
    assert_eq!((once.json(), once.etag()), (twice.json(), twice.etag()));
}

#[tokio::test]
async fn disabled_client_can_be_managed() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    set_status(&latchkey, &client, "disable").await.expect(200);
    let added =
        latchkey.post(&format!("{}/secrets", client.path()), &serde_json::json!({})).await.expect(201);
    latchkey.token(&client.client_id, &added.string("client_secret"), "").await.expect(401);
    set_status(&latchkey, &client, "enable").await.expect(200);
    latchkey.token(&client.client_id, &added.string("client_secret"), "").await.expect(200);
    set_status(&latchkey, &client, "disable").await.expect(200);
    latchkey.delete(&client.path()).await.expect(204);
}

#[tokio::test]
async fn unknown_client_is_404() {
    let latchkey = TestApp::with_fixtures().await;
    for what in ["enable", "disable"] {
        latchkey.admin_request("POST", &format!("{CLIENTS}/unknown/{what}")).await.send().await.expect(404);
    }
}

#[tokio::test]
async fn client_may_be_created_disabled() {
    let latchkey = TestApp::with_fixtures().await;
    let created = latchkey
        .post(CLIENTS, &json!({ "client_name": "Order sync", "status": "disabled" }))
        .await
        .expect(201);
    assert_eq!(created.json()["status"], "disabled");
    let (id, secret) = (created.string("client_id"), created.string("client_secret"));
    latchkey.token(&id, &secret, "").await.expect(401);
    latchkey.post(&format!("{CLIENTS}/{id}/enable"), &json!({})).await.expect(200);
    latchkey.token(&id, &secret, "").await.expect(400);
    for bad in [json!("expired"), json!(null), json!(true)] {
        let refused =
            latchkey.post(CLIENTS, &json!({ "client_name": "Order sync", "status": bad })).await.expect(422);
        assert_eq!(refused.pointers(), ["#/status"], "{bad}");
    }
}
