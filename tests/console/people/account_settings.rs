//! The settings of an account.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use serde_json::Value;

const SETTINGS: &str = "/console/accounts/T12345678/settings";

async fn account(latchkey: &TestApp) -> Value {
    let path = format!("/v1/accounts/{ACCOUNT}");
    latchkey.admin_request("GET", &path).await.send().await.expect(200).json()
}

#[tokio::test]
async fn administrator_changes_name_and_language_and_sees_the_limits() {
    let latchkey = TestApp::with_fixtures().await;
    let ann = latchkey.administrator_in_console().await;
    let visit = ann.get(SETTINGS).await.expect(200).expect_text("1 of 200");
    let form = visit.form("/settings").with("account_name", "Acme Europe").with("locale", "de");
    ann.submit(&form).await.expect(200).expect_text("Acme Europe");
    let stored = account(&latchkey).await;
    assert_eq!(
        (stored["account_name"].as_str(), stored["locale"].as_str()),
        (Some("Acme Europe"), Some("de"))
    );
}

#[tokio::test]
async fn second_tab_with_old_settings_is_told_and_a_bad_name_is_complained_about() {
    let latchkey = TestApp::with_fixtures().await;
    let ann = latchkey.administrator_in_console().await;
    let (one, two) = (ann.get(SETTINGS).await.expect(200), ann.get(SETTINGS).await.expect(200));
    ann.submit(&one.form("/settings").with("account_name", "First")).await.expect(200);
    let visit = ann.submit(&two.form("/settings").with("account_name", "Second")).await.expect(412);
    assert_eq!(account(&latchkey).await["account_name"], "First");
    let visit = ann.submit(&visit.form("/settings").with("account_name", "")).await.expect(422);
    assert!(visit.text().contains("id=\"error-account_name\""), "{}", visit.text());
    ann.submit(&visit.form("/settings").with("account_name", "Second")).await.expect(200);
    assert_eq!(account(&latchkey).await["account_name"], "Second");
}
