//! Members who were invited and never signed in.

use crate::support::app::TestApp;
use crate::support::emails::emails_to;
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::browser::Browser;
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
