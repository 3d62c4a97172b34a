//! What a workload on AWS reads from Secrets Manager: `AWSCURRENT` is the newest live secret,
//! `AWSPREVIOUS` the other one, and neither is ever a dead one.

use crate::support::app::{ISSUER, TestApp};
use crate::support::fixtures::{ACCOUNT, TestClient};
use serde_json::{Value, json};

/// The ids of the secrets under the two labels.
async fn labels(latchkey: &TestApp, client: &TestClient) -> (Option<String>, Option<String>) {
    let of = async |label| {
        let value = latchkey.stored_value(&client.client_id, label).await?;
        value["secret_id"].as_str().map(str::to_owned)
    };
    (of("AWSCURRENT").await, of("AWSPREVIOUS").await)
}

async fn add(latchkey: &TestApp, client: &TestClient, body: &Value) -> String {
    latchkey.add_secret(client, body).await.expect(201).string("secret_id")
}

#[tokio::test]
async fn a_workload_reads_all_it_needs() {
    let mut latchkey = TestApp::with_fixtures().await;
    latchkey.set_time("2026-11-20T16:00:00Z".parse().unwrap());
    let client = latchkey.client_like(ACCOUNT, &json!({ "secret": { "expires_on": "2027-02-18" } })).await;
    let value = latchkey.stored_value(&client.client_id, "AWSCURRENT").await.unwrap();
    let expected = json!({
        "client_id": client.client_id, "client_secret": client.client_secret, "secret_id": client.secret_id,
        "token_endpoint": format!("{ISSUER}/oauth/token"), "expires_at": "2027-02-18T23:59:00Z",
    });
    assert_eq!(value, expected);
}

#[tokio::test]
async fn what_the_workload_reads_gets_a_token_after_every_rotation() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.client().await;
    for replace in ["newest", "oldest", "all", "oldest"] {
        add(&latchkey, &client, &json!({ "replace": replace })).await;
        let value = latchkey.stored_value(&client.client_id, "AWSCURRENT").await.unwrap();
        let (id, secret) = (value["client_id"].as_str().unwrap(), value["client_secret"].as_str().unwrap());
        latchkey.token(id, secret, "").await.expect(200);
    }
}

#[tokio::test]
async fn a_second_secret_is_current_and_the_first_previous() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.client().await;
    assert_eq!(labels(&latchkey, &client).await, (Some(client.secret_id.clone()), None));
    let second = add(&latchkey, &client, &json!({})).await;
    assert_eq!(labels(&latchkey, &client).await, (Some(second), Some(client.secret_id)));
}

#[tokio::test]
async fn whatever_is_replaced_the_labels_end_on_the_live_ones() {
    let latchkey = TestApp::with_fixtures().await;
    for replace in ["newest", "oldest", "all"] {
        let client = latchkey.client().await;
        let second = add(&latchkey, &client, &json!({})).await;
        let third = add(&latchkey, &client, &json!({ "replace": replace })).await;
        let previous = match replace {
            "newest" => Some(client.secret_id.clone()),
            "oldest" => Some(second),
            _ => None,
        };
        assert_eq!(labels(&latchkey, &client).await, (Some(third), previous), "{replace}");
    }
}

#[tokio::test]
async fn after_a_revocation_the_labels_are_on_what_is_left() {
    let latchkey = TestApp::with_fixtures().await;
    for revoked in [0, 1] {
        let client = latchkey.client().await;
        let second = add(&latchkey, &client, &json!({})).await;
        let ids = [client.secret_id.clone(), second];
        latchkey.delete(&client.secret(&ids[revoked])).await.expect(204);
        assert_eq!(labels(&latchkey, &client).await, (Some(ids[1 - revoked].clone()), None));
    }
}

#[tokio::test]
async fn without_a_live_secret_the_vault_shows_none_until_one_comes() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.client().await;
    latchkey.delete(&client.secret(&client.secret_id)).await.expect(204);
    let left = latchkey.stored_value(&client.client_id, "AWSCURRENT").await.unwrap();
    assert_eq!(left["client_secret"], Value::Null);
    assert_eq!(latchkey.stored_value(&client.client_id, "AWSPREVIOUS").await, None);
    assert_eq!(latchkey.stored_value(&client.client_id, &client.secret_id).await, None);
    let next = add(&latchkey, &client, &json!({})).await;
    assert_eq!(latchkey.stored_value(&client.client_id, "AWSPREVIOUS").await, None);
    assert_eq!(labels(&latchkey, &client).await, (Some(next), None));
}

#[tokio::test]
async fn an_expired_secret_is_previous_to_nobody() {
    let mut latchkey = TestApp::with_fixtures().await;
    let client = latchkey.client().await;
    let ends = crate::v1::days_ahead(&latchkey, 1);
    add(&latchkey, &client, &json!({ "expires_on": ends })).await;
    latchkey.set_time(format!("{ends}T23:59:00Z").parse().unwrap());
    let third = add(&latchkey, &client, &json!({})).await;
    assert_eq!(labels(&latchkey, &client).await, (Some(third), Some(client.secret_id)));
}

#[tokio::test]
async fn after_many_rotations_at_once_the_labels_are_on_the_two_live_ones() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.client().await;
    let admin = latchkey.admin().await.to_owned();
    let mut running = tokio::task::JoinSet::new();
    let body = json!({ "replace": "oldest" });
    for _ in 0..4 {
        running.spawn(latchkey.request("POST", &client.secrets()).bearer(&admin).json(&body).send());
    }
    for answer in running.join_all().await {
        answer.expect(201);
    }
    let mut live = latchkey.live(&client).await;
    let (current, previous) = labels(&latchkey, &client).await;
    let mut labelled: Vec<_> = current.into_iter().chain(previous).collect();
    live.sort();
    labelled.sort();
    assert_eq!(labelled, live);
}
