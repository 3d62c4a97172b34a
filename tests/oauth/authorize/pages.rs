//! Every page: security headers, accessibility, and escaping of what customers write.

use crate::support::app::TestApp;
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::support::sign_in::browser::{Browser, PageVisit};
use crate::support::sign_in::{AuthorizeRequest, another};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use shared::adapters::crypto::digest::sha256;
use shared::domain::brand::Brand;
use shared::domain::brand::colour::BrandColour;
use shared::domain::primitives::display_text::Name;
use shared::domain::primitives::link_url::LinkUrl;

/// Every page with its name, except those of the upstream provider.
async fn all_pages(latchkey: &TestApp, name: &str) -> Vec<(&'static str, PageVisit)> {
    let client = latchkey.fixtures().sign_in_client_with(&json!({ "client_name": name })).await;
    let ann = latchkey.fixtures().member("ann").await;
    let browser = Browser::new(latchkey);
    let request = AuthorizeRequest::of(&client);
    let sign_in = browser.get(&request.path()).await.expect(200);
    let invalid_email = browser.submit(&sign_in.form("/email").with("email", "x")).await.expect(200);
    let code = browser.submit(&sign_in.form("/email").with("email", &ann)).await.expect(200);
    let right = latchkey.inspect().mailed_code(&ann).await;
    let wrong_code = browser.submit(&code.form("/code").with("code", &another(&right))).await.expect(200);
    let consent_page = browser.submit(&code.form("/code").with("code", &right)).await.expect(200);
    let wrong_csrf_token = browser.submit(&code.form("/code").with("csrf_token", "x")).await.expect(403);
    browser.submit_consent(&consent_page, "deny").await.redirect_target();
    let other_browser = Browser::new(latchkey).get(&sign_in.at).await.expect(400);
    let finished = finished(latchkey, &client, &ann).await;
    let no_client = browser.get("/oauth/authorize?client_id=unknown").await.expect(400);
    let method = browser.get(&format!("{}/code", sign_in.at)).await.expect(405);
    vec![
        ("sign-in", sign_in),
        ("invalid email", invalid_email),
        ("code", code),
        ("wrong code", wrong_code),
        ("consent", consent_page),
        ("wrong CSRF token", wrong_csrf_token),
        ("finished", finished),
        ("no client", no_client),
        ("other browser", other_browser),
        ("method", method),
    ]
}

/// The page of a sign-in whose code is redeemed.
async fn finished(latchkey: &TestApp, client: &TestClient, email: &str) -> PageVisit {
    let (browser, request) = (Browser::new(latchkey), AuthorizeRequest::of(client));
    let page = browser.enter_email_code(latchkey, &request, email).await.expect(200);
    let code = browser.submit_consent(&page, "allow").await.redirect_target().1["code"].clone();
    latchkey.redeem(client, &code).await.expect(200);
    browser.get(&page.at).await.expect(410)
}

