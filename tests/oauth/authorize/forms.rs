//! CSRF protection and the session cookie: only the browser that started a sign-in sees its page and submits
//! its forms.

use crate::support::app::TestApp;
use crate::support::sign_in::AuthorizeRequest;
use crate::support::sign_in::browser::{Browser, Form, PageVisit, page_text};
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::SignedDuration;
use std::collections::{BTreeMap, HashMap};

async fn form_of_each_step(latchkey: &TestApp) -> (Browser, Vec<Form>) {
    let (client, ann) = (latchkey.fixtures().sign_in_client().await, latchkey.fixtures().member("ann").await);
    let browser = Browser::new(latchkey);
    let page = browser.get(&AuthorizeRequest::of(&client).path()).await.expect(200);
    let address = page.form("/email").with("email", &ann);
    let page = browser.submit(&address).await.expect(200);
    let code = page.form("/code").with("code", "00000000");
    let refuse = page.form("/consent");
    (browser, vec![address, code, refuse])
}

/// Every sign-in and every code, by key.
async fn grants(latchkey: &TestApp) -> BTreeMap<String, HashMap<String, AttributeValue>> {
    let items = latchkey.inspect().items(&latchkey.server.management.app.config.tables.grants).await;
    let keyed = items.into_iter().map(|item| (item["pk"].as_s().unwrap().clone(), item));
    keyed.filter(|(key, _)| key.starts_with("SIGNIN#") || key.starts_with("CODE#")).collect()
}

#[tokio::test]
async fn form_without_its_csrf_token_is_rejected() {
    let latchkey = TestApp::with_fixtures().await;
    let (browser, forms) = form_of_each_step(&latchkey).await;
    let other_tab = browser
        .get(&AuthorizeRequest::of(&latchkey.fixtures().sign_in_client().await).path())
        .await
        .expect(200);
    let other_browser = Browser::new(&latchkey);
    let other_page = other_browser
        .get(&AuthorizeRequest::of(&latchkey.fixtures().sign_in_client().await).path())
        .await
        .expect(200);
    let before = grants(&latchkey).await;
    for form in &forms {
        let right = form.get("csrf_token").unwrap().to_owned();
        let short = right[1..].to_owned();
        for (what, tampered) in [
            ("missing", form.clone().without("csrf_token")),
            ("empty", form.clone().with("csrf_token", "")),
            ("short", form.clone().with("csrf_token", &short)),
            (
                "another sign-in's",
                form.clone().with("csrf_token", other_tab.form("/email").get("csrf_token").unwrap()),
            ),
            (
                "another browser's",
                form.clone().with("csrf_token", other_page.form("/email").get("csrf_token").unwrap()),
            ),
        ] {
            let response = browser.post(&tampered).await;
            assert_eq!(response.status, 403, "{what} at {}", form.action);
            assert!(page_text(&response.text()).contains("That was not sent from our page"), "{what}");
        }
        let response = other_browser.post(form).await;
        assert_eq!(response.status, 403, "the right token in another browser");
    }
    assert_eq!(grants(&latchkey).await, before);
}

#[tokio::test]
async fn cross_site_form_is_rejected() {
    let latchkey = TestApp::with_fixtures().await;
    let (browser, forms) = form_of_each_step(&latchkey).await;
    let before = grants(&latchkey).await;
    for form in &forms {
        for (name, value) in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("origin", "https://evil.example"),
            ("origin", "http://id.latchkey.example"),
        ] {
            let request = browser.request("POST", &form.action).header(name, value).form(&form.body());
            assert_eq!(browser.send(request).await.status, 403, "{name}: {value} at {}", form.action);
        }
    }
    assert_eq!(grants(&latchkey).await, before);
    // What our own pages send, because of their Referrer-Policy.
    let request = browser
        .request("POST", &forms[1].action)
        .header("origin", "null")
        .header("sec-fetch-site", "same-origin");
    browser.send(request.form(&forms[1].body())).await.expect(303);
}

