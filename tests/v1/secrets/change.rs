//! Reading one secret, and changing whether reminders of it are sent.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use serde_json::json;

#[tokio::test]
async fn reminders_of_a_secret_are_switched_off_and_on() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let path = client.secret(&client.secret_id);
    let before = latchkey.get(&path).await.expect(200).json();
    assert_eq!((&before["secret_id"], &before["remind"]), (&json!(client.secret_id), &json!(true)));
    for remind in [false, false, true] {
        let changed = latchkey.patch(&path, &json!({ "remind": remind })).await.expect(200).json();
        let mut expected = before.clone();
        expected["remind"] = json!(remind);
        assert_eq!((changed, latchkey.get(&path).await.json()), (expected.clone(), expected));
    }
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    let trail = latchkey.list_items(&format!("/v1/accounts/{ACCOUNT}/audit")).await;
    let changes = trail.iter().filter(|entry| entry["action"] == "secret.updated").count();
    assert_eq!(changes, 2, "what changes nothing is no change");
}

#[tokio::test]
async fn change_that_a_secret_does_not_take_is_refused() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, other) = (latchkey.fixtures().client().await, latchkey.fixtures().client().await);
    let path = client.secret(&client.secret_id);
    for (body, pointer) in [
        (json!({ "remind": "no" }), "#/remind"),
        (json!({ "remind": null }), "#/remind"),
        (json!({ "expires_at": "2030-01-01T00:00:00Z" }), "#/expires_at"),
        (json!({ "value": "lks_x" }), "#/value"),
    ] {
        assert_eq!(latchkey.patch(&path, &body).await.expect(422).pointers(), [pointer], "{body}");
    }
    for missing in [client.secret("unknown"), other.secret(&client.secret_id)] {
        latchkey.patch(&missing, &json!({ "remind": false })).await.expect(404);
        latchkey.get(&missing).await.expect(404);
    }
    let (_, reader) = latchkey.fixtures().administrator(ACCOUNT, &["clients:read"]).await;
    latchkey.request("GET", &path).bearer(&reader).send().await.expect(200);
    latchkey
        .request("PATCH", &path)
        .bearer(&reader)
        .json(&json!({ "remind": false }))
        .send()
        .await
        .expect(403);
}
