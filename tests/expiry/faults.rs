//! SES and DynamoDB as they are on bad days: nothing is lost, and the summary is true.

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::emails::emails_to;
use crate::support::fault_injection::aws_proxy::{AwsProxy, InjectedFault};
use crate::support::fixtures::ACCOUNT;
use ::expiry::Summary;
use jiff::SignedDuration;
use serde_json::json;

const HOLDERS: usize = 6;

/// A latchkey with one due secret and [`HOLDERS`] holders at this domain.
async fn due_app(domain: &str) -> (TestApp, AwsProxy) {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let mut latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.seed().await;
    for number in 0..HOLDERS {
        latchkey.manager(ACCOUNT, &format!("holder{number}@{domain}")).await;
    }
    latchkey.client().await;
    latchkey.advance(SignedDuration::from_hours(24 * 77));
    (latchkey, proxy)
}

fn counts(summary: Summary) -> (usize, usize, usize, usize) {
    assert_eq!(summary.due, summary.sent + summary.failed + summary.left, "{summary:?}");
    (summary.due, summary.sent, summary.failed, summary.left)
}

async fn the_rest_is_sent_next_time(mut latchkey: TestApp, proxy: AwsProxy, domain: &str) {
    proxy.clear();
    latchkey.advance(SignedDuration::from_hours(1));
    let summary = latchkey.run_job().await;
    assert_eq!((summary.failed, summary.left), (0, 0), "{summary:?}");
    let mut notified: Vec<String> = emails_to(domain).await.into_iter().flat_map(|email| email.to).collect();
    notified.sort();
    let all: Vec<String> = (0..HOLDERS).map(|number| format!("holder{number}@{domain}")).collect();
    assert_eq!(notified, all, "everybody, and nobody twice");
}

#[tokio::test]
async fn what_the_quota_does_not_cover_stays_due() {
    let domain = "quota.example";
    let (latchkey, proxy) = due_app(domain).await;
    proxy.inject(InjectedFault::quota(2, 100));
    assert_eq!(counts(latchkey.run_job().await), (6, 2, 0, 4));
    the_rest_is_sent_next_time(latchkey, proxy, domain).await;
}

#[tokio::test]
async fn throttling_ends_the_run_and_loses_nothing() {
    let domain = "throttled.example";
    let (latchkey, proxy) = due_app(domain).await;
    proxy.inject(InjectedFault::ses_error("Throttling", "Maximum sending rate exceeded.").after(3));
    assert_eq!(counts(latchkey.run_job().await), (6, 3, 0, 3));
    the_rest_is_sent_next_time(latchkey, proxy, domain).await;
}

#[tokio::test]
async fn a_refused_address_does_not_stop_the_others_and_is_tried_again_at_the_next_rung() {
    let domain = "refused.example";
    let (mut latchkey, proxy) = due_app(domain).await;
    proxy.inject(InjectedFault::ses_error("MessageRejected", "Address blacklisted.").after(1).times(1));
    assert_eq!(counts(latchkey.run_job().await), (6, 5, 1, 0));
    latchkey.advance(SignedDuration::from_hours(1));
    assert_eq!(counts(latchkey.run_job().await), (0, 0, 0, 0));
    latchkey.advance(SignedDuration::from_hours(24 * 7));
    assert_eq!(counts(latchkey.run_job().await), (6, 6, 0, 0));
}

#[tokio::test]
async fn where_ses_refuses_every_letter_all_stay_due() {
    let domain = "unverified.example";
    let (latchkey, proxy) = due_app(domain).await;
    proxy.inject(InjectedFault::ses_error("MessageRejected", "Email address is not verified."));
    assert_eq!(counts(latchkey.run_job().await), (6, 0, 6, 0));
    the_rest_is_sent_next_time(latchkey, proxy, domain).await;
}

#[tokio::test]
async fn with_ses_down_the_run_gives_up_and_the_next_one_goes_on() {
    let domain = "down.example";
    let (latchkey, proxy) = due_app(domain).await;
    let mut down = InjectedFault::ses_error("ServiceUnavailable", "down");
    down.status = 503;
    proxy.inject(down);
    let (due, sent, failed, left) = counts(latchkey.run_job().await);
    assert_eq!((due, sent, failed, left), (6, 0, 3, 3), "three tries, then no more");
    the_rest_is_sent_next_time(latchkey, proxy, domain).await;
}

