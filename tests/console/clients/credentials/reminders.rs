//! What the page of credentials says of reminders, and of the move to keys.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use serde_json::json;

fn page(client_id: &str, below: &str) -> String {
    format!("/console/accounts/{ACCOUNT}/clients/{client_id}/credentials{below}")
}

#[tokio::test]
async fn only_reminders_that_will_be_sent_are_announced() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let api = format!("/v1/accounts/{ACCOUNT}/clients/{}", client.client_id);
    let browser = latchkey.administrator_in_console().await;
    let visit = browser.get(&page(&client.client_id, "")).await.expect(200).expect_text("Reminders go to");
    assert!(!visit.contains_text("Next reminder: No more"));
    // The older one was never used, so that no reminder is sent about it any more.
    latchkey.admin_request("POST", &format!("{api}/secrets")).await.json(&json!({})).send().await.expect(201);
    let visit = browser.get(&page(&client.client_id, "")).await.expect(200);
    assert_eq!(visit.text().matches("Next reminder: <time").count(), 1);
    visit.expect_text("Next reminder: No more");
    latchkey.admin_request("POST", &format!("{api}/disable")).await.send().await.expect(200);
    let visit = browser.get(&page(&client.client_id, "")).await.expect(200);
    assert!(!visit.contains_text("Reminders go to") && !visit.text().contains("Next reminder: <time"));
}

#[tokio::test]
async fn client_with_a_secret_beside_its_keys_is_led_to_the_steps_from_one_to_the_other() {
    let latchkey = TestApp::with_fixtures().await;
    let identity = json!({
        "issuer": "https://token.actions.githubusercontent.com",
        "subject": "repo:acme/orders:ref:refs/heads/main",
        "audience": "https://auth.example.com",
    });
    let both = latchkey.fixtures().client_with(ACCOUNT, &json!({ "federated_identities": [identity] })).await;
    let public =
        latchkey.fixtures().sign_in_client_with(&json!({ "token_endpoint_auth_method": "none" })).await;
    let browser = latchkey.administrator_in_console().await;
    let visit = browser.get(&page(&both.client_id, "")).await.expect(200);
    let visit = visit.expect_text("A secret still counts");
    assert!(visit.text().contains(&page(&both.client_id, "/method#move")));
    browser.get(&page(&both.client_id, "/method")).await.expect(200).expect_text("without an outage");
    let visit = browser.get(&page(&public.client_id, "/method")).await.expect(200);
    assert!(!visit.contains_text("without an outage"), "it has no secrets to move from");
}
