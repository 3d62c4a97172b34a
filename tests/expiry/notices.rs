//! Who is told what, and when.

use crate::support::app::TestApp;
use crate::support::emails::emails_to;
use crate::support::fixtures::ACCOUNT;
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use serde_json::json;

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// A latchkey, its one client whose secret ends 90 days from now, and a holder at this domain.
async fn app_with_manager(domain: &str) -> (TestApp, crate::support::fixtures::TestClient) {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.manager(ACCOUNT, &format!("ann@{domain}")).await;
    let client = latchkey.client().await;
    (latchkey, client)
}

#[tokio::test]
async fn a_holder_is_told_once_at_each_rung() {
    let domain = "rungs.example";
    let (mut latchkey, client) = app_with_manager(domain).await;
    // At noon, so that the 90th day is the last one whatever the time is now.
    let noon = latchkey.now().to_zoned(TimeZone::UTC).date().at(12, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap();
    latchkey.set_time(noon.timestamp());
    for (days, emails) in [(75, 0), (2, 1), (1, 1), (6, 2), (3, 2), (2, 2), (1, 3)] {
        latchkey.advance(DAY * days);
        latchkey.run_job().await;
        assert_eq!(emails_to(domain).await.len(), emails, "after {days} more days");
    }
    let emails = emails_to(domain).await;
    for email in &emails {
        assert_eq!(email.to, [format!("ann@{domain}")]);
        assert!(email.text.contains(&client.client_id), "{}", email.text);
        assert!(email.subject.contains("Order sync"), "{}", email.subject);
        assert!(!email.text.contains(&client.client_secret), "the secret itself is in the mail");
    }
}

#[tokio::test]
async fn a_run_again_and_two_runs_at_once_tell_nobody_twice() {
    let domain = "twice.example";
    let (mut latchkey, _) = app_with_manager(domain).await;
    latchkey.advance(DAY * 77);
    let (one, other) = tokio::join!(latchkey.run_job(), latchkey.run_job());
    assert_eq!(one.sent + other.sent, 1, "{one:?} {other:?}");
    let again = latchkey.run_job().await;
    assert_eq!((again.due, again.sent), (0, 0));
    assert_eq!(emails_to(domain).await.len(), 1);
}

#[tokio::test]
async fn three_missed_days_delay_and_do_not_skip() {
    let domain = "missed.example";
    let (mut latchkey, _) = app_with_manager(domain).await;
    latchkey.advance(DAY * 79);
    assert_eq!(latchkey.run_job().await.sent, 1);
    assert_eq!(emails_to(domain).await.len(), 1);
}

#[tokio::test]
async fn one_letter_per_recipient_lists_all_that_is_due_in_the_account() {
    let domain = "list.example";
    let (mut latchkey, first) = app_with_manager(domain).await;
    let second = latchkey.client_like(ACCOUNT, &json!({ "client_name": "Billing" })).await;
    latchkey.advance(DAY * 77);
    let summary = latchkey.run_job().await;
    assert_eq!((summary.sent, summary.notices), (1, 2));
    let emails = emails_to(domain).await;
    assert_eq!(emails.len(), 1);
    assert!(emails[0].text.contains(&first.client_id) && emails[0].text.contains(&second.client_id));
    assert!(emails[0].html.as_ref().is_some_and(|html| html.contains("Billing")));
}

#[tokio::test]
async fn one_address_is_told_once_and_others_of_other_accounts_never() {
    let domain = "who.example";
    let mut latchkey = TestApp::with_fixtures().await;
    latchkey.account("T99999999").await;
    latchkey.manager(ACCOUNT, &format!("ann@{domain}")).await;
    latchkey.manager("T99999999", &format!("eve@{domain}")).await;
    let reader = json!({ "email": format!("ben@{domain}"), "name": "Ben", "permissions": ["clients:read"] });
    let members = format!("/v1/accounts/{ACCOUNT}/members");
    latchkey.admin_request("POST", &members).await.json(&reader).send().await.expect(201);
    let contacts = json!([format!("ANN@{domain}"), format!("ops@{domain}")]);
    latchkey.client_like(ACCOUNT, &json!({ "contacts": contacts })).await;
    latchkey.advance(DAY * 77);
    assert_eq!(latchkey.run_job().await.sent, 2);
    let mut notified: Vec<String> = emails_to(domain).await.into_iter().flat_map(|email| email.to).collect();
    notified.sort();
    assert_eq!(notified, [format!("ann@{domain}"), format!("ops@{domain}")]);
}

#[tokio::test]
async fn a_holder_who_joins_late_is_told_of_the_next_rung_and_one_who_left_is_not() {
    let domain = "late.example";
    let (mut latchkey, _) = app_with_manager(domain).await;
    latchkey.advance(DAY * 77);
    latchkey.run_job().await;
    let ann = format!("/v1/accounts/{ACCOUNT}/members/ann@{domain}");
    latchkey.admin_request("DELETE", &ann).await.send().await.expect(204);
    latchkey.manager(ACCOUNT, &format!("ben@{domain}")).await;
    latchkey.advance(DAY * 7);
    latchkey.run_job().await;
    let notified: Vec<String> = emails_to(domain).await.into_iter().flat_map(|email| email.to).collect();
    assert_eq!(notified, [format!("ann@{domain}"), format!("ben@{domain}")]);
}

#[tokio::test]
async fn without_anybody_the_operator_is_told() {
    let mut latchkey = TestApp::with_config(|config| {
        let mail = config.mail.as_mut().unwrap();
        mail.operator = "operator@nobody.example".parse_email();
    })
    .await;
    latchkey.seed().await;
    latchkey.client().await;
    latchkey.advance(DAY * 77);
    let summary = latchkey.run_job().await;
    assert_eq!(summary.without_recipient, 1);
    assert_eq!(emails_to("nobody.example").await.len(), 1);
}

trait ParseEmail {
    fn parse_email(&self) -> shared::domain::primitives::email::EmailAddress;
}

impl ParseEmail for str {
    fn parse_email(&self) -> shared::domain::primitives::email::EmailAddress {
        shared::domain::primitives::email::EmailAddress::parse(self).unwrap()
    }
}

#[tokio::test]
async fn who_did_not_ask_who_is_disabled_and_who_is_gone_is_left_out() {
    let domain = "silent.example";
    let mut latchkey = TestApp::with_fixtures().await;
    latchkey.manager(ACCOUNT, &format!("ann@{domain}")).await;
    latchkey.client_like(ACCOUNT, &json!({ "secret": { "remind": false } })).await;
    let disabled = latchkey.client().await;
    latchkey.admin_request("POST", &format!("{}/disable", disabled.path())).await.send().await.expect(200);
    let deleted = latchkey.client().await;
    latchkey.admin_request("DELETE", &deleted.path()).await.send().await.expect(204);
    latchkey.advance(DAY * 77);
    latchkey.run_job().await;
    assert_eq!(emails_to(domain).await.len(), 0);
}

#[tokio::test]
async fn an_older_secret_is_spoken_of_only_while_it_is_in_use() {
    let domain = "older.example";
    let (mut latchkey, client) = app_with_manager(domain).await;
    latchkey.advance(DAY * 70);
    latchkey.admin_request("POST", &format!("{}/secrets", client.path())).await.send().await.expect(201);
    latchkey.advance(DAY * 7);
    latchkey.run_job().await;
    assert_eq!(emails_to(domain).await.len(), 0, "the older one is not in use");
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    latchkey.run_job().await;
    assert_eq!(emails_to(domain).await.len(), 1, "now it is");
}

#[tokio::test]
async fn a_secret_that_has_ended_is_spoken_of_once_if_it_is_still_tried() {
    let domain = "ended.example";
    let (mut latchkey, client) = app_with_manager(domain).await;
    latchkey.advance(DAY * 89);
    latchkey.run_job().await;
    assert_eq!(emails_to(domain).await.len(), 1);
    latchkey.advance(DAY * 3);
    latchkey.run_job().await;
    assert_eq!(emails_to(domain).await.len(), 1, "nobody tries it");
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(401);
    latchkey.run_job().await;
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(401);
    latchkey.run_job().await;
    let emails = emails_to(domain).await;
    assert_eq!(emails.len(), 2);
    assert!(emails[1].subject.contains("expired"), "{}", emails[1].subject);
}