#[tokio::test]
async fn an_operator_hears_of_the_sandbox_of_ses_before_anything_is_due() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    let sandboxed = async |per_day| {
        proxy.clear();
        proxy.inject(InjectedFault::quota(per_day, 1));
        let summary = latchkey.run_job().await;
        assert_eq!(summary.due, 0);
        summary.ses_sandbox
    };
    assert!(sandboxed(200).await);
    assert!(!sandboxed(50_000).await);
}

#[tokio::test]
async fn without_a_quota_nothing_is_sent() {
    let domain = "noquota.example";
    let (latchkey, proxy) = due_app(domain).await;
    let unknown =
        InjectedFault { operation: "GetSendQuota", ..InjectedFault::ses_error("InternalFailure", "down") };
    proxy.inject(InjectedFault { status: 500, ..unknown });
    assert_eq!(counts(latchkey.run_job().await), (6, 0, 0, 6));
    the_rest_is_sent_next_time(latchkey, proxy, domain).await;
}

#[tokio::test]
async fn dynamodb_throttled_in_the_middle() {
    let domain = "slow.example";
    let (latchkey, proxy) = due_app(domain).await;
    proxy.inject(InjectedFault::json_error("UpdateItem", "ThrottlingException").after(4));
    let summary = latchkey.run_job().await;
    let (due, sent, failed, left) = counts(summary);
    assert_eq!(
        (due, sent, failed, left),
        (6, 2, 3, 1),
        "two were confirmed, and after three the run gives up"
    );
    the_rest_is_sent_next_time(latchkey, proxy, domain).await;
}

#[tokio::test]
async fn a_ledger_that_cannot_be_written_stops_the_run_after_a_few_letters() {
    let domain = "unwritten.example";
    let (latchkey, proxy) = due_app(domain).await;
    // The first claim goes through; its confirmation and everything after it does not.
    proxy.inject(InjectedFault::json_error("UpdateItem", "ThrottlingException").after(1));
    assert_eq!(counts(latchkey.run_job().await), (6, 0, 3, 3));
    assert_eq!(emails_to(domain).await.len(), 1, "one letter, which nobody wrote down");
}

#[tokio::test]
async fn a_client_that_cannot_be_read_does_not_stop_the_others() {
    let domain = "badrow.example";
    let (latchkey, proxy) = due_app(domain).await;
    let broken = latchkey.client_like(ACCOUNT, &json!({ "client_name": "Broken" })).await;
    let table = &latchkey.server.management.app.config.tables.directory;
    let key = |text: String| aws_sdk_dynamodb::types::AttributeValue::S(text);
    latchkey
        .server
        .aws
        .dynamodb()
        .update_item()
        .table_name(table)
        .key("pk", key(format!("CLIENT#{}", broken.client_id)))
        .key("sk", key(format!("SECRET#{}", broken.secret_id)))
        .update_expression("SET expires_at = :bad, expires_on = :soon")
        .expression_attribute_values(":bad", key("2026-02-30T25:00:00Z".to_owned()))
        .expression_attribute_values(":soon", key(latchkey.now().to_string()[..10].to_owned()))
        .send()
        .await
        .unwrap();
    let summary = latchkey.run_job().await;
    assert_eq!((counts(summary), summary.unreadable), ((6, 6, 0, 0), 1));
    the_rest_is_sent_next_time_despite(latchkey, proxy, domain).await;
}

async fn the_rest_is_sent_next_time_despite(latchkey: TestApp, proxy: AwsProxy, domain: &str) {
    proxy.clear();
    assert_eq!(latchkey.run_job().await.sent, 0);
    assert_eq!(emails_to(domain).await.len(), HOLDERS);
}

#[tokio::test]
async fn the_job_stops_beginning_letters_half_a_minute_before_its_deadline() {
    let domain = "deadline.example";
    let (latchkey, proxy) = due_app(domain).await;
    let soon = latchkey.now().checked_add(SignedDuration::from_secs(29)).unwrap();
    assert_eq!(counts(latchkey.server.job.run(soon).await), (6, 0, 0, 6));
    the_rest_is_sent_next_time(latchkey, proxy, domain).await;
}