#[tokio::test]
async fn every_page_has_security_headers() {
    let latchkey = TestApp::with_fixtures().await;
    for (name, page) in all_pages(&latchkey, "Order portal").await {
        let header = |header: &str| page.response.header(header).to_owned();
        let policy = header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{name}: {policy}");
        assert!(policy.contains("frame-ancestors 'none'; base-uri 'none'"), "{name}: {policy}");
        assert!(!policy.contains("unsafe") && !policy.contains('*'), "{name}: {policy}");
        let forms = page.forms();
        if forms.is_empty() {
            assert!(policy.contains("form-action 'none';"), "{name}: {policy}");
        } else {
            assert!(policy.contains("form-action 'self' https:;"), "{name}: {policy}");
        }
        for form in forms {
            assert_eq!(form.get("csrf_token").map(str::len), Some(64), "{name}: {form:?}");
            assert!(form.action.starts_with("/oauth/authorize/"), "{name}: {form:?}");
        }
        for (expected, value) in [
            ("x-frame-options", "DENY"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cache-control", "no-store"),
            ("content-type", "text/html; charset=utf-8"),
        ] {
            assert_eq!(header(expected), value, "{name}");
        }
        assert!(header("permissions-policy").contains("camera=()"), "{name}");
        let html = page.text();
        for forbidden in ["<script", "javascript:", " style=\"", "<img", "<link", "src=", " on"] {
            let tags: Vec<&str> = html.split('<').map(|piece| piece.split('>').next().unwrap()).collect();
            let tags = format!("<{}", tags.join("<"));
            assert!(!tags.to_lowercase().contains(forbidden), "{name} holds {forbidden}");
        }
        assert!(
            html.starts_with("<!doctype html>\n<html lang=\"en\">\n<head>\n<title>"),
            "{name}: the title first"
        );
        assert_eq!(html.matches("<h1").count(), 1, "{name}");
        let inputs = html.matches("<input id=").count();
        assert_eq!(html.matches("<label for=").count(), inputs, "{name}: each field has its label");
    }
}

#[tokio::test]
async fn customer_text_is_escaped() {
    let evil = "</title><script>alert(1)</script>\"'><b onclick=x>&amp;";
    let latchkey = TestApp::new().await;
    let account = json!({ "account_id": ACCOUNT, "account_name": evil });
    latchkey.admin_request("POST", "/v1/accounts").await.json(&account).send().await.expect(201);
    latchkey.fixtures().resource(&json!({
        "resource_id": "backoffice_api", "resource_name": evil, "audience": "https://api.example.com",
        "scopes": [{ "name": "orders:read", "description": evil }, { "name": "orders:write<'>" }, { "name": "orders:write" }],
    })).await;
    for (name, page) in all_pages(&latchkey, evil).await {
        let html = page.text();
        assert!(!html.contains("<script") && !html.contains("<b onclick"), "{name}: {html}");
        if ["sign-in", "code", "consent"].contains(&name) {
            assert!(page.contains_text(evil), "{name}: shown as written");
        }
    }
    let from_query = "/oauth/authorize?client_id=%3Cscript%3E&redirect_uri=%3Cscript%3E&state=%3Cscript%3E";
    let page = Browser::new(&latchkey).get(from_query).await.expect(400);
    assert!(!page.text().contains("<script"));
}

#[tokio::test]
async fn long_name_and_any_state_are_preserved() {
    let latchkey = TestApp::with_fixtures().await;
    let name = "W".repeat(100);
    let client = latchkey.fixtures().sign_in_client_with(&json!({ "client_name": name })).await;
    let ann = latchkey.fixtures().member("ann").await;
    let state: String = (0x20_u8..0x7f).map(char::from).chain("ü€😀".chars()).collect();
    let browser = Browser::new(&latchkey);
    let page = browser
        .enter_email_code(&latchkey, &AuthorizeRequest::of(&client).with("state", &state), &ann)
        .await
        .expect(200);
    assert_eq!(
        browser.submit_consent(&page.expect_text(&name), "allow").await.redirect_target().1["state"],
        state
    );
}

#[tokio::test]
async fn form_action_allows_the_redirect_uri() {
    let latchkey = TestApp::with_fixtures().await;
    for (registered, presented, sources) in [
        ("https://app.example.com/callback", "https://app.example.com/callback", "https:"),
        ("http://127.0.0.1/cb", "http://127.0.0.1:5000/cb", "https: http://127.0.0.1:5000"),
        ("http://[::1]/cb", "http://[::1]:5000/cb", "https: http:"),
        ("com.example.app:/cb", "com.example.app:/cb", "https: com.example.app:"),
    ] {
        let client = latchkey.fixtures().sign_in_client_with(&json!({ "redirect_uris": [registered] })).await;
        let page = Browser::new(&latchkey)
            .get(&AuthorizeRequest::of(&client).with("redirect_uri", presented).path())
            .await;
        let policy = page.expect(200).response.header("content-security-policy").to_owned();
        assert!(policy.contains(&format!("form-action 'self' {sources};")), "{presented}: {policy}");
    }
}

#[tokio::test]
async fn pages_are_in_the_language_of_the_request_then_of_the_browser() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().sign_in_client().await;
    let (english, german) =
        (AuthorizeRequest::of(&client), AuthorizeRequest::of(&client).and("ui_locales", "fr de-AT"));
    for (request, accepted, language, heading) in [
        (&english, "", "en", "Sign in"),
        (&english, "de-CH, en;q=0.5", "de", "Anmelden"),
        (&german, "en", "de", "Anmelden"),
        (&AuthorizeRequest::of(&client).and("ui_locales", "<fr>"), "it", "en", "Sign in"),
    ] {
        let browser = Browser::new(&latchkey);
        let start = browser.get(&request.path()).await.expect(200);
        let page = browser.send(browser.request("GET", &start.at).header("accept-language", accepted)).await;
        assert_eq!((page.header("content-language"), page.header("vary")), (language, "Accept-Language"));
        assert!(page.text().contains(&format!("<html lang=\"{language}\">")), "{accepted}");
        assert!(page.text().contains(&format!("<h1>{heading}</h1>")), "{accepted}");
    }
    // So are errors of the request, and those of a sign-in that is under way.
    let browser = Browser::new(&latchkey);
    browser
        .get("/oauth/authorize?client_id=unknown&ui_locales=de")
        .await
        .expect_text("Dieser Link funktioniert nicht");
    let page = browser.get(&german.path()).await.expect(200);
    browser
        .submit(&page.form("/email").with("email", "x"))
        .await
        .expect_text("Geben Sie eine E-Mail-Adresse ein");
}

#[tokio::test]
async fn pages_have_the_operators_name_colour_and_links() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().sign_in_client().await;
    let router = latchkey.pages(|config| {
        config.brand = Brand {
            name: Some(Name::parse("Acme & Sons").unwrap()),
            colour: BrandColour::parse("#ffcc00"),
            support_url: LinkUrl::parse("https://help.example.com/?a&b").ok(),
            docs_url: None,
            legal_url: LinkUrl::parse("https://legal.example.com").ok(),
        };
    });
    let browser = Browser::from_router(router);
    let sign_in = browser.get(&AuthorizeRequest::of(&client).path()).await.expect(200);
    let error = browser.get("/oauth/authorize?client_id=unknown").await.expect(400);
    for page in [sign_in, error] {
        let page = page.expect_text("Acme & Sons").expect_text("Help Legal notice");
        let html = page.text();
        assert!(html.contains("--fill: #ffcc00;") && html.contains("--on-fill: #17212b;"), "{html}");
        assert!(html.contains("href=\"https://help.example.com/?a&#38;b\""), "{html}");
        let style = html.split_once("<style>").unwrap().1.split_once("</style>").unwrap().0;
        let hash = STANDARD.encode(sha256(style.as_bytes()));
        let policy = page.response.header("content-security-policy");
        assert!(policy.contains(&format!("style-src 'sha256-{hash}'")), "{policy}");
    }
}
