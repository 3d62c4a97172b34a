//! The calling client is read again at each request, so that changes to it act at once.

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::{AwsProxy, InjectedFault};
use crate::support::fixtures::ACCOUNT;
use crate::v1::CLIENTS;
use serde_json::{Value, json};

async fn list_status(latchkey: &TestApp, token: &str) -> u16 {
    latchkey.request("GET", CLIENTS).bearer(token).send().await.status.as_u16()
}

#[tokio::test]
async fn disabled_caller_is_rejected_at_once_until_enabled() {
    let latchkey = TestApp::with_fixtures().await;
    let (admin, token) = latchkey.fixtures().administrator(ACCOUNT, &["clients:read"]).await;
    assert_eq!(list_status(&latchkey, &token).await, 200);
    latchkey.post(&format!("{}/disable", admin.path()), &json!({})).await.expect(200);
    assert_eq!(list_status(&latchkey, &token).await, 401);
    latchkey.post(&format!("{}/enable", admin.path()), &json!({})).await.expect(200);
    assert_eq!(list_status(&latchkey, &token).await, 200);
}

#[tokio::test]
async fn deleted_caller_is_rejected_like_invalid_token() {
    let latchkey = TestApp::with_fixtures().await;
    let (admin, token) = latchkey.fixtures().administrator(ACCOUNT, &["clients:read"]).await;
    assert_eq!(list_status(&latchkey, &token).await, 200);
    latchkey.delete(&admin.path()).await.expect(204);
    let gone = latchkey.request("GET", CLIENTS).bearer(&token).send().await.expect(401);
    let garbage = latchkey.request("GET", CLIENTS).bearer("x.y.z").send().await.expect(401);
    assert_eq!((gone.text(), &gone.headers), (garbage.text(), &garbage.headers));
}

#[tokio::test]
async fn removed_permission_acts_at_once_and_added_on_next_token() {
    let latchkey = TestApp::with_fixtures().await;
    let (admin, token) =
        latchkey.fixtures().administrator(ACCOUNT, &["clients:read", "clients:manage"]).await;
    let path = format!("{}/permissions", admin.path());
    let permissions =
        |scopes: Value| json!({ "permissions": [{ "resource": "latchkey", "scopes": scopes }] });
    let make = async |token: &str| {
        let body = json!({ "client_name": "x" });
        latchkey.request("POST", CLIENTS).bearer(token).json(&body).send().await.status.as_u16()
    };
    assert_eq!(make(&token).await, 201);
    latchkey.put(&path, &permissions(json!(["clients:read"]))).await.expect(200);
    assert_eq!((make(&token).await, list_status(&latchkey, &token).await), (403, 200));
    let weaker = latchkey.token(&admin.client_id, &admin.client_secret, "").await.expect(200);
    let weaker = weaker.string("access_token");
    latchkey.put(&path, &permissions(json!(["clients:read", "clients:manage"]))).await.expect(200);
    assert_eq!((make(&token).await, make(&weaker).await), (201, 403));
    latchkey.put(&path, &json!({ "permissions": [] })).await.expect(200);
    assert_eq!(list_status(&latchkey, &token).await, 403);
}

#[tokio::test]
async fn demoted_operator_is_limited_to_own_account() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().account("T2").await;
    let (operator, token) =
        latchkey.fixtures().administrator("T2", &["accounts:manage", "clients:read"]).await;
    assert_eq!(list_status(&latchkey, &token).await, 200);
    let body = json!({ "permissions": [{ "resource": "latchkey", "scopes": ["clients:read"] }] });
    latchkey.put(&format!("{}/permissions", operator.path()), &body).await.expect(200);
    assert_eq!(list_status(&latchkey, &token).await, 404);
    latchkey.request("GET", "/v1/accounts/T2/clients").bearer(&token).send().await.expect(200);
}

#[tokio::test]
async fn access_token_outlives_its_secret() {
    let latchkey = TestApp::with_fixtures().await;
    let (admin, token) = latchkey.fixtures().administrator(ACCOUNT, &["clients:read"]).await;
    latchkey.delete(&admin.secret(&admin.secret_id)).await.expect(204);
    assert_eq!(list_status(&latchkey, &token).await, 200);
}

#[tokio::test]
async fn revoked_token_is_rejected_like_invalid_token() {
    let latchkey = TestApp::with_fixtures().await;
    let (admin, token) = latchkey.fixtures().administrator(ACCOUNT, &["clients:read"]).await;
    let another = latchkey.token(&admin.client_id, &admin.client_secret, "").await.expect(200);
    assert_eq!(list_status(&latchkey, &token).await, 200);
    let request = latchkey.request("POST", "/oauth/revoke").basic(&admin.client_id, &admin.client_secret);
    request.form(&format!("token={token}")).send().await.expect(200);
    let revoked = latchkey.request("GET", CLIENTS).bearer(&token).send().await.expect(401);
    let garbage = latchkey.request("GET", CLIENTS).bearer("x.y.z").send().await.expect(401);
    assert_eq!(revoked.dump(), garbage.dump());
    assert_eq!(list_status(&latchkey, &another.string("access_token")).await, 200);
}

#[tokio::test]
async fn unknown_revocation_state_is_503() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.fixtures().seed().await;
    let (_, token) = latchkey.fixtures().administrator(ACCOUNT, &["clients:read"]).await;
    // The first item that a request reads is on the deny list of revoked tokens.
    proxy.inject(InjectedFault::json_error("GetItem", "AccessDeniedException").times(1));
    let response = latchkey.request("GET", CLIENTS).bearer(&token).send().await.expect(503);
    assert_eq!(response.problem(), "unavailable");
    assert!(!response.header("retry-after").is_empty());
    assert_eq!(list_status(&latchkey, &token).await, 200);
}
