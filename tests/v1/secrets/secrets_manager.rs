//! The stored value that a workload on AWS reads from Secrets Manager: `AWSCURRENT` is the newest live secret,
//! `AWSPREVIOUS` the other one, and neither is ever an expired or revoked one.

use crate::support::app::{ISSUER, TestApp};
use crate::support::fixtures::{ACCOUNT, TestClient};
use serde_json::{Value, json};

/// The ids of the secrets in the two stages.
async fn current_and_previous(latchkey: &TestApp, client: &TestClient) -> (Option<String>, Option<String>) {
    let of = async |label| {
        let value = latchkey.inspect().stored_value(&client.client_id, label).await?;
        value["secret_id"].as_str().map(str::to_owned)
    };
    (of("AWSCURRENT").await, of("AWSPREVIOUS").await)
}

async fn add(latchkey: &TestApp, client: &TestClient, body: &Value) -> String {
    latchkey.add_secret(client, body).await.expect(201).string("secret_id")
}

#[tokio::test]
async fn stored_value_has_all_a_workload_needs() {
    let mut latchkey = TestApp::with_fixtures().await;
    latchkey.set_time("2026-11-20T16:00:00Z".parse().unwrap());
    let client =
        latchkey.fixtures().client_with(ACCOUNT, &json!({ "secret": { "expires_on": "2027-02-18" } })).await;
    let value = latchkey.inspect().stored_value(&client.client_id, "AWSCURRENT").await.unwrap();
    let expected = json!({
        "client_id": client.client_id, "client_secret": client.client_secret, "secret_id": client.secret_id,
        "token_endpoint": format!("{ISSUER}/oauth/token"), "expires_at": "2027-02-18T23:59:00Z",
    });
    assert_eq!(value, expected);
}

#[tokio::test]
async fn stored_value_gets_a_token_after_every_rotation() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    for replace in ["newest", "oldest", "all", "oldest"] {
        add(&latchkey, &client, &json!({ "replace": replace })).await;
        let value = latchkey.inspect().stored_value(&client.client_id, "AWSCURRENT").await.unwrap();
        let (id, secret) = (value["client_id"].as_str().unwrap(), value["client_secret"].as_str().unwrap());
        latchkey.token(id, secret, "").await.expect(200);
    }
}

#[tokio::test]
async fn second_secret_is_current_and_first_previous() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    assert_eq!(current_and_previous(&latchkey, &client).await, (Some(client.secret_id.clone()), None));
    let second = add(&latchkey, &client, &json!({})).await;
    assert_eq!(current_and_previous(&latchkey, &client).await, (Some(second), Some(client.secret_id)));
}

#[tokio::test]
async fn stages_match_live_secrets_after_any_replacement() {
    let latchkey = TestApp::with_fixtures().await;
    for replace in ["newest", "oldest", "all"] {
        let client = latchkey.fixtures().client().await;
        let second = add(&latchkey, &client, &json!({})).await;
        let third = add(&latchkey, &client, &json!({ "replace": replace })).await;
        let previous = match replace {
            "newest" => Some(client.secret_id.clone()),
            "oldest" => Some(second),
            _ => None,
        };
        assert_eq!(current_and_previous(&latchkey, &client).await, (Some(third), previous), "{replace}");
    }
}

#[tokio::test]
async fn stages_match_remaining_secrets_after_revocation() {
    let latchkey = TestApp::with_fixtures().await;
    for revoked in [0, 1] {
        let client = latchkey.fixtures().client().await;
        let second = add(&latchkey, &client, &json!({})).await;
        let ids = [client.secret_id.clone(), second];
        latchkey.delete(&client.secret(&ids[revoked])).await.expect(204);
        assert_eq!(current_and_previous(&latchkey, &client).await, (Some(ids[1 - revoked].clone()), None));
    }
}

#[tokio::test]
async fn no_stage_is_set_without_a_live_secret() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    latchkey.delete(&client.secret(&client.secret_id)).await.expect(204);
    let left = latchkey.inspect().stored_value(&client.client_id, "AWSCURRENT").await.unwrap();
    assert_eq!(left["client_secret"], Value::Null);
    assert_eq!(latchkey.inspect().stored_value(&client.client_id, "AWSPREVIOUS").await, None);
    assert_eq!(latchkey.inspect().stored_value(&client.client_id, &client.secret_id).await, None);
    let next = add(&latchkey, &client, &json!({})).await;
    assert_eq!(latchkey.inspect().stored_value(&client.client_id, "AWSPREVIOUS").await, None);
    assert_eq!(current_and_previous(&latchkey, &client).await, (Some(next), None));
}

#[tokio::test]
async fn expired_secret_is_not_awsprevious() {
    let mut latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let ends = crate::v1::days_ahead(&latchkey, 1);
    add(&latchkey, &client, &json!({ "expires_on": ends })).await;
    latchkey.set_time(format!("{ends}T23:59:00Z").parse().unwrap());
    let third = add(&latchkey, &client, &json!({})).await;
    assert_eq!(current_and_previous(&latchkey, &client).await, (Some(third), Some(client.secret_id)));
}

#[tokio::test]
async fn stages_match_live_secrets_after_concurrent_rotations() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let admin = latchkey.admin().await.to_owned();
    let mut running = tokio::task::JoinSet::new();
    let body = json!({ "replace": "oldest" });
    for _ in 0..4 {
        running.spawn(latchkey.request("POST", &client.secrets()).bearer(&admin).json(&body).send());
    }
    for response in running.join_all().await {
        response.expect(201);
    }
    let mut live = latchkey.live_secret_ids(&client).await;
    let (current, previous) = current_and_previous(&latchkey, &client).await;
    let mut labelled: Vec<_> = current.into_iter().chain(previous).collect();
    live.sort();
    labelled.sort();
    assert_eq!(labelled, live);
}
