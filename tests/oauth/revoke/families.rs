//! A token of an authorization takes all of it along (RFC 7009 §2.1).

use crate::support::aws_proxy::AwsProxy;
use crate::support::codes::{Tokens, assert_error};
use crate::support::emulator;
use crate::support::house::TestHouse;
use jiff::SignedDuration;

#[tokio::test]
async fn any_token_of_it_ends_all_of_it_however_often() {
    let mut house = TestHouse::inhabited().await;
    let (app, checker) = (house.app().await, house.client().await);
    for which in ["the current refresh token", "an old one", "the first access token", "the last"] {
        let first = house.signed_in(&app).await;
        let another = house.signed_in(&app).await;
        let second = Tokens::of(&house.refresh(&app, &first.refresh, "").await.expect(200));
        let token = match which {
            "the current refresh token" => &second.refresh,
            "an old one" => {
                house.advance(SignedDuration::from_secs(60));
                &first.refresh
            }
            "the first access token" => &first.access,
            _ => &second.access,
        };
        let answer = house.revoke(&app, token).await;
        assert_eq!(answer.text(), "", "{which}");
        for ended in [&first.access, &second.access, &first.refresh, &second.refresh] {
            assert!(!house.is_active(&checker, ended).await, "{which}");
        }
        assert_error(&house.refresh(&app, &second.refresh, "").await, "invalid_grant", which);
        assert_eq!(house.revoke(&app, token).await.everything(), answer.everything(), "{which}, again");
        assert!(house.is_active(&checker, &another.access).await, "{which}: of another one, none");
        house.refresh(&app, &another.refresh, "").await.expect(200);
    }
}

#[tokio::test]
async fn nobody_elses_and_nothing_invented() {
    let house = TestHouse::inhabited().await;
    let (app, other) = (house.app().await, house.app().await);
    let tokens = house.signed_in(&app).await;
    let expected = house.revoke(&other, "garbage").await.everything();
    for token in [&tokens.refresh, &tokens.access, "lkr_x"] {
        assert_eq!(house.revoke(&other, token).await.everything(), expected);
    }
    assert!(house.is_active(&other, &tokens.access).await);
    house.refresh(&app, &tokens.refresh, "").await.expect(200);
}

#[tokio::test]
async fn it_costs_a_read_and_a_write_more() {
    let proxy = AwsProxy::start(emulator::endpoint()).await;
    let house = TestHouse::at(&proxy.endpoint, |_| {}).await;
    house.furnish().await;
    house.ann().await;
    let app = house.app().await;
    let (one, two) = (house.signed_in(&app).await, house.signed_in(&app).await);
    for (token, expected) in [
        (&one.refresh, ["GetItem", "Query", "UpdateItem"]),
        (&two.access, ["PutItem", "Query", "UpdateItem"]),
    ] {
        proxy.take_calls();
        house.revoke(&app, token).await;
        let mut calls: Vec<_> = proxy.take_calls().into_iter().map(|call| call.operation).collect();
        calls.sort();
        assert_eq!(calls, expected);
    }
}
