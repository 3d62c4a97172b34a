//! `POST …/secrets`: adding a secret beside the present one or in its place.

use crate::support::app::TestApp;
use crate::v1::{CLIENTS, assert_contains, days_ahead, values_of};
use serde_json::json;
use std::collections::BTreeSet;

#[tokio::test]
async fn second_secret_works_beside_the_first() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let added = latchkey.add_secret(&client, &json!({})).await.expect(201);
    assert_eq!(added.header("location"), client.secret(&added.string("secret_id")));
    assert_eq!(added.header("cache-control"), "no-store");
    for secret in [&client.client_secret, &added.string("client_secret")] {
        latchkey.token(&client.client_id, secret, "").await.expect(200);
    }
    assert_eq!(latchkey.live_secret_ids(&client).await, [client.secret_id, added.string("secret_id")]);
}

#[tokio::test]
async fn secret_is_listed_without_its_value() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let body = json!({ "expires_on": days_ahead(&latchkey, 30), "remind": false });
    let added = latchkey.add_secret(&client, &body).await.expect(201);
    let secret = added.string("client_secret");
    let mut expected = added.json();
    expected.as_object_mut().unwrap().remove("client_secret");
    let described = json!({
        "hint": secret[secret.len() - 4..], "expires_at": format!("{}T23:59:00Z", days_ahead(&latchkey, 30)),
        "remind": false, "last_used_on": null, "status": "active",
    });
    assert_contains(&expected, &described);
    assert_eq!(latchkey.list_items(&client.secrets()).await[1], expected);
    latchkey.token(&client.client_id, &secret, "").await.expect(200);
    assert_eq!(latchkey.list_items(&client.secrets()).await[1]["last_used_on"], days_ahead(&latchkey, 0));
}

#[tokio::test]
async fn missing_body_uses_defaults() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let added = latchkey.admin_request("POST", &client.secrets()).await.send().await.expect(201).json();
    let expires_at = format!("{}T23:59:00Z", days_ahead(&latchkey, 90));
    assert_contains(&added, &json!({ "expires_at": expires_at, "remind": true }));
}

#[tokio::test]
async fn third_secret_needs_replace() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let second = latchkey.add_secret(&client, &json!({})).await.expect(201);
    let refused = latchkey.add_secret(&client, &json!({})).await.expect(409);
    assert_eq!(refused.problem(), "two_secrets_live");
    assert_eq!(latchkey.live_secret_ids(&client).await, [client.secret_id, second.string("secret_id")]);
}

#[tokio::test]
async fn new_secret_replaces_newest_oldest_all_or_named() {
    let latchkey = TestApp::with_fixtures().await;
    for (replace, kept) in [("newest", vec![0]), ("oldest", vec![1]), ("all", vec![]), ("named", vec![1])] {
        let client = latchkey.fixtures().client().await;
        let second = latchkey.add_secret(&client, &json!({})).await.expect(201);
        let before = [client.secret_id.clone(), second.string("secret_id")];
        let secrets = [client.client_secret.clone(), second.string("client_secret")];
        let body = if replace == "named" { before[0].as_str() } else { replace };
        let third = latchkey.add_secret(&client, &json!({ "replace": body })).await.expect(201);
        let mut expected: Vec<_> = kept.iter().map(|index: &usize| before[*index].clone()).collect();
        expected.push(third.string("secret_id"));
        assert_eq!(latchkey.live_secret_ids(&client).await, expected, "{replace}");
        latchkey.token(&client.client_id, &third.string("client_secret"), "").await.expect(200);
        for (index, secret) in secrets.iter().enumerate() {
            let status = if kept.contains(&index) { 200 } else { 401 };
            latchkey.token(&client.client_id, secret, "").await.expect(status);
        }
    }
}

