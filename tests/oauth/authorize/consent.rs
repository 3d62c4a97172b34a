//! The consent page: when it is shown, and that one consent issues one code.

use crate::support::app::TestApp;
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::support::http::TestResponse;
use crate::support::sign_in::browser::{Browser, PageVisit};
use crate::support::sign_in::{AuthorizeRequest, CALLBACK};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::task::JoinSet;

const CONSENT_HEADING: &str = "Order portal wants to act for you";

async fn consent_page(latchkey: &TestApp, client: &TestClient, email: &str) -> (Browser, PageVisit) {
    let browser = Browser::new(latchkey);
    let page = browser.enter_email_code(latchkey, &AuthorizeRequest::of(client), email).await.expect(200);
    (browser, page.expect_text(CONSENT_HEADING))
}

async fn count_stored(latchkey: &TestApp, prefix: &str) -> usize {
    let grants = latchkey.inspect().items(&latchkey.server.management.app.config.tables.grants).await;
    grants.iter().filter(|item| item["pk"].as_s().unwrap().starts_with(prefix)).count()
}

async fn consent_entries(latchkey: &TestApp) -> Vec<Value> {
    let trail =
        latchkey.admin_request("GET", &format!("/v1/accounts/{ACCOUNT}/audit?limit=100")).await.send().await;
    let items = trail.expect(200).json()["items"].as_array().unwrap().clone();
    items.into_iter().filter(|entry| entry["action"] == "consent.given").collect()
}

#[tokio::test]
async fn website_of_the_client_is_a_link() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, ann) = (latchkey.fixtures().sign_in_client().await, latchkey.fixtures().member("ann").await);
    latchkey.patch(&client.path(), &json!({ "client_uri": "https://shop.example.com/a" })).await.expect(200);
    let (_, page) = consent_page(&latchkey, &client, &ann).await;
    let link = r#"<a href="https://shop.example.com/a" rel="noreferrer">shop.example.com</a>"#;
    assert!(page.text().contains(link), "{}", page.text());
}

#[tokio::test]
async fn repeated_consent_leads_to_the_client_with_the_same_code() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, ann) = (latchkey.fixtures().sign_in_client().await, latchkey.fixtures().member("ann").await);
    let (browser, page) = consent_page(&latchkey, &client, &ann).await;
    let first = browser.submit_consent(&page, "allow").await.redirect_target();
    assert!(first.1.contains_key("code"));
    for decision in ["allow", "deny", "switch_user"] {
        assert_eq!(browser.submit_consent(&page, decision).await.redirect_target(), first, "{decision}");
    }
    assert_eq!(browser.get(&page.at).await.redirect_target(), first, "reloaded");
    Browser::new(&latchkey).get(&page.at).await.expect(400).expect_text("begun in another browser");
    assert_eq!((count_stored(&latchkey, "CODE#").await, count_stored(&latchkey, "CONSENTS#").await), (1, 1));
}

#[tokio::test]
async fn code_is_not_repeated_once_it_is_redeemed_or_expired() {
    let mut latchkey = TestApp::with_fixtures().await;
    let (client, ann) = (latchkey.fixtures().sign_in_client().await, latchkey.fixtures().member("ann").await);
    let (browser, page) = consent_page(&latchkey, &client, &ann).await;
    let params = browser.submit_consent(&page, "allow").await.redirect_target().1;
    latchkey.redeem(&client, &params["code"]).await.expect(200);
    for decision in ["allow", "deny"] {
        browser.submit_consent(&page, decision).await.expect(410).expect_text("This sign-in is finished");
    }
    let repeated = latchkey.redeem(&client, &params["code"]).await.expect(400);
    assert!(repeated.string("error_description").contains("send one token request for each code"));

    let (browser, page) = consent_page(&latchkey, &latchkey.fixtures().sign_in_client().await, &ann).await;
    browser.submit_consent(&page, "allow").await.redirect_target();
    latchkey.advance(jiff::SignedDuration::from_secs(61));
    browser.get(&page.at).await.expect(410).expect_text("This sign-in is finished");
}

