//! Addresses that e-mails do not reach are not tried again, and those who manage the account see it.

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::emails::emails_to;
use crate::support::fault_injection::aws_proxy::{AwsProxy, InjectedFault};
use crate::support::fixtures::ACCOUNT;
use ::expiry::{EventOutcome, handle};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// SES's event about an e-mail of an account, as SNS hands it to the function.
fn event(kind: &str, account: &str, to: &str) -> Value {
    let tag = base64_of(account);
    let mail = json!({ "destination": [to], "tags": { "latchkey-account": [tag] } });
    let message = match kind {
        "bounced" => json!({ "eventType": "Bounce", "mail": mail, "bounce": { "bounceType": "Permanent" } }),
        "complained" => json!({ "eventType": "Complaint", "mail": mail, "complaint": {} }),
        other => json!({ "eventType": "Bounce", "mail": mail, "bounce": { "bounceType": other } }),
    };
    json!({ "Records": [{ "EventSource": "aws:sns", "Sns": { "Message": message.to_string() } }] })
}

fn base64_of(text: &str) -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text)
}

/// Delivers an event; the number of addresses that get no more e-mails because of it.
async fn deliver(latchkey: &TestApp, event: &Value) -> usize {
    match handle(&latchkey.server.job, event, latchkey.now()).await.unwrap() {
        EventOutcome::Suppressed { suppressed } => suppressed,
        EventOutcome::Run(_) => panic!("the job ran"),
    }
}

/// The recipients at this domain of a run at the next threshold.
async fn next_reminder(latchkey: &mut TestApp, days: i32, domain: &str) -> BTreeSet<String> {
    let before = emails_to(domain).await.len();
    latchkey.advance(DAY * days);
    latchkey.run_job().await;
    emails_to(domain).await.into_iter().skip(before).flat_map(|email| email.to).collect()
}

#[tokio::test]
async fn a_bounced_address_is_not_tried_again_until_an_operator_lifts_it() {
    let mut latchkey = TestApp::with_fixtures().await;
    let domain = latchkey.mail_domain();
    let [member, contact, other] = ["member", "contact", "other"].map(|name| format!("{name}@{domain}"));
    latchkey.fixtures().manager(ACCOUNT, &member).await;
    let client = latchkey.fixtures().client_with(ACCOUNT, &json!({ "contacts": [contact, other] })).await;
    let account = format!("/v1/accounts/{ACCOUNT}");
    latchkey.patch(&account, &json!({ "contacts": [contact, other] })).await.expect(200);
    let before = latchkey.get(&account).await.expect(200);
    assert_eq!(next_reminder(&mut latchkey, 77, &domain).await.len(), 3);

    // SNS delivers at least once.
    for news in [1, 0] {
        assert_eq!(deliver(&latchkey, &event("bounced", ACCOUNT, &member)).await, news);
        assert_eq!(deliver(&latchkey, &event("complained", ACCOUNT, &contact)).await, news);
    }
    assert_eq!(deliver(&latchkey, &event("Transient", ACCOUNT, &other)).await, 0);
    assert_eq!(deliver(&latchkey, &event("bounced", "T999", &other)).await, 0);
    assert_eq!(deliver(&latchkey, &json!({ "Records": [{ "Sns": { "Message": "Budget" } }] })).await, 0);

    let members = latchkey.list_items(&format!("/v1/accounts/{ACCOUNT}/members")).await;
    assert!(members[0]["mail_suppressed_since"].is_string(), "{members:?}");
    let shown = latchkey.get(&client.path()).await.expect(200).json();
    let suppressed = shown["suppressed_contacts"].as_array().unwrap();
    assert_eq!(suppressed.len(), 1);
    assert_eq!((&suppressed[0]["email"], &suppressed[0]["reason"]), (&json!(contact), &json!("complained")));
    let of_account = latchkey.get(&account).await.expect(200);
    assert_eq!(of_account.json()["suppressed_contacts"], shown["suppressed_contacts"]);
    assert_ne!(of_account.etag(), before.etag(), "what is read has changed");
    let trail = latchkey.list_items(&format!("/v1/accounts/{ACCOUNT}/audit?action=mail.suppressed")).await;
    let recorded: BTreeSet<_> =
        trail.iter().map(|entry| entry["changes"][0]["new"].as_str().unwrap()).collect();
    assert_eq!((trail.len(), recorded), (2, BTreeSet::from(["bounced", "complained"])));
    assert_eq!(trail[0]["actor"]["system"], "mail");
    assert_eq!(next_reminder(&mut latchkey, 7, &domain).await, BTreeSet::from([other.clone()]));

    let path = format!("/v1/accounts/{ACCOUNT}/suppressed-addresses");
    let (_, administrator) = latchkey.fixtures().administrator(ACCOUNT, &["members:manage"]).await;
    latchkey.request("DELETE", &format!("{path}/{member}")).bearer(&administrator).send().await.expect(403);
    latchkey.delete(&format!("{path}/{member}")).await.expect(204);
    latchkey.delete(&format!("{path}/{member}")).await.expect(404);
    latchkey.delete(&format!("{path}/not-an-address")).await.expect(404);
    assert_eq!(next_reminder(&mut latchkey, 6, &domain).await, BTreeSet::from([member, other]));
}

