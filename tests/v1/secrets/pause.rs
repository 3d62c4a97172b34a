//! `POST …/secrets/{secret_id}/pause` and `/resume`.

use crate::support::app::TestApp;
use crate::support::fixtures::{ACCOUNT, TestClient};
use serde_json::{Value, json};

async fn pause(latchkey: &TestApp, client: &TestClient, secret_id: &str) -> Value {
    latchkey.post(&format!("{}/pause", client.secret(secret_id)), &json!({})).await.expect(200).json()
}

async fn resume(latchkey: &TestApp, client: &TestClient, secret_id: &str) -> Value {
    latchkey.post(&format!("{}/resume", client.secret(secret_id)), &json!({})).await.expect(200).json()
}

#[tokio::test]
async fn paused_secret_is_refused_at_once_and_works_again_when_resumed() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let second = latchkey.add_secret(&client, &json!({})).await.expect(201);
    let wrong = latchkey.token(&client.client_id, "lks_wrong", "").await.expect(401);
    for _ in 0..2 {
        assert_eq!(pause(&latchkey, &client, &client.secret_id).await["status"], "paused");
        let refused = latchkey.token(&client.client_id, &client.client_secret, "").await.expect(401);
        assert_eq!(refused.text(), wrong.text(), "callers are not told");
        latchkey.token(&client.client_id, &second.string("client_secret"), "").await.expect(200);
    }
    for _ in 0..2 {
        assert_eq!(resume(&latchkey, &client, &client.secret_id).await["status"], "active");
        latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    }
    let reasons = latchkey.list_items(&format!("{}/refusals", client.path())).await;
    assert!(
        reasons.iter().any(|refusal| refusal["reason"] == "paused_secret"),
        "the owner is told: {reasons:?}"
    );
    let trail = latchkey.list_items(&format!("/v1/accounts/{ACCOUNT}/audit")).await;
    let count = |action: &str| trail.iter().filter(|entry| entry["action"] == action).count();
    assert_eq!(
        (count("secret.paused"), count("secret.resumed")),
        (1, 1),
        "what changes nothing is no change"
    );
}

#[tokio::test]
async fn paused_secret_counts_as_live_and_as_no_credential() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().manager(ACCOUNT, "ann@acme.example").await;
    let client = latchkey.fixtures().client().await;
    let second = latchkey.add_secret(&client, &json!({})).await.expect(201).string("secret_id");
    pause(&latchkey, &client, &client.secret_id).await;
    assert_eq!(latchkey.get(&client.path()).await.json()["attention"], json!([]));
    latchkey.add_secret(&client, &json!({})).await.expect(409);
    pause(&latchkey, &client, &second).await;
    assert_eq!(latchkey.get(&client.path()).await.json()["attention"], json!(["no_credentials"]));
}

#[tokio::test]
async fn expired_secret_cannot_be_paused_or_resumed() {
    let mut latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let ends = crate::v1::days_ahead(&latchkey, 1);
    let second =
        latchkey.add_secret(&client, &json!({ "expires_on": ends })).await.expect(201).string("secret_id");
    pause(&latchkey, &client, &second).await;
    latchkey.set_time(format!("{ends}T23:59:00Z").parse().unwrap());
    assert_eq!(latchkey.get(&client.secret(&second)).await.json()["status"], "expired");
    for action in ["pause", "resume"] {
        let refused =
            latchkey.post(&format!("{}/{action}", client.secret(&second)), &json!({})).await.expect(409);
        assert_eq!(refused.problem(), "secret_expired");
    }
}

#[tokio::test]
async fn stored_value_follows_the_secret_that_is_not_paused() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let second = latchkey.add_secret(&client, &json!({})).await.expect(201).string("secret_id");
    let first = client.secret_id.clone();
    let labels = async || {
        let of = async |label| {
            let value = latchkey.inspect().stored_value(&client.client_id, label).await?;
            value["secret_id"].as_str().map(str::to_owned)
        };
        (of("AWSCURRENT").await, of("AWSPREVIOUS").await)
    };
    pause(&latchkey, &client, &second).await;
    assert_eq!(labels().await, (Some(first.clone()), None));
    pause(&latchkey, &client, &first).await;
    assert_eq!(labels().await, (Some(first.clone()), None), "a pause never deletes the stored value");
    resume(&latchkey, &client, &second).await;
    assert_eq!(labels().await, (Some(second.clone()), None));
    resume(&latchkey, &client, &first).await;
    assert_eq!(labels().await, (Some(second), Some(first)));
}

#[tokio::test]
async fn pausing_needs_the_right() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, other) = (latchkey.fixtures().client().await, latchkey.fixtures().client().await);
    let path = format!("{}/pause", client.secret(&client.secret_id));
    latchkey.post(&format!("{}/pause", other.secret(&client.secret_id)), &json!({})).await.expect(404);
    latchkey.post(&path, &json!({ "until": "tomorrow" })).await.expect(422);
    let (_, reader) = latchkey.fixtures().administrator(ACCOUNT, &["clients:read"]).await;
    latchkey.request("POST", &path).bearer(&reader).send().await.expect(403);
}

#[tokio::test]
async fn repeat_of_a_pause_does_not_undo_a_resume() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let path = format!("{}/pause", client.secret(&client.secret_id));
    let send = async || {
        latchkey
            .admin_request("POST", &path)
            .await
            .header("idempotency-key", "pause-1")
            .send()
            .await
            .expect(200)
    };
    assert_eq!(send().await.json()["status"], "paused");
    resume(&latchkey, &client, &client.secret_id).await;
    assert_eq!(send().await.json()["status"], "active");
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
}

#[tokio::test]
async fn version_that_knows_no_pause_refuses_a_paused_secret() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let item = async || {
        let items = latchkey.inspect().partition(&format!("CLIENT#{}", client.client_id)).await;
        items.into_iter().find(|item| item.contains_key("hint")).expect("a secret")
    };
    let before = item().await;
    pause(&latchkey, &client, &client.secret_id).await;
    let paused = item().await;
    assert_ne!(paused["digest"], before["digest"], "that version compares with digest");
    assert_eq!(paused["paused_digest"], before["digest"]);
    assert_eq!(paused["status"].as_s().map(String::as_str), Ok("paused"));
    resume(&latchkey, &client, &client.secret_id).await;
    assert_eq!(item().await, before, "nothing of the pause is left");
}