#[tokio::test]
async fn concurrent_consents_issue_one_code() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, ann) = (latchkey.fixtures().sign_in_client().await, latchkey.fixtures().member("ann").await);
    let (browser, page) = consent_page(&latchkey, &client, &ann).await;
    let form =
        page.find(|form| form.buttons.iter().any(|(_, value)| value == "allow")).with("decision", "allow");
    let browser = Arc::new(browser);
    let mut all = JoinSet::new();
    for _ in 0..20 {
        let (browser, form) = (Arc::clone(&browser), form.clone());
        all.spawn(async move { browser.post(&form).await });
    }
    let responses: Vec<TestResponse> = all.join_all().await;
    let with_code =
        responses.iter().filter(|response| response.header("location").starts_with(CALLBACK)).count();
    assert_eq!(with_code, 1);
    assert!(responses.iter().all(|response| response.status == 303));
    assert_eq!((count_stored(&latchkey, "CODE#").await, consent_entries(&latchkey).await.len()), (1, 1));
}

#[tokio::test]
async fn concurrent_tabs_get_a_code_each_and_one_consent() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, ann) = (latchkey.fixtures().sign_in_client().await, latchkey.fixtures().member("ann").await);
    let (one, two) =
        (consent_page(&latchkey, &client, &ann).await, consent_page(&latchkey, &client, &ann).await);
    let (first, second) =
        tokio::join!(one.0.submit_consent(&one.1, "allow"), two.0.submit_consent(&two.1, "allow"));
    assert_ne!(first.redirect_target().1["code"], second.redirect_target().1["code"]);
    assert_eq!((count_stored(&latchkey, "CODE#").await, count_stored(&latchkey, "CONSENTS#").await), (2, 1));
}

#[tokio::test]
async fn wider_scope_needs_consent_again() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, ann) = (latchkey.fixtures().sign_in_client().await, latchkey.fixtures().member("ann").await);
    let browser = Browser::new(&latchkey);
    let less = AuthorizeRequest::of(&client).with("scope", "orders:read");
    let page = browser.enter_email_code(&latchkey, &less, &ann).await.expect(200);
    browser.submit_consent(&page, "allow").await.redirect_target();
    let page = browser.enter_email_code(&latchkey, &AuthorizeRequest::of(&client), &ann).await.expect(200);
    browser
        .submit_consent(&page.expect_text(CONSENT_HEADING).expect_text("orders:write"), "allow")
        .await
        .redirect_target();
    assert!(browser.enter_email_code(&latchkey, &less, &ann).await.redirect_target().1.contains_key("code"));

    let entries = consent_entries(&latchkey).await;
    assert_eq!(entries.len(), 2, "the first consent, and the wider one");
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
async fn consent_is_per_member_and_client() {
    let latchkey = TestApp::with_fixtures().await;
    let (one, two) = (latchkey.fixtures().sign_in_client().await, latchkey.fixtures().sign_in_client().await);
    let (ann, ben) = (latchkey.fixtures().member("ann").await, latchkey.fixtures().member("ben").await);
    latchkey.sign_in(&one, &ann).await;
    consent_page(&latchkey, &one, &ben).await;
    consent_page(&latchkey, &two, &ann).await;
}

#[tokio::test]
async fn public_client_needs_consent_every_time() {
    let latchkey = TestApp::with_fixtures().await;
    let members = json!({ "token_endpoint_auth_method": "none" });
    let (client, ann) =
        (latchkey.fixtures().sign_in_client_with(&members).await, latchkey.fixtures().member("ann").await);
    for _ in 0..2 {
        let (browser, page) = consent_page(&latchkey, &client, &ann).await;
        let page = page.expect_text("This app cannot prove what it is.");
        assert!(browser.submit_consent(&page, "allow").await.redirect_target().1.contains_key("code"));
    }
}

#[tokio::test]
async fn prompt_consent_shows_the_page_although_consent_is_remembered() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, ann) = (latchkey.fixtures().sign_in_client().await, latchkey.fixtures().member("ann").await);
    latchkey.sign_in(&client, &ann).await;
    let browser = Browser::new(&latchkey);
    for prompt in ["consent", "login consent"] {
        let request = AuthorizeRequest::of(&client).with("prompt", prompt);
        let page = browser.enter_email_code(&latchkey, &request, &ann).await.expect(200);
        let page = page.expect_text(CONSENT_HEADING);
        assert!(
            browser.submit_consent(&page, "allow").await.redirect_target().1.contains_key("code"),
            "{prompt}"
        );
    }
    let request = AuthorizeRequest::of(&client).with("prompt", "login");
    assert!(
        browser.enter_email_code(&latchkey, &request, &ann).await.redirect_target().1.contains_key("code")
    );
    assert_eq!(consent_entries(&latchkey).await.len(), 1, "nothing more was granted");
}

