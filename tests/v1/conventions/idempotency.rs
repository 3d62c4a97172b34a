//! `Idempotency-Key`: a repeated request is not executed again.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::support::http::TestResponse;
use crate::v1::{ACCOUNTS, CLIENTS, MEMBERS, RESOURCES, days_ahead};
use jiff::SignedDuration;
use serde_json::{Value, json};

async fn post_with_key(latchkey: &TestApp, path: &str, key: &str, body: &Value) -> TestResponse {
    latchkey.admin_request("POST", path).await.header("idempotency-key", key).json(body).send().await
}

#[tokio::test]
async fn repeat_returns_same_response_and_creates_nothing() {
    let latchkey = TestApp::with_fixtures().await;
    let cases = [
        (ACCOUNTS, json!({ "account_name": "Acme" })),
        (RESOURCES, json!({ "resource_id": "files" })),
        (MEMBERS, json!({ "email": "ann@acme.example", "name": "Ann" })),
        (CLIENTS, json!({ "client_name": "x", "client_id": "chosen" })),
    ];
    for (path, body) in cases {
        let first = post_with_key(&latchkey, path, "k1", &body).await.expect(201);
        let count = latchkey.list_items(path).await.len();
        let again = post_with_key(&latchkey, path, "k1", &body).await.expect(201);
        assert_eq!((again.header("location"), again.etag()), (first.header("location"), first.etag()));
        let mut expected = first.json();
        expected.as_object_mut().unwrap().remove("client_secret");
        assert_eq!(again.json(), expected);
        assert_eq!(latchkey.list_items(path).await.len(), count, "{path}");
    }
}

#[tokio::test]
async fn repeat_does_not_show_the_secret_again() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    for path in [CLIENTS.to_owned(), format!("{}/duplicate", client.path()), client.secrets()] {
        let body = if path == CLIENTS { json!({ "client_name": "x" }) } else { json!({}) };
        let first = post_with_key(&latchkey, &path, "k1", &body).await.expect(201);
        let again = post_with_key(&latchkey, &path, "k1", &body).await.expect(201);
        assert!(first.string("client_secret").starts_with("lks_"));
        assert!(!again.text().contains("lks_"), "{path}");
        assert_eq!(again.string("secret_id"), first.string("secret_id"));
        assert_eq!(again.header("location"), first.header("location"));
    }
    assert_eq!(latchkey.live_secret_ids(&client).await.len(), 2);
    assert_eq!(latchkey.list_items(CLIENTS).await.len(), 3);
}

#[tokio::test]
async fn same_key_with_other_body_is_rejected() {
    let latchkey = TestApp::with_fixtures().await;
    post_with_key(&latchkey, CLIENTS, "k1", &json!({ "client_name": "x" })).await.expect(201);
    let response = post_with_key(&latchkey, CLIENTS, "k1", &json!({ "client_name": "y" })).await.expect(422);
    assert_eq!(response.problem(), "idempotency_key_reused");
    assert_eq!(latchkey.list_items(CLIENTS).await.len(), 1);
}

#[tokio::test]
async fn equivalent_json_bodies_are_the_same_request() {
    let latchkey = TestApp::with_fixtures().await;
    let mut created = Vec::new();
    for body in
        [r#"{"client_name":"x","contacts":[]}"#, "{ \"contacts\" : [ ],\n \"client_n\\u0061me\":\"x\" }"]
    {
        let request = latchkey.admin_request("POST", CLIENTS).await.header("idempotency-key", "k1");
        created.push(request.body("application/json", body).send().await.expect(201).string("client_id"));
    }
    assert_eq!(created[0], created[1]);
}

#[tokio::test]
async fn key_is_scoped_to_caller_and_route() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().account("T2").await;
    let (_, token) = latchkey.fixtures().administrator(ACCOUNT, &["clients:manage"]).await;
    let body = json!({ "client_name": "x" });
    let mut created = std::collections::BTreeSet::new();
    created.insert(post_with_key(&latchkey, CLIENTS, "k1", &body).await.expect(201).string("client_id"));
    created.insert(
        post_with_key(&latchkey, "/v1/accounts/T2/clients", "k1", &body)
            .await
            .expect(201)
            .string("client_id"),
    );
    let request = latchkey.request("POST", CLIENTS).bearer(&token).header("idempotency-key", "k1");
    created.insert(request.json(&body).send().await.expect(201).string("client_id"));
    assert_eq!(created.len(), 3);
}

#[tokio::test]
async fn concurrent_identical_requests_create_one() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let admin = latchkey.admin().await.to_owned();
    let names = latchkey.inspect().stored_client_ids().await.len();
    for path in [CLIENTS.to_owned(), client.secrets()] {
        let body = if path == CLIENTS { json!({ "client_name": "x" }) } else { json!({}) };
        let mut running = tokio::task::JoinSet::new();
        for _ in 0..5 {
            let request = latchkey.request("POST", &path).bearer(&admin).header("idempotency-key", "k1");
            running.spawn(request.json(&body).send());
        }
        let responses: Vec<_> =
            running.join_all().await.into_iter().map(|response| response.expect(201)).collect();
        assert!(
            responses.iter().all(|response| response.header("location") == responses[0].header("location"))
        );
        let shown = responses.iter().filter(|response| response.text().contains("lks_")).count();
        assert_eq!(shown, 1, "the secret is shown once: {path}");
    }
    assert_eq!(latchkey.list_items(CLIENTS).await.len(), 2);
    assert_eq!(latchkey.live_secret_ids(&client).await.len(), 2);
    assert_eq!(latchkey.inspect().stored_client_ids().await.len(), names + 1);
}

