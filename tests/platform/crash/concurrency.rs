//! Many requests at once.

use crate::support::app::TestApp;
use crate::support::fixtures::{ACCOUNT, TestClient};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const MANY: usize = 20;

async fn add_at_once(latchkey: &TestApp, client: &TestClient, body: &Value) -> Vec<u16> {
    let path = format!("{}/secrets", client.path());
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..MANY {
        let ask = latchkey.admin_request("POST", &path).await.json(body);
        tasks.spawn(async move { ask.send().await.status.as_u16() });
    }
    tasks.join_all().await
}

#[tokio::test]
async fn twenty_additions_at_once_never_leave_three_live_secrets() {
    let latchkey = TestApp::with_fixtures().await;
    for body in [
        json!({}),
        json!({ "replace": "newest" }),
        json!({ "replace": "oldest" }),
        json!({ "replace": "all" }),
    ] {
        let client = latchkey.client().await;
        let statuses = add_at_once(&latchkey, &client, &body).await;
        let unexpected: Vec<_> = statuses.iter().filter(|status| ![201, 409].contains(*status)).collect();
        assert!(unexpected.is_empty(), "{body}: {unexpected:?}");
        assert!(statuses.contains(&201), "{body}: nobody succeeded");
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
    latchkey.assert_settled().await;
}

#[tokio::test]
async fn one_chosen_id_makes_one_client_whoever_else_tries() {
    let latchkey = TestApp::with_fixtures().await;
    let path = format!("/v1/accounts/{ACCOUNT}/clients");
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..MANY {
        let body = json!({ "client_name": format!("Try {number}"), "client_id": "wanted" });
        let ask = latchkey.admin_request("POST", &path).await.json(&body);
        tasks.spawn(async move { ask.send().await });
    }
    let answers = tasks.join_all().await;
    let made: Vec<_> = answers.iter().filter(|answer| answer.status == 201).collect();
    assert_eq!(made.len(), 1);
    assert!(answers.iter().all(|answer| [201, 409].contains(&answer.status.as_u16())));
    assert_eq!(latchkey.partition("CLIENT#wanted").await.len(), 2);
    latchkey.assert_settled().await;
    let secret = made[0].string("client_secret");
    assert_eq!(
        latchkey.stored_value("wanted", "AWSCURRENT").await.unwrap()["client_secret"],
        secret.as_str()
    );
}

#[tokio::test]
async fn one_request_sent_many_times_at_once_is_carried_out_once() {
    let latchkey = TestApp::with_fixtures().await;
    let path = format!("/v1/accounts/{ACCOUNT}/clients");
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..MANY {
        let ask = latchkey.admin_request("POST", &path).await.header("idempotency-key", "one");
        let ask = ask.json(&json!({ "client_name": "Once" }));
        tasks.spawn(async move { ask.send().await });
    }
    let answers = tasks.join_all().await;
    let ids: BTreeSet<String> = answers
        .iter()
        .filter(|answer| answer.status == 201)
        .map(|answer| answer.string("client_id"))
        .collect();
    assert_eq!(ids.len(), 1, "{answers:?}");
    let shown = answers.iter().filter(|answer| answer.json()["client_secret"].is_string()).count();
    assert_eq!(shown, 1, "the secret is shown once");
    latchkey.assert_settled().await;
}