#[tokio::test]
async fn replace_accepts_one_or_no_live_secret() {
    let latchkey = TestApp::with_fixtures().await;
    for replace in ["newest", "oldest", "all"] {
        let client = latchkey.fixtures().client().await;
        let second = latchkey.add_secret(&client, &json!({ "replace": replace })).await.expect(201);
        assert_eq!(latchkey.live_secret_ids(&client).await, [second.string("secret_id")], "{replace}");
        latchkey.delete(&client.secret(&second.string("secret_id"))).await.expect(204);
        latchkey.add_secret(&client, &json!({ "replace": replace })).await.expect(201);
        assert_eq!(latchkey.live_secret_ids(&client).await.len(), 1, "{replace}");
    }
}

#[tokio::test]
async fn unknown_secret_to_replace_is_rejected() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, other) = (latchkey.fixtures().client().await, latchkey.fixtures().client().await);
    for replace in [json!(other.secret_id), json!("0".repeat(32)), json!("both"), json!(""), json!(1)] {
        let response = latchkey.add_secret(&client, &json!({ "replace": replace })).await.expect(422);
        assert_eq!(response.pointers(), ["#/replace"], "{replace}");
    }
    assert_eq!(latchkey.live_secret_ids(&client).await, [client.secret_id]);
}

#[tokio::test]
async fn expired_secret_is_not_live() {
    let mut latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    latchkey.add_secret(&client, &json!({ "expires_on": days_ahead(&latchkey, 1) })).await.expect(201);
    latchkey.set_time(format!("{}T23:59:00Z", days_ahead(&latchkey, 1)).parse().unwrap());
    let statuses = values_of(&latchkey.list_items(&client.secrets()).await, "status");
    assert_eq!(statuses, ["active", "expired"]);
    let third = latchkey.add_secret(&client, &json!({})).await.expect(201);
    assert_eq!(latchkey.live_secret_ids(&client).await, [client.secret_id, third.string("secret_id")]);
}

#[tokio::test]
async fn concurrent_additions_leave_two_live_secrets() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let admin = latchkey.admin().await.to_owned();
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..5 {
        running.spawn(latchkey.request("POST", &client.secrets()).bearer(&admin).json(&json!({})).send());
    }
    let responses = running.join_all().await;
    let (created, refused): (Vec<_>, Vec<_>) =
        responses.into_iter().partition(|response| response.status == 201);
    assert_eq!((created.len(), refused.len()), (1, 4));
    assert!(refused.iter().all(|response| response.problem() == "two_secrets_live"));
    assert_eq!(latchkey.live_secret_ids(&client).await, [client.secret_id, created[0].string("secret_id")]);
}

#[tokio::test]
async fn concurrent_replacements_are_all_applied() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    latchkey.add_secret(&client, &json!({})).await.expect(201);
    let admin = latchkey.admin().await.to_owned();
    let mut running = tokio::task::JoinSet::new();
    let body = json!({ "replace": "oldest" });
    for _ in 0..4 {
        running.spawn(latchkey.request("POST", &client.secrets()).bearer(&admin).json(&body).send());
    }
    let created = running.join_all().await;
    let secrets: BTreeSet<_> =
        created.into_iter().map(|response| response.expect(201).string("client_secret")).collect();
    assert_eq!(secrets.len(), 4);
    let mut working = 0;
    for secret in &secrets {
        working += usize::from(latchkey.token(&client.client_id, secret, "").await.status == 200);
    }
    assert_eq!((working, latchkey.live_secret_ids(&client).await.len()), (2, 2));
}

#[tokio::test]
async fn expiry_date_has_same_limits_as_at_creation() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    for days in [0, 800] {
        let body = json!({ "expires_on": days_ahead(&latchkey, days) });
        assert_eq!(latchkey.add_secret(&client, &body).await.expect(422).pointers(), ["#/expires_on"]);
    }
}

#[tokio::test]
async fn unknown_client_gets_no_secret() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.post(&format!("{CLIENTS}/unknown/secrets"), &json!({})).await.expect(404);
    latchkey.get(&format!("{CLIENTS}/unknown/secrets")).await.expect(404);
    assert_eq!(latchkey.inspect().stored_client_ids().await, ["latchkey-operator"]);
}
