//! Sizes of resources: every instance keeps all of them in memory.

use crate::support::app::TestApp;
use crate::v1::RESOURCES;
use serde_json::{Value, json};

fn scopes(count: usize, length: usize) -> Value {
    (0..count).map(|n| json!({ "name": format!("s{n}"), "description": "d".repeat(length) })).collect()
}

#[tokio::test]
async fn resource_takes_at_most_32_kib() {
    let latchkey = TestApp::new().await;
    let body = |length| json!({ "resource_id": "large", "scopes": scopes(100, length) });
    assert_eq!(latchkey.post(RESOURCES, &body(400)).await.expect(422).pointers(), ["#"]);
    latchkey.post(RESOURCES, &body(250)).await.expect(201);
    let path = "/v1/resources/large";
    assert_eq!(
        latchkey.patch(path, &json!({ "scopes": scopes(100, 400) })).await.expect(422).pointers(),
        ["#"]
    );
    latchkey.patch(path, &json!({ "scopes": scopes(99, 250) })).await.expect(200);
    let items = latchkey.inspect().partition("CATALOGUE").await;
    let bytes = items.iter().map(crate::oauth::token::item_size::bytes).sum::<usize>();
    println!("the largest resource takes {bytes} bytes");
    assert!(bytes <= 32 * 1024, "{bytes}");
}

#[tokio::test]
async fn number_and_total_size_of_resources_are_limited() {
    let latchkey = TestApp::new().await;
    // 199 small ones, written directly, and one through the API.
    let first = latchkey.post(RESOURCES, &json!({ "resource_id": "r000" })).await.expect(201);
    assert_eq!(first.string("resource_id"), "r000");
    let template = latchkey.inspect().partition("CATALOGUE").await.pop().unwrap();
    let text = |text: String| aws_sdk_dynamodb::types::AttributeValue::S(text);
    let table = &latchkey.server.management.app.config.tables.directory;
    let put = async |id: String, description: Option<usize>| {
        let mut item = template.clone();
        item.extend([
            ("sk".to_owned(), text(format!("RESOURCE#{id}"))),
            ("resource_id".to_owned(), text(id.clone())),
            ("audience".to_owned(), text(id.clone())),
            ("resource_name".to_owned(), text("n".repeat(description.unwrap_or(1)))),
        ]);
        let put = latchkey.server.aws.dynamodb().put_item().table_name(table).set_item(Some(item));
        put.send().await.unwrap();
    };
    for number in 1..199 {
        put(format!("r{number:03}"), None).await;
    }
    latchkey.post(RESOURCES, &json!({ "resource_id": "last" })).await.expect(201);
    let refused = latchkey.post(RESOURCES, &json!({ "resource_id": "more" })).await.expect(409);
    assert_eq!(refused.problem(), "limit_reached");
    latchkey.delete("/v1/resources/last").await.expect(204);
    // As large as no resource can be any more: together 1 MB.
    for number in 1..5 {
        put(format!("r{number:03}"), Some(250_000)).await;
    }
    let refused = latchkey.post(RESOURCES, &json!({ "resource_id": "more" })).await.expect(409);
    assert_eq!(refused.problem(), "limit_reached");
    let grown = json!({ "resource_name": "A longer name than before" });
    assert_eq!(latchkey.patch("/v1/resources/r100", &grown).await.expect(409).problem(), "limit_reached");
    latchkey.patch("/v1/resources/r001", &json!({ "resource_name": "shorter" })).await.expect(200);
    latchkey.post(RESOURCES, &json!({ "resource_id": "more" })).await.expect(201);
}

#[tokio::test]
async fn implied_scopes_are_validated() {
    let latchkey = TestApp::new().await;
    for scopes in [
        json!([{ "name": "a", "implies": ["x"] }]),
        json!([{ "name": "a", "implies": ["a"] }]),
        json!([{ "name": "a", "implies": ["b"] }, { "name": "b", "restricted": true }]),
    ] {
        let body = json!({ "resource_id": "a", "scopes": scopes });
        assert_eq!(
            latchkey.post(RESOURCES, &body).await.expect(422).pointers(),
            ["#/scopes/0/implies"],
            "{body}"
        );
    }
    let cycle = json!([{ "name": "a", "implies": ["b"] }, { "name": "b", "implies": ["a"] }]);
    latchkey.post(RESOURCES, &json!({ "resource_id": "a", "scopes": cycle })).await.expect(422);
    for url in ["http://docs.example", "docs", "https://u:p@docs.example"] {
        let body = json!({ "resource_id": "a", "documentation_url": url });
        assert_eq!(latchkey.post(RESOURCES, &body).await.expect(422).pointers(), ["#/documentation_url"]);
    }
}
