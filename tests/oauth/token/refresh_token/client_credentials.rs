//! Refresh tokens of a client that acts in its own name: only if its `grant_types` say so.

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::AwsProxy;
use crate::support::fixtures::TestClient;
use crate::support::sign_in::code_flow::{Tokens, assert_error, claims};
use serde_json::json;

async fn refreshing(latchkey: &TestApp) -> TestClient {
    let grants = ["client_credentials", "refresh_token"];
    latchkey.app_like(&json!({ "grant_types": grants, "redirect_uris": [] })).await
}

#[tokio::test]
async fn it_gets_one_and_no_person_is_needed_to_use_it() {
    let latchkey = TestApp::with_fixtures().await;
    let client = refreshing(&latchkey).await;
    let answer =
        latchkey.token(&client.client_id, &client.client_secret, "&scope=orders:read").await.expect(200);
    let first = Tokens::of(&answer);
    let reported = claims(&first.access);
    assert_eq!(
        (&reported["sub"], &reported["client_id"]),
        (&json!(client.client_id), &json!(client.client_id))
    );
    let second = latchkey.refresh(&client, &first.refresh, "").await.expect(200);
    assert_eq!(second.string("scope"), "orders:read", "what was granted first");
    let said_then = claims(&second.string("access_token"));
    assert_eq!((&said_then["sub"], &said_then["grant_id"]), (&reported["sub"], &reported["grant_id"]));
    let wider = latchkey.refresh(&client, &Tokens::of(&second).refresh, "&scope=orders:write").await;
    assert_error(&wider, "invalid_scope", "more than was granted first");
    latchkey.revoke(&client, &first.refresh).await;
    assert!(!latchkey.is_active(&client, &first.access).await, "it ends with its family");
}

#[tokio::test]
async fn it_costs_one_more_write_and_nothing_changes_without_it() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.seed().await;
    let (plain, with) = (latchkey.client().await, refreshing(&latchkey).await);
    for (client, expected) in [(&plain, &["Query"][..]), (&with, &["Query", "PutItem"])] {
        let ask = || latchkey.token(&client.client_id, &client.client_secret, "");
        ask().await.expect(200);
        proxy.take_calls();
        let body = ask().await.expect(200).json();
        let calls: Vec<_> = proxy.take_calls().into_iter().map(|call| call.operation).collect();
        assert_eq!(calls, expected);
        assert_eq!(body.get("refresh_token").is_some(), expected.len() == 2);
        assert_eq!(
            claims(body["access_token"].as_str().unwrap()).get("grant_id").is_some(),
            expected.len() == 2
        );
    }
}

#[tokio::test]
async fn what_it_got_in_its_own_name_is_worth_nothing_once_it_is_public() {
    let latchkey = TestApp::with_members().await;
    let grants = ["authorization_code", "client_credentials", "refresh_token"];
    let client = latchkey.app_like(&json!({ "grant_types": grants })).await;
    let answer = latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    let (own, anns) = (Tokens::of(&answer), latchkey.signed_in(&client).await);
    let public = json!({ "token_endpoint_auth_method": "none", "grant_types": ["authorization_code", "refresh_token"] });
    latchkey.patch(&client.path(), &public).await.expect(200);
    let client = TestClient { client_secret: String::new(), ..client };
    assert_error(&latchkey.refresh(&client, &own.refresh, "").await, "unauthorized_client", "its own");
    latchkey.refresh(&client, &anns.refresh, "").await.expect(200);
}

#[tokio::test]
async fn the_management_api_knows_when_its_family_has_ended() {
    let latchkey = TestApp::with_fixtures().await;
    let members = json!({
        "grant_types": ["client_credentials", "refresh_token"], "redirect_uris": [],
        "permissions": [{ "resource": "latchkey", "scopes": ["clients:read"] }],
    });
    let client = latchkey.app_like(&members).await;
    let answer = latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    let tokens = Tokens::of(&answer);
    let ask = || latchkey.request("GET", crate::v1::CLIENTS).bearer(&tokens.access).send();
    ask().await.expect(200);
    latchkey.revoke(&client, &tokens.refresh).await;
    ask().await.expect(401);
}
