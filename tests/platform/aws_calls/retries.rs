//! What is sent again, and what is not: for a while, and not for ever.

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::{AwsProxy, InjectedFault};
use crate::support::fault_injection::cold_start;
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::AuthorizeRequest;
use crate::support::sign_in::browser::Browser;
use authorize::ResponseTiming;
use jiff::SignedDuration;
use serde_json::json;

fn count(proxy: &AwsProxy, operation: &str) -> usize {
    proxy.take_calls().iter().filter(|call| call.operation == operation).count()
}

fn unavailable(operation: &'static str) -> InjectedFault {
    InjectedFault::json(operation, 503, &json!({ "__type": "ServiceUnavailable" }))
}

/// The SDK's retry quota is 500, and a retry costs 5.
#[tokio::test]
async fn a_brown_out_is_met_by_ever_fewer_retries() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.client().await;
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
    // Most of it was spent by then: each further request is one call.
    for _ in 0..10 {
        crate::platform::aws_calls::request_token(&router, &client).await.expect(503);
    }
    assert_eq!(count(&proxy, "Query"), 10);
    proxy.clear();
    crate::platform::aws_calls::request_token(&router, &client).await.expect(200);
}

#[tokio::test]
async fn one_service_in_trouble_takes_no_retries_from_another() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.client().await;
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
async fn a_reminder_is_sent_once_whatever_becomes_of_it() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let mut latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.seed().await;
    latchkey.manager(ACCOUNT, "once@reminded.example").await;
    latchkey.client().await;
    latchkey.advance(SignedDuration::from_hours(24 * 77));
    proxy.inject(InjectedFault { status: 503, ..InjectedFault::ses_error("ServiceUnavailable", "later") });
    proxy.take_calls();
    assert_eq!(latchkey.run_job().await.failed, 1);
    assert_eq!(count(&proxy, "SendRawEmail"), 1);
}

#[tokio::test]
async fn a_sign_in_code_is_sent_again_where_the_answer_was_lost() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, ann) = (latchkey.authorize_state().await, latchkey.member("ann").await);
    let (app, aws, proxy) = cold_start(&latchkey).await;
    let browser = Browser::of(authorize::router(app, &aws, ResponseTiming::Immediate));
    proxy.inject(
        InjectedFault { status: 503, ..InjectedFault::ses_error("ServiceUnavailable", "later") }.times(1),
    );
    browser.addressed(&AuthorizeRequest::of(&client), &ann).await.expect(200);
    assert_eq!(count(&proxy, "SendRawEmail"), 2);
    assert_eq!(latchkey.codes_mailed(&ann).await, 1);
}
