//! The codes that others can have sent to addresses that are no members', at an account that lets everyone sign in.

use super::{client_of, customer, open_app, set_end_users};
use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::{AwsProxy, InjectedFault};
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::support::sign_in::AuthorizeRequest;
use crate::support::sign_in::browser::{Browser, page_text};
use jiff::{SignedDuration, Timestamp};
use shared::domain::sign_in::code_limits::END_USERS_PER_ACCOUNT;
use shared::domain::sign_in::rate_limit::{Counter, RateLimitDecision};

/// Requests a code, and returns the page.
async fn request_from(latchkey: &TestApp, client: &TestClient, source: &str, email: &str) -> String {
    let browser = Browser::new(latchkey).with_source(source);
    let page = browser.request_email_code(&AuthorizeRequest::of(client), email).await.expect(200);
    page_text(&page.expect_text("a code of 8 digits is on its way").text()).replace(email, "…")
}

async fn sent(latchkey: &TestApp, email: &str) -> usize {
    latchkey.inspect().codes_mailed(email).await
}

#[tokio::test]
async fn one_source_has_ten_codes_an_hour_sent_to_others_than_members() {
    let (mut latchkey, client) = open_app().await;
    latchkey.set_time("2027-03-01T12:10:00Z".parse::<Timestamp>().unwrap());
    let mut pages = Vec::new();
    for number in 0..12 {
        let email = customer(&latchkey, &format!("n{number}"));
        pages.push(request_from(&latchkey, &client, "192.0.2.7", &email).await);
        assert_eq!(sent(&latchkey, &email).await, usize::from(number < 10), "{number}");
    }
    let ann = latchkey.fixtures().member("ann").await;
    pages.push(request_from(&latchkey, &client, "192.0.2.7", &ann).await);
    assert_eq!(sent(&latchkey, &ann).await, 1, "a member is not affected");
    assert!(pages.windows(2).all(|two| two[0] == two[1]), "no page tells: {pages:#?}");
    let elsewhere = customer(&latchkey, "elsewhere");
    request_from(&latchkey, &client, "198.51.100.7", &elsewhere).await;
    assert_eq!(sent(&latchkey, &elsewhere).await, 1);
    latchkey.set_time("2027-03-01T13:00:01Z".parse::<Timestamp>().unwrap());
    let later = customer(&latchkey, "later");
    request_from(&latchkey, &client, "192.0.2.7", &later).await;
    assert_eq!(sent(&latchkey, &later).await, 1);
}

#[tokio::test]
async fn an_account_has_200_codes_a_day_sent_to_others_than_members() {
    let (mut latchkey, client) = open_app().await;
    latchkey.fixtures().account("T2").await;
    set_end_users(&mut latchkey, "T2", "anyone").await;
    latchkey.set_time("2027-03-01T12:10:00Z".parse::<Timestamp>().unwrap());
    let first = customer(&latchkey, "first");
    request_from(&latchkey, &client, "198.51.100.1", &first).await;
    assert_eq!(sent(&latchkey, &first).await, 1);
    let counter = Counter { limit: END_USERS_PER_ACCOUNT, key: ACCOUNT.to_owned() };
    let (store, now) = (&latchkey.server.management.app.store, latchkey.now());
    let mut left = 0;
    while store.check_rate_limit(&counter, now).await.unwrap() == RateLimitDecision::Allowed {
        left += 1;
    }
    assert_eq!(left, 199);
    let ann = latchkey.fixtures().member("ann").await;
    let other = client_of(&latchkey, "T2").await;
    for (client, name, expected) in [(&client, "more", 0), (&client, "ann", 1), (&other, "other", 1)] {
        let email = if name == "ann" { ann.clone() } else { customer(&latchkey, name) };
        request_from(&latchkey, client, "198.51.100.1", &email).await;
        assert_eq!(sent(&latchkey, &email).await, expected, "{name}");
    }
    latchkey.set_time("2027-03-02T00:00:01Z".parse::<Timestamp>().unwrap());
    let tomorrow = customer(&latchkey, "tomorrow");
    request_from(&latchkey, &client, "198.51.100.1", &tomorrow).await;
    assert_eq!(sent(&latchkey, &tomorrow).await, 1);
}

/// An app in which everyone may sign in to a client, with a proxy in front of SES.
async fn open_app_behind_proxy() -> (TestApp, TestClient, AwsProxy) {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let mut latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.fixtures().seed().await;
    set_end_users(&mut latchkey, ACCOUNT, "anyone").await;
    let client = client_of(&latchkey, ACCOUNT).await;
    (latchkey, client, proxy)
}

#[tokio::test]
async fn the_last_fifth_of_the_quota_is_kept_for_members() {
    let (mut latchkey, client, proxy) = open_app_behind_proxy().await;
    let (ann, eve) = (latchkey.fixtures().member("ann").await, customer(&latchkey, "eve"));
    for (sent_today, to_end_user) in [(39_999, 1), (40_000, 0), (49_999, 0)] {
        proxy.inject(InjectedFault::used_quota(50_000, sent_today, 14));
        for (source, email, expected) in [("192.0.2.7", &eve, to_end_user), ("192.0.2.8", &ann, 1)] {
            let before = sent(&latchkey, email).await;
            request_from(&latchkey, &client, source, email).await;
            assert_eq!(sent(&latchkey, email).await - before, expected, "{sent_today} of 50000: {email}");
        }
        proxy.clear();
        latchkey.advance(SignedDuration::from_secs(61));
    }
}

#[tokio::test]
async fn while_the_quota_is_unknown_or_used_up_only_members_get_codes() {
    let (mut latchkey, client, proxy) = open_app_behind_proxy().await;
    let ann = latchkey.fixtures().member("ann").await;
    let down = InjectedFault::ses_error("InternalFailure", "down");
    for quota in
        [InjectedFault { operation: "GetSendQuota", status: 500, ..down }, InjectedFault::quota(0, 1)]
    {
        proxy.inject(quota);
        for (source, email, expected) in
            [("192.0.2.7", customer(&latchkey, "eve"), 0), ("192.0.2.8", ann.clone(), 1)]
        {
            let before = sent(&latchkey, &email).await;
            request_from(&latchkey, &client, source, &email).await;
            assert_eq!(sent(&latchkey, &email).await - before, expected, "{email}");
        }
        proxy.clear();
    }
    latchkey.advance(SignedDuration::from_secs(61));
    let eve = customer(&latchkey, "eve");
    request_from(&latchkey, &client, "192.0.2.7", &eve).await;
    assert_eq!(sent(&latchkey, &eve).await, 1);
}
