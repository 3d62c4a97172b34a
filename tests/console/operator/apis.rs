//! The catalogue in the console: APIs and their scopes.

use crate::support::app::TestApp;
use crate::support::sign_in::browser::{Browser, Form, PageVisit};
use jiff::SignedDuration;
use serde_json::{Value, json};

pub const PAGE: &str = "/console/operator/apis/backoffice_api";

pub async fn stored(latchkey: &TestApp, id: &str) -> Value {
    latchkey.admin_request("GET", &format!("/v1/resources/{id}")).await.send().await.expect(200).json()
}

/// The form of a page that is posted to its own path.
pub fn form(visit: &PageVisit) -> Form {
    visit.find(|form| form.action.starts_with("/console/operator/"))
}

pub async fn filled(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Form {
    let form = form(&browser.get(path).await.expect(200));
    fields.iter().fold(form, |form, (name, value)| form.with(name, value))
}

#[tokio::test]
async fn api_is_created_after_a_look_at_what_never_changes() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.operator_in_console().await;
    let fields = [
        ("resource_id", "orders_test"),
        ("resource_name", "Orders, test"),
        ("audience", "https://{account_id}.orders.example"),
        ("service", "orders"),
        ("stage", "test"),
        ("token_signing_alg", "ES256"),
        ("documentation_url", "https://docs.example/orders"),
    ];
    let sent = filled(&browser, "/console/operator/apis/new", &fields).await;
    let visit = browser.submit(&sent).await.expect(200).expect_text("never change");
    let review = visit.expect_text("For the account T00000001 it is https://T00000001.orders.example");
    let before = latchkey.admin_request("GET", "/v1/resources/orders_test").await;
    before.send().await.expect(404);
    let again = browser.submit(&form(&review).with("step", "change")).await.expect(200);
    assert_eq!(form(&again).get("audience"), Some("https://{account_id}.orders.example"));
    let create = form(&review).with("step", "create");
    browser.submit(&create).await.expect(200).expect_text("Created.");
    let visit = browser.submit(&create).await.expect(200);
    assert_eq!(visit.at, "/console/operator/apis/orders_test?done=created", "sent twice, it is created once");
    let resource = stored(&latchkey, "orders_test").await;
    assert_eq!(resource["token_signing_alg"], "ES256");
    assert_eq!(resource["account_access"], "entitled");
    browser.get("/console/operator/apis").await.expect(200).expect_text("Orders, test");
}

#[tokio::test]
async fn what_is_wrong_with_a_new_api_stands_at_its_field() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.operator_in_console().await;
    for (field, value, text) in [
        ("resource_id", "", "is required"),
        ("resource_id", "two words", "must be 1 to 64"),
        ("resource_id", "backoffice_api", "is taken"),
        ("resource_id", "latchkey_api", "must not start with"),
        ("audience", "https://api.example.com/", "is another API's"),
        ("audience", "{tenant}", "the only placeholder is"),
        ("service", "a b", "must be 1 to 64"),
        ("documentation_url", "http://x.example", "must be an https URL"),
        ("token_signing_alg", "none", "must be \"RS256\""),
    ] {
        let fields = [("resource_id", "new_api"), ("audience", "https://new.example"), (field, value)];
        let sent = filled(&browser, "/console/operator/apis/new", &fields).await;
        let visit = browser.submit(&sent).await.expect(422).expect_text(text);
        assert!(visit.text().contains(&format!("id=\"error-{field}\"")), "{field}: {value}");
        let kept = form(&visit);
        assert!(field == "token_signing_alg" || kept.get(field) == Some(value), "{field} is kept");
    }
}

#[tokio::test]
async fn all_that_is_taken_is_said_at_once_and_a_form_sent_again_is_kept() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.operator_in_console().await;
    let new = "/console/operator/apis/new";
    let taken = [("resource_id", "backoffice_api"), ("audience", "https://api.example.com/")];
    let visit = browser.submit(&filled(&browser, new, &taken).await).await.expect(422);
    assert!(["resource_id", "audience"].iter().all(|field| visit.text().contains(&format!("error-{field}"))));
    let free = [("resource_id", "one"), ("audience", "https://one.example")];
    let review = browser.submit(&filled(&browser, new, &free).await).await.expect(200);
    let create = form(&review.expect_text("Back to the form")).with("step", "create");
    browser.submit(&create).await.expect(200).expect_text("Created.");
    let other = create.with("resource_id", "two").with("audience", "https://two.example");
    let visit = browser.submit(&other).await.expect(422).expect_text("This form was sent before");
    assert_eq!(form(&visit).get("audience"), Some("https://two.example"));
    let review = browser.submit(&form(&visit)).await.expect(200);
    browser.submit(&form(&review).with("step", "create")).await.expect(200).expect_text("Created.");
}

