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
async fn label_of_a_secret_is_set_and_removed() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let added = latchkey.add_secret(&client, &json!({ "label": "Build server" })).await.expect(201);
    assert_eq!(added.json()["label"], "Build server");
    let path = client.secret(&added.string("secret_id"));
    for label in [json!("Data centre 2"), json!(null)] {
        assert_eq!(
            latchkey.patch(&path, &json!({ "label": label })).await.expect(200).json()["label"],
            label
        );
        assert_eq!(latchkey.get(&path).await.json()["label"], label);
    }
    for bad in [json!(""), json!("x".repeat(31)), json!("a\u{202e}b"), json!(1)] {
        assert_eq!(latchkey.patch(&path, &json!({ "label": bad })).await.expect(422).pointers(), ["#/label"]);
    }
}

#[tokio::test]
async fn secret_ends_earlier_and_never_later() {
    let mut latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().manager(ACCOUNT, "ann@acme.example").await;
    let client = latchkey.fixtures().client().await;
    let path = client.secret(&client.secret_id);
    let ends = latchkey.get(&path).await.json()["expires_at"].as_str().unwrap()[..10].to_owned();
    let (tomorrow, later) = (crate::v1::days_ahead(&latchkey, 1), crate::v1::days_ahead(&latchkey, 400));
    latchkey.patch(&path, &json!({ "expires_on": ends })).await.expect(200);
    for bad in [later.as_str(), "2020-01-01", "tomorrow"] {
        let refused = latchkey.patch(&path, &json!({ "expires_on": bad })).await.expect(422);
        assert_eq!(refused.pointers(), ["#/expires_on"], "{bad}");
    }
    let changed = latchkey.patch(&path, &json!({ "expires_on": tomorrow })).await.expect(200).json();
    assert_eq!(changed["expires_at"], format!("{tomorrow}T23:59:00Z"));
    let stored = latchkey.inspect().stored_value(&client.client_id, "AWSCURRENT").await.unwrap();
    assert_eq!(stored["expires_at"], changed["expires_at"], "a workload that reads it there is told");
    assert_eq!(stored["client_secret"], client.client_secret);
    assert_eq!(latchkey.get(&client.path()).await.json()["attention"], json!(["secret_expiring"]));
    let trail = latchkey.list_items(&format!("/v1/accounts/{ACCOUNT}/audit")).await;
    assert_eq!(trail[0]["changes"][0]["member"], "expires_at");
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    latchkey.set_time(format!("{tomorrow}T23:59:00Z").parse().unwrap());
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(401);
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