#[tokio::test]
async fn key_is_remembered_for_24_hours() {
    let mut latchkey = TestApp::with_fixtures().await;
    let body = json!({ "client_name": "x" });
    let first = post_with_key(&latchkey, CLIENTS, "k1", &body).await.expect(201).string("client_id");
    latchkey.advance(SignedDuration::from_hours(24) - SignedDuration::from_secs(60));
    assert_eq!(post_with_key(&latchkey, CLIENTS, "k1", &body).await.expect(201).string("client_id"), first);
    latchkey.advance(SignedDuration::from_secs(60));
    assert_ne!(post_with_key(&latchkey, CLIENTS, "k1", &body).await.expect(201).string("client_id"), first);
}

#[tokio::test]
async fn repeat_after_midnight_is_the_same_request() {
    let mut latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    latchkey.set_time(format!("{}T23:30:00Z", days_ahead(&latchkey, 1)).parse().unwrap());
    let tomorrow = days_ahead(&latchkey, 1);
    let created = json!({ "client_name": "x", "secret": { "expires_on": tomorrow } });
    let added = json!({ "expires_on": tomorrow });
    let secrets = client.secrets();
    let first = post_with_key(&latchkey, CLIENTS, "k1", &created).await.expect(201).string("client_id");
    let second = post_with_key(&latchkey, &secrets, "k1", &added).await.expect(201).string("secret_id");
    latchkey.advance(SignedDuration::from_hours(1));
    assert_eq!(
        post_with_key(&latchkey, CLIENTS, "k1", &created).await.expect(201).string("client_id"),
        first
    );
    assert_eq!(
        post_with_key(&latchkey, &secrets, "k1", &added).await.expect(201).string("secret_id"),
        second
    );
}

#[tokio::test]
async fn repeated_status_change_does_not_undo_later_one() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let (disable, enable) = (format!("{}/disable", client.path()), format!("{}/enable", client.path()));
    post_with_key(&latchkey, &disable, "k1", &json!({})).await.expect(200);
    post_with_key(&latchkey, &enable, "k1", &json!({})).await.expect(200);
    let repeat = post_with_key(&latchkey, &disable, "k1", &json!({})).await.expect(200);
    assert_eq!(repeat.string("status"), "active");
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
}

#[tokio::test]
async fn repeated_no_op_disable_stays_a_no_op() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let (disable, enable) = (format!("{}/disable", client.path()), format!("{}/enable", client.path()));
    latchkey.post(&disable, &json!({})).await.expect(200);
    post_with_key(&latchkey, &disable, "k1", &json!({})).await.expect(200);
    latchkey.post(&enable, &json!({})).await.expect(200);
    post_with_key(&latchkey, &disable, "k1", &json!({})).await.expect(200);
    assert_eq!(latchkey.get(&client.path()).await.string("status"), "active");
}

#[tokio::test]
async fn concurrent_identical_disables_all_return_disabled() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let admin = latchkey.admin().await.to_owned();
    let path = format!("{}/disable", client.path());
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..5 {
        let request = latchkey.request("POST", &path).bearer(&admin).header("idempotency-key", "k1");
        running.spawn(request.send());
    }
    for response in running.join_all().await {
        assert_eq!(response.expect(200).string("status"), "disabled");
    }
}

#[tokio::test]
async fn rejected_request_does_not_use_its_key() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client_with(ACCOUNT, &json!({ "client_id": "taken" })).await;
    post_with_key(&latchkey, CLIENTS, "k1", &json!({ "client_name": "" })).await.expect(422);
    let taken = json!({ "client_name": "x", "client_id": client.client_id });
    post_with_key(&latchkey, CLIENTS, "k1", &taken).await.expect(409);
    post_with_key(&latchkey, CLIENTS, "k1", &json!({ "client_name": "x" })).await.expect(201);
    latchkey.add_secret(&client, &json!({})).await.expect(201);
    post_with_key(&latchkey, &client.secrets(), "k1", &json!({})).await.expect(409);
    latchkey.delete(&client.secret(&client.secret_id)).await.expect(204);
    post_with_key(&latchkey, &client.secrets(), "k1", &json!({})).await.expect(201);
}

#[tokio::test]
async fn key_is_short_printable_text() {
    let latchkey = TestApp::with_fixtures().await;
    let body = json!({ "client_name": "x" });
    for key in ["", "a b", "ä", &"k".repeat(256)] {
        assert_eq!(
            post_with_key(&latchkey, CLIENTS, key, &body).await.expect(400).problem(),
            "malformed",
            "{key}"
        );
    }
    post_with_key(&latchkey, CLIENTS, &"k".repeat(255), &body).await.expect(201);
    assert_eq!(latchkey.list_items(CLIENTS).await.len(), 1);
}

#[tokio::test]
async fn only_posts_have_keys() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    for name in ["a", "b"] {
        let request = latchkey.admin_request("PATCH", &client.path()).await.header("idempotency-key", "k1");
        request.json(&json!({ "client_name": name })).send().await.expect(200);
    }
    assert_eq!(latchkey.get(&client.path()).await.string("client_name"), "b");
}
