//! Refreshing while a store is out of order: a 503, and the same token afterwards. Each AWS call is put out of order in
//! each way, in a function that has just started.

use crate::support::app::TestApp;
use crate::support::fault_injection::{FAULTS, assert_unavailable, cold_start, fault};
use crate::support::http::TestRequest;
use crate::support::sign_in::code_flow::{Tokens, assert_error, refresh_form, said_by};
use jiff::SignedDuration;
use serde_json::json;
use std::sync::Arc;
use tokio::task::JoinSet;

const SITES: [(&str, &str, usize); 8] = [
    ("the catalogue", "Query", 0),
    ("the client", "Query", 1),
    ("the peppers", "GetSecretValue", 0),
    ("the signing keys", "GetSecretValue", 1),
    ("the family", "GetItem", 0),
    ("the member or the consent", "GetItem", 1),
    ("the consent or the member", "GetItem", 2),
    ("replacing it", "UpdateItem", 0),
];

#[tokio::test]
async fn it_is_503_wherever_a_store_fails_and_the_token_works_afterwards() {
    let latchkey = Arc::new(TestApp::with_members().await);
    let mut cases = JoinSet::new();
    for (site, operation, before) in SITES {
        for name in FAULTS {
            let latchkey = Arc::clone(&latchkey);
            cases.spawn(async move {
                let case = format!("{site} {name}");
                let app = latchkey.app().await;
                // The secret's use is noted then, which is an update too.
                let tokens = latchkey.signed_in(&app).await;
                let (function, _, proxy) = cold_start(&latchkey).await;
                let router = token::router(function);
                let ask = || {
                    let ask = TestRequest::new(router.clone(), "POST", "/oauth/token");
                    said_by(ask, &app, &refresh_form(&tokens.refresh)).send()
                };
                proxy.inject(fault(name, operation).after(before));
                assert_unavailable(&ask().await, &case);
                proxy.clear();
                let next = Tokens::of(&ask().await.expect(200));
                for token in [&tokens.access, &next.access, &next.refresh] {
                    assert!(latchkey.is_active(&app, token).await, "{case}: nothing was ended");
                }
                latchkey.refresh(&app, &next.refresh, "").await.expect(200);
            });
        }
    }
    cases.join_all().await;
    assert_eq!(latchkey.grants("FAMILY#").await.len(), SITES.len() * FAULTS.len(), "one for each sign-in");
}

#[tokio::test]
async fn a_refresh_whose_answer_got_lost_once_is_no_reuse() {
    let latchkey = TestApp::with_members().await;
    let app = latchkey.app().await;
    let mut token = latchkey.signed_in(&app).await.refresh;
    for name in ["timed out after", "timed out before", "throttled"] {
        let (function, _, proxy) = cold_start(&latchkey).await;
        proxy.inject(fault(name, "UpdateItem").times(1));
        let ask = TestRequest::new(token::router(function), "POST", "/oauth/token");
        let answer = said_by(ask, &app, &refresh_form(&token)).send().await.expect(200);
        let tries = proxy.take_calls().iter().filter(|call| call.operation == "UpdateItem").count();
        assert_eq!(tries, 2, "{name}");
        token = answer.string("refresh_token");
    }
    latchkey.refresh(&app, &token, "").await.expect(200);
}

#[tokio::test]
async fn a_reuse_that_cannot_be_acted_upon_is_not_decided() {
    let mut latchkey = TestApp::with_members().await;
    let app = latchkey.app().await;
    let first = latchkey.signed_in(&app).await;
    let second = Tokens::of(&latchkey.refresh(&app, &first.refresh, "").await.expect(200));
    latchkey.advance(SignedDuration::from_secs(31));
    for name in ["throttled", "timed out before", "access denied"] {
        let (function, _, proxy) = cold_start(&latchkey).await;
        proxy.inject(fault(name, "UpdateItem"));
        let ask = TestRequest::new(token::router(function), "POST", "/oauth/token");
        assert_unavailable(&said_by(ask, &app, &refresh_form(&first.refresh)).send().await, name);
        assert!(latchkey.is_active(&app, &second.access).await, "{name}: a fault ends nothing");
    }
    assert_error(&latchkey.refresh(&app, &first.refresh, "").await, "invalid_grant", "reused");
    assert!(!latchkey.is_active(&app, &second.access).await);
}

#[tokio::test]
async fn a_first_refresh_token_that_is_not_kept_is_not_given() {
    let latchkey = TestApp::with_members().await;
    for name in FAULTS {
        let grants = json!({ "grant_types": ["client_credentials", "refresh_token"], "redirect_uris": [] });
        let client = latchkey.app_like(&grants).await;
        let (function, _, proxy) = cold_start(&latchkey).await;
        let router = token::router(function);
        let ask = || {
            said_by(
                TestRequest::new(router.clone(), "POST", "/oauth/token"),
                &client,
                "grant_type=client_credentials",
            )
        };
        proxy.inject(fault(name, "PutItem"));
        assert_unavailable(&ask().send().await, name);
        proxy.clear();
        let token = ask().send().await.expect(200).string("refresh_token");
        latchkey.refresh(&client, &token, "").await.expect(200);
    }
}
