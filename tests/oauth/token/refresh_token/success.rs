//! What a client gets for a refresh token.

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::AwsProxy;
use crate::support::fixtures::{ACCOUNT, AUDIENCE};
use crate::support::sign_in::code_flow::{Tokens, claims, refresh_form};
use serde_json::json;

#[tokio::test]
async fn a_new_access_token_for_the_same_and_the_next_refresh_token() {
    let latchkey = TestApp::with_members().await;
    let app = latchkey.app().await;
    let first = latchkey.signed_in(&app).await;
    let answer = latchkey.refresh(&app, &first.refresh, "").await.expect(200);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(
        (answer.string("token_type"), answer.string("scope")),
        ("Bearer".into(), "orders:read orders:write".into())
    );
    assert!(answer.json()["client_secret_expires_at"].is_i64());
    let second = Tokens::of(&answer);
    let (before, now) = (claims(&first.access), claims(&second.access));
    for same in ["iss", "sub", "aud", "client_id", "scope", "account_id", "grant_id"] {
        assert_eq!(before[same], now[same], "{same}");
    }
    assert_ne!(before["jti"], now["jti"]);
    assert_ne!(first.refresh, second.refresh);
    assert!(latchkey.is_active(&app, &first.access).await, "the access token of before is not ended by it");
}

#[tokio::test]
async fn a_narrower_scope_is_for_the_access_token_alone() {
    let latchkey = TestApp::with_members().await;
    let app = latchkey.app().await;
    let first = latchkey.signed_in(&app).await;
    let narrow = latchkey.refresh(&app, &first.refresh, "&scope=orders:read").await.expect(200);
    assert_eq!(narrow.string("scope"), "orders:read");
    let again = latchkey.refresh(&app, &first.refresh, "&scope=orders:write").await.expect(200);
    assert_eq!(again.string("scope"), "orders:write", "the same within the grace time");
    let wide = latchkey.refresh(&app, &Tokens::of(&narrow).refresh, "").await.expect(200);
    assert_eq!(wide.string("scope"), "orders:read orders:write", "the family keeps what was allowed");
}

#[tokio::test]
async fn the_resource_may_be_named_and_the_body_may_be_json_at_either_path() {
    let latchkey = TestApp::with_members().await;
    let app = latchkey.app().await;
    let mut token = latchkey.signed_in(&app).await.refresh;
    for target in [AUDIENCE, "backoffice_api"] {
        let answer = latchkey.refresh(&app, &token, &format!("&resource={target}")).await.expect(200);
        token = answer.string("refresh_token");
    }
    for path in ["/oauth/token".to_owned(), format!("/v1/accounts/{ACCOUNT}/auth/token")] {
        let body = json!({
            "grant_type": "refresh_token", "refresh_token": token,
            "client_id": app.client_id, "client_secret": app.client_secret,
        });
        token = latchkey.request("POST", &path).json(&body).send().await.expect(200).string("refresh_token");
    }
}

#[tokio::test]
async fn an_allowlist_holds_for_refreshing_too() {
    let latchkey = TestApp::with_members().await;
    let app = latchkey.app_like(&json!({ "allowed_ips": ["203.0.113.0/24"] })).await;
    let code = latchkey.code(&app).await;
    let form =
        crate::support::sign_in::code_flow::code_form(&code, crate::support::sign_in::code_flow::VERIFIER);
    latchkey.token_ask(&app, &form).send().await.expect(401);
    let answer = latchkey.token_ask(&app, &form).from("203.0.113.9").send().await.expect(200);
    let refresh = || latchkey.token_ask(&app, &refresh_form(&answer.string("refresh_token")));
    refresh().send().await.expect(401);
    refresh().without_source().send().await.expect(401);
    refresh().from("203.0.113.9").send().await.expect(200);
}

#[tokio::test]
async fn a_refresh_costs_four_reads_and_one_write_and_a_repeat_the_reads() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.seed().await;
    latchkey.ann().await;
    let app = latchkey.app().await;
    let tokens = latchkey.signed_in(&app).await;
    proxy.take_calls();
    latchkey.refresh(&app, &tokens.refresh, "").await.expect(200);
    let calls = proxy.take_calls();
    let operations: Vec<_> = calls.iter().map(|call| call.operation.as_str()).collect();
    // The client; the family; the member and the consent at once; the family.
    assert_eq!(operations, ["Query", "GetItem", "GetItem", "GetItem", "UpdateItem"]);
    assert!(calls[..4].iter().all(|call| call.input["ConsistentRead"] == true));
    latchkey.refresh(&app, &tokens.refresh, "").await.expect(200);
    let operations: Vec<_> = proxy.take_calls().into_iter().map(|call| call.operation).collect();
    assert_eq!(operations, ["Query", "GetItem", "GetItem", "GetItem"], "its successor is told again");
    latchkey.refresh(&app, "lkr_garbage", "").await.expect(400);
    assert_eq!(proxy.take_calls().len(), 0, "what is no refresh token costs nothing");
}
