//! The pages themselves: on a telephone, in the dark, without a mouse, by people who click twice or go back.

use super::setup::{Setup, SignInMethod};
use super::{BOTH, OPENID_CLIENT};

const TO_CONSENT: [&str; 3] = ["Sign in", "Check your e-mail", "Order board wants to act for you"];
const BACK: &str = "Back at the order board";

/// Goes through these pages in a manner, and gets to the application with a code that works.
async fn they_lead_there(test: &str, manner: SignInMethod<'_>, pages: &[&str]) {
    let Some(setup) = Setup::new(test).await else { return };
    let application = setup.public(OPENID_CLIENT).await;
    let begun = application.begin(BOTH).await;
    let visit = setup.visit(&begun.url, manner).await;
    assert_eq!(visit.pages, pages);
    let tokens = application.finish(&begun, &visit.url).await;
    tokens.unwrap_or_else(|complaint| panic!("{visit:?}: {complaint}"));
}

/// The pages that everybody sees who is asked for their consent.
async fn they_lead_straight_there(test: &str, manner: SignInMethod<'_>) {
    they_lead_there(test, manner, &[&TO_CONSENT[..], &[BACK]].concat()).await;
}

#[tokio::test]
async fn they_can_be_used_on_a_telephone() {
    they_lead_straight_there("telephone", &[("VIEW", "phone")]).await;
}

#[tokio::test]
async fn they_are_dark_where_everything_is() {
    they_lead_straight_there("dark", &[("COLOURS", "dark"), ("AXE", "1")]).await;
}

#[tokio::test]
async fn they_keep_the_rules_of_accessibility() {
    they_lead_straight_there("accessible", &[("AXE", "1")]).await;
}

#[tokio::test]
async fn they_fit_a_narrow_window() {
    they_lead_straight_there("narrow", &[("VIEW", "narrow"), ("AXE", "1")]).await;
}

#[tokio::test]
async fn they_need_no_mouse() {
    they_lead_straight_there("keyboard", &[("HAND", "keyboard")]).await;
}

#[tokio::test]
async fn clicking_twice_does_no_harm() {
    they_lead_straight_there("clicked-twice", &[("HAND", "double")]).await;
}

#[tokio::test]
async fn going_back_does_no_harm() {
    let pages = [&TO_CONSENT[..], &[BACK, "This sign-in is finished"]].concat();
    they_lead_there("back", &[("THEN", "back"), ("AXE", "1")], &pages).await;
}

#[tokio::test]
async fn after_too_many_wrong_codes_a_new_one_can_be_had() {
    let [first, code, consent] = TO_CONSENT;
    // The page for the code: the first time, after each of the five, and for the new one.
    let pages = [&[first][..], &[code; 7], &[consent, BACK]].concat();
    they_lead_there("wrong-codes", &[("WRONG_CODES", "5"), ("AXE", "1")], &pages).await;
}

#[tokio::test]
async fn two_tabs_at_once_do_not_meet() {
    let Some(setup) = Setup::new("two-tabs").await else { return };
    let application = setup.confidential(OPENID_CLIENT).await;
    let (one, other) = (application.begin("orders:read").await, application.begin("orders:write").await);
    let [first, second] = setup.visit_both([&one.url, &other.url]).await;
    for (begun, visit, scope) in [(&one, first, "orders:read"), (&other, second, "orders:write")] {
        let tokens = application.finish(begun, &visit.url).await.unwrap();
        assert_eq!(tokens["scope"], scope, "{visit:?}");
    }
}
