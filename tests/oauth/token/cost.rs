//! The AWS calls of a token request: one strongly consistent query; one read of the account in a minute; and one write on
//! the first use of a day.

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
async fn account_is_read_once_a_minute() {
    let (mut latchkey, proxy) = watched_app().await;
    let client = latchkey.fixtures().client().await;
    let other = latchkey.fixtures().client().await;
    for client in [&client, &other] {
        latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    }
    for _minute in 0..2 {
        // The catalogue is read again after a minute too.
        latchkey.advance(SignedDuration::from_secs(61));
        let app = &latchkey.server.management.app;
        app.catalogue(latchkey.now()).await.unwrap();
        proxy.take_calls();
        let mut operations = Vec::new();
        for client in [&client, &other, &client] {
            latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
            let calls = proxy.take_calls();
            assert!(calls.iter().all(|call| call.input["ConsistentRead"] == true), "{calls:?}");
            operations.push(calls.into_iter().map(|call| call.operation).collect::<Vec<_>>());
        }
        assert_eq!(operations, [vec!["Query", "GetItem"], vec!["Query"], vec!["Query"]]);
    }
}

#[tokio::test]
async fn account_in_the_path_is_read_beside_the_client() {
    let (latchkey, proxy) = watched_app().await;
    let client = latchkey.fixtures().client().await;
    latchkey.server.management.app.catalogue(latchkey.now()).await.unwrap();
    let request = async |account: &str| {
        proxy.take_calls();
        let path = format!("/v1/accounts/{account}/auth/token");
        let request = latchkey.request("POST", &path).basic(&client.client_id, &client.client_secret);
        let status = request.form("grant_type=client_credentials").send().await.status;
        let mut operations: Vec<_> = proxy.take_calls().into_iter().map(|call| call.operation).collect();
        // Beside them: the day's first use, the pepper, and once an hour the refusal, for the client's owner.
        operations.retain(|operation| {
            !["UpdateItem", "GetSecretValue", "TransactWriteItems"].contains(&operation.as_str())
        });
        operations.sort();
        (status.as_u16(), operations)
    };
    assert_eq!(request(&client.account_id).await, (200, vec!["GetItem".to_owned(), "Query".to_owned()]));
    assert_eq!(request(&client.account_id).await, (200, vec!["Query".to_owned()]));
    for _ in 0..2 {
        let both = vec!["GetItem".to_owned(), "Query".to_owned()];
        assert_eq!(request("T99999999").await, (401, both), "one that does not exist is not kept");
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
async fn malformed_credentials_cost_no_read_once_they_are_noted() {
    let (latchkey, proxy) = watched_app().await;
    let client = latchkey.fixtures().client().await;
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    latchkey.token(&client.client_id, "lks_garbage", "").await.expect(401);
    proxy.take_calls();
    latchkey.token(&client.client_id, "lks_garbage", "").await.expect(401);
    latchkey.token("a/b", &client.client_secret, "").await.expect(401);
    assert_eq!(proxy.take_calls().len(), 0);
}
