//! The published keys while Secrets Manager cannot be read.

use crate::support::answer::{Answer, Ask};
use crate::support::aws_proxy::{AwsProxy, Canned};
use crate::support::codes::said_by;
use crate::support::house::TestHouse;
use crate::support::things::TestClient;
use crate::support::trouble::{assert_unavailable, just_started};
use axum::Router;
use jiff::SignedDuration;
use std::time::Duration;

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// A token function that has read the keys, and the proxy between it and AWS.
async fn token_function(house: &TestHouse) -> (Router, AwsProxy) {
    let (app, _, proxy) = just_started(house).await;
    app.warm_up().await.unwrap();
    (token::router(app), proxy)
}

async fn jwks(router: &Router) -> Answer {
    Ask::new(router.clone(), "GET", "/.well-known/jwks.json").send().await
}

async fn token(router: &Router, client: &TestClient) -> Answer {
    let form = "grant_type=client_credentials";
    said_by(Ask::new(router.clone(), "POST", "/oauth/token"), client, form).send().await
}

#[tokio::test]
async fn keys_are_published_for_an_hour_and_sign_for_five_minutes() {
    let mut house = TestHouse::furnished().await;
    let client = house.client().await;
    let (router, proxy) = token_function(&house).await;
    let published = jwks(&router).await.expect(200);
    proxy.can(Canned::json_error("GetSecretValue", "AccessDeniedException"));
    for minutes in [4, 2, 54] {
        house.advance(MINUTE * minutes);
        let answer = jwks(&router).await.expect(200);
        assert_eq!(answer.everything(), published.everything(), "after {minutes} more minutes");
        if minutes > 4 || minutes == 2 {
            assert_unavailable(&token(&router, &client).await, "signing");
        } else {
            token(&router, &client).await.expect(200);
        }
    }
    house.advance(MINUTE * 6);
    assert_unavailable(&jwks(&router).await, "too old");
    proxy.uncan();
    jwks(&router).await.expect(200);
    token(&router, &client).await.expect(200);
}

#[tokio::test]
async fn new_keys_are_published_once_they_can_be_read() {
    let mut house = TestHouse::new().await;
    let (router, proxy) = token_function(&house).await;
    let before = jwks(&router).await.expect(200);
    house.rotate().await;
    proxy.can(Canned::json_error("GetSecretValue", "AccessDeniedException"));
    house.advance(MINUTE * 6);
    assert_eq!(jwks(&router).await.expect(200).text(), before.text());
    proxy.uncan();
    house.advance(MINUTE);
    assert_eq!(jwks(&router).await.expect(200).json()["keys"].as_array().unwrap().len(), 6);
}

#[tokio::test]
async fn silent_secrets_manager_does_not_hold_the_keys_back() {
    let mut house = TestHouse::new().await;
    let (router, proxy) = token_function(&house).await;
    proxy.can(Canned::silence("GetSecretValue"));
    house.advance(MINUTE * 30);
    let answer = tokio::time::timeout(Duration::from_secs(5), jwks(&router)).await;
    answer.expect("an answer within 5 seconds").expect(200);
}

#[tokio::test]
async fn keys_read_in_the_future_are_not_published_for_longer() {
    let mut house = TestHouse::new().await;
    house.advance(MINUTE * 60 * 24);
    let (router, proxy) = token_function(&house).await;
    house.advance(MINUTE * -60 * 24);
    proxy.can(Canned::json_error("GetSecretValue", "AccessDeniedException"));
    assert_unavailable(&jwks(&router).await, "read in the future");
}
