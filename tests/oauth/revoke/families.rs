//! Revoking one token of an authorization revokes all of its tokens (RFC 7009 §2.1).

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::AwsProxy;
use crate::support::sign_in::code_flow::{Tokens, assert_error};
use jiff::SignedDuration;

#[tokio::test]
async fn any_token_revokes_its_whole_family() {
    let mut latchkey = TestApp::with_members().await;
    let (app, checker) = (latchkey.fixtures().code_flow_client().await, latchkey.fixtures().client().await);
    for which in
        ["the current refresh token", "an old one", "the first access token", "the last access token"]
    {
        let first = latchkey.code_flow_tokens(&app).await;
        let another = latchkey.code_flow_tokens(&app).await;
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
        let response = latchkey.revoke(&app, token).await;
        assert_eq!(response.text(), "", "{which}");
        for revoked in [&first.access, &second.access, &first.refresh, &second.refresh] {
            assert!(!latchkey.is_active(&checker, revoked).await, "{which}");
        }
        assert_error(&latchkey.refresh(&app, &second.refresh, "").await, "invalid_grant", which);
        assert_eq!(latchkey.revoke(&app, token).await.dump(), response.dump(), "{which}, again");
        assert!(latchkey.is_active(&checker, &another.access).await, "{which}: not another authorization");
        latchkey.refresh(&app, &another.refresh, "").await.expect(200);
    }
}

#[tokio::test]
async fn other_clients_cannot_revoke_a_family() {
    let latchkey = TestApp::with_members().await;
    let (app, other) =
        (latchkey.fixtures().code_flow_client().await, latchkey.fixtures().code_flow_client().await);
    let tokens = latchkey.code_flow_tokens(&app).await;
    let expected = latchkey.revoke(&other, "garbage").await.dump();
    for token in [&tokens.refresh, &tokens.access, "lkr_x"] {
        assert_eq!(latchkey.revoke(&other, token).await.dump(), expected);
    }
    assert!(latchkey.is_active(&other, &tokens.access).await);
    latchkey.refresh(&app, &tokens.refresh, "").await.expect(200);
}

#[tokio::test]
async fn family_revocation_costs_one_more_write() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.fixtures().seed().await;
    latchkey.fixtures().ann().await;
    let app = latchkey.fixtures().code_flow_client().await;
    let (one, two) = (latchkey.code_flow_tokens(&app).await, latchkey.code_flow_tokens(&app).await);
    for (token, expected) in [
        (&one.refresh, &["GetItem", "PutItem", "Query", "UpdateItem"][..]),
        (&two.access, &["PutItem", "PutItem", "Query", "UpdateItem"]),
    ] {
        proxy.take_calls();
        latchkey.revoke(&app, token).await;
        let mut calls: Vec<_> = proxy.take_calls().into_iter().map(|call| call.operation).collect();
        calls.sort();
        assert_eq!(calls, expected);
    }
}
