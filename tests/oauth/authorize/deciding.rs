//! Consent: when it is asked, and that one yes is one code.

use crate::support::answer::Answer;
use crate::support::browser::{Browser, Visit};
use crate::support::house::TestHouse;
use crate::support::people::{Asking, CALLBACK};
use crate::support::things::{ACCOUNT, TestClient};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::task::JoinSet;

const QUESTION: &str = "Order desk wants to act for you";

async fn question(house: &TestHouse, client: &TestClient, email: &str) -> (Browser, Visit) {
    let browser = Browser::new(house);
    let page = browser.identified(house, &Asking::of(client), email).await.expect(200);
    (browser, page.expect_saying(QUESTION))
}

async fn kept(house: &TestHouse, prefix: &str) -> usize {
    let grants = house.items(&house.house.management.app.config.tables.grants).await;
    grants.iter().filter(|item| item["pk"].as_s().unwrap().starts_with(prefix)).count()
}

async fn consent_entries(house: &TestHouse) -> Vec<Value> {
    let trail = house.admin_ask("GET", &format!("/v1/accounts/{ACCOUNT}/audit?limit=100")).await.send().await;
    let items = trail.expect(200).json()["items"].as_array().unwrap().clone();
    items.into_iter().filter(|entry| entry["action"] == "consent.given").collect()
}

#[tokio::test]
async fn clicking_twice_gives_one_code_and_then_a_page_that_says_so() {
    let house = TestHouse::furnished().await;
    let (client, ann) = (house.desk().await, house.member("ann").await);
    let (browser, page) = question(&house, &client, &ann).await;
    let said = browser.decide(&page, "allow").await.sent_to().1;
    assert!(said.contains_key("code"));
    for decision in ["allow", "refuse", "other"] {
        browser.decide(&page, decision).await.expect(410).expect_saying("This sign-in is finished");
    }
    assert_eq!((kept(&house, "CODE#").await, kept(&house, "CONSENTS#").await), (1, 1));
}

#[tokio::test]
async fn of_twenty_clicks_at_once_one_gives_a_code() {
    let house = TestHouse::furnished().await;
    let (client, ann) = (house.desk().await, house.member("ann").await);
    let (browser, page) = question(&house, &client, &ann).await;
    let form =
        page.find(|form| form.buttons.iter().any(|(_, value)| value == "allow")).with("decision", "allow");
    let browser = Arc::new(browser);
    let mut all = JoinSet::new();
    for _ in 0..20 {
        let (browser, form) = (Arc::clone(&browser), form.clone());
        all.spawn(async move { browser.post(&form).await });
    }
    let answers: Vec<Answer> = all.join_all().await;
    let with_code = answers.iter().filter(|answer| answer.header("location").starts_with(CALLBACK)).count();
    assert_eq!(with_code, 1);
    assert!(answers.iter().all(|answer| answer.status == 303));
    assert_eq!((kept(&house, "CODE#").await, consent_entries(&house).await.len()), (1, 1));
}

#[tokio::test]
async fn two_tabs_that_say_yes_at_once_each_get_their_code_and_one_consent() {
    let house = TestHouse::furnished().await;
    let (client, ann) = (house.desk().await, house.member("ann").await);
    let (one, two) = (question(&house, &client, &ann).await, question(&house, &client, &ann).await);
    let (first, second) = tokio::join!(one.0.decide(&one.1, "allow"), two.0.decide(&two.1, "allow"));
    assert_ne!(first.sent_to().1["code"], second.sent_to().1["code"]);
    assert_eq!((kept(&house, "CODE#").await, kept(&house, "CONSENTS#").await), (2, 1));
}

#[tokio::test]
async fn more_than_was_allowed_is_asked_and_audited_again_and_less_is_not() {
    let house = TestHouse::furnished().await;
    let (client, ann) = (house.desk().await, house.member("ann").await);
    let browser = Browser::new(&house);
    let less = Asking::of(&client).with("scope", "orders:read");
    let page = browser.identified(&house, &less, &ann).await.expect(200);
    browser.decide(&page, "allow").await.sent_to();
    let page = browser.identified(&house, &Asking::of(&client), &ann).await.expect(200);
    browser.decide(&page.expect_saying(QUESTION).expect_saying("orders:write"), "allow").await.sent_to();
    assert!(browser.identified(&house, &less, &ann).await.sent_to().1.contains_key("code"));

    let entries = consent_entries(&house).await;
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
    let house = TestHouse::furnished().await;
    let (one, two) = (house.desk().await, house.desk().await);
    let (ann, ben) = (house.member("ann").await, house.member("ben").await);
    house.sign_in(&one, &ann).await;
    question(&house, &one, &ben).await;
    question(&house, &two, &ann).await;
}

