//! Why a client was refused, in words, and who changed it.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::browser::Browser;
use serde_json::json;

#[tokio::test]
async fn refusals_are_in_words_with_the_remedy() {
    let latchkey = TestApp::with_fixtures().await;
    let members = json!({ "allowed_ips": ["203.0.113.0/24"] });
    let client = latchkey.fixtures().client_with(ACCOUNT, &members).await;
    let request = latchkey.request("POST", "/oauth/token").basic(&client.client_id, &client.client_secret);
    request.from("198.51.100.9").form("grant_type=client_credentials").send().await.expect(401);
    let browser = latchkey.administrator_in_console().await;
    let path = format!("/console/accounts/{ACCOUNT}/clients/{}/activity", client.client_id);
    let visit = browser.get(&path).await.expect(200);
    let visit = visit
        .expect_text("An address that is not allowed")
        .expect_text("address_not_allowed")
        .expect_text("allow this address")
        .expect_text("198.51.100.9")
        .expect_text("in one hour of the last 7 days")
        .expect_text("The operator created Order sync");
    assert!(visit.text().contains(&format!("/clients/{}/settings", client.client_id)));

    let email = latchkey.fixtures().member_with(ACCOUNT, "ben", &["clients:read"]).await;
    let reader = Browser::new(&latchkey);
    let visit = reader.sign_in_to_console(&latchkey, &email, &path).await.expect(200);
    let visit = visit.expect_text("An address that is not allowed");
    assert!(!visit.contains_text("created Order sync"), "changes are for those who may read the audit trail");
    assert!(!visit.text().contains("/settings\""), "who may not change it is not led there");
}

#[tokio::test]
async fn client_that_was_not_refused_says_so() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let browser = latchkey.administrator_in_console().await;
    let path = format!("/console/accounts/{ACCOUNT}/clients/{}/activity", client.client_id);
    browser.get(&path).await.expect(200).expect_text("It was not refused in the last seven days.");
}
