//! A token of an authorization takes all of it along (RFC 7009 §2.1).

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::AwsProxy;
use crate::support::sign_in::code_flow::{Tokens, assert_error};
use jiff::SignedDuration;

#[tokio::test]
async fn any_token_of_it_ends_all_of_it_however_often() {
    let mut latchkey = TestApp::with_members().await;
    let (app, checker) = (latchkey.app().await, latchkey.client().await);
    for which in ["the current refresh token", "an old one", "the first access token", "the last"] {
        let first = latchkey.signed_in(&app).await;
        let another = latchkey.signed_in(&app).await;
        let second = Tokens::of(&latchkey.refresh(&app, &first.refresh, "").await.expect(200));
        let token = match which {
            "the current refresh token" => &second.refresh,
            "an old one" => {
                latchkey.advance(SignedDuration::from_secs(60));
                &first.refresh
            }
            "the first access token" => &first.access,
            _ => &second.access,
        };
        let answer = latchkey.revoke(&app, token).await;
        assert_eq!(answer.text(), "", "{which}");
        for ended in [&first.access, &second.access, &first.refresh, &second.refresh] {
            assert!(!latchkey.is_active(&checker, ended).await, "{which}");
        }
        assert_error(&latchkey.refresh(&app, &second.refresh, "").await, "invalid_grant", which);
        assert_eq!(latchkey.revoke(&app, token).await.dump(), answer.dump(), "{which}, again");
        assert!(latchkey.is_active(&checker, &another.access).await, "{which}: of another one, none");
        latchkey.refresh(&app, &another.refresh, "").await.expect(200);
    }
}

#[tokio::test]
async fn nobody_elses_and_nothing_invented() {
    let latchkey = TestApp::with_members().await;
    let (app, other) = (latchkey.app().await, latchkey.app().await);
    let tokens = latchkey.signed_in(&app).await;
    let expected = latchkey.revoke(&other, "garbage").await.dump();
    for token in [&tokens.refresh, &tokens.access, "lkr_x"] {
        assert_eq!(latchkey.revoke(&other, token).await.dump(), expected);
    }
    assert!(latchkey.is_active(&other, &tokens.access).await);
    latchkey.refresh(&app, &tokens.refresh, "").await.expect(200);
}

#[tokio::test]
async fn it_costs_a_read_and_a_write_more() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.seed().await;
    latchkey.ann().await;
    let app = latchkey.app().await;
    let (one, two) = (latchkey.signed_in(&app).await, latchkey.signed_in(&app).await);
    for (token, expected) in [
        (&one.refresh, ["GetItem", "Query", "UpdateItem"]),
        (&two.access, ["PutItem", "Query", "UpdateItem"]),
    ] {
        proxy.take_calls();
        latchkey.revoke(&app, token).await;
        let mut calls: Vec<_> = proxy.take_calls().into_iter().map(|call| call.operation).collect();
        calls.sort();
        assert_eq!(calls, expected);
    }
}
