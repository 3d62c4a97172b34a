//! The calling client is read again at each request: what is taken from it is gone at once.

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::{AwsProxy, InjectedFault};
use crate::support::fixtures::ACCOUNT;
use crate::v1::CLIENTS;
use serde_json::{Value, json};

async fn list(latchkey: &TestApp, token: &str) -> u16 {
    latchkey.request("GET", CLIENTS).bearer(token).send().await.status.as_u16()
}

#[tokio::test]
async fn a_disabled_caller_is_out_at_once_and_back_once_enabled() {
    let latchkey = TestApp::with_fixtures().await;
    let (admin, token) = latchkey.administrator(ACCOUNT, &["clients:read"]).await;
    assert_eq!(list(&latchkey, &token).await, 200);
    latchkey.post(&format!("{}/disable", admin.path()), &json!({})).await.expect(200);
    assert_eq!(list(&latchkey, &token).await, 401);
    latchkey.post(&format!("{}/enable", admin.path()), &json!({})).await.expect(200);
    assert_eq!(list(&latchkey, &token).await, 200);
}

#[tokio::test]
async fn a_deleted_caller_is_out_at_once_and_looks_like_one_with_a_bad_token() {
    let latchkey = TestApp::with_fixtures().await;
    let (admin, token) = latchkey.administrator(ACCOUNT, &["clients:read"]).await;
    assert_eq!(list(&latchkey, &token).await, 200);
    latchkey.delete(&admin.path()).await.expect(204);
    let gone = latchkey.request("GET", CLIENTS).bearer(&token).send().await.expect(401);
    let garbage = latchkey.request("GET", CLIENTS).bearer("x.y.z").send().await.expect(401);
    assert_eq!((gone.text(), &gone.headers), (garbage.text(), &garbage.headers));
}

#[tokio::test]
async fn a_withdrawn_permission_acts_at_once_and_a_new_one_with_the_next_token() {
    let latchkey = TestApp::with_fixtures().await;
    let (admin, token) = latchkey.administrator(ACCOUNT, &["clients:read", "clients:manage"]).await;
    let path = format!("{}/permissions", admin.path());
    let permissions =
        |scopes: Value| json!({ "permissions": [{ "resource": "latchkey", "scopes": scopes }] });
    let make = async |token: &str| {
        let body = json!({ "client_name": "x" });
        latchkey.request("POST", CLIENTS).bearer(token).json(&body).send().await.status.as_u16()
    };
    assert_eq!(make(&token).await, 201);
    latchkey.put(&path, &permissions(json!(["clients:read"]))).await.expect(200);
    assert_eq!((make(&token).await, list(&latchkey, &token).await), (403, 200));
    let weaker = latchkey.token(&admin.client_id, &admin.client_secret, "").await.expect(200);
    let weaker = weaker.string("access_token");
    latchkey.put(&path, &permissions(json!(["clients:read", "clients:manage"]))).await.expect(200);
    assert_eq!((make(&token).await, make(&weaker).await), (201, 403));
    latchkey.put(&path, &json!({ "permissions": [] })).await.expect(200);
    assert_eq!(list(&latchkey, &token).await, 403);
}

#[tokio::test]
async fn a_demoted_operator_is_back_in_its_own_account() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.account("T2").await;
    let (operator, token) = latchkey.administrator("T2", &["accounts:manage", "clients:read"]).await;
    assert_eq!(list(&latchkey, &token).await, 200);
    let body = json!({ "permissions": [{ "resource": "latchkey", "scopes": ["clients:read"] }] });
    latchkey.put(&format!("{}/permissions", operator.path()), &body).await.expect(200);
    assert_eq!(list(&latchkey, &token).await, 404);
    latchkey.request("GET", "/v1/accounts/T2/clients").bearer(&token).send().await.expect(200);
}

#[tokio::test]
async fn a_token_outlives_the_secret_that_got_it() {
    let latchkey = TestApp::with_fixtures().await;
    let (admin, token) = latchkey.administrator(ACCOUNT, &["clients:read"]).await;
    latchkey.delete(&admin.secret(&admin.secret_id)).await.expect(204);
    assert_eq!(list(&latchkey, &token).await, 200);
}

#[tokio::test]
async fn a_revoked_token_is_out_at_once_and_looks_like_any_bad_one() {
    let latchkey = TestApp::with_fixtures().await;
    let (admin, token) = latchkey.administrator(ACCOUNT, &["clients:read"]).await;
    let another = latchkey.token(&admin.client_id, &admin.client_secret, "").await.expect(200);
    assert_eq!(list(&latchkey, &token).await, 200);
    let ask = latchkey.request("POST", "/oauth/revoke").basic(&admin.client_id, &admin.client_secret);
    ask.form(&format!("token={token}")).send().await.expect(200);
    let revoked = latchkey.request("GET", CLIENTS).bearer(&token).send().await.expect(401);
    let garbage = latchkey.request("GET", CLIENTS).bearer("x.y.z").send().await.expect(401);
    assert_eq!(revoked.dump(), garbage.dump());
    assert_eq!(list(&latchkey, &another.string("access_token")).await, 200);
}

#[tokio::test]
async fn whether_a_token_was_revoked_must_be_known_to_let_its_holder_in() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.seed().await;
    let (_, token) = latchkey.administrator(ACCOUNT, &["clients:read"]).await;
    // The first item that a call gets is the deny-list's.
    proxy.inject(InjectedFault::json_error("GetItem", "AccessDeniedException").times(1));
    let answer = latchkey.request("GET", CLIENTS).bearer(&token).send().await.expect(503);
    assert_eq!(answer.problem(), "unavailable");
    assert!(!answer.header("retry-after").is_empty());
    assert_eq!(list(&latchkey, &token).await, 200);
}
