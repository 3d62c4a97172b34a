//! Runs of the job after the clock was set back.

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::emails::emails_to;
use crate::support::fault_injection::aws_proxy::{AwsProxy, InjectedFault};
use crate::support::fixtures::ACCOUNT;
use jiff::SignedDuration;

const DAY: SignedDuration = SignedDuration::from_hours(24);

async fn app_with_manager(domain: &str) -> (TestApp, AwsProxy) {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.fixtures().seed().await;
    latchkey.fixtures().manager(ACCOUNT, &format!("ann@{domain}")).await;
    latchkey.fixtures().client().await;
    (latchkey, proxy)
}

fn ses_is_down() -> InjectedFault {
    InjectedFault { status: 503, ..InjectedFault::ses_error("ServiceUnavailable", "down") }
}

#[tokio::test]
async fn recipient_claimed_in_the_future_is_notified() {
    let domain = "claimed-ahead.example";
    let (mut latchkey, proxy) = app_with_manager(domain).await;
    latchkey.advance(DAY * 80);
    proxy.inject(ses_is_down());
    assert_eq!(latchkey.run_job().await.failed, 1);
    proxy.clear();
    latchkey.advance(DAY * -2);
    let summary = latchkey.run_job().await;
    assert_eq!((summary.sent, summary.deferred), (1, 0), "{summary:?}");
    assert_eq!(emails_to(domain).await.len(), 1);
}

#[tokio::test]
async fn recent_claim_is_respected_despite_clock_skew() {
    let (mut latchkey, proxy) = app_with_manager("claimed-now.example").await;
    latchkey.advance(DAY * 80);
    proxy.inject(ses_is_down());
    assert_eq!(latchkey.run_job().await.failed, 1);
    proxy.clear();
    for seconds in [-100, 200] {
        latchkey.advance(SignedDuration::from_secs(seconds));
        assert_eq!(latchkey.run_job().await.deferred, 1, "{seconds}");
    }
    latchkey.advance(SignedDuration::from_secs(30));
    assert_eq!(latchkey.run_job().await.sent, 1);
}

#[tokio::test]
async fn reminders_sent_in_the_future_suppress_none() {
    let domain = "notified-ahead.example";
    let (mut latchkey, _) = app_with_manager(domain).await;
    latchkey.advance(DAY * 89);
    assert_eq!(latchkey.run_job().await.sent, 1);
    latchkey.advance(DAY * -12);
    for (days, emails) in [(0, 2), (7, 3), (6, 4), (0, 4)] {
        latchkey.advance(DAY * days);
        latchkey.run_job().await;
        assert_eq!(emails_to(domain).await.len(), emails, "after {days} more days");
    }
}
