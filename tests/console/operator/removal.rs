//! What the pages say before an API or one of its scopes is removed: who loses it.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::browser::{Browser, PageVisit};
use serde_json::{Value, json};

const API: &str = "/console/operator/apis/backoffice_api";
const TEMPLATE: &str = "/console/operator/templates/checkout";

fn removal(scope: &str) -> String {
    format!("{API}/remove-scope?name=orders%3A{scope}")
}

fn gives(scopes: &[&str]) -> Value {
    json!([{ "resource": "backoffice_api", "scopes": scopes }])
}

async fn add_template(latchkey: &TestApp, id: &str, kind: &str, scopes: &[&str]) {
    let template = json!({
        "template_id": id, "title": format!("Title of {id}"), "asked": ["client_name"],
        kind: { "permissions": gives(scopes) },
    });
    latchkey.admin_request("POST", "/v1/templates").await.json(&template).send().await.expect(201);
}

async fn stored_template(latchkey: &TestApp) -> Value {
    latchkey.admin_request("GET", "/v1/templates/checkout").await.send().await.expect(200).json()
}

async fn remove(browser: &Browser, scope: &str) -> PageVisit {
    let page = browser.get(&removal(scope)).await.expect(200);
    browser.submit(&page.find(|form| form.action.starts_with(API))).await.expect(200).expect_text("Removed.")
}

#[tokio::test]
async fn removal_says_which_accounts_lose_it_and_when_they_were_counted() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().client().await;
    let reads = json!({ "permissions": gives(&["orders:read"]) });
    for number in 10..22 {
        let id = format!("T{number}");
        latchkey.fixtures().account(&id).await;
        latchkey.fixtures().client_with(&id, &reads).await;
    }
    latchkey.fixtures().client_with(ACCOUNT, &reads).await;
    let browser = latchkey.operator_in_console().await;
    for path in [removal("read"), format!("{API}/delete")] {
        browser.get(&path).await.expect(200).expect_text("Not counted yet");
    }
    latchkey.run_job().await;
    let counted = latchkey.now().to_string().replace('T', " ")[..16].to_owned();
    for path in [removal("read"), format!("{API}/delete")] {
        let visit = browser.get(&path).await.expect(200).expect_text("held by 14 clients of 13 accounts");
        let visit = visit.expect_text(&format!("Counted: {counted} UTC")).expect_text("and 3 more accounts");
        let text = visit.text();
        let first = format!("href=\"/console/operator/accounts/{ACCOUNT}\"");
        let (first, next) = (text.find(&first).unwrap(), text.find("/console/operator/accounts/T1").unwrap());
        assert!(first <= next, "the one with most clients comes first: {text}");
    }
    browser.get(&removal("write")).await.expect(200).expect_text("held by 1 client of 1 account.");
}

#[tokio::test]
async fn which_accounts_there_are_is_for_those_who_manage_them() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().client().await;
    latchkey.run_job().await;
    let browser = latchkey.operator_with(&["resources:manage"]).await;
    let visit = browser.get(&removal("read")).await.expect(200).expect_text("1 client of 1 account.");
    assert!(!visit.contains_text(ACCOUNT));
}

#[tokio::test]
async fn removal_names_the_templates_that_give_it() {
    let latchkey = TestApp::with_fixtures().await;
    for (id, kind, scopes) in [
        ("fixes", "fixed", &["orders:read"][..]),
        ("proposes", "defaults", &["orders:read", "orders:write"]),
        ("other", "fixed", &["orders:write"]),
    ] {
        add_template(&latchkey, id, kind, scopes).await;
    }
    let browser = latchkey.operator_in_console().await;
    for (path, named) in [
        (removal("read"), &["fixes", "proposes"][..]),
        (removal("write"), &["proposes", "other"]),
        (format!("{API}/delete"), &["fixes", "proposes", "other"]),
    ] {
        let visit = browser.get(&path).await.expect(200);
        for id in ["fixes", "proposes", "other"] {
            let link = format!("href=\"/console/operator/templates/{id}\"");
            assert_eq!(visit.text().contains(&link), named.contains(&id), "{path}: {id}");
        }
    }
}

#[tokio::test]
async fn template_keeps_what_its_api_no_longer_offers_until_it_is_taken_away() {
    let latchkey = TestApp::with_fixtures().await;
    add_template(&latchkey, "checkout", "fixed", &["orders:read", "orders:write"]).await;
    let browser = latchkey.operator_in_console().await;
    let list = browser.get("/console/operator/templates").await.expect(200);
    assert!(!list.contains_text("Offered to no one"));
    remove(&browser, "read").await;
    let before = stored_template(&latchkey).await;
    let list = browser.get("/console/operator/templates").await.expect(200);
    list.expect_text("Offered to no one: backoffice_api does not offer: orders:read.");
    let page = browser.get(TEMPLATE).await.expect(200).expect_text("No longer offered by their API");
    assert!(page.text().contains("<s>Back office, production: orders:read</s>"), "{}", page.text());
    let form = page.find(|form| form.action == TEMPLATE);
    let visit = browser.submit(&form).await.expect(422).expect_text("does not offer: orders:read");
    assert_eq!(stored_template(&latchkey).await, before, "nothing is lost without a word");
    let mut form = visit.find(|form| form.action == TEMPLATE);
    assert_eq!(form.fields.iter().filter(|(name, _)| name == "scope").count(), 2, "both are kept");
    form.fields.retain(|(_, value)| value != "backoffice_api orders:read");
    browser.submit(&form).await.expect(200).expect_text("Saved.");
    assert_eq!(stored_template(&latchkey).await["fixed"]["permissions"], gives(&["orders:write"]));
    let list = browser.get("/console/operator/templates").await.expect(200);
    assert!(!list.contains_text("Offered to no one"));
}

#[tokio::test]
async fn template_of_a_deleted_api_keeps_its_name() {
    let latchkey = TestApp::with_fixtures().await;
    add_template(&latchkey, "checkout", "fixed", &["orders:read"]).await;
    let browser = latchkey.operator_in_console().await;
    latchkey.admin_request("DELETE", "/v1/resources/backoffice_api").await.send().await.expect(204);
    let list = browser.get("/console/operator/templates").await.expect(200);
    list.expect_text("Offered to no one: no resource backoffice_api exists.");
    let page = browser.get(TEMPLATE).await.expect(200).expect_text("backoffice_api: orders:read");
    let form = page.find(|form| form.action == TEMPLATE);
    browser.submit(&form).await.expect(422).expect_text("no resource backoffice_api exists");
}

#[tokio::test]
async fn customer_is_told_that_a_template_is_not_offered_any_more() {
    let latchkey = TestApp::with_fixtures().await;
    add_template(&latchkey, "checkout", "fixed", &["orders:read"]).await;
    let ann = latchkey.administrator_in_console().await;
    let new = format!("/console/accounts/{ACCOUNT}/clients/new");
    let page =
        ann.get(&format!("{new}?template=checkout")).await.expect(200).expect_text("Title of checkout");
    let olga = latchkey.operator_in_console().await;
    remove(&olga, "read").await;
    let visit = ann.get(&format!("{new}?template=checkout")).await.expect(200);
    let visit = visit.expect_text("What the link names is not offered any more.");
    assert!(!visit.contains_text("Title of checkout"));
    ann.submit(&page.form("/clients/new").with("client_name", "Late")).await.expect(404);
    assert!(!ann.get(&new).await.expect(200).contains_text("not offered any more"));
}
