//! The last use of secrets: recorded with the client, so that a list has it without reading its secrets.

use super::super::CLIENTS;
use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::AwsProxy;
use crate::support::fixtures::TestClient;
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use shared::adapters::store::{AuditRecord, WriteConflict, WriteOutcome};
use shared::domain::audit::{Action, Target};
use shared::domain::client::credential::CredentialId;
use shared::domain::primitives::ids::{ClientId, SecretId};
use shared::services::audit::AuditContext;

/// The names under which the last uses of a client are stored.
async fn stored_uses(latchkey: &TestApp, client: &TestClient) -> Vec<String> {
    let items = latchkey.inspect().partition(&format!("CLIENT#{}", client.client_id)).await;
    for secret in items.iter().filter(|item| item["sk"].as_s().unwrap() != "CLIENT") {
        assert!(!secret.contains_key("last_used_on"), "it is recorded with the client only");
    }
    let client = items.into_iter().find(|item| item["sk"].as_s().unwrap() == "CLIENT").unwrap();
    client["last_uses"].as_m().unwrap().keys().cloned().collect()
}

#[tokio::test]
async fn list_of_clients_has_last_uses_without_reading_secrets() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.fixtures().seed().await;
    let client = latchkey.fixtures().client().await;
    let unused = latchkey.fixtures().client().await;
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    proxy.take_calls();
    let listed = latchkey.list_items(CLIENTS).await;
    let partitions = proxy.take_calls().into_iter();
    let partitions = partitions.map(|call| call.input["ExpressionAttributeValues"][":pk"]["S"].to_string());
    let operator = latchkey.server.operator.client_id.as_str();
    let of_clients = partitions.filter(|pk| pk.contains("CLIENT#") && !pk.contains(operator));
    assert_eq!(of_clients.collect::<Vec<_>>(), [] as [String; 0]);
    let of = |id: &str| listed.iter().find(|item| item["client_id"] == id).unwrap()["last_used_on"].clone();
    let today = json!(latchkey.now().to_zoned(TimeZone::UTC).date());
    assert_eq!((of(&client.client_id), of(&unused.client_id)), (today.clone(), Value::Null));
    assert_eq!(latchkey.get(&client.path()).await.json()["last_used_on"], today);
    assert_eq!(latchkey.list_items(&client.secrets()).await[0]["last_used_on"], today);
}

#[tokio::test]
async fn revoked_and_replaced_secrets_take_their_last_use_along() {
    let mut latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    latchkey.advance(SignedDuration::from_hours(24));
    let second = latchkey.add_secret(&client, &json!({})).await.expect(201);
    latchkey.token(&client.client_id, &second.string("client_secret"), "").await.expect(200);
    assert_eq!(stored_uses(&latchkey, &client).await.len(), 2);
    latchkey.add_secret(&client, &json!({ "replace": "newest" })).await.expect(201);
    let first = CredentialId::of_secret(&SecretId::parse(&client.secret_id).unwrap());
    assert_eq!(stored_uses(&latchkey, &client).await, [first.as_str()]);
    latchkey.delete(&client.secret(&client.secret_id)).await.expect(204);
    assert_eq!(stored_uses(&latchkey, &client).await, [] as [&str; 0]);
    assert_eq!(latchkey.get(&client.path()).await.json()["last_used_on"], Value::Null);
}

#[tokio::test]
async fn change_of_a_client_undoes_no_use_that_was_recorded_meanwhile() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let store = &latchkey.server.management.app.store;
    let id = ClientId::parse(&client.client_id).unwrap();
    let read = store.load_client(&id).await.unwrap().unwrap().client;
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    let context = AuditContext::of_job(&read.account_id, latchkey.now()).unwrap();
    let audit = context.audit(&read.account_id, Action::ClientUpdated, Target::default(), &[]);
    let record = AuditRecord { audit: &audit, idempotency_record: None };
    let outcome = store.update_client(&read, &read, &record).await.unwrap();
    assert_eq!(outcome, WriteOutcome::Rejected(WriteConflict::VersionMismatch));
    // The request reads the client again.
    latchkey.patch(&client.path(), &json!({ "description": "Nightly" })).await.expect(200);
    assert_eq!(stored_uses(&latchkey, &client).await.len(), 1);
}
