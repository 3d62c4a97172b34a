//! An account as a file.

use super::scale::{Item, text, with};
use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::browser::{Browser, Form};
use jiff::SignedDuration;
use serde_json::Value;
use std::collections::BTreeSet;

fn page() -> String {
    format!("/console/operator/accounts/{ACCOUNT}/export")
}

async fn opened(browser: &Browser) -> Form {
    browser.get(&page()).await.expect(200).form("/export")
}

#[tokio::test]
async fn file_has_what_the_api_exports_and_no_secret() {
    let latchkey = TestApp::with_members().await;
    let client = latchkey.fixtures().code_flow_client().await;
    latchkey.code_flow_tokens(&client).await;
    let browser = latchkey.operator_in_console().await;
    let account = browser.get(&format!("/console/operator/accounts/{ACCOUNT}")).await.expect(200);
    assert!(account.text().contains(&format!("href=\"{}\"", page())), "a link leads there");
    let file = browser.post(&opened(&browser).await).await.expect(200);
    assert_eq!(file.header("content-type"), "application/x-ndjson");
    assert_eq!(file.header("content-disposition"), format!("attachment; filename=\"{ACCOUNT}.ndjson\""));
    assert!(!file.text().contains(&client.client_secret), "a secret");
    let lines = |text: String| {
        text.lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap().to_string())
            .collect::<BTreeSet<_>>()
    };
    let own = lines(file.text());
    let kind = |line: &String| serde_json::from_str::<Value>(line).unwrap()["type"].to_string();
    let kinds: BTreeSet<String> = own.iter().map(kind).collect();
    assert_eq!(kinds.len(), 5, "{kinds:?}");
    let first = latchkey.admin_request("GET", &format!("/v1/accounts/{ACCOUNT}/export")).await.send().await;
    let link = first.header("link").to_owned();
    let next = link.trim_start_matches('<').split_once(">; ").unwrap().0;
    let second = latchkey.admin_request("GET", next).await.send().await.expect(200);
    assert_eq!(own, lines(first.text() + &second.text()), "the same as by the API");
    let trail = latchkey.list_items(&format!("/v1/accounts/{ACCOUNT}/audit?action=account.exported")).await;
    let by_person = trail.iter().filter(|entry| entry["actor"]["email"].is_string()).count();
    assert_eq!((trail.len(), by_person), (2, 1));
}

#[tokio::test]
async fn export_needs_a_recent_proof_of_who_it_is_and_a_form_of_ours() {
    let mut latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.operator_in_console().await;
    let form = opened(&browser).await;
    let forged = browser.post(&form.clone().with("csrf_token", "x")).await;
    assert_eq!(forged.status, 403);
    latchkey.advance(SignedDuration::from_mins(11));
    let response = browser.post(&form).await.expect(303);
    assert!(response.header("location").starts_with("/console/confirm?to="), "{response:?}");
}

#[tokio::test]
async fn account_that_does_not_fit_into_a_file_gives_none() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let own = latchkey.inspect().partition(&format!("CLIENT#{}", client.client_id)).await;
    let own = own.into_iter().find(|item| item["sk"] == text("CLIENT")).unwrap();
    let copy = |number: usize| {
        let id = format!("copy{number}");
        let attributes =
            [("pk", format!("CLIENT#{id}")), ("client_id", id.clone()), ("list_sort", format!("2026#{id}"))];
        with(&own, &attributes)
    };
    let copies: Vec<Item> = (0..650).map(copy).collect();
    let directory = latchkey.server.management.app.config.tables.directory.clone();
    latchkey.write_items(&directory, &copies).await;
    let browser = latchkey.operator_in_console().await;
    let visit = browser.submit(&opened(&browser).await).await.expect(422);
    let visit = visit.expect_text("This account does not fit into one file");
    assert!(visit.text().contains("while [ -n"), "the command has a loop");
}
