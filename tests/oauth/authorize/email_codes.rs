//! Typing in a one-time code: five tries, ten minutes, once.

use crate::support::app::TestApp;
use crate::support::fixtures::TestClient;
use crate::support::sign_in::browser::{Browser, Visit};
use crate::support::sign_in::{AuthorizeRequest, another};
use jiff::SignedDuration;
use std::sync::Arc;
use tokio::task::JoinSet;

async fn requested(latchkey: &TestApp) -> (TestClient, String, Browser, Visit, String) {
    let (client, ann) = (latchkey.authorize_state().await, latchkey.member("ann").await);
    let browser = Browser::new(latchkey);
    let page = browser.addressed(&AuthorizeRequest::of(&client), &ann).await.expect(200);
    let code = latchkey.mailed_code(&ann).await;
    (client, ann, browser, page, code)
}

async fn typed(browser: &Browser, page: &Visit, code: &str) -> Visit {
    browser.submit(&page.form("/code").with("code", code)).await
}

#[tokio::test]
async fn a_wrong_code_says_how_many_tries_are_left_and_the_fifth_is_the_last() {
    let latchkey = TestApp::with_fixtures().await;
    let (_, ann, browser, mut page, code) = requested(&latchkey).await;
    let wrong = another(&code);
    for left in ["4 tries", "3 tries", "2 tries", "1 try"] {
        page = typed(&browser, &page, &wrong).await.expect(200);
        page = page.expect_saying(&format!("That is not the code. You have {left} left."));
    }
    let first = page.clone();
    let page = typed(&browser, &page, &wrong).await.expect(200).expect_saying("it cannot be tried again");
    assert!(page.forms().iter().all(|form| !form.action.ends_with("/code")), "nothing to type it into");
    // The right one comes too late, from a page that was still open.
    typed(&browser, &first, &code).await.expect(200).expect_saying("it cannot be tried again");
    // No dead end: a new code takes its place.
    let page = browser.submit(&page.form("/email")).await.expect(200);
    let newer = latchkey.mailed_code(&ann).await;
    typed(&browser, &page, &newer).await.expect(200).expect_saying("Order desk wants to act for you");
}

#[tokio::test]
async fn a_new_code_takes_the_old_one_s_place() {
    let latchkey = TestApp::with_fixtures().await;
    let (_, ann, browser, page, old) = requested(&latchkey).await;
    let page = browser.submit(&page.form("/email")).await.expect(200);
    let new = latchkey.mailed_code(&ann).await;
    if old != new {
        typed(&browser, &page, &old).await.expect(200).expect_saying("You have 4 tries left.");
    }
    typed(&browser, &page, &new).await.expect(200).expect_saying("Order desk wants to act for you");
}

#[tokio::test]
async fn a_code_works_until_ten_minutes_have_passed() {
    let mut latchkey = TestApp::with_fixtures().await;
    let (_, _, browser, page, code) = requested(&latchkey).await;
    latchkey.advance(SignedDuration::from_secs(10 * 60 + 1));
    typed(&browser, &page, &code).await.expect(200).expect_saying("The code has expired. Ask for a new one.");
    let (_, _, browser, page, code) = asked_again(&latchkey).await;
    latchkey.advance(SignedDuration::from_secs(9 * 60 + 45));
    typed(&browser, &page, &code).await.expect(200).expect_saying("Order desk wants to act for you");
}

async fn asked_again(latchkey: &TestApp) -> (TestClient, String, Browser, Visit, String) {
    let (client, ben) = (latchkey.authorize_state().await, latchkey.member("ben").await);
    let browser = Browser::new(latchkey);
    let page = browser.addressed(&AuthorizeRequest::of(&client), &ben).await.expect(200);
    let code = latchkey.mailed_code(&ben).await;
    (client, ben, browser, page, code)
}

#[tokio::test]
async fn a_slip_is_no_try_and_spaces_are_read_over() {
    let latchkey = TestApp::with_fixtures().await;
    let (_, _, browser, page, code) = requested(&latchkey).await;
    for slip in ["", "12345", "1234567", "abcdef", "12345\u{663}"] {
        let page = typed(&browser, &page, slip).await.expect(200);
        assert!(page.at.ends_with("?problem=code"), "{}", page.at);
        page.expect_saying("Enter the 6 digits from the e-mail.");
    }
    let spaced = format!(" {} {} ", &code[..3], &code[3..]);
    typed(&browser, &page, &spaced).await.expect(200).expect_saying("Order desk wants to act for you");
}

#[tokio::test]
async fn a_code_that_did_its_work_does_no_other() {
    let latchkey = TestApp::with_fixtures().await;
    let (_, _, browser, page, code) = requested(&latchkey).await;
    typed(&browser, &page, &code).await.expect(200).expect_saying("wants to act for you");
    let question = typed(&browser, &page, &another(&code)).await.expect(200);
    question.expect_saying("wants to act for you");
}

#[tokio::test]
async fn nobody_signs_in_with_a_code_that_was_never_sent() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.authorize_state().await;
    let browser = Browser::new(&latchkey);
    let no_one = format!("nobody@{}", latchkey.mail_domain());
    let page = browser.addressed(&AuthorizeRequest::of(&client), &no_one).await.expect(200);
    typed(&browser, &page, "123456").await.expect(200).expect_saying("You have 4 tries left.");
}

#[tokio::test]
async fn of_fifty_guesses_at_once_no_more_than_five_are_compared() {
    let latchkey = TestApp::with_fixtures().await;
    let (_, _, browser, page, code) = requested(&latchkey).await;
    let (browser, form) = (Arc::new(browser), page.form("/code"));
    let mut all = JoinSet::new();
    for guess in 0..50_u32 {
        let guess = format!("{:06}", (code.parse::<u32>().unwrap() + 1 + guess) % 1_000_000);
        let (browser, form) = (Arc::clone(&browser), form.clone().with("code", &guess));
        all.spawn(async move { browser.post(&form).await.status.as_u16() });
    }
    let answers = all.join_all().await;
    assert!(answers.iter().all(|status| *status == 303), "{answers:?}");
    let grants = latchkey.items(&latchkey.server.management.app.config.tables.grants).await;
    let kept = grants.iter().find(|item| item["pk"].as_s().unwrap().starts_with("SIGNIN#")).unwrap();
    let tries: u8 = kept["step"].as_m().unwrap()["tries"].as_n().unwrap().parse().unwrap();
    // The version counts every step: two before the guesses, and one for each that was compared.
    let version: u8 = kept["version"].as_n().unwrap().parse().unwrap();
    assert!((1..=5).contains(&tries) && version == 2 + tries, "{tries} tries, version {version}");
}
