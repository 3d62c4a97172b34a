//! `/llms.txt` and `/docs/…`: what a deployment tells the people and programs of its customers.

use crate::support::app::{ISSUER, TestApp};

#[tokio::test]
async fn every_listed_document_is_served_with_this_issuer() {
    let latchkey = TestApp::new().await;
    let index = latchkey.request("GET", "/llms.txt").send().await.expect(200);
    assert_eq!(index.header("content-type"), "text/plain; charset=utf-8");
    let index = index.text();
    let prefix = format!("({ISSUER}/docs/");
    let names: Vec<&str> =
        index.split(&prefix).skip(1).filter_map(|rest| rest.split_once(')').map(|(name, _)| name)).collect();
    assert_eq!(names, ["start.md", "token.md", "authorize.md", "management.md", "reminders.md"]);
    for name in names {
        let document = latchkey.request("GET", &format!("/docs/{name}")).send().await.expect(200);
        assert_eq!(document.header("content-type"), "text/markdown; charset=utf-8", "{name}");
        assert_eq!(document.header("x-content-type-options"), "nosniff", "{name}");
        let text = document.text();
        assert!(text.starts_with("# ") && !text.contains("127.0.0.1:8787"), "{name}");
    }
}

#[tokio::test]
async fn unknown_document_is_not_found() {
    let latchkey = TestApp::new().await;
    for path in ["/docs/x.md", "/docs/..%2F..%2FREADME.md", "/docs/"] {
        latchkey.request("GET", path).send().await.expect(404);
    }
}
