//! Notices of expiring secrets: recipients and times.

use crate::support::app::TestApp;
use crate::support::emails::emails_to;
use crate::support::fixtures::ACCOUNT;
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use serde_json::json;

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// An app with one client whose secret expires 90 days from now, and a manager at this mail domain.
async fn app_with_manager(domain: &str) -> (TestApp, crate::support::fixtures::TestClient) {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().manager(ACCOUNT, &format!("ann@{domain}")).await;
    let client = latchkey.fixtures().client().await;
    (latchkey, client)
}

#[tokio::test]
async fn recipient_is_notified_once_per_threshold() {
    let domain = "thresholds.example";
    let (mut latchkey, client) = app_with_manager(domain).await;
    // At noon, so that the 90th day is the last one at any time of day.
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
async fn repeated_and_concurrent_runs_notify_once() {
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
async fn three_missed_days_delay_and_do_not_skip_notices() {
    let domain = "missed.example";
    let (mut latchkey, _) = app_with_manager(domain).await;
    latchkey.advance(DAY * 79);
    assert_eq!(latchkey.run_job().await.sent, 1);
    assert_eq!(emails_to(domain).await.len(), 1);
}

#[tokio::test]
async fn one_email_per_recipient_lists_all_due_secrets_of_account() {
    let domain = "list.example";
    let (mut latchkey, first) = app_with_manager(domain).await;
    let second = latchkey.fixtures().client_with(ACCOUNT, &json!({ "client_name": "Billing" })).await;
    latchkey.advance(DAY * 77);
    let summary = latchkey.run_job().await;
    assert_eq!((summary.sent, summary.notices), (1, 2));
    let emails = emails_to(domain).await;
    assert_eq!(emails.len(), 1);
    assert!(emails[0].text.contains(&first.client_id) && emails[0].text.contains(&second.client_id));
    assert!(emails[0].html.as_ref().is_some_and(|html| html.contains("Billing")));
}

#[tokio::test]
async fn address_is_notified_once_and_other_accounts_never() {
    let domain = "who.example";
    let mut latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().account("T99999999").await;
    latchkey.fixtures().manager(ACCOUNT, &format!("ann@{domain}")).await;
    latchkey.fixtures().manager("T99999999", &format!("eve@{domain}")).await;
    let reader = json!({ "email": format!("ben@{domain}"), "name": "Ben", "permissions": ["clients:read"] });
    let members = format!("/v1/accounts/{ACCOUNT}/members");
    latchkey.admin_request("POST", &members).await.json(&reader).send().await.expect(201);
    let contacts = json!([format!("ANN@{domain}"), format!("ops@{domain}")]);
    latchkey.fixtures().client_with(ACCOUNT, &json!({ "contacts": contacts })).await;
    latchkey.advance(DAY * 77);
    assert_eq!(latchkey.run_job().await.sent, 2);
    let mut notified: Vec<String> = emails_to(domain).await.into_iter().flat_map(|email| email.to).collect();
    notified.sort();
    assert_eq!(notified, [format!("ann@{domain}"), format!("ops@{domain}")]);
}

#[tokio::test]
async fn recipients_are_resolved_when_sending() {
    let domain = "late.example";
    let (mut latchkey, _) = app_with_manager(domain).await;
    latchkey.advance(DAY * 77);
    latchkey.run_job().await;
    let ann = format!("/v1/accounts/{ACCOUNT}/members/ann@{domain}");
    latchkey.admin_request("DELETE", &ann).await.send().await.expect(204);
    latchkey.fixtures().manager(ACCOUNT, &format!("ben@{domain}")).await;
    latchkey.advance(DAY * 7);
    latchkey.run_job().await;
    let notified: Vec<String> = emails_to(domain).await.into_iter().flat_map(|email| email.to).collect();
    assert_eq!(notified, [format!("ann@{domain}"), format!("ben@{domain}")]);
}

#[tokio::test]
async fn operator_is_notified_without_other_recipients() {
    let mut latchkey = TestApp::with_config(|config| {
        let mail = config.mail.as_mut().unwrap();
        mail.operator = "operator@no-recipient.example".parse_email();
    })
    .await;
    latchkey.fixtures().seed().await;
    latchkey.fixtures().client().await;
    latchkey.advance(DAY * 77);
    let summary = latchkey.run_job().await;
    assert_eq!(summary.without_recipient, 1);
    assert_eq!(emails_to("no-recipient.example").await.len(), 1);
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
async fn clients_without_reminders_disabled_or_deleted_are_skipped() {
    let domain = "silent.example";
    let mut latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().manager(ACCOUNT, &format!("ann@{domain}")).await;
    latchkey.fixtures().client_with(ACCOUNT, &json!({ "secret": { "remind": false } })).await;
    let disabled = latchkey.fixtures().client().await;
    latchkey.admin_request("POST", &format!("{}/disable", disabled.path())).await.send().await.expect(200);
    let deleted = latchkey.fixtures().client().await;
    latchkey.admin_request("DELETE", &deleted.path()).await.send().await.expect(204);
    latchkey.advance(DAY * 77);
    latchkey.run_job().await;
    assert_eq!(emails_to(domain).await.len(), 0);
}

#[tokio::test]
async fn older_secret_is_reminded_of_only_while_in_use() {
    let domain = "older.example";
    let (mut latchkey, client) = app_with_manager(domain).await;
    latchkey.advance(DAY * 70);
    latchkey.admin_request("POST", &format!("{}/secrets", client.path())).await.send().await.expect(201);
    latchkey.advance(DAY * 7);
    latchkey.run_job().await;
    assert_eq!(emails_to(domain).await.len(), 0, "the older one is not in use");
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    latchkey.run_job().await;
    assert_eq!(emails_to(domain).await.len(), 1, "the older one is in use");
}

#[tokio::test]
async fn expired_secret_is_notified_once_if_still_tried() {
    let domain = "ended.example";
    let (mut latchkey, client) = app_with_manager(domain).await;
    latchkey.advance(DAY * 89);
    latchkey.run_job().await;
    assert_eq!(emails_to(domain).await.len(), 1);
    latchkey.advance(DAY * 3);
    latchkey.run_job().await;
    assert_eq!(emails_to(domain).await.len(), 1, "the secret was not used");
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(401);
    latchkey.run_job().await;
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(401);
    latchkey.run_job().await;
    let emails = emails_to(domain).await;
    assert_eq!(emails.len(), 2);
    assert!(emails[1].subject.contains("expired"), "{}", emails[1].subject);
}
