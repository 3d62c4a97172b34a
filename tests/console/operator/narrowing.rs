//! What an operator is asked before an API, or one of its scopes, is kept for the accounts that are entitled to it.

use super::apis::{PAGE, filled, form, stored};
use super::versions::shown;
use crate::support::app::TestApp;
use crate::support::sign_in::console::confirm;
use jiff::SignedDuration;
use serde_json::{Value, json};

const SCOPE: &str = "/console/operator/apis/backoffice_api/scope?name=orders%3Aread";

/// Whether the scope `orders:read` is restricted.
async fn is_restricted(latchkey: &TestApp) -> bool {
    let scopes = stored(latchkey, "backoffice_api").await["scopes"].as_array().unwrap().clone();
    scopes.iter().any(|scope| scope["name"] == "orders:read" && scope["restricted"] == true)
}

async fn access(latchkey: &TestApp) -> Value {
    stored(latchkey, "backoffice_api").await["account_access"].clone()
}

#[tokio::test]
async fn api_is_kept_for_entitled_accounts_after_a_look_at_who_holds_it() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().client().await;
    latchkey.run_job().await;
    let browser = latchkey.operator_in_console().await;
    let fields = [("account_access", "entitled"), ("resource_name", "Orders")];
    let sent = filled(&browser, &format!("{PAGE}/edit"), &fields).await;
    let review = browser.submit(&sent).await.expect(200).expect_text("Who holds it now");
    let review = review.expect_text("held by 1 client of 1 account");
    let review = review.expect_text("Clients of accounts that are not entitled to it get no new tokens");
    assert!(!review.contains_text("Who loses it"));
    assert_eq!(access(&latchkey).await, json!("all"), "nothing is saved yet");
    browser.submit(&form(&review)).await.expect(200).expect_text("Saved.");
    assert_eq!(access(&latchkey).await, json!("entitled"));
    assert_eq!(stored(&latchkey, "backoffice_api").await["resource_name"], "Orders");
    let wider = filled(&browser, &format!("{PAGE}/edit"), &[("account_access", "all")]).await;
    browser.submit(&wider).await.expect(200).expect_text("Saved.");
}

#[tokio::test]
async fn scope_is_restricted_after_a_look_at_who_holds_it() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.operator_in_console().await;
    let fields = [("restricted", "yes"), ("description", "See orders now"), ("default_scopes", "yes")];
    let sent = filled(&browser, SCOPE, &fields).await;
    let review = browser.submit(&sent).await.expect(200).expect_text("Who holds it now");
    let review = review.expect_text("not entitled to this very scope");
    assert!(!is_restricted(&latchkey).await, "nothing is saved yet");
    browser.submit(&form(&review)).await.expect(200).expect_text("Saved.").expect_text("See orders now");
    assert!(is_restricted(&latchkey).await);
    let again = filled(&browser, SCOPE, &[("description", "See orders")]).await;
    browser.submit(&again).await.expect(200).expect_text("Saved.");
}

#[tokio::test]
async fn review_is_of_the_version_of_the_form() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.operator_in_console().await;
    let sent = filled(&browser, &format!("{PAGE}/edit"), &[("account_access", "entitled")]).await;
    let review = browser.submit(&sent).await.expect(200);
    let name = json!({ "resource_name": "Theirs" });
    latchkey.patch("/v1/resources/backoffice_api", &name).await.expect(200);
    for form in [sent, form(&review)] {
        let visit = browser.submit(&form).await.expect(412);
        assert!(visit.text().contains(&shown(("resource_name", "Theirs"))), "{}", visit.text());
    }
    assert_eq!(access(&latchkey).await, json!("all"));
}

#[tokio::test]
async fn what_narrows_needs_a_recent_proof_and_keeps_what_was_typed() {
    let mut latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.operator_in_console().await;
    let email = format!("olga@{}", latchkey.mail_domain());
    let edit = format!("{PAGE}/edit");
    for (path, fields) in [
        (edit.as_str(), [("account_access", "entitled"), ("resource_name", "Orders")]),
        (SCOPE, [("restricted", "yes"), ("description", "See orders now")]),
    ] {
        let sent = filled(&browser, path, &fields).await;
        latchkey.advance(SignedDuration::from_mins(11));
        let location = browser.post(&sent).await.expect(303).header("location").to_owned();
        let visit = confirm(&browser, &latchkey, &email, &location).await.expect(200);
        for (name, value) in fields {
            assert_eq!(form(&visit).get(name), Some(value), "{path}");
        }
        let review = browser.submit(&form(&visit)).await.expect(200);
        review.expect_text("Who holds it now");
    }
}
