//! What an account may use, as its members see it.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::browser::Browser;
use serde_json::{Value, json};

const PAGE: &str = "/console/accounts/T12345678/apis";

#[tokio::test]
async fn apis_of_the_account_are_shown_with_its_audience_and_who_holds_them() {
    let latchkey = TestApp::with_fixtures().await;
    let more = json!({
        "resource_id": "orders_api", "resource_name": "Orders", "service": "orders", "stage": "test",
        "audience": "https://{account_id}.example.com/v2", "documentation_url": "https://docs.example.com/",
        "scopes": [{ "name": "a", "description": "Do a" }, { "name": "b", "restricted": true }],
    });
    latchkey.fixtures().resource(&more).await;
    let hidden = json!({ "resource_id": "hidden_api", "account_access": "entitled" });
    latchkey.fixtures().resource(&hidden).await;
    latchkey.fixtures().client().await;
    let browser = latchkey.administrator_in_console().await;
    let visit = browser.get(&format!("/console/accounts/{ACCOUNT}")).await.expect(200);
    assert!(visit.text().contains(&format!("href=\"{PAGE}\"")), "the navigation leads there");
    let visit = browser.get(PAGE).await.expect(200).expect_text("Back office").expect_text("1 client");
    assert!(!visit.contains_text("hidden_api"), "the account is not entitled to it");
    assert!(
        !visit.contains_text("Latchkey management"),
        "the management API is not for programs of customers"
    );
    let visit = browser.get(&format!("{PAGE}/orders_api")).await.expect(200);
    let visit = visit.expect_text("https://T12345678.example.com/v2").expect_text("Do a").expect_text("none");
    assert!(!visit.text().contains(">b<"), "a restricted scope is not the account's");
    let text = crate::support::sign_in::form::unescaped(&visit.text());
    let (_, rest) = text.split_once("<pre tabindex=\"0\"><code translate=\"no\">").unwrap();
    let document: Value = serde_json::from_str(rest.split_once("</code>").unwrap().0).unwrap();
    assert_eq!(
        document,
        json!({
            "resource": "https://T12345678.example.com/v2",
            "authorization_servers": [latchkey.server.management.app.config.issuer],
            "bearer_methods_supported": ["header"],
            "scopes_supported": ["a"],
            "resource_name": "Orders",
            "resource_documentation": "https://docs.example.com/",
        })
    );
    visit.expect_text("https://T12345678.example.com/.well-known/oauth-protected-resource/v2");
    for unknown in ["hidden_api", "no_api", "latchkey"] {
        browser.get(&format!("{PAGE}/{unknown}")).await.expect(404);
    }
}

#[tokio::test]
async fn member_without_rights_sees_apis_and_no_numbers_of_clients() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().client().await;
    let email = latchkey.fixtures().member_with(ACCOUNT, "ben", &["audit:read"]).await;
    let browser = Browser::new(&latchkey);
    let visit = browser.sign_in_to_console(&latchkey, &email, PAGE).await.expect(200);
    assert!(!visit.expect_text("Back office").contains_text("1 client"));
}
