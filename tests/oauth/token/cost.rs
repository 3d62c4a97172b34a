//! The AWS calls of a token request: one strongly consistent query, and one write on the first use of a day.

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::AwsProxy;
use jiff::SignedDuration;

async fn watched_app() -> (TestApp, AwsProxy) {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.fixtures().seed().await;
    (latchkey, proxy)
}

#[tokio::test]
async fn token_costs_one_consistent_query_and_no_write() {
    let (latchkey, proxy) = watched_app().await;
    let client = latchkey.fixtures().client().await;
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    proxy.take_calls();
    for _ in 0..3 {
        latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
        let calls = proxy.take_calls();
        assert_eq!(calls.iter().map(|call| call.operation.as_str()).collect::<Vec<_>>(), ["Query"]);
        assert_eq!(calls[0].input["ConsistentRead"], true);
        assert_eq!(calls[0].input["KeyConditionExpression"], "pk = :pk");
    }
}

#[tokio::test]
async fn secret_use_is_recorded_once_a_day() {
    let (mut latchkey, proxy) = watched_app().await;
    let client = latchkey.fixtures().client().await;
    latchkey.set_time("2030-01-01T12:00:00Z".parse().unwrap());
    let path = format!("{}/secrets", client.path());
    let renewed = latchkey.renew_operator().await;
    let secret =
        latchkey.request("POST", &path).bearer(&renewed).send().await.expect(201).string("client_secret");
    let mut writes = Vec::new();
    for _day in 0..3 {
        for _ in 0..4 {
            proxy.take_calls();
            latchkey.token(&client.client_id, &secret, "").await.expect(200);
            let calls = proxy.take_calls();
            writes.push(calls.iter().filter(|call| call.operation == "UpdateItem").count());
        }
        latchkey.advance(SignedDuration::from_hours(24));
    }
    assert_eq!(writes, [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]);
}

#[tokio::test]
async fn malformed_credentials_cost_no_read() {
    let (latchkey, proxy) = watched_app().await;
    let client = latchkey.fixtures().client().await;
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    proxy.take_calls();
    latchkey.token(&client.client_id, "lks_garbage", "").await.expect(401);
    latchkey.token("a/b", &client.client_secret, "").await.expect(401);
    assert_eq!(proxy.take_calls().len(), 0);
}