#[tokio::test]
async fn api_is_changed_unless_another_person_changed_it() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.operator_in_console().await;
    let path = format!("{PAGE}/edit");
    let stale = filled(&browser, &path, &[("resource_name", "Stale")]).await;
    let fields = [("resource_name", "Back office 2"), ("account_access", "entitled")];
    let review = browser.submit(&filled(&browser, &path, &fields).await).await.expect(200);
    let visit = browser.submit(&form(&review)).await.expect(200);
    visit.expect_text("Saved.").expect_text("Back office 2").expect_text("Only accounts that you entitle");
    let visit = browser.submit(&stale).await.expect(412).expect_text("Nothing was saved.");
    assert_eq!(form(&visit).get("resource_name"), Some("Stale"), "what was typed is kept");
    assert_eq!(stored(&latchkey, "backoffice_api").await["resource_name"], "Back office 2");
    browser.submit(&form(&visit)).await.expect(200);
    assert_eq!(stored(&latchkey, "backoffice_api").await["resource_name"], "Stale");
}

#[tokio::test]
async fn scope_is_added_changed_and_removed() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.operator_in_console().await;
    let scope = format!("{PAGE}/scope");
    let fields = [("name", "orders:admin"), ("description", "Run orders"), ("restricted", "yes")];
    let sent = filled(&browser, &scope, &fields).await;
    let sent = sent.and("implies", "orders:read").and("implies", "orders:write");
    browser.submit(&sent).await.expect(200).expect_text("Saved.").expect_text("Run orders");
    let find = async || {
        let scopes = stored(&latchkey, "backoffice_api").await["scopes"].as_array().unwrap().clone();
        scopes.into_iter().find(|scope| scope["name"] == "orders:admin")
    };
    let added = find().await.unwrap();
    assert_eq!(added["implies"], json!(["orders:read", "orders:write"]));
    assert_eq!(added["restricted"], true);
    let own = format!("{scope}?name=orders%3Aadmin");
    let visit = browser.get(&own).await.expect(200);
    let sent = form(&visit).with("description", "Run all orders").without("restricted").without("implies");
    browser.submit(&sent).await.expect(200);
    assert_eq!(find().await.unwrap()["description"], "Run all orders");
    let visit = browser.get(&format!("{scope}?name=orders%3Aread")).await.expect(200);
    let sent = form(&visit).with("implies", "orders:admin");
    browser.submit(&sent).await.expect(200);
    let visit = browser.get(&format!("{PAGE}/remove-scope?name=orders%3Aadmin")).await.expect(200);
    browser.submit(&form(&visit)).await.expect(200).expect_text("Removed.");
    assert_eq!(find().await, None);
    let left = stored(&latchkey, "backoffice_api").await;
    let implies = left["scopes"].as_array().unwrap().iter().map(|scope| scope["implies"].clone());
    assert!(implies.into_iter().all(|implied| implied == json!([])), "no other scope comes with it: {left}");
    browser.submit(&form(&visit)).await.expect(200);
}

#[tokio::test]
async fn rules_of_scopes_are_complained_about_at_their_fields() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.operator_in_console().await;
    for (fields, field, text) in [
        (vec![("name", "")], "name", "must be 1 to 128"),
        (vec![("name", "orders:read")], "name", "must not name a scope twice"),
        (vec![("name", "x"), ("implies", "nothing")], "implies", "not among the scopes: nothing"),
    ] {
        let sent = filled(&browser, &format!("{PAGE}/scope"), &fields).await;
        let visit = browser.submit(&sent).await.expect(422).expect_text(text);
        assert!(visit.text().contains(&format!("id=\"field-{field}\"")), "{field}");
        assert!(field != "name" || visit.contains_text("Scope: must"), "it is called as on the form");
    }
    assert_eq!(stored(&latchkey, "backoffice_api").await["scopes"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn api_is_deleted_when_its_id_is_typed() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.operator_in_console().await;
    let path = format!("{PAGE}/delete");
    let wrong = filled(&browser, &path, &[("typed", "backoffice")]).await;
    browser.submit(&wrong).await.expect(422).expect_text("Nothing was changed.");
    let right = wrong.with("typed", "backoffice_api");
    let visit = browser.submit(&right).await.expect(200);
    visit.expect_text("Deleted.").expect_text("There are no APIs yet");
}

#[tokio::test]
async fn what_takes_rights_away_needs_a_recent_proof_of_who_it_is() {
    let mut latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.operator_in_console().await;
    let delete = filled(&browser, &format!("{PAGE}/delete"), &[("typed", "backoffice_api")]).await;
    let remove = form(&browser.get(&format!("{PAGE}/remove-scope?name=orders%3Aread")).await.expect(200));
    latchkey.advance(SignedDuration::from_mins(11));
    for form in [delete, remove] {
        let response = browser.post(&form).await;
        assert!(response.header("location").starts_with("/console/confirm?to="), "{response:?}");
    }
    assert_eq!(stored(&latchkey, "backoffice_api").await["scopes"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn operator_without_the_right_for_apis_is_told_so() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.operator_with(&["accounts:manage"]).await;
    browser.get(PAGE).await.expect(403).expect_text("It needs the right resources:manage");
}
