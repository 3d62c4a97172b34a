//! Every operation with an idempotency token in AWS's documentation is sent with one: the same when the SDK
//! retries a call, another in the next call.

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::{AwsProxy, InjectedFault};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The operations with such a token that Latchkey calls (API references of DynamoDB and Secrets Manager).
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
async fn every_call_has_an_idempotency_token() {
    let (latchkey, proxy) = app_behind_proxy().await;
    latchkey.fixtures().seed().await;
    let client = latchkey.fixtures().client().await;
    crate::platform::aws_calls::add_secret(&latchkey, &client).await.expect(201);
    latchkey.server.rotator.rotate().await.unwrap();
    let calls = proxy.take_calls();
    for operation in OPERATIONS {
        let of_it: Vec<_> = calls.iter().filter(|call| call.operation == operation).collect();
        assert!(!of_it.is_empty(), "{operation} was not called");
        for call in of_it {
            // Both services accept 1 to 64 characters.
            let token = call.input["ClientRequestToken"].as_str().unwrap_or_default();
            assert!((32..=64).contains(&token.len()), "{operation} has the token {token:?}");
        }
    }
}

#[tokio::test]
async fn retry_repeats_the_token_and_next_call_has_another() {
    let (latchkey, proxy) = app_behind_proxy().await;
    latchkey.fixtures().seed().await;
    for operation in OPERATIONS {
        proxy.take_calls();
        proxy.inject(
            InjectedFault::json(operation, 500, &json!({ "__type": "InternalServerError" })).times(1),
        );
        latchkey.fixtures().client().await;
        let repeated = tokens(&proxy, operation);
        assert!(repeated.len() >= 2, "{operation} was not repeated: {repeated:?}");
        assert_eq!(repeated[0], repeated[1], "{operation}");
        latchkey.fixtures().client().await;
        let next = tokens(&proxy, operation);
        let all: BTreeSet<_> = repeated[1..].iter().chain(&next).collect();
        assert_eq!(all.len(), repeated.len() - 1 + next.len(), "{operation}: {repeated:?} {next:?}");
    }
}
