//! Who may send a form, and who may see a page: the browser that began the sign-in, from a page of ours.

use crate::support::browser::{Browser, Form, Visit, plain};
use crate::support::house::TestHouse;
use crate::support::people::Asking;
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::SignedDuration;
use std::collections::{BTreeMap, HashMap};

async fn at_every_step(house: &TestHouse) -> (Browser, Vec<Form>) {
    let (client, ann) = (house.desk().await, house.member("ann").await);
    let browser = Browser::new(house);
    let page = browser.get(&Asking::of(&client).path()).await.expect(200);
    let address = page.form("/email").with("email", &ann);
    let page = browser.submit(&address).await.expect(200);
    let code = page.form("/code").with("code", "000000");
    let refuse = page.form("/consent");
    (browser, vec![address, code, refuse])
}

/// Every sign-in and every code, by key.
async fn grants(house: &TestHouse) -> BTreeMap<String, HashMap<String, AttributeValue>> {
    let items = house.items(&house.house.management.app.config.tables.grants).await;
    let keyed = items.into_iter().map(|item| (item["pk"].as_s().unwrap().clone(), item));
    keyed.filter(|(key, _)| key.starts_with("SIGNIN#") || key.starts_with("CODE#")).collect()
}

#[tokio::test]
async fn a_form_without_its_own_token_changes_nothing() {
    let house = TestHouse::furnished().await;
    let (browser, forms) = at_every_step(&house).await;
    let other_tab = browser.get(&Asking::of(&house.desk().await).path()).await.expect(200);
    let other_browser = Browser::new(&house);
    let foreign = other_browser.get(&Asking::of(&house.desk().await).path()).await.expect(200);
    let before = grants(&house).await;
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
    assert_eq!(grants(&house).await, before);
}

#[tokio::test]
async fn a_form_that_another_site_s_page_sends_changes_nothing() {
    let house = TestHouse::furnished().await;
    let (browser, forms) = at_every_step(&house).await;
    let before = grants(&house).await;
    for form in &forms {
        for (name, value) in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("origin", "https://evil.example"),
            ("origin", "http://id.latchkey.example"),
        ] {
            let ask = browser.ask("POST", &form.action).header(name, value).form(&form.body());
            assert_eq!(browser.send(ask).await.status, 403, "{name}: {value} at {}", form.action);
        }
    }
    assert_eq!(grants(&house).await, before);
    // What our own pages send, because of their Referrer-Policy.
    let ask = browser
        .ask("POST", &forms[1].action)
        .header("origin", "null")
        .header("sec-fetch-site", "same-origin");
    browser.send(ask.form(&forms[1].body())).await.expect(303);
}

#[tokio::test]
async fn what_is_no_form_changes_nothing() {
    let house = TestHouse::furnished().await;
    let (browser, forms) = at_every_step(&house).await;
    let before = grants(&house).await;
    let (path, body) = (&forms[0].action, forms[0].body());
    let long = format!("{body}&x={}", "x".repeat(9_000));
    let twice = format!("{body}&email=eve%40acme.example");
    let json = serde_json::json!({ "token": forms[0].get("token") });
    for ask in [
        browser.ask("POST", path).body("text/plain", body.clone()),
        browser.ask("POST", path).content(body.clone()),
        browser.ask("POST", path).json(&json),
        browser.ask("POST", path).form(&long),
        browser.ask("POST", path).form(&twice),
        browser.ask("POST", path).form("%ff=%ff"),
    ] {
        assert_eq!(browser.send(ask).await.status, 400);
    }
    assert_eq!(grants(&house).await, before);
}

/// The one page for all who may not see a sign-in.
#[track_caller]
fn assert_elsewhere(visit: &Visit) -> (u16, String, Vec<(String, String)>) {
    assert_eq!(visit.answer.status, 400);
    assert!(visit.says("This sign-in cannot go on here") && !visit.says("Order desk"));
    visit.answer.everything()
}

#[tokio::test]
async fn another_browser_sees_nothing_of_a_sign_in_not_even_that_there_is_one() {
    let mut house = TestHouse::furnished().await;
    let (client, ann) = (house.desk().await, house.member("ann").await);
    let browser = Browser::new(&house);
    let page = browser.addressed(&Asking::of(&client), &ann).await.expect(200);
    let nowhere = format!("/oauth/authorize/{}", "a".repeat(22));

    let without = assert_elsewhere(&Browser::new(&house).get(&page.at).await);
    let other = Browser::new(&house);
    other.get(&Asking::of(&client).path()).await.expect(200);
    for path in [&page.at, &nowhere, &format!("{nowhere}a"), &"/oauth/authorize/%ff".to_owned()] {
        assert_eq!(assert_elsewhere(&other.get(path).await), without, "{path}");
    }
    for path in ["/oauth/callback", "/oauth/callback?state=x", "/oauth/callback?code=a&code=b"] {
        assert_elsewhere(&other.get(path).await);
    }
    // Its form, with a cookie of the right shape, or with none.
    let form = page.form("/code").with("code", &house.mailed_code(&ann).await);
    Browser::new(&house).submit(&form).await.expect(400);
    other.submit(&form).await.expect(403);
    browser.get(&page.at).await.expect(200);
    // And its own, after half an hour.
    house.advance(SignedDuration::from_mins(31));
    assert_eq!(assert_elsewhere(&browser.get(&page.at).await), without);
}

#[tokio::test]
async fn tabs_of_one_browser_sign_in_side_by_side() {
    let house = TestHouse::furnished().await;
    let (one, two) = (house.desk().await, house.desk().await);
    let (ann, ben) = (house.member("ann").await, house.member("ben").await);
    let browser = Browser::new(&house);
    let first = browser.addressed(&Asking::of(&one), &ann).await.expect(200);
    let cookies = browser.cookies();
    let second = browser.addressed(&Asking::of(&two), &ben).await.expect(200);
    assert_eq!(browser.cookies(), cookies, "one cookie for both");
    for (page, email) in [(second, &ben), (first, &ann)] {
        let code = house.mailed_code(email).await;
        let question = browser.submit(&page.form("/code").with("code", &code)).await.expect(200);
        let said = browser.decide(&question.expect_saying(email), "allow").await.sent_to().1;
        assert!(said.contains_key("code"));
    }
}

#[tokio::test]
async fn the_cookie_is_for_this_host_over_tls_and_no_script() {
    let house = TestHouse::furnished().await;
    let client = house.desk().await;
    let answer = house.ask("GET", &Asking::of(&client).path()).send().await.expect(303);
    let cookie = answer.header("set-cookie");
    let (name, attributes) = cookie.split_once('=').unwrap();
    let (value, attributes) = attributes.split_once(';').unwrap();
    assert_eq!((name, value.len()), ("__Host-latchkey", 64));
    assert_eq!(attributes, " Path=/; HttpOnly; SameSite=Lax; Secure");
}
