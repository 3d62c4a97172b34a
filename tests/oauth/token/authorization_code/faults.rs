//! Redeeming a code while a store is out of order: a 503, and the same code afterwards. Each AWS call is put out of
//! order in each way, in a function that has just started.

use crate::support::answer::Ask;
use crate::support::codes::{Tokens, VERIFIER, assert_error, code_form, said_by};
use crate::support::house::TestHouse;
use crate::support::trouble::{TROUBLES, assert_unavailable, is_carried_out, just_started, trouble};
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
    let house = Arc::new(TestHouse::inhabited().await);
    let mut cases = JoinSet::new();
    for (site, operation, before) in SITES {
        for name in TROUBLES {
            let house = Arc::clone(&house);
            cases.spawn(async move {
                let case = format!("{site} {name}");
                let app = house.app().await;
                let code = house.code(&app).await;
                let (function, _, proxy) = just_started(&house).await;
                let router = token::router(function);
                let ask = || {
                    let ask = Ask::new(router.clone(), "POST", "/oauth/token");
                    said_by(ask, &app, &code_form(&code, VERIFIER)).send()
                };
                proxy.can(trouble(name, operation).after(before));
                assert_unavailable(&ask().await, &case);
                proxy.uncan();
                let again = ask().await;
                if site == "redeeming it" && is_carried_out(name) {
                    // All three answers were lost, and it is redeemed: nobody can tell who comes again.
                    assert_error(&again, "invalid_grant", &case);
                } else {
                    let tokens = Tokens::of(&again.expect(200));
                    assert!(house.is_active(&app, &tokens.access).await, "{case}");
                }
            });
        }
    }
    cases.join_all().await;
    assert_eq!(house.grants("FAMILY#").await.len(), SITES.len() * TROUBLES.len(), "one for each code");
}

#[tokio::test]
async fn a_redemption_whose_answer_got_lost_once_is_no_replay() {
    let house = TestHouse::inhabited().await;
    let app = house.app().await;
    for name in ["timed out after", "timed out before", "throttled"] {
        let code = house.code(&app).await;
        let (function, _, proxy) = just_started(&house).await;
        proxy.can(trouble(name, "TransactWriteItems").times(1));
        let ask = Ask::new(token::router(function), "POST", "/oauth/token");
        let answer = said_by(ask, &app, &code_form(&code, VERIFIER)).send().await.expect(200);
        let written: Vec<_> =
            proxy.take_calls().into_iter().filter(|call| call.operation == "TransactWriteItems").collect();
        let [first, second] = written.as_slice() else { panic!("{name}: tried {} times", written.len()) };
        assert_eq!(first.input["ClientRequestToken"], second.input["ClientRequestToken"], "{name}");
        let tokens = Tokens::of(&answer);
        assert!(house.is_active(&app, &tokens.access).await, "{name}: nothing was ended");
        house.refresh(&app, &tokens.refresh, "").await.expect(200);
    }
}

#[tokio::test]
async fn a_replay_that_cannot_be_acted_upon_is_not_decided() {
    let house = TestHouse::inhabited().await;
    let app = house.app().await;
    let code = house.code(&app).await;
    let tokens = Tokens::of(&house.redeem(&app, &code).await.expect(200));
    for name in ["throttled", "timed out before", "access denied"] {
        let (function, _, proxy) = just_started(&house).await;
        let router = token::router(function);
        let ask = || Ask::new(router.clone(), "POST", "/oauth/token");
        proxy.can(trouble(name, "UpdateItem"));
        let answer = said_by(ask(), &app, &code_form(&code, VERIFIER)).send().await;
        assert_unavailable(&answer, name);
        assert!(house.is_active(&app, &tokens.access).await, "{name}: a fault ends nothing");
    }
    assert_error(&house.redeem(&app, &code).await, "invalid_grant", "a replay");
    assert!(!house.is_active(&app, &tokens.access).await);
}
