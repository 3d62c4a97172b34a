//! The pages in a real browser: views, colour schemes, input methods, repeated clicks and the back button.

use super::setup::{Setup, SignInMethod};
use super::{BOTH, OPENID_CLIENT};
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::code_flow::claims;
use serde_json::json;
use shared::adapters::crypto::mail_link::seal_mail_link;
use shared::domain::account::mail::MailRecipient;
use shared::domain::primitives::email::EmailAddress;
use shared::domain::primitives::ids::AccountId;

const TO_CONSENT: [&str; 3] = ["Sign in", "Check your e-mail", "Order board wants to act for you"];
const BACK: &str = "Back at the order board";

const MAIL: [&str; 3] =
    ["Stop these e-mails?", "You get no more of these e-mails", "You get reminders again"];

async fn check_pages(test: &str, method: SignInMethod<'_>, pages: &[&str]) {
    let Some(setup) = Setup::new(test).await else { return };
    check_pages_in(&setup, method, pages).await;
}

/// Goes through these pages with this method; the application redeems the code that it gets.
async fn check_pages_in(setup: &Setup, method: SignInMethod<'_>, pages: &[&str]) {
    let application = setup.public(OPENID_CLIENT).await;
    let started = application.begin(BOTH).await;
    let visit = setup.visit(&started.url, method).await;
    assert_eq!(visit.pages, pages);
    let tokens = application.finish(&started, &visit.url).await;
    tokens.unwrap_or_else(|error| panic!("{visit:?}: {error}"));
}

/// The same through the pages of a sign-in with consent.
async fn check_default_pages(test: &str, method: SignInMethod<'_>) {
    check_pages(test, method, &[&TO_CONSENT[..], &[BACK]].concat()).await;
}

/// The same, and through the pages by which a contact stops the e-mails of an account, with the rules of axe-core.
async fn check_all_pages(test: &str, view: (&'static str, &str)) {
    let Some(setup) = Setup::new(test).await else { return };
    let app = &setup.latchkey().server.management.app;
    let peppers = app.peppers(setup.latchkey().now()).await.unwrap();
    let recipient = MailRecipient {
        account_id: AccountId::parse(ACCOUNT).unwrap(),
        email: EmailAddress::parse("contact@other.example").unwrap(),
    };
    let link = format!("{}/mail/stop/{}", setup.server.issuer, seal_mail_link(&peppers, &recipient));
    let pages = [&TO_CONSENT[..], &[BACK], &MAIL].concat();
    check_pages_in(&setup, &[view, ("AXE", "1"), ("MAIL_LINK", &link)], &pages).await;
}

#[tokio::test]
async fn pages_work_on_a_phone() {
    check_default_pages("telephone", &[("VIEW", "phone")]).await;
}

#[tokio::test]
async fn pages_follow_the_dark_color_scheme() {
    check_all_pages("dark", ("COLOURS", "dark")).await;
}

#[tokio::test]
async fn pages_pass_axe() {
    check_all_pages("accessible", ("VIEW", "desktop")).await;
}

#[tokio::test]
async fn pages_fit_a_narrow_window() {
    check_all_pages("narrow", ("VIEW", "narrow")).await;
}

#[tokio::test]
async fn pages_work_with_the_keyboard() {
    check_default_pages("keyboard", &[("HAND", "keyboard")]).await;
}

#[tokio::test]
async fn double_click_gets_one_code() {
    check_default_pages("clicked-twice", &[("HAND", "double")]).await;
}

#[tokio::test]
async fn back_button_leads_to_the_client_again() {
    let pages = [&TO_CONSENT[..], &[BACK, BACK]].concat();
    check_pages("back", &[("THEN", "back"), ("AXE", "1")], &pages).await;
}

#[tokio::test]
async fn new_code_can_be_requested_after_too_many_attempts() {
    let [first, code, consent] = TO_CONSENT;
    // The page for the code: at first, after each of the five wrong ones, and for the new code.
    let pages = [&[first][..], &[code; 7], &[consent, BACK]].concat();
    check_pages("wrong-codes", &[("WRONG_CODES", "5"), ("AXE", "1")], &pages).await;
}

#[tokio::test]
async fn end_user_signs_in_through_the_pages() {
    let Some(setup) = Setup::new("end-user").await else { return };
    let account = format!("/v1/accounts/{ACCOUNT}");
    setup.latchkey().patch(&account, &json!({ "end_users": "anyone" })).await.expect(200);
    let application = setup.public(OPENID_CLIENT).await;
    let started = application.begin(BOTH).await;
    let email = setup.email.replace("ann.", "customer.");
    let visit = setup.visit(&started.url, &[("EMAIL", &email), ("AXE", "1")]).await;
    assert_eq!(visit.pages, [&TO_CONSENT[..], &[BACK]].concat());
    let tokens = application.finish(&started, &visit.url).await.unwrap();
    let sub = claims(tokens["access_token"].as_str().unwrap())["sub"].clone();
    assert!(sub.as_str().unwrap().starts_with("user_"), "{sub}");
}

#[tokio::test]
async fn two_tabs_sign_in_independently() {
    let Some(setup) = Setup::new("two-tabs").await else { return };
    let application = setup.confidential(OPENID_CLIENT).await;
    let (one, other) = (application.begin("orders:read").await, application.begin("orders:write").await);
    let [first, second] = setup.visit_both([&one.url, &other.url]).await;
    for (started, visit, scope) in [(&one, first, "orders:read"), (&other, second, "orders:write")] {
        let tokens = application.finish(started, &visit.url).await.unwrap();
        assert_eq!(tokens["scope"], scope, "{visit:?}");
    }
}
