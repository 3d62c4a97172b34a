//! Links that an administrator makes for a member.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::browser::{Browser, PageVisit};
use crate::support::sign_in::console::ADMINISTRATOR;
use jiff::SignedDuration;
use serde_json::json;

/// A link for a member, by a client with these scopes.
async fn link(latchkey: &TestApp, email: &str, scopes: &[&str]) -> String {
    let (_, token) = latchkey.fixtures().administrator(ACCOUNT, scopes).await;
    let path = format!("/v1/accounts/{ACCOUNT}/console-links");
    let body = json!({ "email": email, "to": format!("/console/accounts/{ACCOUNT}/clients") });
    let issued = latchkey.request("POST", &path).bearer(&token).json(&body).send().await.expect(201);
    let url = issued.string("url");
    url[url.find("/console/link/").unwrap()..].to_owned()
}

async fn follow(browser: &Browser, link: &str) -> PageVisit {
    let visit = browser.get(link).await.expect(200);
    browser.submit(&visit.find(|form| form.action == link)).await
}

#[tokio::test]
async fn link_signs_a_member_in_once_and_a_look_spends_nothing() {
    let latchkey = TestApp::with_fixtures().await;
    let email = latchkey.fixtures().member_with(ACCOUNT, "ann", &["clients:read"]).await;
    let link = link(&latchkey, &email, &ADMINISTRATOR).await;
    let browser = Browser::new(&latchkey);
    for _ in 0..2 {
        browser.get(&link).await.expect(200).expect_text(&format!("Continue as {email}"));
    }
    assert_eq!(browser.request("HEAD", &link).send().await.status, 405);
    let visit = follow(&browser, &link).await.expect(200);
    assert_eq!(visit.at, format!("/console/accounts/{ACCOUNT}/clients"));
    Browser::new(&latchkey).get(&link).await.expect(410).expect_text("This link does not work any more");
}

#[tokio::test]
async fn expired_link_and_one_of_a_removed_member_do_not_work() {
    let mut latchkey = TestApp::with_fixtures().await;
    let email = latchkey.fixtures().member_with(ACCOUNT, "ann", &["clients:read"]).await;
    let removed = link(&latchkey, &email, &ADMINISTRATOR).await;
    let path = format!("/v1/accounts/{ACCOUNT}/members/{email}");
    latchkey.admin_request("DELETE", &path).await.send().await.expect(204);
    Browser::new(&latchkey).get(&removed).await.expect(410);
    let email = latchkey.fixtures().member_with(ACCOUNT, "ben", &["clients:read"]).await;
    let late = link(&latchkey, &email, &ADMINISTRATOR).await;
    latchkey.advance(SignedDuration::from_secs(61));
    Browser::new(&latchkey).get(&late).await.expect(410);
    Browser::new(&latchkey).get(&format!("/console/link/{}", "a".repeat(43))).await.expect(410);
}

#[tokio::test]
async fn session_of_a_link_may_do_no_more_than_its_issuer_and_confirms_nothing() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let email = latchkey.fixtures().member_with(ACCOUNT, "ann", &["clients:read"]).await;
    let link = link(&latchkey, &email, &["members:manage", "clients:read"]).await;
    let body = json!({ "permissions": ["clients:read", "clients:manage"] });
    let path = format!("/v1/accounts/{ACCOUNT}/members/{email}");
    latchkey.admin_request("PATCH", &path).await.json(&body).send().await.expect(200);
    let browser = Browser::new(&latchkey);
    // The member has changed since the link was made, but is the same one.
    follow(&browser, &link).await.expect(200);
    let page = format!("/console/accounts/{ACCOUNT}/clients/{}", client.client_id);
    browser.get(&page).await.expect(200);
    browser.get(&format!("{page}/disable")).await.expect(403).expect_text("clients:manage");
}

#[tokio::test]
async fn session_of_a_link_reaches_no_other_account_of_the_person() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().account("T2").await;
    let email = latchkey.fixtures().member_with(ACCOUNT, "ann", &["clients:read"]).await;
    latchkey.fixtures().member_with("T2", "ann", &ADMINISTRATOR).await;
    let owner = Browser::new(&latchkey).with_source("198.51.100.7");
    owner.sign_in_to_console(&latchkey, &email, "/console/me").await.expect(200);
    let browser = Browser::new(&latchkey);
    let link = link(&latchkey, &email, &ADMINISTRATOR).await;
    follow(&browser, &link).await.expect(200);
    browser.get("/console/accounts/T2/clients").await.expect(404);
    let visit = browser.get("/console").await.expect(200);
    assert_eq!(visit.at, format!("/console/accounts/{ACCOUNT}"), "no choice");
    let visit = browser.get("/console/me").await.expect(200);
    assert!(!visit.contains_text("198.51.100.7"), "the sessions of the person are not shown");
    owner.get("/console/me").await.expect(200).expect_text("198.51.100.7");
}
