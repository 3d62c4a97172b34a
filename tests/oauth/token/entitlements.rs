//! What an account is no longer entitled to is in no token, from a minute after the change.

use crate::support::app::TestApp;
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::support::sign_in::AuthorizeRequest;
use crate::support::sign_in::browser::Browser;
use crate::support::sign_in::code_flow::{CodeRequest, Tokens, assert_error};
use jiff::SignedDuration;
use serde_json::{Value, json};

const MINUTE: SignedDuration = SignedDuration::from_secs(60);

/// An app with the API `billing`, for entitled accounts, whose scope `post` implies `read`, and whose scope `admin` is
/// restricted and implies `post`.
async fn app() -> TestApp {
    let latchkey = TestApp::with_members().await;
    let scopes = json!([
        { "name": "read" }, { "name": "post", "implies": ["read"] },
        { "name": "admin", "restricted": true, "implies": ["post"] },
    ]);
    let body = json!({ "resource_id": "billing", "audience": "https://billing.example", "scopes": scopes,
                       "account_access": "entitled" });
    latchkey.fixtures().resource(&body).await;
    latchkey
}

impl TestApp {
    /// Sets the account's entitlements to these, and waits until they act.
    async fn entitle(&mut self, entitlements: Value) {
        let body = json!({ "entitlements": entitlements });
        self.patch(&format!("/v1/accounts/{ACCOUNT}"), &body).await.expect(200);
        self.advance(MINUTE);
    }

    async fn scope(&self, client: &TestClient, more: &str) -> String {
        self.token(&client.client_id, &client.client_secret, more).await.expect(200).string("scope")
    }

    async fn error(&self, client: &TestClient, more: &str) -> String {
        self.token(&client.client_id, &client.client_secret, more).await.expect(400).string("error")
    }
}

fn billing(scopes: &[&str]) -> Value {
    json!({ "permissions": [{ "resource": "billing", "scopes": scopes }] })
}

#[tokio::test]
async fn token_has_implied_scopes() {
    let mut latchkey = app().await;
    latchkey.entitle(json!([{ "resource": "billing", "scopes": ["admin"] }])).await;
    let client = latchkey.fixtures().client_with(ACCOUNT, &billing(&["admin"])).await;
    let stored = latchkey.get(&client.path()).await.json();
    assert_eq!(stored["permissions"][0]["scopes"], json!(["admin", "post", "read"]));
    assert_eq!(latchkey.scope(&client, "").await, "admin post read");
    assert_eq!(latchkey.scope(&client, "&scope=post").await, "post read");
    assert_eq!(latchkey.scope(&client, "&scope=read").await, "read");
}

#[tokio::test]
async fn lost_scope_is_left_out_and_invalid_if_requested() {
    let mut latchkey = app().await;
    latchkey.entitle(json!([{ "resource": "billing", "scopes": ["admin"] }])).await;
    let client = latchkey.fixtures().client_with(ACCOUNT, &billing(&["admin"])).await;
    assert_eq!(latchkey.scope(&client, "").await, "admin post read");
    latchkey.entitle(json!([{ "resource": "billing" }])).await;
    assert_eq!(latchkey.scope(&client, "").await, "post read");
    assert_eq!(latchkey.error(&client, "&scope=admin").await, "invalid_scope");
    let attention = latchkey.get(&client.path()).await.json()["attention"].clone();
    assert_eq!(attention, json!(["not_entitled", "no_recipients"]));
}

#[tokio::test]
async fn lost_resource_is_not_permitted() {
    let mut latchkey = app().await;
    latchkey.entitle(json!([{ "resource": "billing", "scopes": ["read"] }])).await;
    let client = latchkey.fixtures().client_with(ACCOUNT, &billing(&["read"])).await;
    assert_eq!(latchkey.scope(&client, "").await, "read");
    for entitlements in [json!([]), json!([{ "resource": "billing", "scopes": [] }])] {
        latchkey.entitle(entitlements).await;
        for more in ["", "&resource=billing", "&resource=https://billing.example", "&scope=read"] {
            assert_eq!(latchkey.error(&client, more).await, "invalid_target", "{more}");
        }
    }
    latchkey.entitle(json!([{ "resource": "billing", "scopes": ["read"] }])).await;
    assert_eq!(latchkey.scope(&client, "").await, "read", "restored");
}

