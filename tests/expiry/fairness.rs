//! One account cannot delay the reminders of others, nor write to any number of people.

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::emails::emails_to;
use crate::support::fault_injection::aws_proxy::{AwsProxy, InjectedFault};
use crate::support::fixtures::ACCOUNT;
use jiff::SignedDuration;
use serde_json::json;
use std::collections::BTreeSet;

/// An app in which an account may write to so many people a day, and SES's calls pass the proxy.
async fn app(recipients_per_day: u32) -> (TestApp, AwsProxy) {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |config| {
        config.account_limits.mail_recipients_per_day = recipients_per_day;
    })
    .await;
    latchkey.fixtures().seed().await;
    (latchkey, proxy)
}

/// A client of this account with these contacts, whose secret has the default lifetime.
async fn client_with_contacts(latchkey: &TestApp, account: &str, contacts: &[String]) {
    latchkey.fixtures().client_with(account, &json!({ "contacts": contacts })).await;
}

/// The recipients at a mail domain, each once.
async fn recipients(domain: &str) -> BTreeSet<String> {
    emails_to(domain).await.into_iter().flat_map(|email| email.to).collect()
}

#[tokio::test]
async fn accounts_take_turns_under_a_small_quota() {
    const OTHERS: usize = 19;
    let (mut latchkey, proxy) = app(500).await;
    // Its id sorts first, and its secrets expire first.
    latchkey.fixtures().account("A0").await;
    for client in 0..6 {
        let contacts: Vec<String> = (0..10).map(|n| format!("c{client}-{n}@large.fair.example")).collect();
        client_with_contacts(&latchkey, "A0", &contacts).await;
    }
    latchkey.advance(SignedDuration::from_mins(1));
    for number in 0..OTHERS {
        let account = format!("Z{number}");
        latchkey.fixtures().account(&account).await;
        latchkey.fixtures().manager(&account, &format!("ann{number}@small.fair.example")).await;
        latchkey.fixtures().client_with(&account, &json!({})).await;
    }
    latchkey.advance(SignedDuration::from_hours(24 * 77));
    // A fifth of 12 is kept for codes to sign in with: 10 e-mails a run.
    proxy.inject(InjectedFault::quota(12, 100));
    let mut progress = Vec::new();
    for _ in 0..3 {
        let summary = latchkey.run_job().await;
        assert_eq!(summary.sent, 10, "{summary:?}");
        assert_eq!(summary.deferred_by_quota, summary.deferred, "{summary:?}");
        progress.push(recipients("small.fair.example").await.len());
        latchkey.advance(SignedDuration::from_hours(1));
    }
    println!(
        "20 accounts, one with 60 reminders, 10 e-mails a run: other accounts reached after each run: {progress:?}"
    );
    // The large account has its turn: an e-mail in the first run. In the second its turn is that recipient's again, who has been
    // told already.
    assert_eq!(progress, [9, OTHERS, OTHERS]);
    assert_eq!(recipients("large.fair.example").await.len(), 30 - OTHERS);
}

#[tokio::test]
async fn an_account_writes_to_so_many_people_a_day_and_the_rest_waits() {
    let (mut latchkey, _) = app(3).await;
    let domain = "limit.fair.example";
    let contacts: Vec<String> = (0..5).map(|n| format!("c{n}@{domain}")).collect();
    client_with_contacts(&latchkey, ACCOUNT, &contacts).await;
    // Ten in the morning (UTC), less than 14 days before the end.
    let soon = latchkey.now() + SignedDuration::from_hours(24 * 78);
    let midnight = soon.as_second() - soon.as_second().rem_euclid(24 * 60 * 60);
    let morning = jiff::Timestamp::from_second(midnight + 10 * 60 * 60).unwrap();
    for (time, sent, deferred) in [(morning, 3, 2), (morning + SignedDuration::from_hours(3), 0, 2)] {
        latchkey.set_time(time);
        let summary = latchkey.run_job().await;
        assert_eq!((summary.sent, summary.deferred_by_recipient_limit), (sent, deferred), "{summary:?}");
        assert_eq!(recipients(domain).await.len(), 3);
    }
    latchkey.set_time(morning + SignedDuration::from_hours(24));
    let summary = latchkey.run_job().await;
    assert_eq!((summary.sent, summary.deferred), (2, 0), "{summary:?}");
    assert_eq!(recipients(domain).await.len(), 5);
}
