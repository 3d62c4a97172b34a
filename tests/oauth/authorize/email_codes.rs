//! Submitting an email code: five attempts, ten minutes, once.

use crate::support::app::TestApp;
use crate::support::fixtures::TestClient;
use crate::support::sign_in::browser::{Browser, PageVisit};
use crate::support::sign_in::{AuthorizeRequest, another};
use jiff::SignedDuration;
use std::sync::Arc;
use tokio::task::JoinSet;

async fn request_code(latchkey: &TestApp) -> (TestClient, String, Browser, PageVisit, String) {
    let (client, ann) = (latchkey.fixtures().sign_in_client().await, latchkey.fixtures().member("ann").await);
    let browser = Browser::new(latchkey);
    let page = browser.request_email_code(&AuthorizeRequest::of(&client), &ann).await.expect(200);
    let code = latchkey.inspect().mailed_code(&ann).await;
    (client, ann, browser, page, code)
}

async fn submit_code(browser: &Browser, page: &PageVisit, code: &str) -> PageVisit {
    browser.submit(&page.form("/code").with("code", code)).await
}

#[tokio::test]
async fn fifth_wrong_code_is_the_last() {
    let latchkey = TestApp::with_fixtures().await;
    let (_, ann, browser, mut page, code) = request_code(&latchkey).await;
    let wrong = another(&code);
    for left in ["4 tries", "3 tries", "2 tries", "1 try"] {
        page = submit_code(&browser, &page, &wrong).await.expect(200);
        page = page.expect_text(&format!("That is not the code. You have {left} left."));
    }
    let first = page.clone();
    let page = submit_code(&browser, &page, &wrong).await.expect(200).expect_text("it cannot be tried again");
    assert!(page.forms().iter().all(|form| !form.action.ends_with("/code")), "the form is gone");
    // The right code is too late, from a page that was still open.
    submit_code(&browser, &first, &code).await.expect(200).expect_text("it cannot be tried again");
    // A new code can be requested.
    let page = browser.submit(&page.form("/email")).await.expect(200);
    let newer = latchkey.inspect().mailed_code(&ann).await;
    submit_code(&browser, &page, &newer).await.expect(200).expect_text("Order portal wants to act for you");
}

#[tokio::test]
async fn new_code_replaces_the_old_one() {
    let latchkey = TestApp::with_fixtures().await;
    let (_, ann, browser, page, old) = request_code(&latchkey).await;
    let page = browser.submit(&page.form("/email")).await.expect(200);
    let new = latchkey.inspect().mailed_code(&ann).await;
    if old != new {
        submit_code(&browser, &page, &old).await.expect(200).expect_text("You have 4 tries left.");
    }
    submit_code(&browser, &page, &new).await.expect(200).expect_text("Order portal wants to act for you");
}

#[tokio::test]
async fn code_expires_after_ten_minutes() {
    let mut latchkey = TestApp::with_fixtures().await;
    let (_, _, browser, page, code) = request_code(&latchkey).await;
    latchkey.advance(SignedDuration::from_secs(10 * 60 + 1));
    submit_code(&browser, &page, &code)
        .await
        .expect(200)
        .expect_text("The code has expired. Ask for a new one.");
    let (_, _, browser, page, code) = request_code_for_ben(&latchkey).await;
    latchkey.advance(SignedDuration::from_secs(9 * 60 + 45));
    submit_code(&browser, &page, &code).await.expect(200).expect_text("Order portal wants to act for you");
}

async fn request_code_for_ben(latchkey: &TestApp) -> (TestClient, String, Browser, PageVisit, String) {
    let (client, ben) = (latchkey.fixtures().sign_in_client().await, latchkey.fixtures().member("ben").await);
    let browser = Browser::new(latchkey);
    let page = browser.request_email_code(&AuthorizeRequest::of(&client), &ben).await.expect(200);
    let code = latchkey.inspect().mailed_code(&ben).await;
    (client, ben, browser, page, code)
}

#[tokio::test]
async fn invalid_code_is_not_an_attempt() {
    let latchkey = TestApp::with_fixtures().await;
    let (_, _, browser, page, code) = request_code(&latchkey).await;
    for invalid in ["", "12345", "1234567", "123456789", "abcdefgh", "1234567\u{bd}"] {
        let page = submit_code(&browser, &page, invalid).await.expect(200);
        assert!(page.at.ends_with("?problem=code"), "{}", page.at);
        page.expect_text("Enter the 8 digits from the e-mail.");
    }
    let spaced = format!(" {} {} ", &code[..4], &code[4..]);
    submit_code(&browser, &page, &spaced).await.expect(200).expect_text("Order portal wants to act for you");
}

#[tokio::test]
async fn code_works_once() {
    let latchkey = TestApp::with_fixtures().await;
    let (_, _, browser, page, code) = request_code(&latchkey).await;
    submit_code(&browser, &page, &code).await.expect(200).expect_text("wants to act for you");
    let consent_page = submit_code(&browser, &page, &another(&code)).await.expect(200);
    consent_page.expect_text("wants to act for you");
}

#[tokio::test]
async fn unsent_code_is_wrong() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().sign_in_client().await;
    let browser = Browser::new(&latchkey);
    let unknown = format!("unknown@{}", latchkey.mail_domain());
    let page = browser.request_email_code(&AuthorizeRequest::of(&client), &unknown).await.expect(200);
    submit_code(&browser, &page, "12345678").await.expect(200).expect_text("You have 4 tries left.");
}

#[tokio::test]
async fn concurrent_guesses_are_limited_to_five() {
    let latchkey = TestApp::with_fixtures().await;
    let (_, _, browser, page, code) = request_code(&latchkey).await;
    let (browser, form) = (Arc::new(browser), page.form("/code"));
    let mut all = JoinSet::new();
    for guess in 0..50_u32 {
        let guess = format!("{:08}", (code.parse::<u32>().unwrap() + 1 + guess) % 100_000_000);
        let (browser, form) = (Arc::clone(&browser), form.clone().with("code", &guess));
        all.spawn(async move { browser.post(&form).await.status.as_u16() });
    }
    let responses = all.join_all().await;
    assert!(responses.iter().all(|status| *status == 303), "{responses:?}");
    let grants = latchkey.inspect().items(&latchkey.server.management.app.config.tables.grants).await;
    let stored = grants.iter().find(|item| item["pk"].as_s().unwrap().starts_with("SIGNIN#")).unwrap();
    let tries: u8 = stored["step"].as_m().unwrap()["tries"].as_n().unwrap().parse().unwrap();
    // The version counts every step: two before the guesses, and one for each guess that was compared.
    let version: u8 = stored["version"].as_n().unwrap().parse().unwrap();
    assert!((1..=5).contains(&tries) && version == 2 + tries, "{tries} tries, version {version}");
}
