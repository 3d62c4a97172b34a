//! Redeeming a code while a store is out of order: a 503, and the same code afterwards. Each AWS call is put out of
//! order in each way, in a function that has just started.

use crate::support::app::TestApp;
use crate::support::fault_injection::{FAULTS, assert_unavailable, cold_start, fault, is_carried_out};
use crate::support::http::TestRequest;
use crate::support::sign_in::code_flow::{Tokens, VERIFIER, assert_error, code_form, said_by};
use std::sync::Arc;
use tokio::task::JoinSet;

const SITES: [(&str, &str, usize); 8] = [
    ("the catalogue", "Query", 0),
    ("the client", "Query", 1),
    ("the peppers", "GetSecretValue", 0),
    ("the signing keys", "GetSecretValue", 1),
    ("the code", "GetItem", 0),
    ("the member or the consent", "GetItem", 1),
    ("the consent or the member", "GetItem", 2),
    ("redeeming it", "TransactWriteItems", 0),
];

#[tokio::test]
async fn it_is_503_wherever_a_store_fails_and_the_code_works_afterwards() {
    let latchkey = Arc::new(TestApp::with_members().await);
    let mut cases = JoinSet::new();
    for (site, operation, before) in SITES {
        for name in FAULTS {
            let latchkey = Arc::clone(&latchkey);
            cases.spawn(async move {
                let case = format!("{site} {name}");
                let app = latchkey.app().await;
                let code = latchkey.code(&app).await;
                let (function, _, proxy) = cold_start(&latchkey).await;
                let router = token::router(function);
                let ask = || {
                    let ask = TestRequest::new(router.clone(), "POST", "/oauth/token");
                    said_by(ask, &app, &code_form(&code, VERIFIER)).send()
                };
                proxy.inject(fault(name, operation).after(before));
                assert_unavailable(&ask().await, &case);
                proxy.clear();
                let again = ask().await;
                if site == "redeeming it" && is_carried_out(name) {
                    // All three answers were lost, and it is redeemed: nobody can tell who comes again.
                    assert_error(&again, "invalid_grant", &case);
                } else {
                    let tokens = Tokens::of(&again.expect(200));
                    assert!(latchkey.is_active(&app, &tokens.access).await, "{case}");
                }
            });
        }
    }
    cases.join_all().await;
    assert_eq!(latchkey.grants("FAMILY#").await.len(), SITES.len() * FAULTS.len(), "one for each code");
}

#[tokio::test]
async fn a_redemption_whose_answer_got_lost_once_is_no_replay() {
    let latchkey = TestApp::with_members().await;
    let app = latchkey.app().await;
    for name in ["timed out after", "timed out before", "throttled"] {
        let code = latchkey.code(&app).await;
        let (function, _, proxy) = cold_start(&latchkey).await;
        proxy.inject(fault(name, "TransactWriteItems").times(1));
        let ask = TestRequest::new(token::router(function), "POST", "/oauth/token");
        let answer = said_by(ask, &app, &code_form(&code, VERIFIER)).send().await.expect(200);
        let written: Vec<_> =
            proxy.take_calls().into_iter().filter(|call| call.operation == "TransactWriteItems").collect();
        let [first, second] = written.as_slice() else { panic!("{name}: tried {} times", written.len()) };
        assert_eq!(first.input["ClientRequestToken"], second.input["ClientRequestToken"], "{name}");
        let tokens = Tokens::of(&answer);
        assert!(latchkey.is_active(&app, &tokens.access).await, "{name}: nothing was ended");
        latchkey.refresh(&app, &tokens.refresh, "").await.expect(200);
    }
}

#[tokio::test]
async fn a_replay_that_cannot_be_acted_upon_is_not_decided() {
    let latchkey = TestApp::with_members().await;
    let app = latchkey.app().await;
    let code = latchkey.code(&app).await;
    let tokens = Tokens::of(&latchkey.redeem(&app, &code).await.expect(200));
    for name in ["throttled", "timed out before", "access denied"] {
        let (function, _, proxy) = cold_start(&latchkey).await;
        let router = token::router(function);
        let ask = || TestRequest::new(router.clone(), "POST", "/oauth/token");
        proxy.inject(fault(name, "UpdateItem"));
        let answer = said_by(ask(), &app, &code_form(&code, VERIFIER)).send().await;
        assert_unavailable(&answer, name);
        assert!(latchkey.is_active(&app, &tokens.access).await, "{name}: a fault ends nothing");
    }
    assert_error(&latchkey.redeem(&app, &code).await, "invalid_grant", "a replay");
    assert!(!latchkey.is_active(&app, &tokens.access).await);
}
