//! Creating a client with a template of the operator: it asks for what it must know, and says what it fixes.

use crate::support::app::TestApp;
use crate::support::fixtures::{ACCOUNT, AUDIENCE};
use crate::support::sign_in::browser::Browser;
use crate::support::sign_in::console::{shown_id, shown_secret};
use serde_json::{Value, json};

const NEW: &str = "/console/accounts/T12345678/clients/new";

async fn app() -> (TestApp, Browser) {
    let latchkey = TestApp::with_fixtures().await;
    let template = json!({
        "template_id": "checkout", "title": "Checkout client", "summary": "For a shop that takes payments.",
        "documentation_url": "https://docs.example.com/checkout",
        "fixed": {
            "access_token_lifetime": 14_400,
            "permissions": [{ "resource": "backoffice_api", "scopes": ["orders:read"] }],
        },
        "defaults": { "description": "Takes payments", "contacts": ["shop@example.com"] },
        "asked": ["client_uri"], "name_pattern": "Checkout client – {client_uri_host}",
    });
    latchkey.admin_request("POST", "/v1/templates").await.json(&template).send().await.expect(201);
    let browser = latchkey.administrator_in_console().await;
    (latchkey, browser)
}

async fn client(latchkey: &TestApp, id: &str) -> Value {
    let path = format!("/v1/accounts/{ACCOUNT}/clients/{id}");
    latchkey.admin_request("GET", &path).await.send().await.expect(200).json()
}

#[tokio::test]
async fn templates_stand_before_the_built_in_kinds() {
    let (_latchkey, browser) = app().await;
    let page = browser.get(NEW).await.expect(200).expect_text("For a shop that takes payments.");
    let text = page.text();
    let at = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part} is on the page"));
    assert!(at("?template=checkout") < at("?template=secret"));
}

#[tokio::test]
async fn a_website_is_all_that_is_typed() {
    let (latchkey, browser) = app().await;
    let page = browser.get(&format!("{NEW}?template=checkout")).await.expect(200);
    let page = page.expect_text("240 minutes").expect_text("Read orders");
    assert!(page.text().contains("href=\"https://docs.example.com/checkout\""));
    let form = page.form("/clients/new").with("client_uri", "https://shop.example/cart");
    let visit = browser.submit(&form).await.expect(200).expect_text("Save these credentials now");
    let (id, secret) = (shown_id(&visit), shown_secret(&visit));
    let created = client(&latchkey, &id).await;
    assert_eq!(created["client_name"], "Checkout client – shop.example");
    assert_eq!(
        (&created["template"], &created["description"], &created["contacts"]),
        (&json!("checkout"), &json!("Takes payments"), &json!(["shop@example.com"]))
    );
    let token = latchkey.token(&id, &secret, &format!("&resource={AUDIENCE}")).await.expect(200).json();
    assert_eq!((&token["expires_in"], &token["scope"]), (&json!(14_400), &json!("orders:read")));
    let again = browser.submit(&form).await.expect(200).expect_text("The secret was shown already");
    assert_eq!(shown_id(&again), id, "the form sent twice makes one client");
}

#[tokio::test]
async fn what_a_template_presets_can_be_changed_or_taken_away() {
    let (latchkey, browser) = app().await;
    let page = browser.get(&format!("{NEW}?template=checkout")).await.expect(200);
    let form = page.form("/clients/new").with("client_uri", "https://shop.example");
    let form = form.with("description", "").with("contacts", "a@example.com\r\nb@example.com");
    let visit = browser.submit(&form).await.expect(200);
    let created = client(&latchkey, &shown_id(&visit)).await;
    assert_eq!(created["description"], "");
    assert_eq!(created["contacts"], json!(["a@example.com", "b@example.com"]));
}

#[tokio::test]
async fn what_is_wrong_is_said_at_its_field_and_kept() {
    let (_latchkey, browser) = app().await;
    let page = browser.get(&format!("{NEW}?template=checkout")).await.expect(200);
    let form = page.form("/clients/new").with("client_uri", "http://shop.example").with("contacts", "me");
    let visit = browser.submit(&form).await.expect(422);
    for part in ["id=\"error-client_uri\"", "id=\"error-contacts\"", "value=\"http://shop.example\""] {
        assert!(visit.text().contains(part), "{part}");
    }
    let form = page.form("/clients/new").with("client_uri", "");
    let visit = browser.submit(&form).await.expect(422);
    assert!(visit.text().contains("id=\"error-client_uri\""));
}

#[tokio::test]
async fn what_is_fixed_cannot_be_sent() {
    let (latchkey, browser) = app().await;
    let page = browser.get(&format!("{NEW}?template=checkout")).await.expect(200);
    let form = page.form("/clients/new").with("client_uri", "https://shop.example");
    let visit =
        browser.submit(&form.and("access_token_lifetime", "1").and("scope", "latchkey clients:manage")).await;
    let created = client(&latchkey, &shown_id(&visit.expect(200))).await;
    assert_eq!(created["access_token_lifetime"], 14_400);
    assert_eq!(created["permissions"][0]["resource"], "backoffice_api");
    assert_eq!(created["permissions"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_link_chooses_the_template_and_fills_in_the_website_only() {
    let (_latchkey, browser) = app().await;
    let link = "template=checkout&client_uri=https://shop.example&contacts=other@example.com";
    let page = browser.get(&format!("{NEW}?{link}")).await.expect(200);
    let page = page.expect_text("Some fields were filled in by the link").expect_text("https://shop.example");
    assert!(!page.text().contains("other@example.com"));
    let gone = browser.get(&format!("{NEW}?template=gone")).await.expect(200);
    gone.expect_text("A program with a secret");
}
