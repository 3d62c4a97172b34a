//! What is counted of the console.

use super::metric_lines;
use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::browser::Browser;

/// Adds a member who may read clients, and returns their address.
pub async fn reader(latchkey: &TestApp) -> String {
    latchkey.fixtures().member_with(ACCOUNT, "cleo", &["clients:read"]).await
}

/// Signs a member in to the console and out again.
pub async fn sign_in_and_out(latchkey: &TestApp, email: &str) {
    let browser = Browser::new(latchkey);
    let page = browser.sign_in_to_console(latchkey, email, "/console").await.expect(200);
    browser.submit(&page.form("/console/sign-out")).await.expect(200);
}

#[tokio::test]
async fn emf_metrics_report_sign_ins_to_the_console_and_forms_there() {
    let lines = metric_lines().await;
    let of = |name: &str, dimension: &str| {
        let lines = lines.iter().filter(|line| line[name] == 1);
        lines.map(|line| line[dimension].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(of("console_sign_ins", "method"), ["email_code"]);
    assert_eq!(of("console_actions", "outcome"), ["done"]);
}
