//! Every page: what it must carry, and that what customers write stays text.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::browser::{Browser, Visit};
use crate::support::sign_in::{AuthorizeRequest, another};
use serde_json::json;

/// Every page there is but those of the upstream provider, named.
async fn all(latchkey: &TestApp, name: &str) -> Vec<(&'static str, Visit)> {
    let client = latchkey.authorize_state_with(&json!({ "client_name": name })).await;
    let ann = latchkey.member("ann").await;
    let browser = Browser::new(latchkey);
    let asking = AuthorizeRequest::of(&client);
    let identify = browser.get(&asking.path()).await.expect(200);
    let malformed = browser.submit(&identify.form("/email").with("email", "x")).await.expect(200);
    let code = browser.submit(&identify.form("/email").with("email", &ann)).await.expect(200);
    let right = latchkey.mailed_code(&ann).await;
    let wrong = browser.submit(&code.form("/code").with("code", &another(&right))).await.expect(200);
    let question = browser.submit(&code.form("/code").with("code", &right)).await.expect(200);
    let foreign = browser.submit(&code.form("/code").with("token", "x")).await.expect(403);
    browser.decide(&question, "refuse").await.sent_to();
    let over = browser.get(&identify.at).await.expect(410);
    let no_client = browser.get("/oauth/authorize?client_id=nobody").await.expect(400);
    let elsewhere = Browser::new(latchkey).get(&identify.at).await.expect(400);
    let method = browser.get(&format!("{}/code", identify.at)).await.expect(405);
    vec![
        ("identify", identify),
        ("malformed", malformed),
        ("code", code),
        ("wrong", wrong),
        ("question", question),
        ("foreign", foreign),
        ("over", over),
        ("no client", no_client),
        ("elsewhere", elsewhere),
        ("method", method),
    ]
}

#[tokio::test]
async fn no_page_can_be_framed_stored_scripted_or_sent_elsewhere() {
    let latchkey = TestApp::with_fixtures().await;
    for (name, page) in all(&latchkey, "Order desk").await {
        let header = |header: &str| page.answer.header(header).to_owned();
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
            assert_eq!(form.get("token").map(str::len), Some(64), "{name}: {form:?}");
            assert!(form.action.starts_with("/oauth/authorize/"), "{name}: {form:?}");
        }
        for (wanted, value) in [
            ("x-frame-options", "DENY"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cache-control", "no-store"),
            ("content-type", "text/html; charset=utf-8"),
        ] {
            assert_eq!(header(wanted), value, "{name}");
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
async fn what_customers_write_stays_text() {
    let evil = "</title><script>alert(1)</script>\"'><b onclick=x>&amp;";
    let latchkey = TestApp::new().await;
    let account = json!({ "account_id": ACCOUNT, "account_name": evil });
    latchkey.admin_request("POST", "/v1/accounts").await.json(&account).send().await.expect(201);
    latchkey.resource(&json!({
        "resource_id": "backoffice_api", "resource_name": evil, "audience": "https://api.example.com",
        "scopes": [{ "name": "orders:read", "description": evil }, { "name": "orders:write<'>" }, { "name": "orders:write" }],
    })).await;
    for (name, page) in all(&latchkey, evil).await {
        let html = page.text();
        assert!(!html.contains("<script") && !html.contains("<b onclick"), "{name}: {html}");
        if ["identify", "code", "question"].contains(&name) {
            assert!(page.says(evil), "{name}: it is shown as it was written");
        }
    }
    let from_query = "/oauth/authorize?client_id=%3Cscript%3E&redirect_uri=%3Cscript%3E&state=%3Cscript%3E";
    let page = Browser::new(&latchkey).get(from_query).await.expect(400);
    assert!(!page.text().contains("<script"));
}

#[tokio::test]
async fn a_long_name_and_a_state_with_every_character_do_no_harm() {
    let latchkey = TestApp::with_fixtures().await;
    let name = "W".repeat(100);
    let client = latchkey.authorize_state_with(&json!({ "client_name": name })).await;
    let ann = latchkey.member("ann").await;
    let state: String = (0x20_u8..0x7f).map(char::from).chain("ü€😀".chars()).collect();
    let browser = Browser::new(&latchkey);
    let page = browser
        .identified(&latchkey, &AuthorizeRequest::of(&client).with("state", &state), &ann)
        .await
        .expect(200);
    assert_eq!(browser.decide(&page.expect_saying(&name), "allow").await.sent_to().1["state"], state);
}

#[tokio::test]
async fn forms_may_lead_to_where_the_client_waits() {
    let latchkey = TestApp::with_fixtures().await;
    for (registered, presented, sources) in [
        ("https://app.example.com/callback", "https://app.example.com/callback", "https:"),
        ("http://127.0.0.1/cb", "http://127.0.0.1:5000/cb", "https: http://127.0.0.1:5000"),
        ("http://[::1]/cb", "http://[::1]:5000/cb", "https: http:"),
        ("com.example.app:/cb", "com.example.app:/cb", "https: com.example.app:"),
    ] {
        let client = latchkey.authorize_state_with(&json!({ "redirect_uris": [registered] })).await;
        let page = Browser::new(&latchkey)
            .get(&AuthorizeRequest::of(&client).with("redirect_uri", presented).path())
            .await;
        let policy = page.expect(200).answer.header("content-security-policy").to_owned();
        assert!(policy.contains(&format!("form-action 'self' {sources};")), "{presented}: {policy}");
    }
}
