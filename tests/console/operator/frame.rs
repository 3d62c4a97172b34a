//! What all pages of the operator have in common.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;

#[tokio::test]
async fn operator_finds_the_pages_that_their_rights_open() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.operator_with(&["resources:manage"]).await;
    let visit = browser.get("/console").await.expect(200);
    assert!(visit.text().contains("href=\"/console/operator\""), "a link leads there");
    let visit = browser.get("/console/operator").await.expect(200);
    assert_eq!(visit.at, "/console/operator/apis", "the first page that they may see");
    assert!(!visit.contains_text("Deployment"), "the others are not named");
    browser.get("/console/operator/accounts").await.expect(403);
    browser.get(&format!("/console/accounts/{ACCOUNT}")).await.expect(404);
}

#[tokio::test]
async fn administrator_has_no_link_to_pages_of_the_operator() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.administrator_in_console().await;
    let visit = browser.get(&format!("/console/accounts/{ACCOUNT}")).await.expect(200);
    assert!(!visit.text().contains("/console/operator"));
}