#[tokio::test]
async fn revoked_consent_is_requested_again() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, ann) = (latchkey.fixtures().sign_in_client().await, latchkey.fixtures().member("ann").await);
    latchkey.sign_in(&client, &ann).await;
    let consents = format!("{}/consents", client.path());
    let listed = latchkey.admin_request("GET", &consents).await.send().await.expect(200).json();
    let sub = listed["items"][0]["sub"].as_str().unwrap().to_owned();
    latchkey.delete(&format!("{consents}/{sub}")).await.expect(204);
    consent_page(&latchkey, &client, &ann).await;
}

#[tokio::test]
async fn another_member_can_sign_in_instead() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, ann, ben) = (
        latchkey.fixtures().sign_in_client().await,
        latchkey.fixtures().member("ann").await,
        latchkey.fixtures().member("ben").await,
    );
    let (browser, page) = consent_page(&latchkey, &client, &ann).await;
    let other = page.find(|form| form.get("decision") == Some("switch_user"));
    let page = browser.submit(&other).await.expect(200).expect_text("Sign in to go on to Order portal");
    let page = browser.submit(&page.form("/email").with("email", &ben)).await.expect(200);
    let code = latchkey.inspect().mailed_code(&ben).await;
    let page = browser.submit(&page.form("/code").with("code", &code)).await.expect(200);
    page.expect_text(CONSENT_HEADING).expect_text(&ben);
}

#[tokio::test]
async fn consent_revalidates_the_request() {
    let latchkey = TestApp::with_fixtures().await;
    let ann = latchkey.fixtures().member("ann").await;

    let client = latchkey.fixtures().sign_in_client().await;
    let (browser, page) = consent_page(&latchkey, &client, &ann).await;
    latchkey.post(&format!("{}/disable", client.path()), &json!({})).await.expect(200);
    browser.submit_consent(&page, "allow").await.expect(400).expect_text("This link does not work");
    latchkey.post(&format!("{}/enable", client.path()), &json!({})).await.expect(200);
    let body = json!({ "permissions": [{ "resource": "backoffice_api", "scopes": ["orders:read"] }] });
    let put = latchkey.admin_request("PUT", &format!("{}/permissions", client.path())).await;
    put.json(&body).send().await.expect(200);
    assert_eq!(browser.submit_consent(&page, "allow").await.redirect_target().1["error"], "invalid_scope");

    let client = latchkey.fixtures().sign_in_client().await;
    let (browser, page) = consent_page(&latchkey, &client, &ann).await;
    let body = json!({ "redirect_uris": ["https://app.example.com/other"] });
    latchkey.admin_request("PATCH", &client.path()).await.json(&body).send().await.expect(200);
    browser.submit_consent(&page, "allow").await.expect(400).expect_text("This link does not work");

    let client = latchkey.fixtures().sign_in_client().await;
    let (browser, page) = consent_page(&latchkey, &client, &ann).await;
    latchkey.delete(&format!("/v1/accounts/{ACCOUNT}/members/{ann}")).await.expect(204);
    assert_eq!(browser.submit_consent(&page, "allow").await.redirect_target().1["error"], "access_denied");
    assert_eq!(count_stored(&latchkey, "CODE#").await, 0);
}

#[tokio::test]
async fn removed_member_cannot_submit_email_code() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, ann) = (latchkey.fixtures().sign_in_client().await, latchkey.fixtures().member("ann").await);
    let browser = Browser::new(&latchkey);
    let page = browser.request_email_code(&AuthorizeRequest::of(&client), &ann).await.expect(200);
    let code = latchkey.inspect().mailed_code(&ann).await;
    latchkey.delete(&format!("/v1/accounts/{ACCOUNT}/members/{ann}")).await.expect(204);
    let page = browser.submit(&page.form("/code").with("code", &code)).await.expect(200);
    page.expect_text("That is not the code.");
}