#[tokio::test]
async fn malformed_form_is_rejected() {
    let latchkey = TestApp::with_fixtures().await;
    let (browser, forms) = form_of_each_step(&latchkey).await;
    let before = grants(&latchkey).await;
    let (path, body) = (&forms[0].action, forms[0].body());
    let long = format!("{body}&x={}", "x".repeat(9_000));
    let twice = format!("{body}&email=eve%40acme.example");
    let json = serde_json::json!({ "csrf_token": forms[0].get("csrf_token") });
    for request in [
        browser.request("POST", path).body("text/plain", body.clone()),
        browser.request("POST", path).content(body.clone()),
        browser.request("POST", path).json(&json),
        browser.request("POST", path).form(&long),
        browser.request("POST", path).form(&twice),
        browser.request("POST", path).form("%ff=%ff"),
    ] {
        assert_eq!(browser.send(request).await.status, 400);
    }
    assert_eq!(grants(&latchkey).await, before);
}

/// The page for every browser that may not see a sign-in.
#[track_caller]
fn assert_session_not_found(visit: &PageVisit) -> (u16, String, Vec<(String, String)>) {
    assert_eq!(visit.response.status, 400);
    assert!(visit.contains_text("This sign-in cannot go on here") && !visit.contains_text("Order portal"));
    visit.response.dump()
}

#[tokio::test]
async fn sign_in_is_invisible_to_another_browser() {
    let mut latchkey = TestApp::with_fixtures().await;
    let (client, ann) = (latchkey.fixtures().sign_in_client().await, latchkey.fixtures().member("ann").await);
    let browser = Browser::new(&latchkey);
    let page = browser.request_email_code(&AuthorizeRequest::of(&client), &ann).await.expect(200);
    let nowhere = format!("/oauth/authorize/{}", "a".repeat(22));

    let without = assert_session_not_found(&Browser::new(&latchkey).get(&page.at).await);
    let other = Browser::new(&latchkey);
    other.get(&AuthorizeRequest::of(&client).path()).await.expect(200);
    for path in [&page.at, &nowhere, &format!("{nowhere}a"), &"/oauth/authorize/%ff".to_owned()] {
        assert_eq!(assert_session_not_found(&other.get(path).await), without, "{path}");
    }
    for path in ["/oauth/callback", "/oauth/callback?state=x", "/oauth/callback?code=a&code=b"] {
        assert_session_not_found(&other.get(path).await);
    }
    // Its form, with another browser's cookie, or with none.
    let form = page.form("/code").with("code", &latchkey.inspect().mailed_code(&ann).await);
    Browser::new(&latchkey).submit(&form).await.expect(400);
    other.submit(&form).await.expect(403);
    browser.get(&page.at).await.expect(200);
    // After half an hour it has expired in its own browser too.
    latchkey.advance(SignedDuration::from_mins(31));
    assert_eq!(assert_session_not_found(&browser.get(&page.at).await), without);
}

#[tokio::test]
async fn tabs_of_one_browser_sign_in_independently() {
    let latchkey = TestApp::with_fixtures().await;
    let (one, two) = (latchkey.fixtures().sign_in_client().await, latchkey.fixtures().sign_in_client().await);
    let (ann, ben) = (latchkey.fixtures().member("ann").await, latchkey.fixtures().member("ben").await);
    let browser = Browser::new(&latchkey);
    let first = browser.request_email_code(&AuthorizeRequest::of(&one), &ann).await.expect(200);
    let cookies = browser.cookies();
    let second = browser.request_email_code(&AuthorizeRequest::of(&two), &ben).await.expect(200);
    assert_eq!(browser.cookies(), cookies, "one cookie for both tabs");
    for (page, email) in [(second, &ben), (first, &ann)] {
        let code = latchkey.inspect().mailed_code(email).await;
        let consent_page = browser.submit(&page.form("/code").with("code", &code)).await.expect(200);
        let params =
            browser.submit_consent(&consent_page.expect_text(email), "allow").await.redirect_target().1;
        assert!(params.contains_key("code"));
    }
}

#[tokio::test]
async fn session_cookie_is_host_secure_and_http_only() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().sign_in_client().await;
    let response = latchkey.request("GET", &AuthorizeRequest::of(&client).path()).send().await.expect(303);
    let cookie = response.header("set-cookie");
    let (name, attributes) = cookie.split_once('=').unwrap();
    let (value, attributes) = attributes.split_once(';').unwrap();
    assert_eq!((name, value.len()), ("__Host-latchkey", 64));
    assert_eq!(attributes, " HttpOnly; SameSite=Lax; Secure; Path=/");
}
