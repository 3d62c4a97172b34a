//! Runs of the job by a clock that was ahead, and is set back.

use crate::support::aws_proxy::{AwsProxy, Canned};
use crate::support::emulator;
use crate::support::house::TestHouse;
use crate::support::outbox::letters_to;
use crate::support::things::ACCOUNT;
use jiff::SignedDuration;

const DAY: SignedDuration = SignedDuration::from_hours(24);

async fn house_with_holder(domain: &str) -> (TestHouse, AwsProxy) {
    let proxy = AwsProxy::start(emulator::endpoint()).await;
    let house = TestHouse::at(&proxy.endpoint, |_| {}).await;
    house.furnish().await;
    house.holder(ACCOUNT, &format!("ann@{domain}")).await;
    house.client().await;
    (house, proxy)
}

fn ses_is_down() -> Canned {
    Canned { status: 503, ..Canned::ses_error("ServiceUnavailable", "down") }
}

#[tokio::test]
async fn recipient_claimed_in_the_future_is_told() {
    let domain = "claimed-ahead.example";
    let (mut house, proxy) = house_with_holder(domain).await;
    house.advance(DAY * 80);
    proxy.can(ses_is_down());
    assert_eq!(house.run_job().await.failed, 1);
    proxy.uncan();
    house.advance(DAY * -2);
    let summary = house.run_job().await;
    assert_eq!((summary.sent, summary.left), (1, 0), "{summary:?}");
    assert_eq!(letters_to(domain).await.len(), 1);
}

#[tokio::test]
async fn recipient_claimed_a_moment_ago_is_left_alone_whichever_clock_is_ahead() {
    let (mut house, proxy) = house_with_holder("claimed-now.example").await;
    house.advance(DAY * 80);
    proxy.can(ses_is_down());
    assert_eq!(house.run_job().await.failed, 1);
    proxy.uncan();
    for seconds in [-100, 200] {
        house.advance(SignedDuration::from_secs(seconds));
        assert_eq!(house.run_job().await.left, 1, "{seconds}");
    }
    house.advance(SignedDuration::from_secs(30));
    assert_eq!(house.run_job().await.sent, 1);
}

#[tokio::test]
async fn reminders_sent_in_the_future_replace_none() {
    let domain = "told-ahead.example";
    let (mut house, _) = house_with_holder(domain).await;
    house.advance(DAY * 89);
    assert_eq!(house.run_job().await.sent, 1);
    house.advance(DAY * -12);
    for (days, letters) in [(0, 2), (7, 3), (6, 4), (0, 4)] {
        house.advance(DAY * days);
        house.run_job().await;
        assert_eq!(letters_to(domain).await.len(), letters, "after {days} more days");
    }
}
