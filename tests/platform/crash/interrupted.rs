//! The hourly job, or another request, during a change that takes longer than any request may, with a clock
//! that moves meanwhile.

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::{AwsProxy, InjectedFault};
use crate::support::fault_injection::holding_proxy::HoldingProxy;
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::support::http::TestResponse;
use jiff::SignedDuration;
use serde_json::json;

/// Longer than unfinished work is left untouched, in either direction.
const CLOCK_JUMP: SignedDuration = SignedDuration::from_mins(16);

async fn app_behind(endpoint: &str) -> TestApp {
    let latchkey = TestApp::with_endpoint(endpoint, |_| {}).await;
    latchkey.fixtures().seed().await;
    latchkey
}

async fn add_secret(latchkey: &TestApp, client: &TestClient) -> TestResponse {
    let path = format!("{}/secrets", client.path());
    latchkey.admin_request("POST", &path).await.json(&json!({})).send().await
}

/// Holds a secret addition back before this call, moves the clock, runs `meanwhile`, and lets the addition
/// continue.
async fn interrupt_addition_at(
    operation: &'static str,
    jump: SignedDuration,
    meanwhile: impl AsyncFn(&mut TestApp, &TestClient),
) -> (TestApp, TestClient, TestResponse) {
    let proxy = HoldingProxy::start(aws::endpoint()).await;
    let mut latchkey = app_behind(&proxy.endpoint).await;
    let client = latchkey.fixtures().client().await;
    let path = format!("{}/secrets", client.path());
    let addition = latchkey.admin_request("POST", &path).await.json(&json!({}));
    proxy.hold(operation);
    let addition = tokio::spawn(addition.send());
    proxy.reached().await;
    latchkey.advance(jump);
    meanwhile(&mut latchkey, &client).await;
    proxy.release().await;
    let response = addition.await.unwrap();
    (latchkey, client, response)
}

#[tokio::test]
async fn job_during_secret_addition_keeps_newest_secret_current() {
    for jump in [CLOCK_JUMP, -CLOCK_JUMP] {
        for operation in ["PutSecretValue", "TransactWriteItems"] {
            let job = async |latchkey: &mut TestApp, _: &TestClient| {
                assert_eq!(latchkey.run_job().await.reconciled, 1);
            };
            let (latchkey, client, response) = interrupt_addition_at(operation, jump, job).await;
            let added = response.expect(201);
            let current = latchkey.inspect().stored_value(&client.client_id, "AWSCURRENT").await.unwrap();
            assert_eq!(current["secret_id"], added.json()["secret_id"], "{operation} {jump}");
            latchkey.inspect().assert_settled().await;
        }
    }
}

#[tokio::test]
async fn job_between_transaction_and_stages_changes_nothing() {
    let job = async |latchkey: &mut TestApp, _: &TestClient| {
        latchkey.run_job().await;
    };
    let (latchkey, client, response) =
        interrupt_addition_at("UpdateSecretVersionStage", CLOCK_JUMP, job).await;
    let added = response.expect(201);
    let current = latchkey.inspect().stored_value(&client.client_id, "AWSCURRENT").await.unwrap();
    assert_eq!(current["secret_id"], added.json()["secret_id"]);
    latchkey.inspect().assert_settled().await;
}

#[tokio::test]
async fn requests_during_long_secret_addition_keep_its_secret() {
    for jump in [CLOCK_JUMP, -CLOCK_JUMP] {
        let replace = async |latchkey: &mut TestApp, client: &TestClient| {
            add_secret(latchkey, client).await.expect(201);
            let path = format!("{}/secrets/{}", client.path(), client.secret_id);
            latchkey.admin_request("DELETE", &path).await.send().await.expect(204);
        };
        let (mut latchkey, client, response) =
            interrupt_addition_at("TransactWriteItems", jump, replace).await;
        let added = response.expect(201);
        latchkey.advance(SignedDuration::from_hours(1));
        assert_eq!(latchkey.run_job().await.cleanup_failed, 0);
        let kept = latchkey.inspect().stored_stages(&client.client_id).await;
        assert!(kept.contains(&added.string("secret_id")), "{kept:?}");
        latchkey.inspect().assert_settled().await;
    }
}

