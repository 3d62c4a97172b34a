//! Who chooses where the secrets of a client are kept.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::support::http::TestResponse;
use crate::v1::CLIENTS;
use serde_json::{Value, json};
use shared::domain::client::SecretStorageChoice;

/// A deployment with this choice, an administrator's token, and a client whose storage the operator has chosen.
async fn deployed(choice: SecretStorageChoice) -> (TestApp, String) {
    let latchkey = TestApp::with_config(|config| config.secret_storage_choice = choice).await;
    latchkey.fixtures().seed().await;
    let (_, token) = latchkey.fixtures().administrator(ACCOUNT, &["clients:manage"]).await;
    (latchkey, token)
}

async fn create(latchkey: &TestApp, token: &str, storage: Option<&str>) -> TestResponse {
    let mut body = json!({ "client_name": "x" });
    if let Some(storage) = storage {
        body["secret_storage"] = json!(storage);
    }
    latchkey.request("POST", CLIENTS).bearer(token).json(&body).send().await
}

#[tokio::test]
async fn only_operators_choose_by_default() {
    let (latchkey, token) = deployed(SecretStorageChoice::default()).await;
    create(&latchkey, &token, None).await.expect(201);
    create(&latchkey, &token, Some("secrets_manager")).await.expect(201);
    let refused = create(&latchkey, &token, Some("digest_only")).await.expect(403);
    assert!(refused.string("detail").contains("secret_storage"));
    let chosen = create(&latchkey, latchkey.admin().await, Some("digest_only")).await.expect(201);
    let path = format!("{CLIENTS}/{}", chosen.string("client_id"));
    let send = async |method: &str, path: &str, body: Value| {
        latchkey.request(method, path).bearer(&token).json(&body).send().await
    };
    send("PATCH", &path, json!({ "secret_storage": "secrets_manager" })).await.expect(403);
    send("PATCH", &path, json!({ "secret_storage": "digest_only", "description": "x" })).await.expect(200);
    let copy = send("POST", &format!("{path}/duplicate"), json!({})).await.expect(201);
    assert_eq!(copy.string("secret_storage"), "secrets_manager", "the choice was for the one client");
}

#[tokio::test]
async fn administrators_choose_where_they_may() {
    let (latchkey, token) = deployed(SecretStorageChoice::Account).await;
    let created = create(&latchkey, &token, Some("digest_only")).await.expect(201);
    assert_eq!(created.string("secret_storage"), "digest_only");
    let path = format!("{CLIENTS}/{}/duplicate", created.string("client_id"));
    let copy = latchkey.request("POST", &path).bearer(&token).json(&json!({})).send().await.expect(201);
    assert_eq!(copy.string("secret_storage"), "digest_only");
}

#[tokio::test]
async fn fixed_storage_is_the_same_for_all() {
    let (latchkey, token) = deployed(SecretStorageChoice::Fixed).await;
    for token in [token.as_str(), latchkey.admin().await] {
        let refused = create(&latchkey, token, Some("digest_only")).await.expect(422);
        assert_eq!(refused.pointers(), ["#/secret_storage"]);
        let created = create(&latchkey, token, Some("secrets_manager")).await.expect(201);
        assert_eq!(created.string("secret_storage"), "secrets_manager");
    }
}
