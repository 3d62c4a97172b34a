//! The calling client is read again at each request: what is taken from it is gone at once.

use crate::support::aws_proxy::{AwsProxy, Canned};
use crate::support::emulator;
use crate::support::house::TestHouse;
use crate::support::things::ACCOUNT;
use crate::v1::CLIENTS;
use serde_json::{Value, json};

async fn list(house: &TestHouse, token: &str) -> u16 {
    house.ask("GET", CLIENTS).bearer(token).send().await.status.as_u16()
}

#[tokio::test]
async fn a_disabled_caller_is_out_at_once_and_back_once_enabled() {
    let house = TestHouse::furnished().await;
    let (admin, token) = house.administrator(ACCOUNT, &["clients:read"]).await;
    assert_eq!(list(&house, &token).await, 200);
    house.post(&format!("{}/disable", admin.path()), &json!({})).await.expect(200);
    assert_eq!(list(&house, &token).await, 401);
    house.post(&format!("{}/enable", admin.path()), &json!({})).await.expect(200);
    assert_eq!(list(&house, &token).await, 200);
}

#[tokio::test]
async fn a_deleted_caller_is_out_at_once_and_looks_like_one_with_a_bad_token() {
    let house = TestHouse::furnished().await;
    let (admin, token) = house.administrator(ACCOUNT, &["clients:read"]).await;
    assert_eq!(list(&house, &token).await, 200);
    house.delete(&admin.path()).await.expect(204);
    let gone = house.ask("GET", CLIENTS).bearer(&token).send().await.expect(401);
    let garbage = house.ask("GET", CLIENTS).bearer("x.y.z").send().await.expect(401);
    assert_eq!((gone.text(), &gone.headers), (garbage.text(), &garbage.headers));
}

#[tokio::test]
async fn a_withdrawn_permission_acts_at_once_and_a_new_one_with_the_next_token() {
    let house = TestHouse::furnished().await;
    let (admin, token) = house.administrator(ACCOUNT, &["clients:read", "clients:manage"]).await;
    let path = format!("{}/permissions", admin.path());
    let permissions =
        |scopes: Value| json!({ "permissions": [{ "resource": "latchkey", "scopes": scopes }] });
    let make = async |token: &str| {
        let body = json!({ "client_name": "x" });
        house.ask("POST", CLIENTS).bearer(token).json(&body).send().await.status.as_u16()
    };
    assert_eq!(make(&token).await, 201);
    house.put(&path, &permissions(json!(["clients:read"]))).await.expect(200);
    assert_eq!((make(&token).await, list(&house, &token).await), (403, 200));
    let weaker = house.token(&admin.client_id, &admin.client_secret, "").await.expect(200);
    let weaker = weaker.string("access_token");
    house.put(&path, &permissions(json!(["clients:read", "clients:manage"]))).await.expect(200);
    assert_eq!((make(&token).await, make(&weaker).await), (201, 403));
    house.put(&path, &json!({ "permissions": [] })).await.expect(200);
    assert_eq!(list(&house, &token).await, 403);
}

#[tokio::test]
async fn a_demoted_operator_is_back_in_its_own_account() {
    let house = TestHouse::furnished().await;
    house.account("T2").await;
    let (operator, token) = house.administrator("T2", &["accounts:manage", "clients:read"]).await;
    assert_eq!(list(&house, &token).await, 200);
    let body = json!({ "permissions": [{ "resource": "latchkey", "scopes": ["clients:read"] }] });
    house.put(&format!("{}/permissions", operator.path()), &body).await.expect(200);
    assert_eq!(list(&house, &token).await, 404);
    house.ask("GET", "/v1/accounts/T2/clients").bearer(&token).send().await.expect(200);
}

#[tokio::test]
async fn a_token_outlives_the_secret_that_got_it() {
    let house = TestHouse::furnished().await;
    let (admin, token) = house.administrator(ACCOUNT, &["clients:read"]).await;
    house.delete(&admin.secret(&admin.secret_id)).await.expect(204);
    assert_eq!(list(&house, &token).await, 200);
}

#[tokio::test]
async fn a_revoked_token_is_out_at_once_and_looks_like_any_bad_one() {
    let house = TestHouse::furnished().await;
    let (admin, token) = house.administrator(ACCOUNT, &["clients:read"]).await;
    let another = house.token(&admin.client_id, &admin.client_secret, "").await.expect(200);
    assert_eq!(list(&house, &token).await, 200);
    let ask = house.ask("POST", "/oauth/revoke").basic(&admin.client_id, &admin.client_secret);
    ask.form(&format!("token={token}")).send().await.expect(200);
    let revoked = house.ask("GET", CLIENTS).bearer(&token).send().await.expect(401);
    let garbage = house.ask("GET", CLIENTS).bearer("x.y.z").send().await.expect(401);
    assert_eq!(revoked.everything(), garbage.everything());
    assert_eq!(list(&house, &another.string("access_token")).await, 200);
}

#[tokio::test]
async fn whether_a_token_was_revoked_must_be_known_to_let_its_holder_in() {
    let proxy = AwsProxy::start(emulator::endpoint()).await;
    let house = TestHouse::at(&proxy.endpoint, |_| {}).await;
    house.furnish().await;
    let (_, token) = house.administrator(ACCOUNT, &["clients:read"]).await;
    // The first item that a call gets is the deny-list's.
    proxy.can(Canned::json_error("GetItem", "AccessDeniedException").times(1));
    let answer = house.ask("GET", CLIENTS).bearer(&token).send().await.expect(503);
    assert_eq!(answer.problem(), "unavailable");
    assert!(!answer.header("retry-after").is_empty());
    assert_eq!(list(&house, &token).await, 200);
}
