//! Templates in the operator's console.

use crate::support::app::TestApp;
use crate::support::sign_in::browser::{Form, PageVisit};
use serde_json::{Value, json};

const LIST: &str = "/console/operator/templates";
const PAGE: &str = "/console/operator/templates/checkout";

async fn stored(latchkey: &TestApp) -> Value {
    let request = latchkey.admin_request("GET", "/v1/templates/checkout").await;
    request.send().await.expect(200).json()
}

fn form(visit: &PageVisit) -> Form {
    visit.find(|form| form.action.starts_with("/console/operator/templates"))
}

/// A new template as an operator fills it in.
async fn created(latchkey: &TestApp) -> crate::support::sign_in::browser::Browser {
    let browser = latchkey.operator_in_console().await;
    let page = browser.get(&format!("{LIST}/new")).await.expect(200);
    let form = form(&page)
        .with("template_id", "checkout")
        .with("title", "Checkout client")
        .with("summary", "For a shop that takes payments.")
        .with("asked", "client_uri")
        .with("name_pattern", "Checkout client – {client_uri_host}")
        .with("access_token_lifetime", "240")
        .with("defaults", "{ \"description\": \"Takes payments\" }")
        .and("scope", "backoffice_api orders:read");
    browser.submit(&form).await.expect(200).expect_text("Created.");
    browser
}

#[tokio::test]
async fn operator_adds_a_template_and_customers_are_offered_it() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = created(&latchkey).await;
    let template = stored(&latchkey).await;
    assert_eq!(template["asked"], json!(["client_uri"]));
    assert_eq!(template["defaults"], json!({ "description": "Takes payments" }));
    assert_eq!(
        template["fixed"],
        json!({
            "access_token_lifetime": 14_400,
            "permissions": [{ "resource": "backoffice_api", "scopes": ["orders:read"] }],
        })
    );
    browser.get(LIST).await.expect(200).expect_text("For a shop that takes payments.");
    let page = browser.get(PAGE).await.expect(200);
    let shown = form(&page);
    assert_eq!(shown.get("access_token_lifetime"), Some("240"));
    browser.submit(&shown).await.expect(200).expect_text("Saved.");
    assert_eq!(stored(&latchkey).await, template, "saved as it was, it stays as it was");
    let administrator = latchkey.administrator_in_console().await;
    let choice = administrator.get("/console/accounts/T12345678/clients/new").await.expect(200);
    choice.expect_text("Checkout client");
}

#[tokio::test]
async fn what_is_wrong_stands_at_its_field_and_is_kept() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.operator_in_console().await;
    let page = browser.get(&format!("{LIST}/new")).await.expect(200);
    for (field, value, text) in [
        ("template_id", "secret", "is one of the kinds of client"),
        ("title", "", "is required"),
        ("order", "many", "must be a whole number"),
        ("name_pattern", "Shop {host}", "must hold no braces"),
        ("access_token_lifetime", "9999999", "must be from 60"),
        ("fixed", "{", "must be a JSON object"),
        ("fixed", "{ \"client_id\": \"x\" }", "differs from client to client"),
        ("defaults", "[]", "must be a JSON object"),
    ] {
        let whole = form(&page).with("template_id", "x").with("title", "X").with("name_pattern", "X");
        let visit = browser.submit(&whole.with(field, value)).await.expect(422).expect_text(text);
        assert!(visit.text().contains(&format!("id=\"error-{field}\"")), "{field}");
        assert_eq!(form(&visit).get(field).unwrap_or_default(), value);
    }
}

#[tokio::test]
async fn a_change_of_another_operator_is_not_overwritten() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = created(&latchkey).await;
    let page = browser.get(PAGE).await.expect(200);
    let patch = json!({ "summary": "Other" });
    latchkey.admin_request("PATCH", "/v1/templates/checkout").await.json(&patch).send().await.expect(200);
    let visit = browser.submit(&form(&page).with("title", "Mine")).await.expect(412);
    assert_eq!(form(&visit).get("title"), Some("Mine"), "what was typed is kept");
    assert_eq!(stored(&latchkey).await["summary"], "Other");
    browser.submit(&form(&visit)).await.expect(200).expect_text("Saved.");
    assert_eq!(stored(&latchkey).await["title"], "Mine");
}

#[tokio::test]
async fn a_deleted_template_is_offered_no_more() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = created(&latchkey).await;
    let page = browser.get(&format!("{PAGE}/delete")).await.expect(200);
    page.expect_text("Clients that were created with it stay as they are.");
    let page = browser.get(&format!("{PAGE}/delete")).await.expect(200);
    browser.submit(&form(&page)).await.expect(200).expect_text("There are no templates yet");
    browser.get(PAGE).await.expect(404);
}
