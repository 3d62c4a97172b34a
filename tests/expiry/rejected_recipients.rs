//! What SES refuses, in any order, and the pace that it allows.

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::emails::emails_to;
use crate::support::fault_injection::aws_proxy::{AwsProxy, InjectedFault};
use crate::support::fixtures::ACCOUNT;
use jiff::SignedDuration;

const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// A latchkey with one due secret and this many holders at this domain.
async fn due_app(domain: &str, holders: usize) -> (TestApp, AwsProxy) {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let mut latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.seed().await;
    for number in 0..holders {
        latchkey.manager(ACCOUNT, &format!("holder{number}@{domain}")).await;
    }
    latchkey.client().await;
    latchkey.advance(HOUR * 24 * 77);
    (latchkey, proxy)
}

/// The counts of one run: due, sent, failed, left.
async fn run(latchkey: &TestApp) -> (usize, usize, usize, usize) {
    let summary = latchkey.run_job().await;
    (summary.due, summary.sent, summary.failed, summary.left)
}

#[tokio::test]
async fn refused_recipient_waits_for_the_next_reminder_wherever_in_the_run() {
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
async fn several_refused_before_the_first_one_sent_wait_too() {
    let (mut latchkey, proxy) = due_app("refused-before.example", 4).await;
    proxy.inject(InjectedFault::ses_error("InvalidParameterValue", "Illegal address").times(3));
    assert_eq!(run(&latchkey).await, (4, 1, 3, 0));
    latchkey.advance(HOUR);
    assert_eq!(run(&latchkey).await, (0, 0, 0, 0));
}

#[tokio::test]
async fn refusals_of_one_account_are_judged_by_letters_of_another() {
    let domain = "refused-account.example";
    let (mut latchkey, proxy) = due_app(domain, 1).await;
    latchkey.set_time(latchkey.now().checked_sub(HOUR * 24 * 77).unwrap());
    latchkey.account("T99999999").await;
    latchkey.manager("T99999999", &format!("eve@{domain}")).await;
    latchkey.client_like("T99999999", &serde_json::json!({})).await;
    latchkey.advance(HOUR * 24 * 77);
    proxy.inject(InjectedFault::ses_error("MessageRejected", "Address blacklisted.").times(1));
    assert_eq!(run(&latchkey).await, (2, 1, 1, 0));
    latchkey.advance(HOUR);
    assert_eq!(run(&latchkey).await, (0, 0, 0, 0));
    assert_eq!(emails_to(domain).await.len(), 1);
}

#[tokio::test]
async fn refusals_of_the_whole_deployment_end_the_run_and_mark_nobody() {
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
async fn any_send_rate_of_ses_gives_a_bounded_pace() {
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
