//! A slow store: a request is answered by its deadline, with a 503 and `Retry-After`.

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::{AwsProxy, InjectedFault};
use crate::support::fault_injection::injected::ALL;
use crate::support::fault_injection::{assert_unavailable, cold_start};
use crate::v1::CLIENTS;
use authorize::{AuthorizeState, ResponseTiming};
use serde_json::json;
use shared::adapters::lambda::deadline::REQUEST_TIMEOUT;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// The time that a busy machine takes beside the waiting.
const ALLOWANCE: Duration = Duration::from_millis(2_500);

fn assert_in_time(started: Instant) {
    let elapsed = started.elapsed();
    assert!(elapsed < REQUEST_TIMEOUT + ALLOWANCE, "{elapsed:?}");
}

#[tokio::test]
async fn slow_creation_is_503_and_leaves_nothing() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let mut latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.fixtures().seed().await;
    let request = latchkey.admin_request("POST", CLIENTS).await.json(&json!({ "client_name": "Slow" }));
    proxy.inject(InjectedFault::held_back(ALL, Duration::from_millis(2_500)));
    let started = Instant::now();
    let response = request.send().await.expect(503);
    assert_in_time(started);
    assert_eq!((response.problem().as_str(), response.header("retry-after")), ("unavailable", "2"));
    proxy.clear();
    latchkey.advance(jiff::SignedDuration::from_mins(16));
    assert_eq!(latchkey.sweep().await.failed, 0);
    assert_eq!(latchkey.inspect().stored_client_ids().await.len(), 1, "only the operator's");
    latchkey
        .admin_request("POST", CLIENTS)
        .await
        .json(&json!({ "client_name": "Slow" }))
        .send()
        .await
        .expect(201);
}

#[tokio::test]
async fn token_and_page_requests_meet_the_deadline() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let (app, aws, proxy) = cold_start(&latchkey).await;
    let pages =
        authorize::router(Arc::new(AuthorizeState::new(app.clone(), &aws, ResponseTiming::Immediate)));
    let router = token::router(app);
    proxy.inject(InjectedFault::silence(ALL));
    let started = Instant::now();
    let path = format!("/oauth/authorize?client_id={}&redirect_uri=https://a.example/", client.client_id);
    let page = crate::support::http::TestRequest::new(pages, "GET", &path).send();
    let (token, page) = tokio::join!(crate::platform::aws_calls::request_token(&router, &client), page);
    assert_in_time(started);
    assert_unavailable(&token, "a token");
    assert_eq!((page.status.as_u16(), page.header("retry-after")), (503, "2"));
}

/// Lambda limits an initialization to 10 seconds.
#[tokio::test]
async fn initialization_does_not_wait_for_unresponsive_store() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let (app, _, proxy) = cold_start(&latchkey).await;
    proxy.inject(InjectedFault::silence(ALL));
    let started = Instant::now();
    assert!(app.warm_up().await.is_err());
    assert!(started.elapsed() < Duration::from_secs(8), "{:?}", started.elapsed());
    proxy.clear();
    crate::platform::aws_calls::request_token(&token::router(app), &client).await.expect(200);
}

/// An instance on Lambda handles one request at a time; other hosts of the same code handle many.
#[tokio::test]
async fn requests_waiting_for_one_load_fail_together() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    for silent in ["GetSecretValue", "Query"] {
        let (app, _, proxy) = cold_start(&latchkey).await;
        let router = token::router(app);
        proxy.inject(InjectedFault::silence(silent));
        let started = Instant::now();
        let mut requests = JoinSet::new();
        for _ in 0..8 {
            let (router, client) = (router.clone(), client.clone());
            requests.spawn(async move { crate::platform::aws_calls::request_token(&router, &client).await });
        }
        for response in requests.join_all().await {
            assert_unavailable(&response, silent);
        }
        assert_in_time(started);
        proxy.clear();
        crate::platform::aws_calls::request_token(&router, &client).await.expect(200);
    }
}
