//! Consent: when it is asked, and that one yes is one code.

use crate::support::app::TestApp;
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::support::http::TestResponse;
use crate::support::sign_in::browser::{Browser, Visit};
use crate::support::sign_in::{AuthorizeRequest, CALLBACK};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::task::JoinSet;

const QUESTION: &str = "Order desk wants to act for you";

async fn question(latchkey: &TestApp, client: &TestClient, email: &str) -> (Browser, Visit) {
    let browser = Browser::new(latchkey);
    let page = browser.identified(latchkey, &AuthorizeRequest::of(client), email).await.expect(200);
    (browser, page.expect_saying(QUESTION))
}

async fn kept(latchkey: &TestApp, prefix: &str) -> usize {
    let grants = latchkey.items(&latchkey.server.management.app.config.tables.grants).await;
    grants.iter().filter(|item| item["pk"].as_s().unwrap().starts_with(prefix)).count()
}

async fn consent_entries(latchkey: &TestApp) -> Vec<Value> {
    let trail =
        latchkey.admin_request("GET", &format!("/v1/accounts/{ACCOUNT}/audit?limit=100")).await.send().await;
    let items = trail.expect(200).json()["items"].as_array().unwrap().clone();
    items.into_iter().filter(|entry| entry["action"] == "consent.given").collect()
}

#[tokio::test]
async fn clicking_twice_gives_one_code_and_then_a_page_that_says_so() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, ann) = (latchkey.authorize_state().await, latchkey.member("ann").await);
    let (browser, page) = question(&latchkey, &client, &ann).await;
    let reported = browser.decide(&page, "allow").await.sent_to().1;
    assert!(reported.contains_key("code"));
    for decision in ["allow", "refuse", "other"] {
        browser.decide(&page, decision).await.expect(410).expect_saying("This sign-in is finished");
    }
    assert_eq!((kept(&latchkey, "CODE#").await, kept(&latchkey, "CONSENTS#").await), (1, 1));
}

#[tokio::test]
async fn of_twenty_clicks_at_once_one_gives_a_code() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, ann) = (latchkey.authorize_state().await, latchkey.member("ann").await);
    let (browser, page) = question(&latchkey, &client, &ann).await;
    let form =
        page.find(|form| form.buttons.iter().any(|(_, value)| value == "allow")).with("decision", "allow");
    let browser = Arc::new(browser);
    let mut all = JoinSet::new();
    for _ in 0..20 {
        let (browser, form) = (Arc::clone(&browser), form.clone());
        all.spawn(async move { browser.post(&form).await });
    }
    let answers: Vec<TestResponse> = all.join_all().await;
    let with_code = answers.iter().filter(|answer| answer.header("location").starts_with(CALLBACK)).count();
    assert_eq!(with_code, 1);
    assert!(answers.iter().all(|answer| answer.status == 303));
    assert_eq!((kept(&latchkey, "CODE#").await, consent_entries(&latchkey).await.len()), (1, 1));
}

#[tokio::test]
async fn two_tabs_that_say_yes_at_once_each_get_their_code_and_one_consent() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, ann) = (latchkey.authorize_state().await, latchkey.member("ann").await);
    let (one, two) = (question(&latchkey, &client, &ann).await, question(&latchkey, &client, &ann).await);
    let (first, second) = tokio::join!(one.0.decide(&one.1, "allow"), two.0.decide(&two.1, "allow"));
    assert_ne!(first.sent_to().1["code"], second.sent_to().1["code"]);
    assert_eq!((kept(&latchkey, "CODE#").await, kept(&latchkey, "CONSENTS#").await), (2, 1));
}

#[tokio::test]
async fn more_than_was_allowed_is_asked_and_audited_again_and_less_is_not() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, ann) = (latchkey.authorize_state().await, latchkey.member("ann").await);
    let browser = Browser::new(&latchkey);
    let less = AuthorizeRequest::of(&client).with("scope", "orders:read");
    let page = browser.identified(&latchkey, &less, &ann).await.expect(200);
    browser.decide(&page, "allow").await.sent_to();
    let page = browser.identified(&latchkey, &AuthorizeRequest::of(&client), &ann).await.expect(200);
    browser.decide(&page.expect_saying(QUESTION).expect_saying("orders:write"), "allow").await.sent_to();
    assert!(browser.identified(&latchkey, &less, &ann).await.sent_to().1.contains_key("code"));

    let entries = consent_entries(&latchkey).await;
    assert_eq!(entries.len(), 2, "given, and grown");
    for entry in entries {
        assert_eq!(
            (&entry["actor"]["email"], &entry["actor"]["source_ip"]),
            (&json!(ann), &json!("192.0.2.1"))
        );
        assert_eq!(
            (&entry["target"]["resource_id"], &entry["target"]["client_id"]),
            (&json!("backoffice_api"), &json!(client.client_id))
        );
    }
}

