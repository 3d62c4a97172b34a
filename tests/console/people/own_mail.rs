//! What people decide of their own e-mails.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::browser::Browser;
use serde_json::Value;

async fn member(latchkey: &TestApp, email: &str) -> Value {
    let path = format!("/v1/accounts/{ACCOUNT}/members/{email}");
    latchkey.admin_request("GET", &path).await.send().await.expect(200).json()
}

#[tokio::test]
async fn member_without_rights_decides_of_their_own_mails_and_language() {
    let latchkey = TestApp::with_fixtures().await;
    let email = latchkey.fixtures().member_with(ACCOUNT, "ben", &["clients:read"]).await;
    let other = latchkey.fixtures().member_with(ACCOUNT, "eve", &["clients:read"]).await;
    let browser = Browser::new(&latchkey);
    browser.sign_in_to_console(&latchkey, &email, "/console").await.expect(200);
    let visit = browser.get("/console/me").await.expect(200);
    let form = visit.form("/me/mail").without("mail").with("locale", "de");
    browser.submit(&form).await.expect(200);
    let own = member(&latchkey, &email).await;
    assert_eq!((&own["mail"], own["locale"].as_str()), (&Value::Bool(false), Some("de")));
    assert_eq!(member(&latchkey, &other).await["mail"], true);
    let visit = browser.get("/console/me").await.expect(200);
    browser.submit(&visit.form("/me/mail").and("mail", "yes").with("locale", "")).await.expect(200);
    let own = member(&latchkey, &email).await;
    assert_eq!((&own["mail"], &own["locale"]), (&Value::Bool(true), &Value::Null));
}
