//! An operator who looks into an account is in its audit trail, however they get there.

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::{AwsProxy, InjectedFault};
use crate::support::fixtures::ACCOUNT;
use serde_json::Value;

/// The entries of an account that say that an operator looked into it.
async fn looks(latchkey: &TestApp, account: &str) -> Vec<Value> {
    let trail = latchkey.list_items(&format!("/v1/accounts/{account}/audit?action=account.entered")).await;
    trail.into_iter().collect()
}

#[tokio::test]
async fn first_page_of_a_session_in_an_account_is_audited_and_no_other() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().account("T2").await;
    let client = latchkey.fixtures().client().await;
    let browser = latchkey.operator_in_console().await;
    browser.get(&format!("/console/operator/accounts/{ACCOUNT}")).await.expect(200);
    assert_eq!(looks(&latchkey, ACCOUNT).await, Vec::<Value>::new(), "the operator's own pages are no look");
    let pages = [format!("/clients/{}", client.client_id), String::new(), "/audit".to_owned()];
    for page in &pages {
        browser.get(&format!("/console/accounts/{ACCOUNT}{page}")).await.expect(200);
    }
    let found = looks(&latchkey, ACCOUNT).await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0]["actor"]["email"].as_str().unwrap().starts_with("olga@"), "{found:?}");
    assert_eq!(looks(&latchkey, "T2").await.len(), 0);
    browser.get("/console/accounts/T2/clients.csv").await.expect(200);
    assert_eq!(looks(&latchkey, "T2").await.len(), 1, "a download is a look");
    let other = latchkey.operator_named("otto").await;
    other.get(&format!("/console/accounts/{ACCOUNT}")).await.expect(200);
    assert_eq!(looks(&latchkey, ACCOUNT).await.len(), 2, "another session");
    browser.get("/console/accounts/T404").await.expect(404);
}

#[tokio::test]
async fn members_and_operators_in_their_own_account_enter_nothing() {
    let latchkey = TestApp::with_fixtures().await;
    let member = latchkey.administrator_in_console().await;
    member.get(&format!("/console/accounts/{ACCOUNT}")).await.expect(200);
    assert_eq!(looks(&latchkey, ACCOUNT).await.len(), 0);
    let operators = latchkey.server.operator.account_id.to_string();
    let operator = latchkey.operator_in_console().await;
    operator.get(&format!("/console/accounts/{operators}")).await.expect(200);
    assert_eq!(looks(&latchkey, &operators).await.len(), 0);
}

#[tokio::test]
async fn tabs_that_look_at_once_have_one_entry() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.operator_in_console().await;
    let path = format!("/console/accounts/{ACCOUNT}/apis");
    let pages = tokio::join!(browser.get(&path), browser.get(&path), browser.get(&path));
    for page in [pages.0, pages.1, pages.2] {
        page.expect(200);
    }
    assert_eq!(looks(&latchkey, ACCOUNT).await.len(), 1);
}

#[tokio::test]
async fn look_costs_a_read_and_a_transaction_once() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.fixtures().seed().await;
    let browser = latchkey.operator_in_console().await;
    let path = format!("/console/accounts/{ACCOUNT}/apis");
    for expected in ["BatchGetItem, 3 GetItem, Query, TransactWriteItems", "BatchGetItem, 2 GetItem, Query"] {
        latchkey.server.management.app.catalogue(latchkey.now()).await.unwrap();
        proxy.take_calls();
        browser.get(&path).await.expect(200);
        assert_eq!(proxy.take_counts(), expected);
    }
}

#[tokio::test]
async fn account_is_not_shown_while_its_trail_cannot_be_written() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.fixtures().seed().await;
    let browser = latchkey.operator_in_console().await;
    let path = format!("/console/accounts/{ACCOUNT}/apis");
    proxy.inject(InjectedFault::json_error("TransactWriteItems", "InternalServerError"));
    browser.get(&path).await.expect(503);
    proxy.clear();
    browser.get(&path).await.expect(200);
    assert_eq!(looks(&latchkey, ACCOUNT).await.len(), 1);
}
