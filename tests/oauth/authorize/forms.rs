//! Who may send a form, and who may see a page: the browser that began the sign-in, from a page of ours.

use crate::support::app::TestApp;
use crate::support::sign_in::AuthorizeRequest;
use crate::support::sign_in::browser::{Browser, Form, Visit, plain};
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::SignedDuration;
use std::collections::{BTreeMap, HashMap};

async fn at_every_step(latchkey: &TestApp) -> (Browser, Vec<Form>) {
    let (client, ann) = (latchkey.authorize_state().await, latchkey.member("ann").await);
    let browser = Browser::new(latchkey);
    let page = browser.get(&AuthorizeRequest::of(&client).path()).await.expect(200);
    let address = page.form("/email").with("email", &ann);
    let page = browser.submit(&address).await.expect(200);
    let code = page.form("/code").with("code", "000000");
    let refuse = page.form("/consent");
    (browser, vec![address, code, refuse])
}

/// Every sign-in and every code, by key.
async fn grants(latchkey: &TestApp) -> BTreeMap<String, HashMap<String, AttributeValue>> {
    let items = latchkey.items(&latchkey.server.management.app.config.tables.grants).await;
    let keyed = items.into_iter().map(|item| (item["pk"].as_s().unwrap().clone(), item));
    keyed.filter(|(key, _)| key.starts_with("SIGNIN#") || key.starts_with("CODE#")).collect()
}

#[tokio::test]
async fn a_form_without_its_own_token_changes_nothing() {
    let latchkey = TestApp::with_fixtures().await;
    let (browser, forms) = at_every_step(&latchkey).await;
    let other_tab =
        browser.get(&AuthorizeRequest::of(&latchkey.authorize_state().await).path()).await.expect(200);
    let other_browser = Browser::new(&latchkey);
    let foreign =
        other_browser.get(&AuthorizeRequest::of(&latchkey.authorize_state().await).path()).await.expect(200);
    let before = grants(&latchkey).await;
    for form in &forms {
        let right = form.get("token").unwrap().to_owned();
        let short = right[1..].to_owned();
        for (what, tampered) in [
            ("missing", form.clone().without("token")),
            ("empty", form.clone().with("token", "")),
            ("short", form.clone().with("token", &short)),
            ("another sign-in's", form.clone().with("token", other_tab.form("/email").get("token").unwrap())),
            ("another browser's", form.clone().with("token", foreign.form("/email").get("token").unwrap())),
        ] {
            let answer = browser.post(&tampered).await;
            assert_eq!(answer.status, 403, "{what} at {}", form.action);
            assert!(plain(&answer.text()).contains("That was not sent from our page"), "{what}");
        }
        let answer = other_browser.post(form).await;
        assert_eq!(answer.status, 403, "the right token in another browser");
    }
    assert_eq!(grants(&latchkey).await, before);
}

#[tokio::test]
async fn a_form_that_another_site_s_page_sends_changes_nothing() {
    let latchkey = TestApp::with_fixtures().await;
    let (browser, forms) = at_every_step(&latchkey).await;
    let before = grants(&latchkey).await;
    for form in &forms {
        for (name, value) in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("origin", "https://evil.example"),
            ("origin", "http://id.latchkey.example"),
        ] {
            let ask = browser.request("POST", &form.action).header(name, value).form(&form.body());
            assert_eq!(browser.send(ask).await.status, 403, "{name}: {value} at {}", form.action);
        }
    }
    assert_eq!(grants(&latchkey).await, before);
    // What our own pages send, because of their Referrer-Policy.
    let ask = browser
        .request("POST", &forms[1].action)
        .header("origin", "null")
        .header("sec-fetch-site", "same-origin");
    browser.send(ask.form(&forms[1].body())).await.expect(303);
}

