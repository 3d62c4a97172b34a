//! Refreshing while a store is out of order: a 503, and the same token afterwards. Each AWS call is put out of order in
//! each way, in a function that has just started.

use crate::support::answer::Ask;
use crate::support::codes::{Tokens, assert_error, refresh_form, said_by};
use crate::support::house::TestHouse;
use crate::support::trouble::{TROUBLES, assert_unavailable, just_started, trouble};
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
    let house = Arc::new(TestHouse::inhabited().await);
    let mut cases = JoinSet::new();
    for (site, operation, before) in SITES {
        for name in TROUBLES {
            let house = Arc::clone(&house);
            cases.spawn(async move {
                let case = format!("{site} {name}");
                let app = house.app().await;
                // The secret's use is noted then, which is an update too.
                let tokens = house.signed_in(&app).await;
                let (function, _, proxy) = just_started(&house).await;
                let router = token::router(function);
                let ask = || {
                    let ask = Ask::new(router.clone(), "POST", "/oauth/token");
                    said_by(ask, &app, &refresh_form(&tokens.refresh)).send()
                };
                proxy.can(trouble(name, operation).after(before));
                assert_unavailable(&ask().await, &case);
                proxy.uncan();
                let next = Tokens::of(&ask().await.expect(200));
                for token in [&tokens.access, &next.access, &next.refresh] {
                    assert!(house.is_active(&app, token).await, "{case}: nothing was ended");
                }
                house.refresh(&app, &next.refresh, "").await.expect(200);
            });
        }
    }
    cases.join_all().await;
    assert_eq!(house.grants("FAMILY#").await.len(), SITES.len() * TROUBLES.len(), "one for each sign-in");
}

#[tokio::test]
async fn a_refresh_whose_answer_got_lost_once_is_no_reuse() {
    let house = TestHouse::inhabited().await;
    let app = house.app().await;
    let mut token = house.signed_in(&app).await.refresh;
    for name in ["timed out after", "timed out before", "throttled"] {
        let (function, _, proxy) = just_started(&house).await;
        proxy.can(trouble(name, "UpdateItem").times(1));
        let ask = Ask::new(token::router(function), "POST", "/oauth/token");
        let answer = said_by(ask, &app, &refresh_form(&token)).send().await.expect(200);
        let tries = proxy.take_calls().iter().filter(|call| call.operation == "UpdateItem").count();
        assert_eq!(tries, 2, "{name}");
        token = answer.string("refresh_token");
    }
    house.refresh(&app, &token, "").await.expect(200);
}

#[tokio::test]
async fn a_reuse_that_cannot_be_acted_upon_is_not_decided() {
    let mut house = TestHouse::inhabited().await;
    let app = house.app().await;
    let first = house.signed_in(&app).await;
    let second = Tokens::of(&house.refresh(&app, &first.refresh, "").await.expect(200));
    house.advance(SignedDuration::from_secs(31));
    for name in ["throttled", "timed out before", "access denied"] {
        let (function, _, proxy) = just_started(&house).await;
        proxy.can(trouble(name, "UpdateItem"));
        let ask = Ask::new(token::router(function), "POST", "/oauth/token");
        assert_unavailable(&said_by(ask, &app, &refresh_form(&first.refresh)).send().await, name);
        assert!(house.is_active(&app, &second.access).await, "{name}: a fault ends nothing");
    }
    assert_error(&house.refresh(&app, &first.refresh, "").await, "invalid_grant", "reused");
    assert!(!house.is_active(&app, &second.access).await);
}

#[tokio::test]
async fn a_first_refresh_token_that_is_not_kept_is_not_given() {
    let house = TestHouse::inhabited().await;
    for name in TROUBLES {
        let grants = json!({ "grant_types": ["client_credentials", "refresh_token"], "redirect_uris": [] });
        let client = house.app_like(&grants).await;
        let (function, _, proxy) = just_started(&house).await;
        let router = token::router(function);
        let ask = || {
            said_by(
                Ask::new(router.clone(), "POST", "/oauth/token"),
                &client,
                "grant_type=client_credentials",
            )
        };
        proxy.can(trouble(name, "PutItem"));
        assert_unavailable(&ask().send().await, name);
        proxy.uncan();
        let token = ask().send().await.expect(200).string("refresh_token");
        house.refresh(&client, &token, "").await.expect(200);
    }
}
