//! What each operation documents: its parameters and its responses.

use super::document::Document;
use crate::support::app::TestApp;
use std::collections::BTreeSet;

#[tokio::test]
async fn posts_document_idempotency_key_and_changes_if_match() {
    let latchkey = TestApp::new().await;
    let document = Document::of(&latchkey).await;
    for ((method, path), operation) in document.operations() {
        let expected = match method.as_str() {
            // Each request issues a link of its own.
            "POST" if path.ends_with("/console-links") => vec![],
            "POST" => vec!["Idempotency-Key".to_owned()],
            // What it deletes is no item with a version.
            "DELETE" if path.contains("/suppressed-addresses/") => vec![],
            // Each of its items has a version of its own.
            "PUT" if path == "/v1/catalogue" => vec![],
            // What only one member is for the account is refused on demand.
            "PATCH" | "DELETE" if path.ends_with("/members/{email}") => {
                vec!["If-Match".to_owned(), "Prefer".to_owned()]
            }
            "PATCH" | "PUT" | "DELETE" => vec!["If-Match".to_owned()],
            _ => vec![],
        };
        let headers: Vec<_> = Document::parameters(operation, "header").into_iter().collect();
        assert_eq!(headers, expected, "{method} {path}");
    }
}

#[tokio::test]
async fn lists_document_their_query_parameters() {
    let latchkey = TestApp::with_fixtures().await;
    let document = Document::of(&latchkey).await;
    let candidates = [
        "limit",
        "cursor",
        "status",
        "attention",
        "q",
        "name",
        "sort",
        "offset",
        "account_id",
        "client_id",
        "actor",
        "action",
        "from",
        "to",
        "until",
    ];
    let query = format!("{}=%7F", candidates.join("=%7F&"));
    let mut lists = 0;
    for path in
        ["/v1/accounts", "/v1/resources", "/v1/templates", "/members", "/clients", "/expiries", "/audit"]
    {
        let path = if path.starts_with("/v1") {
            path.to_owned()
        } else {
            format!("/v1/accounts/{{account_id}}{path}")
        };
        let requested = format!("{}?{}", path.replace("{account_id}", "T12345678"), query);
        let errors = latchkey.get(&requested).await.expect(422).json()["errors"].clone();
        let unknown: BTreeSet<_> = errors
            .as_array()
            .unwrap()
            .iter()
            .filter(|error| error["detail"].as_str().unwrap().contains("not a parameter"))
            .map(|error| error["pointer"].as_str().unwrap().trim_start_matches("#/").to_owned())
            .collect();
        let taken: BTreeSet<_> =
            candidates.map(str::to_owned).into_iter().filter(|name| !unknown.contains(name)).collect();
        assert_eq!(Document::parameters(document.operation("GET", &path), "query"), taken, "{path}");
        lists += 1;
    }
    assert_eq!(lists, 7);
}

#[tokio::test]
async fn responses_are_described_and_errors_are_problems() {
    let latchkey = TestApp::new().await;
    let document = Document::of(&latchkey).await;
    let mut wrong = BTreeSet::new();
    for ((method, path), operation) in document.operations() {
        for (status, response) in operation["responses"].as_object().unwrap() {
            let types: Vec<_> =
                response["content"].as_object().into_iter().flat_map(|types| types.keys()).collect();
            let expected: &[&str] = match status.as_str() {
                "204" => &[],
                "200" if path.ends_with("/audit") => &["application/json", "text/csv"],
                "200" if path.ends_with("/expiries") => &["application/json", "text/calendar", "text/csv"],
                "200" if path.ends_with("/logo") => &["image/png", "image/svg+xml"],
                "200" if path.ends_with("/export") => &["application/x-ndjson"],
                "200" | "201" => &["application/json"],
                _ => &["application/problem+json"],
            };
            let described = response["description"].as_str().is_some_and(|text| !text.is_empty());
            if types != expected || !described {
                wrong.insert(format!("{method} {path} {status}: {types:?}"));
            }
        }
    }
    assert_eq!(wrong, BTreeSet::new());
}