#[tokio::test]
async fn lost_resource_ends_codes_and_refresh_tokens() {
    let mut latchkey = app().await;
    latchkey.entitle(json!([{ "resource": "billing" }])).await;
    let client = latchkey.fixtures().code_flow_client_with(&billing(&["post"])).await;
    let requested = CodeRequest { resource: "billing", scopes: "post read", ..CodeRequest::default() };
    let tokens = latchkey.fixtures().code_with(&client, &requested).await;
    let tokens = Tokens::of(&latchkey.redeem(&client, &tokens).await.expect(200));

    latchkey.entitle(json!([{ "resource": "billing", "scopes": ["read"] }])).await;
    let explicit = latchkey.refresh(&client, &tokens.refresh, "&scope=post").await;
    assert_error(&explicit, "invalid_scope", "the account has lost it");
    let less = latchkey.refresh(&client, &tokens.refresh, "").await.expect(200);
    assert_eq!(less.string("scope"), "read");

    latchkey.entitle(json!([])).await;
    let code = latchkey.fixtures().code_with(&client, &requested).await;
    let response = latchkey.redeem(&client, &code).await;
    assert_error(&response, "invalid_grant", "the code was issued before the entitlement was taken");
    let refresh = Tokens::of(&less).refresh;
    assert_error(&latchkey.refresh(&client, &refresh, "").await, "invalid_grant", "refresh token");
    assert!(!latchkey.is_active(&client, &refresh).await);
    latchkey.entitle(json!([{ "resource": "billing", "scopes": ["read"] }])).await;
    latchkey.refresh(&client, &refresh, "").await.expect(200);
}

#[tokio::test]
async fn authorization_request_is_checked_against_entitlements() {
    let mut latchkey = app().await;
    latchkey.entitle(json!([{ "resource": "billing" }])).await;
    let client = latchkey.fixtures().code_flow_client_with(&billing(&["post"])).await;
    let request = AuthorizeRequest::of(&client).with("resource", "billing");
    let error = async |latchkey: &TestApp, scope: &str| {
        let response =
            Browser::new(latchkey).get(&request.clone().with("scope", scope).path()).await.response;
        let answer = format!("{} {}", response.header("location"), response.text());
        let error =
            answer.split_once("error=").map(|(_, error)| error.split(['&', ' ']).next().unwrap().to_owned());
        error.unwrap_or_default()
    };
    assert_eq!(error(&latchkey, "post").await, "");
    latchkey.entitle(json!([{ "resource": "billing", "scopes": ["read"] }])).await;
    assert_eq!(error(&latchkey, "post").await, "invalid_scope");
    latchkey.entitle(json!([])).await;
    assert_eq!(error(&latchkey, "read").await, "invalid_target");
}

#[tokio::test]
async fn narrowed_access_of_a_resource_acts_within_a_minute() {
    let mut latchkey = app().await;
    let client = latchkey.fixtures().client().await;
    assert_eq!(latchkey.scope(&client, "").await, "orders:read orders:write");
    let path = "/v1/resources/backoffice_api";
    let scopes = json!([{ "name": "orders:read" }, { "name": "orders:write", "restricted": true }]);
    latchkey.patch(path, &json!({ "scopes": scopes })).await.expect(200);
    latchkey.advance(MINUTE);
    assert_eq!(latchkey.scope(&client, "").await, "orders:read");
    latchkey.patch(path, &json!({ "account_access": "entitled" })).await.expect(200);
    latchkey.advance(MINUTE);
    assert_eq!(latchkey.error(&client, "").await, "invalid_target");
    let (_, token) = latchkey.fixtures().administrator(ACCOUNT, &["clients:read"]).await;
    let clients = latchkey.request("GET", crate::v1::CLIENTS).bearer(&token).send().await;
    assert_eq!(clients.status, 200, "the management API needs no entitlement");
}
