//! Disabling, enabling, revoking tokens and deleting, each by its own page.

use crate::support::app::TestApp;
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::support::sign_in::browser::Browser;
use jiff::SignedDuration;

fn page(client: &TestClient, action: &str) -> String {
    format!("/console/accounts/{ACCOUNT}/clients/{}{action}", client.client_id)
}

async fn gets_token(latchkey: &TestApp, client: &TestClient) -> bool {
    latchkey.token(&client.client_id, &client.client_secret, "").await.status == 200
}

#[tokio::test]
async fn administrator_disables_and_enables_a_client() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let browser = latchkey.administrator_in_console().await;
    let visit = browser.get(&page(&client, "/disable")).await.expect(200).expect_text("Disable Order sync?");
    let visit = browser.submit(&visit.form("/disable")).await.expect(200);
    assert!(!gets_token(&latchkey, &client).await);
    visit.expect_text("Disabled. It gets no more tokens.");
    let visit = browser.get(&page(&client, "/enable")).await.expect(200);
    browser.submit(&visit.form("/enable")).await.expect(200).expect_text("Enabled.");
    assert!(gets_token(&latchkey, &client).await);
}

#[tokio::test]
async fn client_is_deleted_only_by_its_name() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let browser = latchkey.administrator_in_console().await;
    let visit = browser.get(&page(&client, "/delete")).await.expect(200);
    let form = visit.form("/delete");
    let wrong = browser.submit(&form.clone().with("name", "Order")).await.expect(422);
    wrong.expect_text("That is not its name. Nothing was deleted.");
    assert!(gets_token(&latchkey, &client).await);
    browser.submit(&form.with("name", "Order sync")).await.expect(200).expect_text("Deleted.");
    assert!(!gets_token(&latchkey, &client).await);
    browser.get(&page(&client, "")).await.expect(404);
}

#[tokio::test]
async fn what_cannot_be_undone_needs_a_recent_sign_in_and_a_reversible_action_does_not() {
    let mut latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let browser = latchkey.administrator_in_console().await;
    let deletion = browser.get(&page(&client, "/delete")).await.expect(200).form("/delete");
    latchkey.advance(SignedDuration::from_mins(11));
    for action in ["/delete", "/revoke-tokens"] {
        browser.get(&page(&client, action)).await.expect(200).expect_text("to manage API clients");
    }
    let response = browser.post(&deletion.with("name", "Order sync")).await.expect(303);
    assert!(response.header("location").starts_with("/console/confirm?to="), "{response:?}");
    assert!(gets_token(&latchkey, &client).await);
    browser.get(&page(&client, "/disable")).await.expect(200).expect_text("Disable Order sync?");
}

#[tokio::test]
async fn reader_sees_no_actions_and_cannot_take_them() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let administrator = latchkey.administrator_in_console().await;
    administrator.get(&page(&client, "")).await.expect(200).expect_text("Revoke all tokens");
    let email = latchkey.fixtures().member_with(ACCOUNT, "ben", &["clients:read"]).await;
    let reader = Browser::new(&latchkey);
    let visit = reader.sign_in_to_console(&latchkey, &email, &page(&client, "")).await.expect(200);
    assert!(!visit.contains_text("Revoke all tokens"));
    for action in ["/disable", "/enable", "/revoke-tokens", "/delete"] {
        reader.get(&page(&client, action)).await.expect(403).expect_text("It needs the right clients:manage");
    }
}

#[tokio::test]
async fn pages_that_end_tokens_say_until_when_offline_verifiers_accept_them() {
    let latchkey = TestApp::with_fixtures().await;
    let members = serde_json::json!({ "access_token_lifetime": 3_601 });
    let client = latchkey.fixtures().client_with(ACCOUNT, &members).await;
    let browser = latchkey.administrator_in_console().await;
    // The last token ends within a minute: the page names its end, not its beginning.
    let end = latchkey.now() + SignedDuration::from_secs(3_601 + 59);
    let expected = format!("until {} UTC at the latest", end.strftime("%Y-%m-%d %H:%M"));
    for action in ["/disable", "/revoke-tokens", "/delete", "/credentials/leaked"] {
        browser.get(&page(&client, action)).await.expect(200).expect_text(&expected);
    }
}
