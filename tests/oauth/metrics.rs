//! The metrics of what no response shows to the operator: guessed credentials, replays, codes that were not sent, uses
//! that were not recorded, and keys that are not rotated.

use crate::support::app::{TestApp, ring};
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::{AwsProxy, InjectedFault};
use crate::support::fault_injection::cold_start;
use crate::support::fixtures::ACCOUNT;
use crate::support::http::TestRequest;
use crate::support::log_capture::CapturedLog;
use crate::support::sign_in::AuthorizeRequest;
use crate::support::sign_in::browser::Browser;
use jiff::SignedDuration;
use std::collections::BTreeMap;

/// The sum of a metric without dimensions.
fn total(log: &CapturedLog, name: &str) -> u64 {
    log.counts(name, "").values().sum()
}

#[tokio::test]
async fn failed_authentication_is_counted_at_every_endpoint() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let token_path = format!("/v1/accounts/{ACCOUNT}/auth/token");
    for path in ["/oauth/token", &token_path, "/oauth/introspect", "/oauth/check_token", "/oauth/revoke"] {
        let log = CapturedLog::default();
        let guard = log.listen_as("error");
        let form = "grant_type=client_credentials&token=x";
        let request = |id, secret: &str| latchkey.request("POST", path).basic(id, secret).form(form);
        request("unknown", &client.client_secret).send().await.expect(401);
        request(&client.client_id, "lks_wrong").send().await.expect(401);
        request(&client.client_id, &client.client_secret).send().await.expect(200);
        drop(guard);
        assert_eq!(total(&log, "client_auth_failures"), 2, "{path}");
        assert!(!log.text().contains(&client.client_id), "an id is in a metric");
    }
}

#[tokio::test]
async fn replayed_code_and_refresh_token_are_counted() {
    let mut latchkey = TestApp::with_members().await;
    let client = latchkey.fixtures().code_flow_client().await;
    let code = latchkey.fixtures().code(&client).await;
    let tokens = latchkey.code_flow_tokens(&client).await;
    let log = CapturedLog::default();
    let guard = log.listen_as("error");
    latchkey.redeem(&client, &code).await.expect(200);
    latchkey.redeem(&client, "lkc_unknown").await.expect(400);
    latchkey.refresh(&client, &tokens.refresh, "").await.expect(200);
    assert_eq!(total(&log, "replayed_grants"), 0, "a first use, and what was never issued");
    latchkey.redeem(&client, &code).await.expect(400);
    assert_eq!(total(&log, "replayed_grants"), 1);
    latchkey.advance(SignedDuration::from_secs(31));
    latchkey.refresh(&client, &tokens.refresh, "").await.expect(400);
    assert_eq!(total(&log, "replayed_grants"), 2);
    drop(guard);
}

#[tokio::test]
async fn sign_in_codes_are_counted_by_outcome() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.fixtures().seed().await;
    let (client, ann) = (latchkey.fixtures().sign_in_client().await, latchkey.fixtures().member("ann").await);
    let unknown = format!("unknown@{}", latchkey.mail_domain());
    for (network, (fault, outcome)) in [
        (None, "sent"),
        (Some(InjectedFault::ses_error("MessageRejected", "Email address is not verified")), "rejected"),
        (Some(InjectedFault::ses_error("AccessDenied", "not authorized")), "all_rejected"),
        (Some(InjectedFault::ses_error("Throttling", "Daily message quota exceeded")), "quota_exceeded"),
        (Some(InjectedFault::ses_error("InternalFailure", "down")), "unknown"),
    ]
    .into_iter()
    .enumerate()
    {
        proxy.clear();
        if let Some(fault) = fault {
            proxy.inject(fault);
        }
        let log = CapturedLog::default();
        let guard = log.listen_as("error");
        for email in [&ann, &unknown] {
            // No network reaches a limit.
            let browser = Browser::new(&latchkey).with_source(&format!("10.0.{network}.1"));
            browser.request_email_code(&AuthorizeRequest::of(&client), email).await.expect(200);
        }
        drop(guard);
        let expected = BTreeMap::from([(outcome.to_owned(), 1)]);
        assert_eq!(
            log.counts("sign_in_codes", "outcome"),
            expected,
            "an address that is no member's has no code"
        );
    }
}

#[tokio::test]
async fn use_that_could_not_be_recorded_is_counted() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let (app, _, proxy) = cold_start(&latchkey).await;
    let router = token::router(app);
    let token = async || {
        let log = CapturedLog::default();
        let guard = log.listen_as("error");
        let request = TestRequest::new(router.clone(), "POST", "/oauth/token");
        let request = request.basic(&client.client_id, &client.client_secret);
        request.form("grant_type=client_credentials&scope=orders:read").send().await.expect(200);
        drop(guard);
        total(&log, "credential_uses_not_recorded")
    };
    for fault in [
        InjectedFault::json_error("UpdateItem", "AccessDeniedException"),
        InjectedFault::silence("UpdateItem"),
    ] {
        proxy.inject(fault);
        assert_eq!(token().await, 1);
        proxy.clear();
    }
    assert_eq!((token().await, token().await), (0, 0), "recorded, and no write the second time");
}

#[tokio::test]
async fn age_of_the_newest_signing_key_is_reported() {
    let mut latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    assert!(ring().contains("1970-01-01"), "the keys of all tests are of this day");
    let log = CapturedLog::default();
    let guard = log.listen_as("error");
    let mut days = Vec::new();
    for hours in [0, 1, 24] {
        latchkey.advance(SignedDuration::from_hours(hours) + SignedDuration::from_mins(6));
        latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
        latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
        days.push(latchkey.now().as_second() / 86_400);
    }
    drop(guard);
    let ages: Vec<_> =
        log.metrics().iter().filter_map(|line| line["signing_key_age_days"].as_i64()).collect();
    assert_eq!(ages, days, "once for each time that the keys are read");
}
