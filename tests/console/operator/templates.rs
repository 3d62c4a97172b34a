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
        .and("grant_types", "client_credentials")
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
            "grant_types": ["client_credentials"],
            "permissions": [{ "resource": "backoffice_api", "scopes": ["orders:read"] }],
        })
    );
    let list = browser.get(LIST).await.expect(200).expect_text("For a shop that takes payments.");
    assert!(list.text().contains("aria-hidden=\"true\">C</span>"), "it has a letter");
    let list = list.expect_text("Website client_uri");
    list.expect_text("C Checkout client");
    let page = browser.get(PAGE).await.expect(200);
    let shown = form(&page);
    assert_eq!(shown.get("access_token_lifetime"), Some("240"));
    browser.submit(&shown).await.expect(200).expect_text("Saved.");
    assert_eq!(stored(&latchkey).await, template, "saved as it was, it stays as it was");
    let administrator = latchkey.administrator_in_console().await;
    let choice = administrator.get("/console/accounts/T12345678/clients/new").await.expect(200);
    choice.expect_text("C Checkout client");
    let form =
        administrator.get("/console/accounts/T12345678/clients/new?template=checkout").await.expect(200);
    form.expect_text("Tokens for itself").expect_text("240 minutes");
}

/// What a form does not change stays, whatever the members of the template are.
#[tokio::test]
async fn template_saved_as_it_is_shown_stays_as_it_is() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.operator_in_console().await;
    let gives = |scopes: Value| json!([{ "resource": "backoffice_api", "scopes": scopes }]);
    for (number, members) in [
        json!({ "fixed": { "access_token_lifetime": 90, "permissions": [{ "resource": "backoffice_api" }] } }),
        json!({ "defaults": { "access_token_lifetime": 3_600, "grant_types": ["client_credentials"] } }),
        json!({ "defaults": { "permissions": gives(json!(["orders:read"])), "access_token_lifetime": 61 } }),
        json!({ "fixed": { "permissions": gives(json!([])), "contacts": ["a@example.com"] } }),
        json!({ "fixed": { "permissions": [] }, "defaults": { "client_name": "A" } }),
        json!({ "fixed": { "grant_types": ["authorization_code", "refresh_token"] }, "asked": ["client_name", "redirect_uris"] }),
        json!({ "fixed": { "permissions": gives(json!(["orders:read", "orders:write"])) } }),
    ]
    .into_iter()
    .enumerate()
    {
        let id = format!("t{number}");
        let mut template = json!({ "template_id": id, "title": "T", "asked": ["client_name"], "name_pattern": "N" });
        template.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        latchkey.admin_request("POST", "/v1/templates").await.json(&template).send().await.expect(201);
        let path = format!("/v1/templates/{id}");
        let stored = async || latchkey.admin_request("GET", &path).await.send().await.expect(200).json();
        let before: Value = stored().await;
        let page = browser.get(&format!("{LIST}/{id}")).await.expect(200);
        browser.submit(&form(&page)).await.expect(200).expect_text("Saved.");
        let after: Value = stored().await;
        assert_eq!(after["version"], before["version"], "{members}: {after}");
        for kind in ["fixed", "defaults"] {
            assert_eq!(after[kind], before[kind], "{members}");
        }
    }
}

#[tokio::test]
async fn lifetime_and_grants_are_fixed_or_can_be_changed() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = created(&latchkey).await;
    let page = browser.get(PAGE).await.expect(200);
    let sent = form(&page).with("access_token_lifetime_as", "defaults").with("grant_types_as", "defaults");
    browser.submit(&sent).await.expect(200).expect_text("Saved.");
    let template = stored(&latchkey).await;
    let defaults = json!({
        "access_token_lifetime": 14_400, "grant_types": ["client_credentials"], "description": "Takes payments",
    });
    assert_eq!(template["defaults"], defaults);
    let too_long = form(&browser.get(PAGE).await.expect(200)).with("access_token_lifetime", "9999999");
    let visit = browser.submit(&too_long).await.expect(422);
    assert!(visit.text().contains("id=\"error-access_token_lifetime\""), "also of a default");
}

#[tokio::test]
async fn form_sent_again_with_other_content_is_kept() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.operator_in_console().await;
    let page = browser.get(&format!("{LIST}/new")).await.expect(200);
    let first = form(&page).with("template_id", "one").with("title", "One");
    browser.submit(&first).await.expect(200).expect_text("Created.");
    browser.submit(&first).await.expect(200).expect_text("Created.");
    let other = first.with("template_id", "two").with("title", "Two").with("summary", "Typed at length");
    let visit = browser.submit(&other).await.expect(409).expect_text("This form was sent before");
    let kept = form(&visit);
    assert_eq!((kept.get("title"), kept.get("summary")), (Some("Two"), Some("Typed at length")));
    browser.submit(&kept).await.expect(200).expect_text("Created.");
}

#[tokio::test]
async fn restricted_scopes_are_marked_and_boxes_are_ticked_together() {
    let latchkey = TestApp::with_fixtures().await;
    let restricted = json!({ "scopes": [
        { "name": "orders:read", "description": "Read orders" },
        { "name": "orders:refund", "description": "Refund orders", "restricted": true },
    ], "default_scopes": [] });
    let patch = latchkey.admin_request("PATCH", "/v1/resources/backoffice_api").await;
    patch.json(&restricted).send().await.expect(200);
    let browser = latchkey.operator_in_console().await;
    let page = browser.get(&format!("{LIST}/new")).await.expect(200);
    let page = page.expect_text("Refund orders orders:refund Restricted");
    let all = form(&page).with("title", "Kept").with("tick_all", "backoffice_api");
    let visit = browser.submit(&all).await.expect(200);
    let shown = form(&visit);
    assert_eq!(shown.fields.iter().filter(|(name, _)| name == "scope").count(), 2);
    assert_eq!(shown.get("title"), Some("Kept"));
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