#[tokio::test]
async fn a_public_client_is_asked_for_every_time() {
    let house = TestHouse::furnished().await;
    let members = json!({ "token_endpoint_auth_method": "none" });
    let (client, ann) = (house.desk_like(&members).await, house.member("ann").await);
    for _ in 0..2 {
        let (browser, page) = question(&house, &client, &ann).await;
        let page = page.expect_saying("This app cannot prove what it is.");
        assert!(browser.decide(&page, "allow").await.sent_to().1.contains_key("code"));
    }
}

#[tokio::test]
async fn a_consent_that_was_withdrawn_is_asked_for_again() {
    let house = TestHouse::furnished().await;
    let (client, ann) = (house.desk().await, house.member("ann").await);
    house.sign_in(&client, &ann).await;
    let consents = format!("{}/consents", client.path());
    let listed = house.admin_ask("GET", &consents).await.send().await.expect(200).json();
    let sub = listed["items"][0]["sub"].as_str().unwrap().to_owned();
    house.delete(&format!("{consents}/{sub}")).await.expect(204);
    question(&house, &client, &ann).await;
}

#[tokio::test]
async fn somebody_else_can_sign_in_instead() {
    let house = TestHouse::furnished().await;
    let (client, ann, ben) = (house.desk().await, house.member("ann").await, house.member("ben").await);
    let (browser, page) = question(&house, &client, &ann).await;
    let other = page.find(|form| form.get("decision") == Some("other"));
    let page = browser.submit(&other).await.expect(200).expect_saying("Sign in to go on to Order desk");
    let page = browser.submit(&page.form("/email").with("email", &ben)).await.expect(200);
    let code = house.mailed_code(&ben).await;
    let page = browser.submit(&page.form("/code").with("code", &code)).await.expect(200);
    page.expect_saying(QUESTION).expect_saying(&ben);
}

#[tokio::test]
async fn everything_is_checked_again_before_the_answer() {
    let house = TestHouse::furnished().await;
    let ann = house.member("ann").await;

    let client = house.desk().await;
    let (browser, page) = question(&house, &client, &ann).await;
    house.post(&format!("{}/disable", client.path()), &json!({})).await.expect(200);
    browser.decide(&page, "allow").await.expect(400).expect_saying("This link does not work");
    house.post(&format!("{}/enable", client.path()), &json!({})).await.expect(200);
    let body = json!({ "permissions": [{ "resource": "backoffice_api", "scopes": ["orders:read"] }] });
    let put = house.admin_ask("PUT", &format!("{}/permissions", client.path())).await;
    put.json(&body).send().await.expect(200);
    assert_eq!(browser.decide(&page, "allow").await.sent_to().1["error"], "invalid_scope");

    let client = house.desk().await;
    let (browser, page) = question(&house, &client, &ann).await;
    let body = json!({ "redirect_uris": ["https://app.example.com/other"] });
    house.admin_ask("PATCH", &client.path()).await.json(&body).send().await.expect(200);
    browser.decide(&page, "allow").await.expect(400).expect_saying("This link does not work");

    let client = house.desk().await;
    let (browser, page) = question(&house, &client, &ann).await;
    house.delete(&format!("/v1/accounts/{ACCOUNT}/members/{ann}")).await.expect(204);
    assert_eq!(browser.decide(&page, "allow").await.sent_to().1["error"], "access_denied");
    assert_eq!(kept(&house, "CODE#").await, 0);
}

#[tokio::test]
async fn a_member_who_leaves_before_the_code_is_typed_in_is_nobody() {
    let house = TestHouse::furnished().await;
    let (client, ann) = (house.desk().await, house.member("ann").await);
    let browser = Browser::new(&house);
    let page = browser.addressed(&Asking::of(&client), &ann).await.expect(200);
    let code = house.mailed_code(&ann).await;
    house.delete(&format!("/v1/accounts/{ACCOUNT}/members/{ann}")).await.expect(204);
    let page = browser.submit(&page.form("/code").with("code", &code)).await.expect(200);
    page.expect_saying("That is not the code.");
}
