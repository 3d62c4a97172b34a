//! The published keys while Secrets Manager cannot be read.

use crate::support::app::TestApp;
use crate::support::fault_injection::aws_proxy::{AwsProxy, InjectedFault};
use crate::support::fault_injection::{assert_unavailable, cold_start};
use crate::support::fixtures::TestClient;
use crate::support::http::{TestRequest, TestResponse};
use crate::support::sign_in::code_flow::with_client_auth;
use axum::Router;
use jiff::SignedDuration;
use std::time::Duration;

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// A token function that has read the keys, and the proxy between it and AWS.
async fn token_function(latchkey: &TestApp) -> (Router, AwsProxy) {
    let (app, _, proxy) = cold_start(latchkey).await;
    app.warm_up().await.unwrap();
    (token::router(app), proxy)
}

async fn jwks(router: &Router) -> TestResponse {
    TestRequest::new(router.clone(), "GET", "/.well-known/jwks.json").send().await
}

async fn token(router: &Router, client: &TestClient) -> TestResponse {
    let form = "grant_type=client_credentials";
    with_client_auth(TestRequest::new(router.clone(), "POST", "/oauth/token"), client, form).send().await
}

#[tokio::test]
async fn keys_are_published_for_an_hour_and_sign_for_five_minutes() {
    let mut latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let (router, proxy) = token_function(&latchkey).await;
    let published = jwks(&router).await.expect(200);
    proxy.inject(InjectedFault::json_error("GetSecretValue", "AccessDeniedException"));
    for minutes in [4, 2, 54] {
        latchkey.advance(MINUTE * minutes);
        let response = jwks(&router).await.expect(200);
        assert_eq!(response.dump(), published.dump(), "after {minutes} more minutes");
        if minutes > 4 || minutes == 2 {
            assert_unavailable(&token(&router, &client).await, "signing");
        } else {
            token(&router, &client).await.expect(200);
        }
    }
    latchkey.advance(MINUTE * 6);
    assert_unavailable(&jwks(&router).await, "too old");
    proxy.clear();
    jwks(&router).await.expect(200);
    token(&router, &client).await.expect(200);
}

#[tokio::test]
async fn new_keys_are_published_once_they_can_be_read() {
    let mut latchkey = TestApp::new().await;
    let (router, proxy) = token_function(&latchkey).await;
    let before = jwks(&router).await.expect(200);
    latchkey.rotate().await;
    proxy.inject(InjectedFault::json_error("GetSecretValue", "AccessDeniedException"));
    latchkey.advance(MINUTE * 6);
    assert_eq!(jwks(&router).await.expect(200).text(), before.text());
    proxy.clear();
    latchkey.advance(MINUTE);
    assert_eq!(jwks(&router).await.expect(200).json()["keys"].as_array().unwrap().len(), 6);
}

#[tokio::test]
async fn unresponsive_secrets_manager_does_not_delay_keys() {
    let mut latchkey = TestApp::new().await;
    let (router, proxy) = token_function(&latchkey).await;
    proxy.inject(InjectedFault::silence("GetSecretValue"));
    latchkey.advance(MINUTE * 30);
    let response = tokio::time::timeout(Duration::from_secs(5), jwks(&router)).await;
    response.expect("a response within 5 seconds").expect(200);
}

#[tokio::test]
async fn keys_read_in_the_future_are_not_published_for_longer() {
    let mut latchkey = TestApp::new().await;
    latchkey.advance(MINUTE * 60 * 24);
    let (router, proxy) = token_function(&latchkey).await;
    latchkey.advance(MINUTE * -60 * 24);
    proxy.inject(InjectedFault::json_error("GetSecretValue", "AccessDeniedException"));
    assert_unavailable(&jwks(&router).await, "read in the future");
}
