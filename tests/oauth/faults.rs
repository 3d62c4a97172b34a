//! Introspection and revocation while a store is out of order: the right answer or a 503, never "inactive"
//! and never "revoked". Each AWS call that they make is put out of order in each way, in a function that
//! has just started and has nothing in memory.

use crate::support::app::TestApp;
use crate::support::fault_injection::aws_proxy::AwsProxy;
use crate::support::fault_injection::{FAULTS, cold_start, fault, is_carried_out};
use crate::support::fixtures::TestClient;
use crate::support::http::{TestRequest, TestResponse};
use axum::Router;
use std::sync::Arc;
use tokio::task::JoinSet;

/// An AWS call: the operation, and how many of the same operation come before it.
type Site = (&'static str, &'static str, usize);

/// What both endpoints do first.
const AUTHENTICATION: [Site; 4] = [
    ("the catalogue", "Query", 0),
    ("the caller", "Query", 1),
    ("the peppers", "GetSecretValue", 0),
    ("the signing keys", "GetSecretValue", 1),
];

/// The function as Lambda starts it, and what it reaches AWS through.
async fn started(latchkey: &TestApp) -> (Router, AwsProxy) {
    let (app, _, proxy) = cold_start(latchkey).await;
    (token::router(app), proxy)
}

async fn ask(router: &Router, path: &str, caller: &TestClient, token: &str) -> TestResponse {
    let ask = TestRequest::new(router.clone(), "POST", path).basic(&caller.client_id, &caller.client_secret);
    ask.form(&format!("token={token}")).send().await
}

#[track_caller]
fn assert_undecided(answer: &TestResponse, case: &str) {
    assert_eq!(answer.status, 503, "{case}: {}", answer.text());
    assert_eq!(answer.string("error"), "temporarily_unavailable", "{case}");
    assert!(answer.header("retry-after").parse::<u32>().unwrap() > 0, "{case}");
    assert_eq!(answer.header("cache-control"), "no-store", "{case}");
}

/// All cases at once, because most of what they do is wait for the SDK to give up.
async fn everywhere<F: Future<Output = ()> + Send + 'static>(
    own: &[Site],
    case: impl Fn(Site, &'static str) -> F,
) {
    let mut cases = JoinSet::new();
    for site in AUTHENTICATION.iter().chain(own) {
        for name in FAULTS {
            cases.spawn(case(*site, name));
        }
    }
    while let Some(done) = cases.join_next().await {
        done.unwrap();
    }
}

#[tokio::test]
async fn introspection_is_503_whatever_is_out_of_order_and_never_inactive() {
    let latchkey = Arc::new(TestApp::with_fixtures().await);
    let client = latchkey.client().await;
    let checker = latchkey.client().await;
    let token = latchkey.access_token(&client).await;
    let own = [("the token's client", "Query", 2), ("the deny-list", "GetItem", 0)];
    everywhere(&own, |(site, operation, before), name| {
        let (latchkey, checker, token) = (Arc::clone(&latchkey), checker.clone(), token.clone());
        async move {
            let (router, proxy) = started(&latchkey).await;
            proxy.inject(fault(name, operation).after(before));
            let answer = ask(&router, "/oauth/introspect", &checker, &token).await;
            assert_undecided(&answer, &format!("{site} {name}"));
            proxy.clear();
            let answer = ask(&router, "/oauth/introspect", &checker, &token).await.expect(200);
            assert_eq!(answer.json()["active"], true, "{site} {name}: nothing of it is remembered");
        }
    })
    .await;
}

#[tokio::test]
async fn revocation_is_503_whatever_is_out_of_order_and_can_be_repeated() {
    let latchkey = Arc::new(TestApp::with_fixtures().await);
    let (client, checker) = (latchkey.client().await, latchkey.client().await);
    let mut tokens = Vec::new();
    for _ in 0..(AUTHENTICATION.len() + 1) * FAULTS.len() {
        tokens.push(latchkey.access_token(&client).await);
    }
    let tokens = std::sync::Mutex::new(tokens);
    everywhere(&[("the deny-list", "PutItem", 0)], |(site, operation, before), name| {
        let (latchkey, client, checker) = (Arc::clone(&latchkey), client.clone(), checker.clone());
        let token = tokens.lock().unwrap().pop().unwrap();
        async move {
            let case = format!("{site} {name}");
            let (router, proxy) = started(&latchkey).await;
            proxy.inject(fault(name, operation).after(before));
            assert_undecided(&ask(&router, "/oauth/revoke", &client, &token).await, &case);
            let committed = site == "the deny-list" && is_carried_out(name);
            assert_eq!(latchkey.is_active(&checker, &token).await, !committed, "{case}");
            proxy.clear();
            ask(&router, "/oauth/revoke", &client, &token).await.expect(200);
            assert!(!latchkey.is_active(&checker, &token).await, "{case}: and is inactive once it says so");
        }
    })
    .await;
}

#[tokio::test]
async fn a_short_trouble_is_overcome_and_the_answer_is_right() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, checker) = (latchkey.client().await, latchkey.client().await);
    let token = latchkey.access_token(&client).await;
    let operations = ["Query", "GetSecretValue", "GetItem", "UpdateItem", "PutItem"];
    let (router, proxy) = started(&latchkey).await;
    for operation in operations {
        proxy.inject(fault("throttled", operation).times(1));
    }
    let answer = ask(&router, "/oauth/introspect", &checker, &token).await.expect(200);
    assert_eq!(answer.json()["active"], true);
    ask(&router, "/oauth/revoke", &client, &token).await.expect(200);
    assert!(!latchkey.is_active(&checker, &token).await);
}

#[tokio::test]
async fn a_use_that_cannot_be_noted_fails_nothing() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, token) = (latchkey.client().await, "garbage");
    for name in FAULTS {
        let (router, proxy) = started(&latchkey).await;
        proxy.inject(fault(name, "UpdateItem"));
        ask(&router, "/oauth/introspect", &client, token).await.expect(200);
        ask(&router, "/oauth/revoke", &client, token).await.expect(200);
    }
}
