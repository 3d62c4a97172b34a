//! Calls that are retried, calls that are not, and the limits of retries.

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::{AwsProxy, InjectedFault};
use crate::support::fault_injection::cold_start;
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::AuthorizeRequest;
use crate::support::sign_in::browser::Browser;
use authorize::{AuthorizeState, ResponseTiming};
use jiff::SignedDuration;
use serde_json::json;
use std::sync::Arc;

fn count(proxy: &AwsProxy, operation: &str) -> usize {
    proxy.take_calls().iter().filter(|call| call.operation == operation).count()
}

fn unavailable(operation: &'static str) -> InjectedFault {
    InjectedFault::json(operation, 503, &json!({ "__type": "ServiceUnavailable" }))
}

/// The SDK's retry quota is 500, and a retry costs 5.
#[tokio::test]
async fn retries_diminish_during_brown_out() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let (app, _, proxy) = cold_start(&latchkey).await;
    let router = token::router(app);
    crate::platform::aws_calls::request_token(&router, &client).await.expect(200);
    proxy.inject(unavailable("Query"));
    proxy.take_calls();
    for _ in 0..150 {
        crate::platform::aws_calls::request_token(&router, &client).await.expect(503);
    }
    let calls = count(&proxy, "Query");
    println!("150 requests in a brown-out: {calls} calls");
    assert!((151..=150 + 500 / 5).contains(&calls), "{calls}");
    // The quota is nearly used up: each further request makes one call.
    for _ in 0..10 {
        crate::platform::aws_calls::request_token(&router, &client).await.expect(503);
    }
    assert_eq!(count(&proxy, "Query"), 10);
    proxy.clear();
    crate::platform::aws_calls::request_token(&router, &client).await.expect(200);
}

#[tokio::test]
async fn each_service_has_its_own_retry_quota() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let (app, _, proxy) = cold_start(&latchkey).await;
    let router = token::router(app);
    proxy.inject(unavailable("GetSecretValue"));
    for _ in 0..150 {
        crate::platform::aws_calls::request_token(&router, &client).await.expect(503);
    }
    proxy.clear();
    crate::platform::aws_calls::request_token(&router, &client).await.expect(200);
    proxy.inject(unavailable("Query").times(2));
    crate::platform::aws_calls::request_token(&router, &client).await.expect(200);
}

#[tokio::test]
async fn reminder_is_sent_once_despite_lost_responses() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let mut latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.fixtures().seed().await;
    latchkey.fixtures().manager(ACCOUNT, "once@reminded.example").await;
    latchkey.fixtures().client().await;
    latchkey.advance(SignedDuration::from_hours(24 * 77));
    proxy.inject(InjectedFault { status: 503, ..InjectedFault::ses_error("ServiceUnavailable", "later") });
    proxy.take_calls();
    assert_eq!(latchkey.run_job().await.failed, 1);
    assert_eq!(count(&proxy, "SendRawEmail"), 1);
}

#[tokio::test]
async fn sign_in_code_is_sent_again_after_lost_response() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, ann) = (latchkey.fixtures().sign_in_client().await, latchkey.fixtures().member("ann").await);
    let (app, aws, proxy) = cold_start(&latchkey).await;
    let browser = Browser::from_router(authorize::router(Arc::new(AuthorizeState::new(
        app,
        &aws,
        ResponseTiming::Immediate,
    ))));
    proxy.inject(
        InjectedFault { status: 503, ..InjectedFault::ses_error("ServiceUnavailable", "later") }.times(1),
    );
    browser.request_email_code(&AuthorizeRequest::of(&client), &ann).await.expect(200);
    assert_eq!(count(&proxy, "SendRawEmail"), 2);
    assert_eq!(latchkey.inspect().codes_mailed(&ann).await, 1);
}
