//! Pages of errors, and complaints at fields: they say what to do, in the language of the page, and lose nothing.

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::AwsProxy;
use crate::support::fault_injection::fault;
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::browser::Browser;
use shared::domain::primitives::language::Language;

#[tokio::test]
async fn who_lacks_a_right_reads_who_can_give_it() {
    let latchkey = TestApp::with_fixtures().await;
    let administrator = latchkey.fixtures().member_with(ACCOUNT, "ann", &["members:manage"]).await;
    let viewer = latchkey.fixtures().member_with(ACCOUNT, "ben", &["clients:read"]).await;
    let browser = Browser::new(&latchkey);
    let path = format!("/console/accounts/{ACCOUNT}");
    browser.sign_in_to_console(&latchkey, &viewer, &path).await.expect(200);
    let refused = browser.get(&format!("{path}/members")).await.expect(403);
    let refused = refused.expect_text("It needs the right members:manage in this account.");
    assert!(refused.contains_text(&administrator) && !refused.contains_text(&viewer), "{}", refused.text());
    let elsewhere = browser.get("/console/operator").await;
    assert!(!elsewhere.contains_text(&administrator), "no account is meant there");
}

#[tokio::test]
async fn form_that_met_a_fault_is_sent_again_by_one_button_with_all_that_was_typed() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.fixtures().seed().await;
    let client = latchkey.fixtures().client().await;
    let browser = latchkey.administrator_in_console().await;
    let edit = format!("/console/accounts/{ACCOUNT}/clients/{}/edit", client.client_id);
    let typed = "Ann & Ben's \"order\" <sync>";
    let form = browser.get(&edit).await.expect(200).form("/edit").with("client_name", typed);
    proxy.inject(fault("throttled", "TransactWriteItems"));
    let failed = browser.submit(&form).await.expect(503).expect_text("What you sent is kept below.");
    proxy.clear();
    let again = failed.form("/edit");
    assert_eq!(again.get("client_name"), Some(typed));
    browser.submit(&again).await.expect(200).expect_text("Ann & Ben's");
}

#[tokio::test]
async fn secret_that_is_typed_in_is_not_in_the_page_of_a_fault() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.fixtures().seed().await;
    let client = latchkey.fixtures().client().await;
    let browser = latchkey.administrator_in_console().await;
    let check = format!("/console/accounts/{ACCOUNT}/clients/{}/credentials/keys/check", client.client_id);
    let form = browser.get(&check).await.expect(200).form("/check").with("token", "marked-token");
    proxy.inject(fault("throttled", "Query"));
    let failed = browser.submit(&form).await.expect(503).expect_text("Something is out of order");
    assert!(!failed.text().contains("marked-token"), "{}", failed.text());
    assert!(!failed.contains_text("Try again"), "without it, the form would be another one");
}

#[tokio::test]
async fn complaints_are_in_the_language_of_the_page() {
    let latchkey = TestApp::with_config(|config| config.locale = Language::German).await;
    latchkey.fixtures().seed().await;
    let browser = latchkey.administrator_in_console().await;
    let path = format!("/console/accounts/{ACCOUNT}/clients/new?template=blank");
    let form = browser.get(&path).await.expect(200).form("/clients/new");
    let bad = [
        ("client_name", "\u{202e}"),
        ("client_uri", "http://shop.example"),
        ("contacts", "me"),
        ("allowed_ips", "203.0.113.*"),
        ("redirect_uris", "http://shop.example/cb"),
        ("access_token_lifetime", "0"),
        ("client_id", "lk_mine"),
    ];
    let form = bad.iter().fold(form, |form, (field, value)| form.with(field, value));
    let visit = browser.submit(&form).await.expect(422).expect_text("muss eine E-Mail-Adresse sein");
    let text = visit.text();
    let english: Vec<&str> = text.match_indices("lang=\"en\"").map(|(at, _)| &text[at..at + 80]).collect();
    assert!(english.is_empty(), "{english:?}");
}
