//! Failures of SES and DynamoDB during a run: no notice is lost, and the summary is correct.

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::emails::emails_to;
use crate::support::fault_injection::aws_proxy::{AwsProxy, InjectedFault};
use crate::support::fixtures::ACCOUNT;
use ::expiry::Summary;
use jiff::SignedDuration;
use serde_json::json;

const MANAGERS: usize = 6;

/// An app with one due secret and [`MANAGERS`] managers at this mail domain.
async fn due_app(domain: &str) -> (TestApp, AwsProxy) {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let mut latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.fixtures().seed().await;
    for number in 0..MANAGERS {
        latchkey.fixtures().manager(ACCOUNT, &format!("manager{number}@{domain}")).await;
    }
    latchkey.fixtures().client().await;
    latchkey.advance(SignedDuration::from_hours(24 * 77));
    (latchkey, proxy)
}

fn counts(summary: &Summary) -> (usize, usize, usize, usize) {
    assert_eq!(summary.due, summary.sent + summary.failed + summary.deferred, "{summary:?}");
    (summary.due, summary.sent, summary.failed, summary.deferred)
}

async fn assert_next_run_sends_rest(mut latchkey: TestApp, proxy: AwsProxy, domain: &str) {
    proxy.clear();
    latchkey.advance(SignedDuration::from_hours(1));
    let summary = latchkey.run_job().await;
    assert_eq!((summary.failed, summary.deferred), (0, 0), "{summary:?}");
    let mut notified: Vec<String> = emails_to(domain).await.into_iter().flat_map(|email| email.to).collect();
    notified.sort();
    let all: Vec<String> = (0..MANAGERS).map(|number| format!("manager{number}@{domain}")).collect();
    assert_eq!(notified, all, "every recipient exactly once");
}

#[tokio::test]
async fn notices_beyond_ses_quota_stay_due() {
    let domain = "quota.example";
    let (latchkey, proxy) = due_app(domain).await;
    proxy.inject(InjectedFault::quota(2, 100));
    assert_eq!(counts(&latchkey.run_job().await), (6, 2, 0, 4));
    assert_next_run_sends_rest(latchkey, proxy, domain).await;
}

#[tokio::test]
async fn throttling_ends_the_run_and_loses_nothing() {
    let domain = "throttled.example";
    let (latchkey, proxy) = due_app(domain).await;
    proxy.inject(InjectedFault::ses_error("Throttling", "Maximum sending rate exceeded.").after(3));
    assert_eq!(counts(&latchkey.run_job().await), (6, 3, 0, 3));
    assert_next_run_sends_rest(latchkey, proxy, domain).await;
}

#[tokio::test]
async fn rejected_address_does_not_stop_others() {
    let domain = "refused.example";
    let (mut latchkey, proxy) = due_app(domain).await;
    proxy.inject(InjectedFault::ses_error("MessageRejected", "Address blacklisted.").after(1).times(1));
    assert_eq!(counts(&latchkey.run_job().await), (6, 5, 1, 0));
    latchkey.advance(SignedDuration::from_hours(1));
    assert_eq!(counts(&latchkey.run_job().await), (0, 0, 0, 0));
    latchkey.advance(SignedDuration::from_hours(24 * 7));
    assert_eq!(counts(&latchkey.run_job().await), (6, 6, 0, 0));
}

#[tokio::test]
async fn all_notices_stay_due_when_ses_rejects_every_email() {
    let domain = "unverified.example";
    let (latchkey, proxy) = due_app(domain).await;
    proxy.inject(InjectedFault::ses_error("MessageRejected", "Email address is not verified."));
    assert_eq!(counts(&latchkey.run_job().await), (6, 0, 6, 0));
    assert_next_run_sends_rest(latchkey, proxy, domain).await;
}

#[tokio::test]
async fn run_gives_up_when_ses_is_down_and_next_run_continues() {
    let domain = "down.example";
    let (latchkey, proxy) = due_app(domain).await;
    let mut down = InjectedFault::ses_error("ServiceUnavailable", "down");
    down.status = 503;
    proxy.inject(down);
    let (due, sent, failed, left) = counts(&latchkey.run_job().await);
    assert_eq!((due, sent, failed, left), (6, 0, 3, 3), "three attempts, then no more");
    assert_next_run_sends_rest(latchkey, proxy, domain).await;
}

#[tokio::test]
async fn operator_is_warned_of_ses_sandbox_before_anything_is_due() {
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
async fn nothing_is_sent_without_quota() {
    let domain = "noquota.example";
    let (latchkey, proxy) = due_app(domain).await;
    let unknown =
        InjectedFault { operation: "GetSendQuota", ..InjectedFault::ses_error("InternalFailure", "down") };
    proxy.inject(InjectedFault { status: 500, ..unknown });
    assert_eq!(counts(&latchkey.run_job().await), (6, 0, 0, 6));
    assert_next_run_sends_rest(latchkey, proxy, domain).await;
}

#[tokio::test]
async fn dynamodb_throttling_mid_run_loses_nothing() {
    let domain = "slow.example";
    let (latchkey, proxy) = due_app(domain).await;
    proxy.inject(InjectedFault::json_error("UpdateItem", "ThrottlingException").after(6));
    let summary = latchkey.run_job().await;
    let (due, sent, failed, left) = counts(&summary);
    assert_eq!(
        (due, sent, failed, left),
        (6, 2, 3, 1),
        "two were confirmed, and after three the run gives up"
    );
    assert_next_run_sends_rest(latchkey, proxy, domain).await;
}

#[tokio::test]
async fn failing_notice_writes_stop_the_run_after_few_emails() {
    let domain = "unwritten.example";
    let (latchkey, proxy) = due_app(domain).await;
    // The first recipient is claimed and counted; the confirmation and all later writes fail.
    proxy.inject(InjectedFault::json_error("UpdateItem", "ThrottlingException").after(2));
    assert_eq!(counts(&latchkey.run_job().await), (6, 0, 3, 3));
    assert_eq!(emails_to(domain).await.len(), 1, "one email, which is not recorded as sent");
}

#[tokio::test]
async fn unreadable_client_does_not_stop_others() {
    let domain = "badrow.example";
    let (latchkey, proxy) = due_app(domain).await;
    let broken = latchkey.fixtures().client_with(ACCOUNT, &json!({ "client_name": "Broken" })).await;
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
    assert_eq!((counts(&summary), summary.unreadable), ((6, 6, 0, 0), 1));
    assert_next_run_sends_nothing(latchkey, proxy, domain).await;
}

async fn assert_next_run_sends_nothing(latchkey: TestApp, proxy: AwsProxy, domain: &str) {
    proxy.clear();
    assert_eq!(latchkey.run_job().await.sent, 0);
    assert_eq!(emails_to(domain).await.len(), MANAGERS);
}

#[tokio::test]
async fn job_starts_no_email_30_seconds_before_its_deadline() {
    let domain = "deadline.example";
    let (latchkey, proxy) = due_app(domain).await;
    let soon = latchkey.now().checked_add(SignedDuration::from_secs(29)).unwrap();
    assert_eq!(counts(&latchkey.server.job.run(soon).await), (6, 0, 0, 6));
    assert_next_run_sends_rest(latchkey, proxy, domain).await;
}
