//! Refresh tokens for the client credentials grant: only if the client's `grant_types` contain
//! `refresh_token`.

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::AwsProxy;
use crate::support::fixtures::TestClient;
use crate::support::sign_in::code_flow::{Tokens, assert_error, claims};
use serde_json::json;
use tokio::task::JoinSet;

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
async fn refresh_token_costs_two_more_writes() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.fixtures().seed().await;
    let (plain, with) = (latchkey.fixtures().client().await, refreshing(&latchkey).await);
    for (client, expected) in [(&plain, &["Query"][..]), (&with, &["Query", "UpdateItem", "PutItem"])] {
        let request = || latchkey.token(&client.client_id, &client.client_secret, "");
        request().await.expect(200);
        proxy.take_calls();
        let body = request().await.expect(200).json();
        let calls: Vec<_> = proxy.take_calls().into_iter().map(|call| call.operation).collect();
        assert_eq!(calls, expected);
        assert_eq!(body.get("refresh_token").is_some(), expected.len() == 3);
        assert_eq!(
            claims(body["access_token"].as_str().unwrap()).get("grant_id").is_some(),
            expected.len() == 3
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

#[tokio::test]
async fn at_most_twenty_refresh_tokens_are_live_for_a_resource() {
    let latchkey = TestApp::with_fixtures().await;
    let client = refreshing(&latchkey).await;
    let issue = async || {
        let token = latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
        token.json()["refresh_token"].as_str().map(str::to_owned)
    };
    let mut requests = JoinSet::new();
    for _ in 0..30 {
        let request =
            latchkey.request("POST", "/oauth/token").basic(&client.client_id, &client.client_secret);
        requests.spawn(request.form("grant_type=client_credentials").send());
    }
    let issued = requests.join_all().await.into_iter().map(|response| response.expect(200).json());
    let issued: Vec<_> = issued.collect();
    let live: Vec<&str> = issued.iter().filter_map(|token| token["refresh_token"].as_str()).collect();
    assert_eq!(live.len(), 20);
    let token = latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200).json();
    assert!(token.get("refresh_token").is_none());
    assert!(claims(token["access_token"].as_str().unwrap()).get("grant_id").is_none());

    let used = Tokens::of(&latchkey.refresh(&client, live[0], "").await.expect(200));
    assert_eq!(issue().await, None, "a replaced token is the same family");
    latchkey.revoke(&client, &used.refresh).await;
    assert!(issue().await.is_some(), "a revoked family makes room for another");
    assert_eq!(issue().await, None);
    let revoke = format!("{}/revoke-tokens", client.path());
    latchkey.admin_request("POST", &revoke).await.send().await.expect(200);
    assert!(issue().await.is_some(), "so do all of an earlier generation");
}

#[tokio::test]
async fn expired_refresh_tokens_make_room() {
    let mut latchkey = TestApp::with_fixtures().await;
    let client = refreshing(&latchkey).await;
    for _ in 0..20 {
        latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    }
    let token = latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    assert!(token.json().get("refresh_token").is_none());
    latchkey.advance(jiff::SignedDuration::from_hours(24 * 60));
    let token = latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    assert!(token.json().get("refresh_token").is_some());
    let set = latchkey.inspect().grants("FAMILIES#").await;
    assert_eq!(set[0]["live"].as_ss().unwrap().len(), 1, "{set:?}");
}
