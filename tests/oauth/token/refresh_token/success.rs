//! The token response for a refresh token (RFC 6749 §6).

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::AwsProxy;
use crate::support::fixtures::{ACCOUNT, AUDIENCE};
use crate::support::sign_in::code_flow::{Tokens, claims, refresh_form};
use serde_json::json;

#[tokio::test]
async fn refresh_issues_access_token_and_rotates() {
    let latchkey = TestApp::with_members().await;
    let app = latchkey.fixtures().code_flow_client().await;
    let first = latchkey.code_flow_tokens(&app).await;
    let response = latchkey.refresh(&app, &first.refresh, "").await.expect(200);
    assert_eq!(response.header("cache-control"), "no-store");
    assert_eq!(
        (response.string("token_type"), response.string("scope")),
        ("Bearer".into(), "orders:read orders:write".into())
    );
    assert!(response.json()["client_secret_expires_at"].is_i64());
    let second = Tokens::of(&response);
    let (before, now) = (claims(&first.access), claims(&second.access));
    for same in ["iss", "sub", "aud", "client_id", "scope", "account_id", "grant_id"] {
        assert_eq!(before[same], now[same], "{same}");
    }
    assert_ne!(before["jti"], now["jti"]);
    assert_ne!(first.refresh, second.refresh);
    assert!(latchkey.is_active(&app, &first.access).await, "the earlier access token stays valid");
}

#[tokio::test]
async fn narrower_scope_applies_to_the_access_token_only() {
    let latchkey = TestApp::with_members().await;
    let app = latchkey.fixtures().code_flow_client().await;
    let first = latchkey.code_flow_tokens(&app).await;
    let narrow = latchkey.refresh(&app, &first.refresh, "&scope=orders:read").await.expect(200);
    assert_eq!(narrow.string("scope"), "orders:read");
    let again = latchkey.refresh(&app, &first.refresh, "&scope=orders:write").await.expect(200);
    assert_eq!(again.string("scope"), "orders:write", "also within the grace period");
    let wide = latchkey.refresh(&app, &Tokens::of(&narrow).refresh, "").await.expect(200);
    assert_eq!(wide.string("scope"), "orders:read orders:write", "the family keeps the granted scopes");
}

#[tokio::test]
async fn resource_and_json_body_are_accepted_at_both_paths() {
    let latchkey = TestApp::with_members().await;
    let app = latchkey.fixtures().code_flow_client().await;
    let mut token = latchkey.code_flow_tokens(&app).await.refresh;
    for target in [AUDIENCE, "backoffice_api"] {
        let response = latchkey.refresh(&app, &token, &format!("&resource={target}")).await.expect(200);
        token = response.string("refresh_token");
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
async fn allowlist_applies_to_refresh() {
    let latchkey = TestApp::with_members().await;
    let app = latchkey.fixtures().code_flow_client_with(&json!({ "allowed_ips": ["203.0.113.0/24"] })).await;
    let code = latchkey.fixtures().code(&app).await;
    let form =
        crate::support::sign_in::code_flow::code_form(&code, crate::support::sign_in::code_flow::VERIFIER);
    latchkey.client_token_request(&app, &form).send().await.expect(401);
    let response = latchkey.client_token_request(&app, &form).from("203.0.113.9").send().await.expect(200);
    let refresh = || latchkey.client_token_request(&app, &refresh_form(&response.string("refresh_token")));
    refresh().send().await.expect(401);
    refresh().without_source().send().await.expect(401);
    refresh().from("203.0.113.9").send().await.expect(200);
}

#[tokio::test]
async fn refresh_costs_four_reads_and_one_write() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.fixtures().seed().await;
    latchkey.fixtures().ann().await;
    let app = latchkey.fixtures().code_flow_client().await;
    let tokens = latchkey.code_flow_tokens(&app).await;
    proxy.take_calls();
    latchkey.refresh(&app, &tokens.refresh, "").await.expect(200);
    let calls = proxy.take_calls();
    let operations: Vec<_> = calls.iter().map(|call| call.operation.as_str()).collect();
    // The client; the family; the member and the consent at once; the family.
    assert_eq!(operations, ["Query", "GetItem", "GetItem", "GetItem", "UpdateItem"]);
    assert!(calls[..4].iter().all(|call| call.input["ConsistentRead"] == true));
    latchkey.refresh(&app, &tokens.refresh, "").await.expect(200);
    let operations: Vec<_> = proxy.take_calls().into_iter().map(|call| call.operation).collect();
    assert_eq!(operations, ["Query", "GetItem", "GetItem", "GetItem"], "the successor is returned again");
    latchkey.refresh(&app, "lkr_garbage", "").await.expect(400);
    assert_eq!(proxy.take_calls().len(), 0, "a malformed refresh token costs no call");
}