#[tokio::test]
async fn what_is_no_form_changes_nothing() {
    let latchkey = TestApp::with_fixtures().await;
    let (browser, forms) = at_every_step(&latchkey).await;
    let before = grants(&latchkey).await;
    let (path, body) = (&forms[0].action, forms[0].body());
    let long = format!("{body}&x={}", "x".repeat(9_000));
    let twice = format!("{body}&email=eve%40acme.example");
    let json = serde_json::json!({ "token": forms[0].get("token") });
    for ask in [
        browser.request("POST", path).body("text/plain", body.clone()),
        browser.request("POST", path).content(body.clone()),
        browser.request("POST", path).json(&json),
        browser.request("POST", path).form(&long),
        browser.request("POST", path).form(&twice),
        browser.request("POST", path).form("%ff=%ff"),
    ] {
        assert_eq!(browser.send(ask).await.status, 400);
    }
    assert_eq!(grants(&latchkey).await, before);
}

/// The one page for all who may not see a sign-in.
#[track_caller]
fn assert_elsewhere(visit: &Visit) -> (u16, String, Vec<(String, String)>) {
    assert_eq!(visit.answer.status, 400);
    assert!(visit.says("This sign-in cannot go on here") && !visit.says("Order desk"));
    visit.answer.dump()
}

#[tokio::test]
async fn another_browser_sees_nothing_of_a_sign_in_not_even_that_there_is_one() {
    let mut latchkey = TestApp::with_fixtures().await;
    let (client, ann) = (latchkey.authorize_state().await, latchkey.member("ann").await);
    let browser = Browser::new(&latchkey);
    let page = browser.addressed(&AuthorizeRequest::of(&client), &ann).await.expect(200);
    let nowhere = format!("/oauth/authorize/{}", "a".repeat(22));

    let without = assert_elsewhere(&Browser::new(&latchkey).get(&page.at).await);
    let other = Browser::new(&latchkey);
    other.get(&AuthorizeRequest::of(&client).path()).await.expect(200);
    for path in [&page.at, &nowhere, &format!("{nowhere}a"), &"/oauth/authorize/%ff".to_owned()] {
        assert_eq!(assert_elsewhere(&other.get(path).await), without, "{path}");
    }
    for path in ["/oauth/callback", "/oauth/callback?state=x", "/oauth/callback?code=a&code=b"] {
        assert_elsewhere(&other.get(path).await);
    }
    // Its form, with a cookie of the right shape, or with none.
    let form = page.form("/code").with("code", &latchkey.mailed_code(&ann).await);
    Browser::new(&latchkey).submit(&form).await.expect(400);
    other.submit(&form).await.expect(403);
    browser.get(&page.at).await.expect(200);
    // And its own, after half an hour.
    latchkey.advance(SignedDuration::from_mins(31));
    assert_eq!(assert_elsewhere(&browser.get(&page.at).await), without);
}

#[tokio::test]
async fn tabs_of_one_browser_sign_in_side_by_side() {
    let latchkey = TestApp::with_fixtures().await;
    let (one, two) = (latchkey.authorize_state().await, latchkey.authorize_state().await);
    let (ann, ben) = (latchkey.member("ann").await, latchkey.member("ben").await);
    let browser = Browser::new(&latchkey);
    let first = browser.addressed(&AuthorizeRequest::of(&one), &ann).await.expect(200);
    let cookies = browser.cookies();
    let second = browser.addressed(&AuthorizeRequest::of(&two), &ben).await.expect(200);
    assert_eq!(browser.cookies(), cookies, "one cookie for both");
    for (page, email) in [(second, &ben), (first, &ann)] {
        let code = latchkey.mailed_code(email).await;
        let question = browser.submit(&page.form("/code").with("code", &code)).await.expect(200);
        let reported = browser.decide(&question.expect_saying(email), "allow").await.sent_to().1;
        assert!(reported.contains_key("code"));
    }
}

#[tokio::test]
async fn the_cookie_is_for_this_host_over_tls_and_no_script() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.authorize_state().await;
    let answer = latchkey.request("GET", &AuthorizeRequest::of(&client).path()).send().await.expect(303);
    let cookie = answer.header("set-cookie");
    let (name, attributes) = cookie.split_once('=').unwrap();
    let (value, attributes) = attributes.split_once(';').unwrap();
    assert_eq!((name, value.len()), ("__Host-latchkey", 64));
    assert_eq!(attributes, " Path=/; HttpOnly; SameSite=Lax; Secure");
}
