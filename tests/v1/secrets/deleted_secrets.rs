//! Secrets that an operator deletes in Secrets Manager: restored where that is possible, and tags of new ones.

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::{AwsProxy, InjectedFault};
use crate::support::fixtures::{ACCOUNT, TestClient};
use aws_sdk_secretsmanager::types::Tag;
use serde_json::json;
use shared::adapters::secrets_manager::tags::ExtraTags;

const SCHEDULED: &str =
    "You can't create this secret because a secret with this name is already scheduled for deletion.";

fn name_of(latchkey: &TestApp, client_id: &str) -> String {
    format!("latchkey/{}/clients/{client_id}", latchkey.server.management.app.config.stage)
}

async fn schedule_deletion(latchkey: &TestApp, client: &TestClient) {
    let name = name_of(latchkey, &client.client_id);
    let delete = latchkey.server.aws.secrets_manager().delete_secret().secret_id(name);
    delete.recovery_window_in_days(7).send().await.unwrap();
}

#[tokio::test]
async fn new_secret_restores_what_is_scheduled_for_deletion() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    schedule_deletion(&latchkey, &client).await;
    let added = latchkey.add_secret(&client, &json!({ "replace": "all" })).await.expect(201);
    let stored = latchkey.inspect().stored_value(&client.client_id, "AWSCURRENT").await.unwrap();
    assert_eq!(stored["secret_id"], added.string("secret_id"));
    latchkey.token(&client.client_id, &added.string("client_secret"), "").await.expect(200);
}

fn refused(times: usize) -> InjectedFault {
    let body = json!({ "__type": "InvalidRequestException", "message": SCHEDULED });
    let fault = InjectedFault::json("CreateSecret", 400, &body);
    InjectedFault { content_type: "application/x-amz-json-1.1", times, ..fault }
}

#[tokio::test]
async fn forced_deletion_is_waited_for() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.fixtures().seed().await;
    proxy.inject(refused(3));
    let client = latchkey.fixtures().client().await;
    let stored = latchkey.inspect().stored_value(&client.client_id, "AWSCURRENT").await.unwrap();
    assert_eq!(stored["client_secret"], client.client_secret);
}

#[tokio::test]
async fn name_that_stays_unusable_is_a_503_and_said_in_the_log() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.fixtures().seed().await;
    proxy.inject(refused(usize::MAX));
    let log = crate::support::log_capture::CapturedLog::default();
    let listening = log.listen_as("info");
    let path = format!("/v1/accounts/{ACCOUNT}/clients");
    let body = json!({ "client_name": "Order sync", "client_id": "order-sync" });
    latchkey.admin_request("POST", &path).await.json(&body).send().await.expect(503);
    drop(listening);
    let expected = format!("the secret {} is being deleted", name_of(&latchkey, "order-sync"));
    assert!(log.text().contains(&expected), "{}", log.text());
}

#[tokio::test]
async fn new_secret_has_the_extra_tags() {
    let tags = ExtraTags::parse("cost-centre=4711, owner=Identity").unwrap();
    let latchkey = TestApp::with_config(|config| config.extra_tags = tags).await;
    latchkey.fixtures().seed().await;
    let client = latchkey.fixtures().client().await;
    let secret = latchkey.server.aws.secrets_manager().describe_secret();
    let described = secret.secret_id(name_of(&latchkey, &client.client_id)).send().await.unwrap();
    let pair = |tag: &Tag| format!("{}={}", tag.key.as_deref().unwrap(), tag.value.as_deref().unwrap());
    let mut tags: Vec<_> = described.tags().iter().map(pair).collect();
    tags.sort();
    let stage = &latchkey.server.management.app.config.stage;
    let own = [
        format!("latchkey:account_id={ACCOUNT}"),
        format!("latchkey:client_id={}", client.client_id),
        format!("latchkey:stage={stage}"),
    ];
    let expected = [&["cost-centre=4711".to_owned()], &own[..], &["owner=Identity".to_owned()]].concat();
    assert_eq!(tags, expected);
}
