//! What the list of ends costs: its reads of AWS do not grow with the clients.

use super::expiries;
use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::AwsProxy;
use crate::support::fixtures::ACCOUNT;
use serde_json::json;
use shared::domain::client::SecretStorage;

#[tokio::test]
async fn forty_clients_cost_as_many_reads_as_one() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |config| {
        config.secret_storage = SecretStorage::DigestOnly;
    })
    .await;
    latchkey.fixtures().seed().await;
    let (_, token) = latchkey.fixtures().administrator(ACCOUNT, &["clients:read"]).await;
    let reads = async || {
        latchkey.server.management.app.catalogue(latchkey.now()).await.unwrap();
        proxy.take_calls();
        let path = format!("{}?limit=200", expiries(ACCOUNT));
        let listed = latchkey.request("GET", &path).bearer(&token).send().await.expect(200);
        (listed.json()["items"].as_array().unwrap().len(), proxy.take_counts())
    };
    // Of every request: the caller with its secrets, its account, and whether its token was revoked. Of this one: the clients,
    // their secrets, the members, and the account's mails with the reminders that were sent.
    assert_eq!(reads().await, (1, "BatchGetItem, 2 GetItem, 4 Query".to_owned()));
    for _ in 0..40 {
        latchkey.fixtures().client_with(ACCOUNT, &json!({})).await;
    }
    assert_eq!(reads().await, (41, "BatchGetItem, 2 GetItem, 4 Query".to_owned()));
}
