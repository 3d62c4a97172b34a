//! Many concurrent requests.

use crate::support::app::TestApp;
use crate::support::fixtures::{ACCOUNT, TestClient};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const REQUESTS: usize = 20;

async fn add_concurrently(latchkey: &TestApp, client: &TestClient, body: &Value) -> Vec<u16> {
    let path = format!("{}/secrets", client.path());
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..REQUESTS {
        let request = latchkey.admin_request("POST", &path).await.json(body);
        tasks.spawn(async move { request.send().await.status.as_u16() });
    }
    tasks.join_all().await
}

#[tokio::test]
async fn twenty_concurrent_additions_leave_two_live_secrets() {
    let latchkey = TestApp::with_fixtures().await;
    for body in [
        json!({}),
        json!({ "replace": "newest" }),
        json!({ "replace": "oldest" }),
        json!({ "replace": "all" }),
    ] {
        let client = latchkey.fixtures().client().await;
        let statuses = add_concurrently(&latchkey, &client, &body).await;
        let unexpected: Vec<_> = statuses.iter().filter(|status| ![201, 409].contains(*status)).collect();
        assert!(unexpected.is_empty(), "{body}: {unexpected:?}");
        assert!(statuses.contains(&201), "{body}: no request succeeded");
        let listed = latchkey
            .admin_request("GET", &format!("{}/secrets", client.path()))
            .await
            .send()
            .await
            .expect(200);
        let live = listed.json()["items"].as_array().unwrap().len();
        assert!((1..=2).contains(&live), "{body}: {live} live secrets");
        if body == json!({}) {
            assert_eq!((statuses.iter().filter(|status| **status == 201).count(), live), (1, 2));
        }
    }
    latchkey.inspect().assert_settled().await;
}

#[tokio::test]
async fn concurrent_creations_of_one_id_make_one_client() {
    let latchkey = TestApp::with_fixtures().await;
    let path = format!("/v1/accounts/{ACCOUNT}/clients");
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..REQUESTS {
        let body = json!({ "client_name": format!("Try {number}"), "client_id": "wanted" });
        let request = latchkey.admin_request("POST", &path).await.json(&body);
        tasks.spawn(async move { request.send().await });
    }
    let responses = tasks.join_all().await;
    let created: Vec<_> = responses.iter().filter(|response| response.status == 201).collect();
    assert_eq!(created.len(), 1);
    assert!(responses.iter().all(|response| [201, 409].contains(&response.status.as_u16())));
    assert_eq!(latchkey.inspect().partition("CLIENT#wanted").await.len(), 2);
    latchkey.inspect().assert_settled().await;
    let secret = created[0].string("client_secret");
    assert_eq!(
        latchkey.inspect().stored_value("wanted", "AWSCURRENT").await.unwrap()["client_secret"],
        secret.as_str()
    );
}

#[tokio::test]
async fn concurrent_identical_requests_are_executed_once() {
    let latchkey = TestApp::with_fixtures().await;
    let path = format!("/v1/accounts/{ACCOUNT}/clients");
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..REQUESTS {
        let request = latchkey.admin_request("POST", &path).await.header("idempotency-key", "one");
        let request = request.json(&json!({ "client_name": "Once" }));
        tasks.spawn(async move { request.send().await });
    }
    let responses = tasks.join_all().await;
    let ids: BTreeSet<String> = responses
        .iter()
        .filter(|response| response.status == 201)
        .map(|response| response.string("client_id"))
        .collect();
    assert_eq!(ids.len(), 1, "{responses:?}");
    let shown = responses.iter().filter(|response| response.json()["client_secret"].is_string()).count();
    assert_eq!(shown, 1, "the secret is shown once");
    latchkey.inspect().assert_settled().await;
}
