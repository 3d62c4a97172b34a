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
    let (named, other) = (format!("mailto:{administrator}"), format!("mailto:{viewer}"));
    assert!(refused.text().contains(&named) && !refused.text().contains(&other), "{}", refused.text());
    let elsewhere = browser.get("/console/operator").await;
    assert!(!elsewhere.contains_text(&administrator), "no account is meant there");
}

#[tokio::test]
async fn page_of_an_error_has_the_frame_of_the_account_that_the_person_may_see_and_of_no_other() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().account("T2").await;
    let browser = latchkey.administrator_in_console().await;
    let path = format!("/console/accounts/{ACCOUNT}");
    let here = browser.get(&format!("{path}/clients/lk_unknown")).await.expect(404);
    let here = here.expect_text("Nothing is here").expect_text("OverviewAPI clientsExpiry");
    let title = format!("<title>Nothing is here · Account {ACCOUNT} · ");
    assert!(here.text().contains(&title), "{}", here.text());
    let forged = here.form("/console/sign-out").with("csrf_token", "forged");
    browser.submit(&forged).await.expect(403).expect_text("That was not sent from our page");
    let there = browser.get("/console/accounts/T2/clients/lk_unknown").await.expect(404);
    let there = there.expect_text("Signed in as").text();
    assert!(!there.contains("Account T") && !there.contains("Change account"), "{there}");
    let (hidden, none) = (browser.get("/console/operator").await, browser.get("/console/none").await);
    assert_eq!(hidden.expect(404).text(), none.expect(404).text(), "as a page that does not exist");
    let operator = latchkey.operator_in_console().await;
    let unknown = operator.get("/console/operator/accounts/T999").await.expect(404);
    unknown.expect_text("Operator Change account").expect_text("AccountsAttention");
    browser.submit(&here.form("/console/sign-out")).await;
    browser.get("/console/me").await.expect(200).expect_text("to manage API clients");
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
async fn form_that_is_too_long_shows_its_longest_field_and_keeps_the_others() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let browser = latchkey.administrator_in_console().await;
    let edit = format!("/console/accounts/{ACCOUNT}/clients/{}/edit", client.client_id);
    let form = browser.get(&edit).await.expect(200).form("/edit").with("client_name", "Kept");
    // Spaces and quotes take three bytes each when they are sent.
    let long = form.clone().with("description", &"\" ".repeat(75_000));
    let visit = browser.submit(&long).await.expect(413).expect_text("That is too long");
    let visit = visit.expect_text("has 147 KB: shorten it to 127 KB");
    let again = visit.form("/edit");
    assert_eq!(again.get("client_name"), Some("Kept"));
    assert_eq!(again.get("description"), long.get("description"));
    browser.submit(&again.with("description", "Short")).await.expect(200).expect_text("Kept");
    // One that is not too long in itself gets the complaint of its field.
    let fits = "\" ".repeat(50_000);
    let form = browser.get(&edit).await.expect(200).form("/edit").with("description", &fits);
    browser.submit(&form).await.expect(422).expect_text("must be at most 500 characters long");
    for bytes in [600_000, 3_000_000] {
        let form = form.clone().with("description", &"x".repeat(bytes));
        let visit = browser.submit(&form).await.expect(413).expect_text("That is too long");
        assert!(visit.forms().iter().all(|form| form.get("description").is_none()), "{bytes}");
    }
    let foreign = form.with("description", &"x".repeat(200_000)).with("csrf_token", "x");
    browser.submit(&foreign).await.expect(403);
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
