//! Every operation that AWS documents an idempotency token for is sent with one: the same when the SDK repeats a call, and
//! another in the next call.

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::{AwsProxy, InjectedFault};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Those of the operations that Latchkey calls (DynamoDB's and Secrets Manager's API references).
const OPERATIONS: [&str; 3] = ["CreateSecret", "PutSecretValue", "TransactWriteItems"];

async fn app_behind_proxy() -> (TestApp, AwsProxy) {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    (latchkey, proxy)
}

/// The tokens of an operation's calls, in order.
fn tokens(proxy: &AwsProxy, operation: &str) -> Vec<String> {
    let calls = proxy.take_calls().into_iter().filter(|call| call.operation == operation);
    let token = |input: &Value| input["ClientRequestToken"].as_str().unwrap_or_default().to_owned();
    calls.map(|call| token(&call.input)).collect()
}

#[tokio::test]
async fn every_call_has_one() {
    let (latchkey, proxy) = app_behind_proxy().await;
    latchkey.seed().await;
    let client = latchkey.client().await;
    crate::platform::aws_calls::add_secret(&latchkey, &client).await.expect(201);
    latchkey.server.rotator.rotate().await.unwrap();
    let calls = proxy.take_calls();
    for operation in OPERATIONS {
        let of_it: Vec<_> = calls.iter().filter(|call| call.operation == operation).collect();
        assert!(!of_it.is_empty(), "{operation} was not called");
        for call in of_it {
            // Both services take 1 to 64 characters.
            let token = call.input["ClientRequestToken"].as_str().unwrap_or_default();
            assert!((32..=64).contains(&token.len()), "{operation} has the token {token:?}");
        }
    }
}

#[tokio::test]
async fn a_repeated_call_has_the_same_and_the_next_one_another() {
    let (latchkey, proxy) = app_behind_proxy().await;
    latchkey.seed().await;
    for operation in OPERATIONS {
        proxy.take_calls();
        proxy.inject(
            InjectedFault::json(operation, 500, &json!({ "__type": "InternalServerError" })).times(1),
        );
        latchkey.client().await;
        let repeated = tokens(&proxy, operation);
        assert!(repeated.len() >= 2, "{operation} was not repeated: {repeated:?}");
        assert_eq!(repeated[0], repeated[1], "{operation}");
        latchkey.client().await;
        let next = tokens(&proxy, operation);
        let all: BTreeSet<_> = repeated[1..].iter().chain(&next).collect();
        assert_eq!(all.len(), repeated.len() - 1 + next.len(), "{operation}: {repeated:?} {next:?}");
    }
}
