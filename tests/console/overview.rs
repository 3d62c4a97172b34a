//! The first page of an account.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use jiff::SignedDuration;
use serde_json::json;

#[tokio::test]
async fn overview_counts_what_needs_attention_and_shows_what_ends_next() {
    let latchkey = TestApp::with_fixtures().await;
    let soon = latchkey.now().checked_add(SignedDuration::from_hours(24 * 3)).unwrap().to_string();
    let ending = json!({ "client_name": "Ending", "secret": { "expires_on": &soon[..10] } });
    latchkey.fixtures().client_with(ACCOUNT, &ending).await;
    latchkey.fixtures().client_with(ACCOUNT, &json!({ "client_name": "Later" })).await;
    let off = json!({ "client_name": "Former import", "status": "disabled" });
    latchkey.fixtures().client_with(ACCOUNT, &off).await;
    let browser = latchkey.administrator_in_console().await;
    let visit = browser.get(&format!("/console/accounts/{ACCOUNT}")).await.expect(200);
    let visit = visit.expect_text("No permissions 2").expect_text("Secret ends soon 1");
    assert!(!visit.contains_text("Former import"), "a disabled client needs no attention");
    let text = visit.text();
    assert!(text.find("Ending").unwrap() < text.find("Later").unwrap(), "the first to end comes first");
    let list = browser.get(&format!("/console/accounts/{ACCOUNT}/clients?attention=secret_expiring")).await;
    assert!(list.contains_text("Ending") && !list.contains_text("Later"));
}
