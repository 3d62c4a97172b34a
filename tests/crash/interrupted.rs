//! The hourly job, or another request, in the middle of a change that takes longer than any request lives, by a clock
//! that was moved meanwhile.

use crate::support::answer::Answer;
use crate::support::aws_proxy::{AwsProxy, Canned};
use crate::support::emulator;
use crate::support::holding_proxy::HoldingProxy;
use crate::support::house::TestHouse;
use crate::support::things::{ACCOUNT, TestClient};
use jiff::SignedDuration;
use serde_json::json;

/// Longer than unfinished work is left alone, in either direction.
const JUMP: SignedDuration = SignedDuration::from_mins(16);

async fn house_behind(endpoint: &str) -> TestHouse {
    let house = TestHouse::at(endpoint, |_| {}).await;
    house.furnish().await;
    house
}

async fn add_secret(house: &TestHouse, client: &TestClient) -> Answer {
    let path = format!("{}/secrets", client.path());
    house.admin_ask("POST", &path).await.json(&json!({})).send().await
}

/// Holds an addition back before this call, moves the clock, lets `meanwhile` happen, and lets the addition go on.
async fn addition_interrupted_at(
    operation: &'static str,
    jump: SignedDuration,
    meanwhile: impl AsyncFn(&mut TestHouse, &TestClient),
) -> (TestHouse, TestClient, Answer) {
    let proxy = HoldingProxy::start(emulator::endpoint()).await;
    let mut house = house_behind(&proxy.endpoint).await;
    let client = house.client().await;
    let path = format!("{}/secrets", client.path());
    let addition = house.admin_ask("POST", &path).await.json(&json!({}));
    proxy.hold(operation);
    let addition = tokio::spawn(addition.send());
    proxy.reached().await;
    house.advance(jump);
    meanwhile(&mut house, &client).await;
    proxy.release().await;
    let answer = addition.await.unwrap();
    (house, client, answer)
}

#[tokio::test]
async fn job_during_addition_leaves_the_newest_secret_current() {
    for jump in [JUMP, -JUMP] {
        for operation in ["PutSecretValue", "TransactWriteItems"] {
            let job = async |house: &mut TestHouse, _: &TestClient| {
                assert_eq!(house.run_job().await.settled, 1);
            };
            let (house, client, answer) = addition_interrupted_at(operation, jump, job).await;
            let added = answer.expect(201);
            let current = house.vault_value(&client.client_id, "AWSCURRENT").await.unwrap();
            assert_eq!(current["secret_id"], added.json()["secret_id"], "{operation} {jump}");
            house.assert_settled().await;
        }
    }
}

#[tokio::test]
async fn job_between_transaction_and_labels_changes_nothing() {
    let job = async |house: &mut TestHouse, _: &TestClient| {
        house.run_job().await;
    };
    let (house, client, answer) = addition_interrupted_at("UpdateSecretVersionStage", JUMP, job).await;
    let added = answer.expect(201);
    let current = house.vault_value(&client.client_id, "AWSCURRENT").await.unwrap();
    assert_eq!(current["secret_id"], added.json()["secret_id"]);
    house.assert_settled().await;
}

#[tokio::test]
async fn other_requests_during_a_long_addition_keep_its_secret() {
    for jump in [JUMP, -JUMP] {
        let replace = async |house: &mut TestHouse, client: &TestClient| {
            add_secret(house, client).await.expect(201);
            let path = format!("{}/secrets/{}", client.path(), client.secret_id);
            house.admin_ask("DELETE", &path).await.send().await.expect(204);
        };
        let (mut house, client, answer) = addition_interrupted_at("TransactWriteItems", jump, replace).await;
        let added = answer.expect(201);
        house.advance(SignedDuration::from_hours(1));
        assert_eq!(house.run_job().await.unsettled, 0);
        let kept = house.vault_labels(&client.client_id).await;
        assert!(kept.contains(&added.string("secret_id")), "{kept:?}");
        house.assert_settled().await;
    }
}

