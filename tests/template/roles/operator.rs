//! What an operator does in the console.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;

/// Sees every page across accounts, and changes an account and an API.
pub async fn use_operator_pages(latchkey: &TestApp) {
    let browser = latchkey.operator_named("oscar").await;
    let account = format!("/accounts/{ACCOUNT}");
    let pages =
        ["/accounts", "/accounts?q=account", "/attention", "/expiry", "/apis", "/deployment", &account];
    for page in pages {
        browser.get(&format!("/console/operator{page}")).await.expect(200);
    }
    browser.get(&format!("/console/accounts/{ACCOUNT}/apis")).await.expect(200);
    let visit = browser.get(&format!("/console/operator{account}/limits")).await.expect(200);
    browser.submit(&visit.form("/limits").with("clients", "150")).await.expect(200);
    let api = "/console/operator/apis/backoffice_api";
    browser.get(&format!("{api}/remove-scope?name=orders%3Awrite")).await.expect(200);
    let visit = browser.get(&format!("{api}/edit")).await.expect(200);
    browser.submit(&visit.form("/edit").with("resource_name", "Back office 2")).await.expect(200);
}