#[tokio::test]
async fn a_consent_is_one_person_s_and_one_client_s() {
    let latchkey = TestApp::with_fixtures().await;
    let (one, two) = (latchkey.authorize_state().await, latchkey.authorize_state().await);
    let (ann, ben) = (latchkey.member("ann").await, latchkey.member("ben").await);
    latchkey.sign_in(&one, &ann).await;
    question(&latchkey, &one, &ben).await;
    question(&latchkey, &two, &ann).await;
}

#[tokio::test]
async fn a_public_client_is_asked_for_every_time() {
    let latchkey = TestApp::with_fixtures().await;
    let members = json!({ "token_endpoint_auth_method": "none" });
    let (client, ann) = (latchkey.authorize_state_with(&members).await, latchkey.member("ann").await);
    for _ in 0..2 {
        let (browser, page) = question(&latchkey, &client, &ann).await;
        let page = page.expect_saying("This app cannot prove what it is.");
        assert!(browser.decide(&page, "allow").await.sent_to().1.contains_key("code"));
    }
}

#[tokio::test]
async fn a_consent_that_was_withdrawn_is_asked_for_again() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, ann) = (latchkey.authorize_state().await, latchkey.member("ann").await);
    latchkey.sign_in(&client, &ann).await;
    let consents = format!("{}/consents", client.path());
    let listed = latchkey.admin_request("GET", &consents).await.send().await.expect(200).json();
    let sub = listed["items"][0]["sub"].as_str().unwrap().to_owned();
    latchkey.delete(&format!("{consents}/{sub}")).await.expect(204);
    question(&latchkey, &client, &ann).await;
}

#[tokio::test]
async fn somebody_else_can_sign_in_instead() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, ann, ben) =
        (latchkey.authorize_state().await, latchkey.member("ann").await, latchkey.member("ben").await);
    let (browser, page) = question(&latchkey, &client, &ann).await;
    let other = page.find(|form| form.get("decision") == Some("other"));
    let page = browser.submit(&other).await.expect(200).expect_saying("Sign in to go on to Order desk");
    let page = browser.submit(&page.form("/email").with("email", &ben)).await.expect(200);
    let code = latchkey.mailed_code(&ben).await;
    let page = browser.submit(&page.form("/code").with("code", &code)).await.expect(200);
    page.expect_saying(QUESTION).expect_saying(&ben);
}

#[tokio::test]
async fn everything_is_checked_again_before_the_answer() {
    let latchkey = TestApp::with_fixtures().await;
    let ann = latchkey.member("ann").await;

    let client = latchkey.authorize_state().await;
    let (browser, page) = question(&latchkey, &client, &ann).await;
    latchkey.post(&format!("{}/disable", client.path()), &json!({})).await.expect(200);
    browser.decide(&page, "allow").await.expect(400).expect_saying("This link does not work");
    latchkey.post(&format!("{}/enable", client.path()), &json!({})).await.expect(200);
    let body = json!({ "permissions": [{ "resource": "backoffice_api", "scopes": ["orders:read"] }] });
    let put = latchkey.admin_request("PUT", &format!("{}/permissions", client.path())).await;
    put.json(&body).send().await.expect(200);
    assert_eq!(browser.decide(&page, "allow").await.sent_to().1["error"], "invalid_scope");

    let client = latchkey.authorize_state().await;
    let (browser, page) = question(&latchkey, &client, &ann).await;
    let body = json!({ "redirect_uris": ["https://app.example.com/other"] });
    latchkey.admin_request("PATCH", &client.path()).await.json(&body).send().await.expect(200);
    browser.decide(&page, "allow").await.expect(400).expect_saying("This link does not work");

    let client = latchkey.authorize_state().await;
    let (browser, page) = question(&latchkey, &client, &ann).await;
    latchkey.delete(&format!("/v1/accounts/{ACCOUNT}/members/{ann}")).await.expect(204);
    assert_eq!(browser.decide(&page, "allow").await.sent_to().1["error"], "access_denied");
    assert_eq!(kept(&latchkey, "CODE#").await, 0);
}

#[tokio::test]
async fn a_member_who_leaves_before_the_code_is_typed_in_is_nobody() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, ann) = (latchkey.authorize_state().await, latchkey.member("ann").await);
    let browser = Browser::new(&latchkey);
    let page = browser.addressed(&AuthorizeRequest::of(&client), &ann).await.expect(200);
    let code = latchkey.mailed_code(&ann).await;
    latchkey.delete(&format!("/v1/accounts/{ACCOUNT}/members/{ann}")).await.expect(204);
    let page = browser.submit(&page.form("/code").with("code", &code)).await.expect(200);
    page.expect_saying("That is not the code.");
}
