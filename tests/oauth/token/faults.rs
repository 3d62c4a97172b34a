//! The token endpoint while a store is out of order: a 503 that can be repeated, and never a token on doubt.
//! Each AWS call that it makes is put out of order in each way, in a function that has just started.

use super::client_assertion::{client_with, fresh};
use crate::support::app::TestApp;
use crate::support::crypto::assertions::{TestKey, form};
use crate::support::fault_injection::aws_proxy::AwsProxy;
use crate::support::fault_injection::{FAULTS, assert_unavailable, cold_start, fault, is_carried_out};
use crate::support::http::TestRequest;
use axum::Router;
use serde_json::json;
use std::sync::Arc;
use tokio::task::JoinSet;

/// An AWS call: what it is for, the operation, and how many of the same operation come before it.
type Site = (&'static str, &'static str, usize);

/// The function as Lambda starts it, and what it reaches AWS through.
async fn started(latchkey: &TestApp) -> (Router, AwsProxy) {
    let (app, _, proxy) = cold_start(latchkey).await;
    (token::router(app), proxy)
}

#[tokio::test]
async fn with_a_secret_it_is_503_wherever_a_store_fails_and_a_token_afterwards() {
    const SITES: [Site; 4] = [
        ("the catalogue", "Query", 0),
        ("the client", "Query", 1),
        ("the peppers", "GetSecretValue", 0),
        ("the signing keys", "GetSecretValue", 1),
    ];
    let latchkey = Arc::new(TestApp::with_fixtures().await);
    let client = latchkey.client().await;
    let mut cases = JoinSet::new();
    for (site, operation, before) in SITES {
        for name in FAULTS {
            let (latchkey, client) = (Arc::clone(&latchkey), client.clone());
            cases.spawn(async move {
                let (router, proxy) = started(&latchkey).await;
                let ask = || {
                    let ask = TestRequest::new(router.clone(), "POST", "/oauth/token");
                    ask.basic(&client.client_id, &client.client_secret).form("grant_type=client_credentials")
                };
                proxy.inject(fault(name, operation).after(before));
                assert_unavailable(&ask().send().await, &format!("{site} {name}"));
                proxy.clear();
                ask().send().await.expect(200);
            });
        }
    }
    cases.join_all().await;
}

#[tokio::test]
async fn with_an_assertion_it_is_503_wherever_a_store_fails() {
    const SITES: [Site; 4] = [
        ("the catalogue", "Query", 0),
        ("the client", "Query", 1),
        ("spending it", "PutItem", 0),
        ("the signing keys", "GetSecretValue", 0),
    ];
    let latchkey = Arc::new(TestApp::with_fixtures().await);
    let key = Arc::new(TestKey::new("ES256"));
    let client = client_with(&latchkey, &json!({ "jwks": key.jwks() })).await;
    let mut cases = JoinSet::new();
    for (site, operation, before) in SITES {
        for name in FAULTS {
            let (latchkey, key, client) = (Arc::clone(&latchkey), Arc::clone(&key), client.clone());
            cases.spawn(async move {
                let case = format!("{site} {name}");
                let (router, proxy) = started(&latchkey).await;
                let assertion = form(&key.assert(&fresh(&latchkey, &client)));
                let ask = || TestRequest::new(router.clone(), "POST", "/oauth/token").form(&assertion);
                proxy.inject(fault(name, operation).after(before));
                assert_unavailable(&ask().send().await, &case);
                proxy.clear();
                // Once it is spent, or may be, it is spent: the program signs another one.
                let spent = site == "the signing keys" || (site == "spending it" && is_carried_out(name));
                let again = ask().send().await;
                assert_eq!(again.status, if spent { 401 } else { 200 }, "{case}");
            });
        }
    }
    cases.join_all().await;
}

#[tokio::test]
async fn a_use_that_cannot_be_noted_fails_no_token() {
    let latchkey = TestApp::with_fixtures().await;
    let key = TestKey::new("ES256");
    for name in FAULTS {
        let secret = latchkey.client().await;
        let keyed = client_with(&latchkey, &json!({ "jwks": key.jwks() })).await;
        let (router, proxy) = started(&latchkey).await;
        proxy.inject(fault(name, "UpdateItem"));
        let ask = || TestRequest::new(router.clone(), "POST", "/oauth/token");
        let by_secret = ask().basic(&secret.client_id, &secret.client_secret);
        by_secret.form("grant_type=client_credentials&scope=orders:read").send().await.expect(200);
        ask().form(&form(&key.assert(&fresh(&latchkey, &keyed)))).send().await.expect(200);
    }
}