#[tokio::test]
async fn job_during_creation_leaves_nothing_behind() {
    for operation in ["CreateSecret", "PutSecretValue", "TransactWriteItems"] {
        let proxy = HoldingProxy::start(emulator::endpoint()).await;
        let mut house = house_behind(&proxy.endpoint).await;
        let path = format!("/v1/accounts/{ACCOUNT}/clients");
        let body = json!({ "client_name": "Order sync", "client_id": "chosen" });
        let creation = house.admin_ask("POST", &path).await.json(&body);
        proxy.hold(operation);
        let creation = tokio::spawn(creation.send());
        proxy.reached().await;
        house.advance(JUMP);
        assert_eq!(house.run_job().await.settled, 1);
        proxy.release().await;
        // Refused, or at a loss where what it writes to was removed.
        let status = creation.await.unwrap().status.as_u16();
        assert!([409, 503].contains(&status), "{operation}: {status}");
        house.assert_settled().await;
        house.admin_ask("POST", &path).await.json(&body).send().await.expect(201);
        house.assert_settled().await;
    }
}

#[tokio::test]
async fn job_and_kill_during_removal_leave_nothing_behind() {
    for removal in ["secret", "client", "storage"] {
        let holding = HoldingProxy::start(emulator::endpoint()).await;
        let killing = AwsProxy::start(&holding.endpoint).await;
        let mut house = house_behind(&killing.endpoint).await;
        let client = house.client().await;
        let secret = format!("{}/secrets/{}", client.path(), client.secret_id);
        let to_digest = json!({ "secret_storage": "digest_only" });
        let ask = match removal {
            "secret" => house.admin_ask("DELETE", &secret).await,
            "client" => house.admin_ask("DELETE", &client.path()).await,
            _ => house.admin_ask("PATCH", &client.path()).await.json(&to_digest),
        };
        killing.can(Canned::lost("TransactWriteItems").times(1));
        holding.hold("TransactWriteItems");
        let request = tokio::spawn(ask.send());
        holding.reached().await;
        house.advance(JUMP);
        assert_eq!(house.run_job().await.settled, 1, "{removal}");
        holding.release().await;
        // Killed: it never hears what came of its transaction.
        request.abort();
        house.advance(SignedDuration::from_hours(1));
        assert_eq!(house.run_job().await.unsettled, 0, "{removal}");
        let left = house.partition(&format!("CLIENT#{}", client.client_id)).await;
        if format!("{left:?}").contains("digest_only") {
            assert!(!house.vault_names().await.contains(&client.client_id), "{removal}");
        } else {
            house.assert_settled().await;
        }
    }
}

#[tokio::test]
async fn creation_begun_in_the_future_does_not_keep_its_id() {
    let proxy = AwsProxy::start(emulator::endpoint()).await;
    let mut house = house_behind(&proxy.endpoint).await;
    let path = format!("/v1/accounts/{ACCOUNT}/clients");
    let create = async |house: &TestHouse, id: &str| {
        let body = json!({ "client_name": "Order sync", "client_id": id });
        house.admin_ask("POST", &path).await.json(&body).send().await
    };
    let before = house.now();
    house.advance(SignedDuration::from_hours(24 * 30));
    house.admin().await;
    proxy.can(Canned::json_error("TransactWriteItems", "AccessDeniedException"));
    for id in ["again", "swept"] {
        create(&house, id).await.expect(503);
    }
    proxy.uncan();
    house.go_to(before);
    create(&house, "again").await.expect(201);
    assert_eq!(house.run_job().await.settled, 1);
    house.assert_settled().await;
    create(&house, "swept").await.expect(201);
}

#[tokio::test]
async fn creation_begun_a_moment_ago_keeps_its_id_whichever_clock_is_ahead() {
    let proxy = HoldingProxy::start(emulator::endpoint()).await;
    let mut house = house_behind(&proxy.endpoint).await;
    house.admin().await;
    let path = format!("/v1/accounts/{ACCOUNT}/clients");
    let body = json!({ "client_name": "Order sync", "client_id": "wanted" });
    let first = house.admin_ask("POST", &path).await.json(&body);
    // Killed while it puts its secret into Secrets Manager.
    proxy.hold("PutSecretValue");
    let first = tokio::spawn(first.send());
    proxy.reached().await;
    first.abort();
    for seconds in [-55, 110] {
        house.advance(SignedDuration::from_secs(seconds));
        house.admin_ask("POST", &path).await.json(&body).send().await.expect(409);
    }
    house.advance(SignedDuration::from_secs(10));
    house.admin_ask("POST", &path).await.json(&body).send().await.expect(201);
}
