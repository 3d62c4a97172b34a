//! What is sent again, and what is not: for a while, and not for ever.

use crate::support::aws_proxy::{AwsProxy, Canned};
use crate::support::browser::Browser;
use crate::support::emulator;
use crate::support::house::TestHouse;
use crate::support::people::Asking;
use crate::support::things::ACCOUNT;
use crate::support::trouble::just_started;
use authorize::ResponseTiming;
use jiff::SignedDuration;
use serde_json::json;

fn count(proxy: &AwsProxy, operation: &str) -> usize {
    proxy.take_calls().iter().filter(|call| call.operation == operation).count()
}

fn unavailable(operation: &'static str) -> Canned {
    Canned::json(operation, 503, &json!({ "__type": "ServiceUnavailable" }))
}

/// The SDK's retry quota is 500, and a retry costs 5.
#[tokio::test]
async fn a_brown_out_is_met_by_ever_fewer_retries() {
    let house = TestHouse::furnished().await;
    let client = house.client().await;
    let (app, _, proxy) = just_started(&house).await;
    let router = token::router(app);
    super::request_token(&router, &client).await.expect(200);
    proxy.can(unavailable("Query"));
    proxy.take_calls();
    for _ in 0..150 {
        super::request_token(&router, &client).await.expect(503);
    }
    let calls = count(&proxy, "Query");
    println!("150 requests in a brown-out: {calls} calls");
    assert!((151..=150 + 500 / 5).contains(&calls), "{calls}");
    // Most of it was spent by then: each further request is one call.
    for _ in 0..10 {
        super::request_token(&router, &client).await.expect(503);
    }
    assert_eq!(count(&proxy, "Query"), 10);
    proxy.uncan();
    super::request_token(&router, &client).await.expect(200);
}

#[tokio::test]
async fn one_service_in_trouble_takes_no_retries_from_another() {
    let house = TestHouse::furnished().await;
    let client = house.client().await;
    let (app, _, proxy) = just_started(&house).await;
    let router = token::router(app);
    proxy.can(unavailable("GetSecretValue"));
    for _ in 0..150 {
        super::request_token(&router, &client).await.expect(503);
    }
    proxy.uncan();
    super::request_token(&router, &client).await.expect(200);
    proxy.can(unavailable("Query").times(2));
    super::request_token(&router, &client).await.expect(200);
}

#[tokio::test]
async fn a_reminder_is_sent_once_whatever_becomes_of_it() {
    let proxy = AwsProxy::start(emulator::endpoint()).await;
    let mut house = TestHouse::at(&proxy.endpoint, |_| {}).await;
    house.furnish().await;
    house.holder(ACCOUNT, "once@reminded.example").await;
    house.client().await;
    house.advance(SignedDuration::from_hours(24 * 77));
    proxy.can(Canned { status: 503, ..Canned::ses_error("ServiceUnavailable", "later") });
    proxy.take_calls();
    assert_eq!(house.run_job().await.failed, 1);
    assert_eq!(count(&proxy, "SendRawEmail"), 1);
}

#[tokio::test]
async fn a_sign_in_code_is_sent_again_where_the_answer_was_lost() {
    let house = TestHouse::furnished().await;
    let (client, ann) = (house.desk().await, house.member("ann").await);
    let (app, aws, proxy) = just_started(&house).await;
    let browser = Browser::of(authorize::router(app, &aws, ResponseTiming::Immediate));
    proxy.can(Canned { status: 503, ..Canned::ses_error("ServiceUnavailable", "later") }.times(1));
    browser.addressed(&Asking::of(&client), &ann).await.expect(200);
    assert_eq!(count(&proxy, "SendRawEmail"), 2);
    assert_eq!(house.codes_mailed(&ann).await, 1);
}