#[tokio::test]
async fn after_half_a_year_an_address_is_tried_again() {
    let mut latchkey = TestApp::with_fixtures().await;
    let domain = latchkey.mail_domain();
    let contact = format!("contact@{domain}");
    deliver(&latchkey, &event("bounced", ACCOUNT, &contact)).await;
    latchkey.advance(DAY * 180);
    latchkey.fixtures().client_with(ACCOUNT, &json!({ "contacts": [contact] })).await;
    assert_eq!(next_reminder(&mut latchkey, 77, &domain).await, BTreeSet::from([contact.clone()]));
    assert_eq!(deliver(&latchkey, &event("bounced", ACCOUNT, &contact)).await, 1, "it bounced again");
}

#[tokio::test]
async fn the_operator_is_reminded_if_nobody_else_is_reached() {
    let mut latchkey = TestApp::with_fixtures().await;
    let domain = latchkey.mail_domain();
    let contact = format!("contact@{domain}");
    latchkey.fixtures().client_with(ACCOUNT, &json!({ "contacts": [contact] })).await;
    deliver(&latchkey, &event("bounced", ACCOUNT, &contact)).await;
    latchkey.advance(DAY * 77);
    let summary = latchkey.run_job().await;
    assert_eq!((summary.sent, summary.without_recipient), (1, 1), "{summary:?}");
    assert_eq!(emails_to(&domain).await.len(), 0);
}

#[tokio::test]
async fn an_event_that_cannot_be_recorded_is_delivered_again() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.fixtures().seed().await;
    let event = event("bounced", ACCOUNT, "ann@acme.example");
    for operation in ["GetItem", "TransactWriteItems"] {
        proxy.inject(InjectedFault::json_error(operation, "AccessDeniedException"));
        handle(&latchkey.server.job, &event, latchkey.now()).await.unwrap_err();
        proxy.clear();
    }
    assert_eq!(deliver(&latchkey, &event).await, 1);
}

#[tokio::test]
async fn e_mails_name_their_account_where_ses_reports_events() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let mut latchkey = TestApp::with_endpoint(&proxy.endpoint, |config| {
        config.mail.as_mut().unwrap().configuration_set = Some("latchkey-test".to_owned());
    })
    .await;
    latchkey.fixtures().seed().await;
    latchkey.fixtures().manager(ACCOUNT, &format!("ann@{}", latchkey.mail_domain())).await;
    latchkey.fixtures().client().await;
    latchkey.advance(DAY * 77);
    proxy.take_calls();
    latchkey.run_job().await;
    let calls = proxy.take_calls();
    let sent = calls.iter().find(|call| call.operation == "SendRawEmail").unwrap();
    let tag = format!("Tags.member.1.Name=latchkey-account&Tags.member.1.Value={}", base64_of(ACCOUNT));
    assert!(sent.input.as_str().unwrap().contains(&tag), "{}", sent.input);
}

#[tokio::test]
async fn deferred_reminders_show_at_their_clients_until_they_are_sent() {
    let mut latchkey = TestApp::with_config(|config| {
        config.account_limits.mail_recipients_per_day = 1;
    })
    .await;
    latchkey.fixtures().seed().await;
    let domain = latchkey.mail_domain();
    let contacts = json!({ "contacts": [format!("a@{domain}"), format!("b@{domain}")] });
    let client = latchkey.fixtures().client_with(ACCOUNT, &contacts).await;
    let quiet = latchkey.fixtures().client_with(ACCOUNT, &json!({ "secret": { "remind": false } })).await;
    latchkey.advance(DAY * 77);
    let summary = latchkey.run_job().await;
    let deferrals = json!([{ "account_id": ACCOUNT, "reason": "recipient_limit", "emails": 1 }]);
    assert_eq!(json!(summary)["deferrals"], deferrals);
    let attention = async |latchkey: &TestApp, path: String| {
        let client = latchkey.get(&path).await.expect(200).json();
        client["attention"].as_array().unwrap().contains(&json!("mail_deferred"))
    };
    assert!(attention(&latchkey, client.path()).await && !attention(&latchkey, quiet.path()).await);
    let filtered = format!("/v1/accounts/{ACCOUNT}/clients?attention=mail_deferred");
    assert_eq!(latchkey.list_items(&filtered).await.len(), 1);
    latchkey.advance(DAY);
    let summary = latchkey.run_job().await;
    assert_eq!((summary.sent, summary.deferrals), (1, Vec::new()));
    assert!(!attention(&latchkey, client.path()).await);
}
