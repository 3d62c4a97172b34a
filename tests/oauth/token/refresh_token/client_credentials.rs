//! Refresh tokens for the client credentials grant: only if the client's `grant_types` contain
//! `refresh_token`.

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::AwsProxy;
use crate::support::fixtures::TestClient;
use crate::support::sign_in::code_flow::{Tokens, assert_error, claims};
use serde_json::json;

async fn refreshing(latchkey: &TestApp) -> TestClient {
    let grants = ["client_credentials", "refresh_token"];
    latchkey.fixtures().code_flow_client_with(&json!({ "grant_types": grants, "redirect_uris": [] })).await
}

#[tokio::test]
async fn client_gets_a_refresh_token_without_a_member() {
    let latchkey = TestApp::with_fixtures().await;
    let client = refreshing(&latchkey).await;
    let response =
        latchkey.token(&client.client_id, &client.client_secret, "&scope=orders:read").await.expect(200);
    let first = Tokens::of(&response);
    let first_claims = claims(&first.access);
    assert_eq!(
        (&first_claims["sub"], &first_claims["client_id"]),
        (&json!(client.client_id), &json!(client.client_id))
    );
    let second = latchkey.refresh(&client, &first.refresh, "").await.expect(200);
    assert_eq!(second.string("scope"), "orders:read", "the granted scope");
    let second_claims = claims(&second.string("access_token"));
    assert_eq!(
        (&second_claims["sub"], &second_claims["grant_id"]),
        (&first_claims["sub"], &first_claims["grant_id"])
    );
    let wider = latchkey.refresh(&client, &Tokens::of(&second).refresh, "&scope=orders:write").await;
    assert_error(&wider, "invalid_scope", "wider than the granted scope");
    latchkey.revoke(&client, &first.refresh).await;
    assert!(!latchkey.is_active(&client, &first.access).await, "its family is revoked");
}

#[tokio::test]
async fn refresh_token_costs_one_more_write() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.fixtures().seed().await;
    let (plain, with) = (latchkey.fixtures().client().await, refreshing(&latchkey).await);
    for (client, expected) in [(&plain, &["Query"][..]), (&with, &["Query", "PutItem"])] {
        let request = || latchkey.token(&client.client_id, &client.client_secret, "");
        request().await.expect(200);
        proxy.take_calls();
        let body = request().await.expect(200).json();
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
async fn own_refresh_token_is_invalid_once_client_is_public() {
    let latchkey = TestApp::with_members().await;
    let grants = ["authorization_code", "client_credentials", "refresh_token"];
    let client = latchkey.fixtures().code_flow_client_with(&json!({ "grant_types": grants })).await;
    let response = latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    let (own, anns) = (Tokens::of(&response), latchkey.code_flow_tokens(&client).await);
    let public = json!({ "token_endpoint_auth_method": "none", "grant_types": ["authorization_code", "refresh_token"] });
    latchkey.patch(&client.path(), &public).await.expect(200);
    let client = TestClient { client_secret: String::new(), ..client };
    assert_error(&latchkey.refresh(&client, &own.refresh, "").await, "unauthorized_client", "its own");
    latchkey.refresh(&client, &anns.refresh, "").await.expect(200);
}

#[tokio::test]
async fn management_api_rejects_token_of_revoked_family() {
    let latchkey = TestApp::with_fixtures().await;
    let members = json!({
        "grant_types": ["client_credentials", "refresh_token"], "redirect_uris": [],
        "permissions": [{ "resource": "latchkey", "scopes": ["clients:read"] }],
    });
    let client = latchkey.fixtures().code_flow_client_with(&members).await;
    let response = latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    let tokens = Tokens::of(&response);
    let request = || latchkey.request("GET", crate::v1::CLIENTS).bearer(&tokens.access).send();
    request().await.expect(200);
    latchkey.revoke(&client, &tokens.refresh).await;
    request().await.expect(401);
}
