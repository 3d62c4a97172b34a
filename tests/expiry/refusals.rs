//! What SES refuses, in any order, and the pace that it allows.

use crate::support::aws_proxy::{AwsProxy, Canned};
use crate::support::emulator;
use crate::support::house::TestHouse;
use crate::support::outbox::letters_to;
use crate::support::things::ACCOUNT;
use jiff::SignedDuration;

const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// A house with one due secret and this many holders at this domain.
async fn due_house(domain: &str, holders: usize) -> (TestHouse, AwsProxy) {
    let proxy = AwsProxy::start(emulator::endpoint()).await;
    let mut house = TestHouse::at(&proxy.endpoint, |_| {}).await;
    house.furnish().await;
    for number in 0..holders {
        house.holder(ACCOUNT, &format!("holder{number}@{domain}")).await;
    }
    house.client().await;
    house.advance(HOUR * 24 * 77);
    (house, proxy)
}

/// The counts of one run: due, sent, failed, left.
async fn run(house: &TestHouse) -> (usize, usize, usize, usize) {
    let summary = house.run_job().await;
    (summary.due, summary.sent, summary.failed, summary.left)
}

#[tokio::test]
async fn refused_recipient_waits_for_the_next_reminder_wherever_in_the_run() {
    for place in [0, 2, 3] {
        let domain = format!("refused{place}.example");
        let (mut house, proxy) = due_house(&domain, 4).await;
        proxy.can(Canned::ses_error("MessageRejected", "Address blacklisted.").after(place).times(1));
        assert_eq!(run(&house).await, (4, 3, 1, 0), "{place}");
        house.advance(HOUR);
        assert_eq!(run(&house).await, (0, 0, 0, 0), "{place}");
        house.advance(HOUR * 24 * 7);
        assert_eq!(run(&house).await, (4, 4, 0, 0), "{place}");
    }
}

#[tokio::test]
async fn several_refused_before_the_first_one_sent_wait_too() {
    let (mut house, proxy) = due_house("refused-before.example", 4).await;
    proxy.can(Canned::ses_error("InvalidParameterValue", "Illegal address").times(3));
    assert_eq!(run(&house).await, (4, 1, 3, 0));
    house.advance(HOUR);
    assert_eq!(run(&house).await, (0, 0, 0, 0));
}

#[tokio::test]
async fn refusals_of_one_account_are_judged_by_letters_of_another() {
    let domain = "refused-account.example";
    let (mut house, proxy) = due_house(domain, 1).await;
    house.go_to(house.now().checked_sub(HOUR * 24 * 77).unwrap());
    house.account("T99999999").await;
    house.holder("T99999999", &format!("eve@{domain}")).await;
    house.client_like("T99999999", &serde_json::json!({})).await;
    house.advance(HOUR * 24 * 77);
    proxy.can(Canned::ses_error("MessageRejected", "Address blacklisted.").times(1));
    assert_eq!(run(&house).await, (2, 1, 1, 0));
    house.advance(HOUR);
    assert_eq!(run(&house).await, (0, 0, 0, 0));
    assert_eq!(letters_to(domain).await.len(), 1);
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
        let (mut house, proxy) = due_house(&domain, 4).await;
        proxy.can(Canned::ses_error(code, message).after(2));
        let (due, sent, failed, left) = run(&house).await;
        assert_eq!((due, sent, failed + left), (4, 2, 2), "{code}");
        proxy.uncan();
        house.advance(HOUR);
        assert_eq!(run(&house).await, (2, 2, 0, 0), "{code}");
        assert_eq!(letters_to(&domain).await.len(), 4, "{code}");
    }
}

#[tokio::test]
async fn any_send_rate_of_ses_gives_a_bounded_pace() {
    let domain = "pace.example";
    let (house, proxy) = due_house(domain, 3).await;
    let rate = |rate: &str| {
        let mut quota = Canned::quota(1_000, 1);
        quota.body = quota.body.replace("<MaxSendRate>1.0<", &format!("<MaxSendRate>{rate}<"));
        quota
    };
    for absurd in ["1e12", "1.7976931348623157e308", "Infinity", "-Infinity", "NaN", "0", "-1", "1e-300"] {
        proxy.uncan();
        proxy.can(rate(absurd));
        proxy.can(Canned::ses_error("Throttling", "Maximum sending rate exceeded."));
        assert_eq!(run(&house).await, (3, 0, 0, 3), "{absurd}");
    }
    proxy.uncan();
    proxy.can(rate("1e12"));
    assert_eq!(run(&house).await, (3, 3, 0, 0));
    assert_eq!(letters_to(domain).await.len(), 3);
}
