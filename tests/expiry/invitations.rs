//! Members who were invited and never signed in.

use crate::support::app::TestApp;
use crate::support::emails::emails_to;
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::browser::Browser;
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::SignedDuration;
use serde_json::json;

const DAY: SignedDuration = SignedDuration::from_hours(24);
const MEMBERS: &str = "/v1/accounts/T12345678/members";

async fn invite(latchkey: &TestApp, name: &str) -> String {
    let email = format!("{name}@{}", latchkey.mail_domain());
    let permissions = ["clients:read", "clients:manage"];
    let body = json!({ "email": email, "name": name, "permissions": permissions, "invite": true });
    latchkey.admin_request("POST", MEMBERS).await.json(&body).send().await.expect(201);
    email
}

async fn is_member(latchkey: &TestApp, email: &str) -> bool {
    latchkey.admin_request("GET", &format!("{MEMBERS}/{email}")).await.send().await.status == 200
}

#[tokio::test]
async fn who_never_signs_in_is_removed_after_seven_days() {
    let mut latchkey = TestApp::with_fixtures().await;
    let (silent, late) = (invite(&latchkey, "silent").await, invite(&latchkey, "late").await);
    let signed_in = invite(&latchkey, "present").await;
    let path = format!("/console/accounts/{ACCOUNT}");
    Browser::new(&latchkey).sign_in_to_console(&latchkey, &signed_in, &path).await.expect(200);
    latchkey.advance(DAY * 6);
    let again = format!("{MEMBERS}/{late}/invitation");
    latchkey.admin_request("POST", &again).await.send().await.expect(200);
    latchkey.run_job().await;
    assert!(is_member(&latchkey, &silent).await, "six days");
    latchkey.advance(DAY);
    let summary = latchkey.run_job().await;
    assert_eq!(summary.cleanup_failed, 0, "{summary:?}");
    assert!(!is_member(&latchkey, &silent).await);
    assert!(is_member(&latchkey, &late).await, "invited again");
    assert!(is_member(&latchkey, &signed_in).await);
    let account = format!("/v1/accounts/{ACCOUNT}");
    let usage = latchkey.admin_request("GET", &account).await.send().await.expect(200).json();
    assert_eq!(usage["usage"]["members"], 2);
    let trail = format!("{account}/audit");
    let entries = latchkey.admin_request("GET", &trail).await.send().await.expect(200).json();
    let removed = entries["items"].as_array().unwrap().iter();
    let removed: Vec<_> = removed.filter(|entry| entry["action"] == "member.removed").collect();
    assert_eq!((removed.len(), &removed[0]["actor"]["system"]), (1, &json!("expiry")));
    latchkey.advance(DAY * 6);
    latchkey.run_job().await;
    assert!(!is_member(&latchkey, &late).await);
    assert!(latchkey.inspect().partition("INVITATIONS").await.is_empty(), "nothing is left of them");
}

#[tokio::test]
async fn sign_in_after_seven_days_counts_until_the_job_has_run() {
    let mut latchkey = TestApp::with_fixtures().await;
    let email = invite(&latchkey, "ben").await;
    latchkey.advance(DAY * 7 + SignedDuration::from_mins(10));
    let path = format!("/console/accounts/{ACCOUNT}");
    Browser::new(&latchkey).sign_in_to_console(&latchkey, &email, &path).await.expect(200);
    latchkey.run_job().await;
    assert!(is_member(&latchkey, &email).await);
    assert!(latchkey.inspect().partition("INVITATIONS").await.is_empty());
}

#[tokio::test]
async fn invited_member_of_a_disabled_account_is_removed_too() {
    let mut latchkey = TestApp::with_fixtures().await;
    let email = invite(&latchkey, "ben").await;
    let account = format!("/v1/accounts/{ACCOUNT}");
    let disabled = json!({ "status": "disabled" });
    latchkey.admin_request("PATCH", &account).await.json(&disabled).send().await.expect(200);
    latchkey.advance(DAY * 7);
    latchkey.run_job().await;
    assert!(!is_member(&latchkey, &email).await);
}

#[tokio::test]
async fn invited_members_are_reminded_from_the_first_day() {
    let mut latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().client().await;
    latchkey.advance(DAY * 77);
    let email = invite(&latchkey, "ben").await;
    latchkey.run_job().await;
    let mails = emails_to(email.split_once('@').unwrap().1).await;
    let subjects: Vec<&str> = mails.iter().map(|mail| mail.subject.as_str()).collect();
    assert_eq!(subjects.len(), 2, "the invitation and a reminder: {subjects:?}");
}

/// Signs in while a version runs that knows no invitations: it keeps that of the member, and its audit trail has the sign-in.
pub async fn sign_in_at_an_earlier_version(latchkey: &TestApp, email: &str, sign_in: impl AsyncFnOnce()) {
    let until = latchkey.admin_request("GET", &format!("{MEMBERS}/{email}")).await.send().await.expect(200);
    let until = until.string("invited_until");
    sign_in().await;
    let table = &latchkey.server.management.app.config.tables.directory;
    let update = latchkey.server.aws.dynamodb().update_item().table_name(table);
    update
        .key("pk", AttributeValue::S(format!("ACCOUNT#{ACCOUNT}")))
        .key("sk", AttributeValue::S(format!("MEMBER#{email}")))
        .update_expression("SET #until = :until REMOVE #at")
        .expression_attribute_names("#until", "invited_until")
        .expression_attribute_names("#at", "last_signed_in_at")
        .expression_attribute_values(":until", AttributeValue::S(until))
        .send()
        .await
        .unwrap();
}

#[tokio::test]
async fn who_signed_in_while_an_earlier_version_ran_stays() {
    let mut latchkey = TestApp::with_fixtures().await;
    let (console, client) = (invite(&latchkey, "console").await, invite(&latchkey, "client").await);
    let silent = invite(&latchkey, "silent").await;
    let path = format!("/console/accounts/{ACCOUNT}");
    sign_in_at_an_earlier_version(&latchkey, &console, async || {
        Browser::new(&latchkey).sign_in_to_console(&latchkey, &console, &path).await.expect(200);
    })
    .await;
    let portal = latchkey.fixtures().sign_in_client().await;
    sign_in_at_an_earlier_version(&latchkey, &client, async || {
        latchkey.sign_in(&portal, &client).await;
    })
    .await;
    latchkey.advance(DAY * 7);
    let summary = latchkey.run_job().await;
    assert_eq!(summary.cleanup_failed, 0, "{summary:?}");
    for email in [&console, &client] {
        let path = format!("{MEMBERS}/{email}");
        let member = latchkey.admin_request("GET", &path).await.send().await.expect(200).json();
        assert!(member["invited_until"].is_null(), "the invitation has ended: {member}");
        assert!(member["last_signed_in_at"].is_string(), "{member}");
    }
    assert!(!is_member(&latchkey, &silent).await);
    assert!(latchkey.inspect().partition("INVITATIONS").await.is_empty());
}
