//! The page that shows credentials once: files, a test, and leaving it.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::browser::{Browser, PageVisit};
use crate::support::sign_in::console::shown_secret;

const NEW: &str = "/console/accounts/T12345678/clients/new?template=secret";

/// The page with the credentials of a new client.
async fn credentials(browser: &Browser) -> PageVisit {
    let form = browser.get(NEW).await.expect(200).form("/clients/new").with("client_name", "Warehouse");
    browser.submit(&form.and("scope", "backoffice_api orders:read")).await.expect(200)
}

#[tokio::test]
async fn every_file_has_the_secret_and_is_an_attachment_that_nothing_stores() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.administrator_in_console().await;
    let visit = credentials(&browser).await;
    let form = visit.form("/download");
    assert_eq!(form.buttons.len(), 6);
    for (name, format) in form.buttons.clone() {
        let response = browser.post(&form.clone().with(&name, &format)).await.expect(200);
        assert!(response.text().contains(&shown_secret(&visit)), "{format}");
        assert!(response.header("content-disposition").starts_with("attachment; filename=\"lk_"), "{format}");
        assert_eq!(response.header("cache-control"), "no-store", "{format}");
    }
}

#[tokio::test]
async fn test_says_what_a_token_would_hold_or_why_there_would_be_none() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.administrator_in_console().await;
    let visit = credentials(&browser).await;
    let form = visit.form("/test");
    let tried = browser.submit(&form).await.expect(200).expect_text("The secret works.");
    let tried = tried.expect_text("\"scope\": \"orders:read\"");
    assert_eq!(shown_secret(&tried), shown_secret(&visit), "it is still there to be saved");
    let url = form.action.strip_suffix("/test").unwrap().to_owned();
    let secrets = browser.get(&url).await.expect(200);
    browser.submit(&secrets.form("/pause")).await.expect(200);
    browser.submit(&form).await.expect(200).expect_text("The secret is paused.");
    browser.submit(&secrets.form("/pause")).await;
    let foreign = credentials(&browser).await;
    let foreign = form.clone().with("client_secret", &shown_secret(&foreign));
    browser.submit(&foreign).await.expect(200).expect_text("That is not the secret of this client any more.");
    browser.submit(&form.with("client_secret", "<script>")).await.expect(400);
}

#[tokio::test]
async fn page_is_left_with_the_tick_or_after_one_reminder() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.administrator_in_console().await;
    let visit = credentials(&browser).await;
    let form = visit.form("/done");
    let ticked = browser.post(&form.clone().with("saved", "yes")).await.expect(303);
    let client = form.action.strip_suffix("/credentials/done").unwrap();
    assert_eq!(ticked.header("location"), client);
    let reminded = browser.submit(&form).await.expect(200).expect_text("Save it before you go on");
    assert_eq!(shown_secret(&reminded), shown_secret(&visit));
    let left = browser.post(&reminded.form("/done")).await.expect(303);
    assert_eq!(left.header("location"), client);
}

#[tokio::test]
async fn trying_a_secret_uses_nothing_and_needs_the_right_to_manage() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.administrator_in_console().await;
    let form = credentials(&browser).await.form("/test");
    browser.submit(&form).await.expect(200);
    let url = form.action.strip_suffix("/test").unwrap();
    browser.get(url).await.expect(200).expect_text("Not used yet");
    let reader = latchkey.fixtures().member_with(ACCOUNT, "ben", &["clients:read"]).await;
    let other = Browser::new(&latchkey);
    let page = other.sign_in_to_console(&latchkey, &reader, url).await.expect(200);
    let token = page.forms().iter().find_map(|form| form.get("csrf_token").map(str::to_owned)).unwrap();
    let response = other.post(&form.with("csrf_token", &token)).await;
    assert_eq!(response.status, 403);
}
