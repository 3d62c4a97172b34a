//! The operator's brand and language on the pages of the console.

use crate::support::app::TestApp;
use crate::support::emails::emails_to;
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::browser::{Browser, PageVisit};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use shared::adapters::crypto::digest::sha256;
use shared::domain::brand::Brand;
use shared::domain::brand::colour::BrandColour;
use shared::domain::primitives::display_text::Name;
use shared::domain::primitives::language::Language;
use shared::domain::primitives::link_url::LinkUrl;

/// An operator from Germany.
async fn branded() -> TestApp {
    let latchkey = TestApp::with_config(|config| {
        config.locale = Language::German;
        config.brand = Brand {
            name: Some(Name::parse("Acme & Söhne").unwrap()),
            colour: BrandColour::parse("#ffcc00"),
            support_url: LinkUrl::parse("https://help.example.com/?a&b").ok(),
            docs_url: None,
            legal_url: LinkUrl::parse("https://legal.example.com").ok(),
        };
    })
    .await;
    latchkey.fixtures().seed().await;
    latchkey
}

/// The style sheets of a page are those that its policy permits.
#[track_caller]
fn expect_permitted_style(page: &PageVisit) {
    let (html, policy) = (page.text(), page.response.header("content-security-policy"));
    for style in html.split("<style>").skip(1) {
        let hash = STANDARD.encode(sha256(style.split("</style>").next().unwrap().as_bytes()));
        assert!(policy.contains(&format!("'sha256-{hash}'")), "{policy}");
    }
}

#[tokio::test]
async fn pages_have_the_operators_name_colour_links_and_language() {
    let latchkey = branded().await;
    let browser = latchkey.administrator_in_console().await;
    let page = browser.get(&format!("/console/accounts/{ACCOUNT}")).await.expect(200);
    let missing = browser.get("/console/nothing").await.expect(404);
    for page in [page.expect_text("Abmelden"), missing.expect_text("Hier ist nichts")] {
        expect_permitted_style(&page);
        let page = page.expect_text("Acme & Söhne").expect_text("Hilfe Rechtliches");
        let html = page.text();
        assert!(html.contains("· Acme &#38; Söhne</title>"), "{html}");
        assert!(html.contains("--fill:#ffcc00;") && html.contains("--on-fill:#17212b"), "{html}");
        assert!(html.contains("href=\"https://help.example.com/?a&#38;b\""), "{html}");
        assert_eq!(page.response.header("content-language"), "de");
    }
}

#[tokio::test]
async fn the_language_is_that_of_the_url_then_of_the_browser() {
    let latchkey = branded().await;
    for (path, accepted, language) in [
        ("/console/nothing", "fr, en;q=0.5", "en"),
        ("/console/nothing?ui_locales=de", "en", "de"),
        ("/console/nothing?ui_locales=fr", "en", "en"),
        ("/console/nothing", "fr", "de"),
    ] {
        let response = latchkey.request("GET", path).header("accept-language", accepted).send().await;
        assert_eq!(response.expect(404).header("content-language"), language, "{path} {accepted}");
    }
}

#[tokio::test]
async fn mail_about_a_sign_in_is_in_the_language_of_the_member_then_the_account_then_the_deployment() {
    let latchkey = branded().await;
    let english = "New sign-in to the console";
    let german = "Neue Anmeldung an der Konsole";
    let account = format!("/v1/accounts/{ACCOUNT}");
    for (name, own, of_account, subject) in [
        ("ann", json!(null), json!(null), german),
        ("ben", json!(null), json!("en"), english),
        ("cleo", json!("de"), json!("en"), german),
    ] {
        let locale = json!({ "locale": of_account });
        latchkey.admin_request("PATCH", &account).await.json(&locale).send().await.expect(200);
        let email = latchkey.fixtures().member_with(ACCOUNT, name, &["clients:read"]).await;
        let member = format!("{account}/members/{email}");
        latchkey
            .admin_request("PATCH", &member)
            .await
            .json(&json!({ "locale": own }))
            .send()
            .await
            .expect(200);
        Browser::new(&latchkey).sign_in_to_console(&latchkey, &email, "/console").await.expect(200);
        let mails = emails_to(&latchkey.mail_domain()).await;
        let found: Vec<_> = mails.iter().filter(|mail| mail.to.contains(&email)).collect();
        assert_eq!(found.iter().filter(|mail| mail.subject == subject).count(), 1, "{name}: {found:?}");
    }
}
