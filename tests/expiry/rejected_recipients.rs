//! Emails that SES rejects, in any order, and the send rate that it allows.

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::emails::emails_to;
use crate::support::fault_injection::aws_proxy::{AwsProxy, InjectedFault};
use crate::support::fixtures::ACCOUNT;
use jiff::SignedDuration;

const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// An app with one due secret and this many managers at this mail domain.
async fn due_app(domain: &str, managers: usize) -> (TestApp, AwsProxy) {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let mut latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.fixtures().seed().await;
    for number in 0..managers {
        latchkey.fixtures().manager(ACCOUNT, &format!("manager{number}@{domain}")).await;
    }
    latchkey.fixtures().client().await;
    latchkey.advance(HOUR * 24 * 77);
    (latchkey, proxy)
}

/// The counts of one run: due, sent, failed, left.
async fn run(latchkey: &TestApp) -> (usize, usize, usize, usize) {
    let summary = latchkey.run_job().await;
    (summary.due, summary.sent, summary.failed, summary.deferred)
}

#[tokio::test]
async fn rejected_recipient_waits_for_next_reminder() {
    for place in [0, 2, 3] {
        let domain = format!("refused{place}.example");
        let (mut latchkey, proxy) = due_app(&domain, 4).await;
        proxy.inject(
            InjectedFault::ses_error("MessageRejected", "Address blacklisted.").after(place).times(1),
        );
        assert_eq!(run(&latchkey).await, (4, 3, 1, 0), "{place}");
        latchkey.advance(HOUR);
        assert_eq!(run(&latchkey).await, (0, 0, 0, 0), "{place}");
        latchkey.advance(HOUR * 24 * 7);
        assert_eq!(run(&latchkey).await, (4, 4, 0, 0), "{place}");
    }
}

#[tokio::test]
async fn rejections_before_first_sent_email_wait_too() {
    let (mut latchkey, proxy) = due_app("refused-before.example", 4).await;
    proxy.inject(InjectedFault::ses_error("InvalidParameterValue", "Illegal address").times(3));
    assert_eq!(run(&latchkey).await, (4, 1, 3, 0));
    latchkey.advance(HOUR);
    assert_eq!(run(&latchkey).await, (0, 0, 0, 0));
}

#[tokio::test]
async fn rejections_are_judged_across_accounts() {
    let domain = "refused-account.example";
    let (mut latchkey, proxy) = due_app(domain, 1).await;
    latchkey.set_time(latchkey.now().checked_sub(HOUR * 24 * 77).unwrap());
    latchkey.fixtures().account("T99999999").await;
    latchkey.fixtures().manager("T99999999", &format!("eve@{domain}")).await;
    latchkey.fixtures().client_with("T99999999", &serde_json::json!({})).await;
    latchkey.advance(HOUR * 24 * 77);
    proxy.inject(InjectedFault::ses_error("MessageRejected", "Address blacklisted.").times(1));
    assert_eq!(run(&latchkey).await, (2, 1, 1, 0));
    latchkey.advance(HOUR);
    assert_eq!(run(&latchkey).await, (0, 0, 0, 0));
    assert_eq!(emails_to(domain).await.len(), 1);
}

#[tokio::test]
async fn rejection_of_every_email_ends_the_run_unmarked() {
    for (code, message) in [
        ("MailFromDomainNotVerifiedException", "no MX record"),
        ("ConfigurationSetDoesNotExist", "no such configuration set"),
        ("AccessDenied", "not authorized to perform ses:SendRawEmail"),
        ("AccountSendingPausedException", "paused"),
    ] {
        let domain = format!("{}.example", code.to_lowercase());
        let (mut latchkey, proxy) = due_app(&domain, 4).await;
        proxy.inject(InjectedFault::ses_error(code, message).after(2));
        let (due, sent, failed, left) = run(&latchkey).await;
        assert_eq!((due, sent, failed + left), (4, 2, 2), "{code}");
        proxy.clear();
        latchkey.advance(HOUR);
        assert_eq!(run(&latchkey).await, (2, 2, 0, 0), "{code}");
        assert_eq!(emails_to(&domain).await.len(), 4, "{code}");
    }
}

#[tokio::test]
async fn any_ses_send_rate_gives_a_bounded_pace() {
    let domain = "pace.example";
    let (latchkey, proxy) = due_app(domain, 3).await;
    let rate = |rate: &str| {
        let mut quota = InjectedFault::quota(1_000, 1);
        quota.body = quota.body.replace("<MaxSendRate>1.0<", &format!("<MaxSendRate>{rate}<"));
        quota
    };
    for absurd in ["1e12", "1.7976931348623157e308", "Infinity", "-Infinity", "NaN", "0", "-1", "1e-300"] {
        proxy.clear();
        proxy.inject(rate(absurd));
        proxy.inject(InjectedFault::ses_error("Throttling", "Maximum sending rate exceeded."));
        assert_eq!(run(&latchkey).await, (3, 0, 0, 3), "{absurd}");
    }
    proxy.clear();
    proxy.inject(rate("1e12"));
    assert_eq!(run(&latchkey).await, (3, 3, 0, 0));
    assert_eq!(emails_to(domain).await.len(), 3);
}