#[tokio::test]
async fn job_during_creation_leaves_nothing_behind() {
    for operation in ["CreateSecret", "PutSecretValue", "TransactWriteItems"] {
        let proxy = HoldingProxy::start(aws::endpoint()).await;
        let mut latchkey = app_behind(&proxy.endpoint).await;
        let path = format!("/v1/accounts/{ACCOUNT}/clients");
        let body = json!({ "client_name": "Order sync", "client_id": "chosen" });
        let creation = latchkey.admin_request("POST", &path).await.json(&body);
        proxy.hold(operation);
        let creation = tokio::spawn(creation.send());
        proxy.reached().await;
        latchkey.advance(CLOCK_JUMP);
        assert_eq!(latchkey.run_job().await.reconciled, 1);
        proxy.release().await;
        // Rejected, or an error because the item to write was removed.
        let status = creation.await.unwrap().status.as_u16();
        assert!([409, 503].contains(&status), "{operation}: {status}");
        latchkey.inspect().assert_settled().await;
        latchkey.admin_request("POST", &path).await.json(&body).send().await.expect(201);
        latchkey.inspect().assert_settled().await;
    }
}

#[tokio::test]
async fn job_and_crash_during_deletion_leave_nothing_behind() {
    for removal in ["secret", "client", "storage"] {
        let holding = HoldingProxy::start(aws::endpoint()).await;
        let killing = AwsProxy::start(&holding.endpoint).await;
        let mut latchkey = app_behind(&killing.endpoint).await;
        let client = latchkey.fixtures().client().await;
        let secret = format!("{}/secrets/{}", client.path(), client.secret_id);
        let to_digest = json!({ "secret_storage": "digest_only" });
        let request = match removal {
            "secret" => latchkey.admin_request("DELETE", &secret).await,
            "client" => latchkey.admin_request("DELETE", &client.path()).await,
            _ => latchkey.admin_request("PATCH", &client.path()).await.json(&to_digest),
        };
        killing.inject(InjectedFault::lost("TransactWriteItems").times(1));
        holding.hold("TransactWriteItems");
        let running = tokio::spawn(request.send());
        holding.reached().await;
        latchkey.advance(CLOCK_JUMP);
        assert_eq!(latchkey.run_job().await.reconciled, 1, "{removal}");
        holding.release().await;
        // Crashes: it never gets the response of its transaction.
        running.abort();
        latchkey.advance(SignedDuration::from_hours(1));
        assert_eq!(latchkey.run_job().await.cleanup_failed, 0, "{removal}");
        let left = latchkey.inspect().partition(&format!("CLIENT#{}", client.client_id)).await;
        if format!("{left:?}").contains("digest_only") {
            assert!(!latchkey.inspect().stored_client_ids().await.contains(&client.client_id), "{removal}");
        } else {
            latchkey.inspect().assert_settled().await;
        }
    }
}

#[tokio::test]
async fn creation_started_in_the_future_does_not_reserve_its_id() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let mut latchkey = app_behind(&proxy.endpoint).await;
    let path = format!("/v1/accounts/{ACCOUNT}/clients");
    let create = async |latchkey: &TestApp, id: &str| {
        let body = json!({ "client_name": "Order sync", "client_id": id });
        latchkey.admin_request("POST", &path).await.json(&body).send().await
    };
    let before = latchkey.now();
    latchkey.advance(SignedDuration::from_hours(24 * 30));
    latchkey.admin().await;
    proxy.inject(InjectedFault::json_error("TransactWriteItems", "AccessDeniedException"));
    for id in ["again", "swept"] {
        create(&latchkey, id).await.expect(503);
    }
    proxy.clear();
    latchkey.set_time(before);
    create(&latchkey, "again").await.expect(201);
    assert_eq!(latchkey.run_job().await.reconciled, 1);
    latchkey.inspect().assert_settled().await;
    create(&latchkey, "swept").await.expect(201);
}

#[tokio::test]
async fn recent_creation_reserves_its_id_despite_clock_skew() {
    let proxy = HoldingProxy::start(aws::endpoint()).await;
    let mut latchkey = app_behind(&proxy.endpoint).await;
    latchkey.admin().await;
    let path = format!("/v1/accounts/{ACCOUNT}/clients");
    let body = json!({ "client_name": "Order sync", "client_id": "wanted" });
    let first = latchkey.admin_request("POST", &path).await.json(&body);
    // Crashes while it stores its secret in Secrets Manager.
    proxy.hold("PutSecretValue");
    let first = tokio::spawn(first.send());
    proxy.reached().await;
    first.abort();
    for seconds in [-55, 110] {
        latchkey.advance(SignedDuration::from_secs(seconds));
        latchkey.admin_request("POST", &path).await.json(&body).send().await.expect(409);
    }
    latchkey.advance(SignedDuration::from_secs(10));
    latchkey.admin_request("POST", &path).await.json(&body).send().await.expect(201);
}
