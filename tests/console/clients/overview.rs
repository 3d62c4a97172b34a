//! The page of one client.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::browser::Browser;
use jiff::SignedDuration;
use serde_json::json;

#[tokio::test]
async fn client_page_says_when_the_next_reminder_is_due_and_to_which_people() {
    let latchkey = TestApp::with_fixtures().await;
    let date =
        |days: i64| latchkey.now().checked_add(SignedDuration::from_hours(24 * days)).unwrap().to_string();
    let members = json!({ "contacts": ["ops@acme.example"], "secret": { "expires_on": &date(60)[..10] } });
    let client = latchkey.fixtures().client_with(ACCOUNT, &members).await;
    let path = format!("/console/accounts/{ACCOUNT}/clients/{}", client.client_id);
    let browser = latchkey.administrator_in_console().await;
    let visit = browser.get(&path).await.expect(200);
    let visit = visit.expect_text(&format!("Next reminder{}", &date(46)[..10]));
    visit.expect_text("To the members who manage API clients, and to ops@acme.example.");
    let standing = json!({ "contacts": ["duty@acme.example", "ops@acme.example"] });
    let account = format!("/v1/accounts/{ACCOUNT}");
    latchkey.admin_request("PATCH", &account).await.json(&standing).send().await.expect(200);
    let visit = browser.get(&path).await.expect(200);
    visit.expect_text("manage API clients, and to duty@acme.example, ops@acme.example.");
    let without = json!({ "secret": { "expires_on": &date(60)[..10], "remind": false } });
    let silent = latchkey.fixtures().client_with(ACCOUNT, &without).await;
    let path = format!("/console/accounts/{ACCOUNT}/clients/{}", silent.client_id);
    let visit = browser.get(&path).await.expect(200);
    assert!(!visit.contains_text("Next reminder"));
}

#[tokio::test]
async fn client_page_leads_those_who_may_read_the_audit_trail_to_who_created_the_client() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let path = format!("/console/accounts/{ACCOUNT}/clients/{}", client.client_id);
    let link = format!("/console/accounts/{ACCOUNT}/audit?client={}", client.client_id);
    let browser = latchkey.administrator_in_console().await;
    let visit = browser.get(&path).await.expect(200);
    assert!(visit.text().contains(&link), "{}", visit.text());
    browser.get(&link).await.expect(200).expect_text("created Order sync");
    let viewer = latchkey.fixtures().member_with(ACCOUNT, "ben", &["clients:read"]).await;
    let visit = Browser::new(&latchkey).sign_in_to_console(&latchkey, &viewer, &path).await.expect(200);
    assert!(!visit.text().contains(&link));
}
