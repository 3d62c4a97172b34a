//! `PATCH` takes back what `GET` gave, of every kind of item.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use serde_json::{Value, json};

/// The items, each with a member that it shows and no request changes.
async fn items(latchkey: &TestApp) -> [(String, &'static str); 5] {
    let client = latchkey.fixtures().client().await;
    let (client_path, secret) = (client.path(), client.secret(&client.secret_id));
    let account = format!("/v1/accounts/{ACCOUNT}");
    let member = format!("{account}/members/{}", latchkey.fixtures().member("ann").await);
    [
        (account, "account_id"),
        (member, "sub"),
        ("/v1/resources/backoffice_api".to_owned(), "audience"),
        (client_path, "created_at"),
        (secret, "hint"),
    ]
}

#[tokio::test]
async fn item_can_be_sent_back_as_it_was_read() {
    let latchkey = TestApp::with_fixtures().await;
    for (path, read_only) in items(&latchkey).await {
        let read = latchkey.get(&path).await.expect(200);
        let written = latchkey.patch(&path, &read.json()).await.expect(200);
        assert_eq!((written.json(), written.etag()), (read.json(), read.etag()), "{path}");

        let mut changed = read.json();
        changed[read_only] = json!("another");
        let rejected = latchkey.patch(&path, &changed).await.expect(422);
        assert_eq!(rejected.pointers(), [format!("#/{read_only}")], "{path}");
        assert!(rejected.text().contains("cannot be changed here"), "{path}: {}", rejected.text());
        let unknown = latchkey.patch(&path, &json!({ "colour": "blue" })).await.expect(422);
        assert!(unknown.text().contains("is not a member"), "{path}: {}", unknown.text());
    }
}

#[tokio::test]
async fn member_of_operators_can_be_sent_back_by_others() {
    let latchkey = TestApp::with_fixtures().await;
    let (_, token) = latchkey.fixtures().administrator(ACCOUNT, &["members:manage"]).await;
    let path = format!("/v1/accounts/{ACCOUNT}");
    let send = async |method: &str, body: &Value| {
        latchkey.request(method, &path).bearer(&token).json(body).send().await
    };
    let mut account = send("GET", &json!({})).await.expect(200).json();
    account["account_name"] = json!("Acme & sons");
    let renamed = send("PATCH", &account).await.expect(200).json();
    assert_eq!(renamed["account_name"], "Acme & sons");
    let mut renamed = renamed;
    renamed["status"] = json!("disabled");
    send("PATCH", &renamed).await.expect(403);
}

#[tokio::test]
async fn merge_patch_has_a_media_type_of_its_own() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let send = async |method: &str, path: &str| {
        let body = r#"{"client_name": "Renamed"}"#;
        latchkey.admin_request(method, path).await.body("application/merge-patch+json", body).send().await
    };
    assert_eq!(send("PATCH", &client.path()).await.expect(200).json()["client_name"], "Renamed");
    send("POST", &format!("/v1/accounts/{ACCOUNT}/clients")).await.expect(415);
}
