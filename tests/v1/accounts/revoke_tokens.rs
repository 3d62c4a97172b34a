//! Revoking all tokens of a client, of a member, of an account.

use crate::support::app::TestApp;
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::support::sign_in::code_flow::{ANN, Tokens, assert_error, claims};
use crate::v1::{CLIENTS, MEMBERS};
use serde_json::{Value, json};

async fn is_active(latchkey: &TestApp, by: &TestClient, token: &str) -> bool {
    let request = latchkey.request("POST", "/oauth/introspect").basic(&by.client_id, &by.client_secret);
    let response = request.form(&format!("token={token}")).send().await.expect(200);
    response.json()["active"].as_bool().unwrap()
}

async fn access_token(latchkey: &TestApp, client: &TestClient) -> String {
    let response = latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    response.string("access_token")
}

#[tokio::test]
async fn tokens_of_a_client_are_inactive_at_once() {
    let latchkey = TestApp::with_members().await;
    let (client, other) = (latchkey.fixtures().code_flow_client().await, latchkey.fixtures().client().await);
    let grants = json!(["client_credentials", "refresh_token", "authorization_code"]);
    latchkey.patch(&client.path(), &json!({ "grant_types": grants })).await.expect(200);
    let own = latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    let own = Tokens::of(&own);
    let of_ann = latchkey.code_flow_tokens(&client).await;
    let code = latchkey.fixtures().code(&client).await;
    let untouched = access_token(&latchkey, &other).await;

    let path = format!("{}/revoke-tokens", client.path());
    let request =
        || async { latchkey.admin_request("POST", &path).await.header("idempotency-key", "k").send().await };
    let revoked = request().await.expect(200);
    assert_eq!(request().await.expect(200).etag(), revoked.etag(), "a repeat revokes nothing more");
    for token in [&own.access, &own.refresh, &of_ann.access, &of_ann.refresh] {
        assert!(!is_active(&latchkey, &other, token).await);
    }
    for token in [&own.refresh, &of_ann.refresh] {
        assert_error(&latchkey.refresh(&client, token, "").await, "invalid_grant", "revoked");
    }
    assert_error(&latchkey.redeem(&client, &code).await, "invalid_grant", "a code of before");
    assert!(is_active(&latchkey, &other, &untouched).await);
    let newer = access_token(&latchkey, &client).await;
    assert!(claims(&newer)["jti"].as_str().unwrap().starts_with("1."), "{}", claims(&newer));
    assert!(is_active(&latchkey, &other, &newer).await);
    let again = latchkey.code_flow_tokens(&client).await;
    latchkey.refresh(&client, &again.refresh, "").await.expect(200);
}

#[tokio::test]
async fn revoked_token_opens_the_management_api_no_more() {
    let latchkey = TestApp::with_fixtures().await;
    let (admin, token) =
        latchkey.fixtures().administrator(ACCOUNT, &["clients:read", "clients:manage"]).await;
    let path = format!("{}/revoke-tokens", admin.path());
    latchkey.request("POST", &path).bearer(&token).send().await.expect(200);
    let refused = latchkey.request("GET", CLIENTS).bearer(&token).send().await.expect(401);
    let garbage = latchkey.request("GET", CLIENTS).bearer("x.y.z").send().await.expect(401);
    assert_eq!(refused.dump(), garbage.dump());
    let newer = access_token(&latchkey, &admin).await;
    latchkey.request("GET", CLIENTS).bearer(&newer).send().await.expect(200);
}

#[tokio::test]
async fn enabling_revokes_tokens_where_asked() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, other) = (latchkey.fixtures().client().await, latchkey.fixtures().client().await);
    let token = access_token(&latchkey, &client).await;
    let set = async |what: &str, body: Value| {
        latchkey.post(&format!("{}/{what}", client.path()), &body).await.expect(200);
    };
    set("disable", json!({})).await;
    set("enable", json!({ "revoke_tokens": false })).await;
    assert!(is_active(&latchkey, &other, &token).await);
    set("disable", json!({})).await;
    set("enable", json!({ "revoke_tokens": true })).await;
    assert!(!is_active(&latchkey, &other, &token).await);
    let bad = latchkey.post(&format!("{}/enable", client.path()), &json!({ "revoke_tokens": 1 })).await;
    assert_eq!(bad.expect(422).pointers(), ["#/revoke_tokens"]);
}

#[tokio::test]
async fn tokens_of_a_member_are_inactive_and_consents_stay() {
    let latchkey = TestApp::with_members().await;
    let client = latchkey.fixtures().code_flow_client().await;
    let tokens = latchkey.code_flow_tokens(&client).await;
    let code = latchkey.fixtures().code(&client).await;
    assert!(is_active(&latchkey, &client, &tokens.access).await);
    let path = format!("{MEMBERS}/{ANN}/revoke-tokens");
    let before = latchkey.get(&format!("{MEMBERS}/{ANN}")).await.string("sub");
    assert_eq!(latchkey.post(&path, &json!({})).await.expect(200).string("sub"), before);
    for token in [&tokens.access, &tokens.refresh] {
        assert!(!is_active(&latchkey, &client, token).await);
    }
    assert_error(&latchkey.refresh(&client, &tokens.refresh, "").await, "invalid_grant", "revoked");
    assert_error(&latchkey.redeem(&client, &code).await, "invalid_grant", "a code of before");
    assert_eq!(latchkey.list_items(&format!("{}/consents", client.path())).await.len(), 1);
    let newer = latchkey.code_flow_tokens(&client).await;
    assert!(is_active(&latchkey, &client, &newer.access).await);
}

#[tokio::test]
async fn tokens_of_all_clients_of_an_account_are_inactive() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().account("T2").await;
    let clients = [latchkey.fixtures().client().await, latchkey.fixtures().client().await];
    let elsewhere = latchkey
        .fixtures()
        .client_with("T2", &json!({ "permissions": crate::v1::backoffice(&["orders:read"]) }))
        .await;
    let tokens = [access_token(&latchkey, &clients[0]).await, access_token(&latchkey, &clients[1]).await];
    let other = access_token(&latchkey, &elsewhere).await;
    let (_, admin) = latchkey.fixtures().administrator(ACCOUNT, &["members:manage"]).await;
    let path = format!("/v1/accounts/{ACCOUNT}/revoke-tokens");
    latchkey.request("POST", &path).bearer(&admin).send().await.expect(204);
    for token in &tokens {
        assert!(!is_active(&latchkey, &clients[0], token).await);
    }
    assert!(is_active(&latchkey, &elsewhere, &other).await);
    latchkey.request("POST", &path).bearer(&admin).send().await.expect(401);
    latchkey.post("/v1/accounts/T404/revoke-tokens", &json!({})).await.expect(404);
}
