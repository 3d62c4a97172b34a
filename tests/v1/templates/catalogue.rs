//! `/v1/catalogue`: resources and templates as one document.

use super::{TEMPLATES, checkout};
use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::v1::RESOURCES;
use serde_json::{Value, json};

const CATALOGUE: &str = "/v1/catalogue";

#[tokio::test]
async fn a_catalogue_is_copied_to_another_stage() {
    let test = TestApp::with_fixtures().await;
    test.post(TEMPLATES, &checkout()).await.expect(201);
    let document = test.get(CATALOGUE).await.expect(200).json();
    assert_eq!(document["resources"].as_array().unwrap().len(), 1, "the management API is not among them");

    let production = TestApp::new().await;
    let done = production.put(CATALOGUE, &document).await.expect(200).json();
    let expected = json!({
        "resources": { "created": ["backoffice_api"], "changed": [], "unchanged": [], "others": [] },
        "templates": { "created": ["checkout"], "changed": [], "unchanged": [], "others": [] },
    });
    assert_eq!(done, expected);
    let copy = production.get(CATALOGUE).await.expect(200).json();
    let without_times = |document: &Value| {
        let mut document = document.clone();
        for item in
            ["resources", "templates"].iter().flat_map(|list| document[*list].as_array().unwrap().clone())
        {
            assert!(item["created_at"].is_string());
        }
        for list in ["resources", "templates"] {
            for item in document[list].as_array_mut().unwrap() {
                item.as_object_mut().unwrap().retain(|name, _| !name.ends_with("_at"));
            }
        }
        document
    };
    assert_eq!(without_times(&copy), without_times(&document));

    let again = production.put(CATALOGUE, &document).await.expect(200).json();
    assert_eq!(again["resources"]["unchanged"], json!(["backoffice_api"]), "it can be sent twice");
    assert_eq!(again["templates"]["unchanged"], json!(["checkout"]));
}

#[tokio::test]
async fn what_is_not_in_the_document_stays() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.post(TEMPLATES, &checkout()).await.expect(201);
    let document = json!({
        "resources": [{ "resource_id": "files", "scopes": [{ "name": "read" }] }],
        "templates": [{ "template_id": "files", "title": "Files", "asked": ["client_name"],
                        "fixed": { "permissions": [{ "resource": "files", "scopes": ["read"] }] } }],
    });
    let done = latchkey.put(CATALOGUE, &document).await.expect(200).json();
    assert_eq!(done["resources"]["others"], json!(["backoffice_api"]));
    assert_eq!(done["templates"]["others"], json!(["checkout"]));
    assert_eq!(latchkey.list_items(TEMPLATES).await.len(), 2);
    let renamed =
        json!({ "templates": [{ "template_id": "files", "title": "All files", "asked": ["client_name"] }] });
    let done = latchkey.put(CATALOGUE, &renamed).await.expect(200).json();
    assert_eq!(done["templates"]["changed"], json!(["files"]));
    let read = latchkey.get("/v1/templates/files").await.json();
    assert_eq!((&read["title"], &read["fixed"]), (&json!("All files"), &json!({})), "it is replaced whole");
}

#[tokio::test]
async fn a_document_with_an_error_changes_nothing() {
    let latchkey = TestApp::with_fixtures().await;
    let document = json!({
        "resources": [
            { "resource_id": "files" },
            { "resource_id": "backoffice_api", "audience": "https://other.example.com", "size": 3 },
            { "resource_id": "files" },
        ],
        "templates": [{ "template_id": "x", "title": "X" }],
    });
    assert_eq!(latchkey.put(CATALOGUE, &document).await.expect(422).pointers(), ["#/resources/1/size"]);
    let document = json!({
        "resources": [
            { "resource_id": "files" },
            { "resource_id": "backoffice_api", "audience": "https://other.example.com" },
            { "resource_id": "files" },
        ],
        "templates": [{ "template_id": "x", "title": "X" }],
    });
    assert_eq!(
        latchkey.put(CATALOGUE, &document).await.expect(422).pointers(),
        ["#/resources/1/audience", "#/resources/2/resource_id", "#/templates/0/name_pattern"]
    );
    assert_eq!(latchkey.list_items(RESOURCES).await.len(), 2, "its own and the one of the fixtures");
    assert!(latchkey.list_items(TEMPLATES).await.is_empty());
}

#[tokio::test]
async fn the_largest_catalogue_fits_a_request() {
    let latchkey = TestApp::new().await;
    let scopes: Vec<_> =
        (0..60).map(|n| json!({ "name": format!("s{n}"), "description": "d".repeat(400) })).collect();
    let resources: Vec<_> =
        (0..30).map(|n| json!({ "resource_id": format!("r{n}"), "scopes": scopes })).collect();
    let document = json!({ "resources": resources });
    assert!(document.to_string().len() > 700_000);
    let done = latchkey.put(CATALOGUE, &document).await.expect(200).json();
    assert_eq!(done["resources"]["created"].as_array().unwrap().len(), 30);
}

#[tokio::test]
async fn the_catalogue_is_the_operators() {
    let latchkey = TestApp::with_fixtures().await;
    let (_, token) = latchkey.fixtures().administrator(ACCOUNT, &["clients:manage", "members:manage"]).await;
    latchkey.request("GET", CATALOGUE).bearer(&token).send().await.expect(403);
    latchkey.request("PUT", CATALOGUE).bearer(&token).json(&json!({})).send().await.expect(403);
    latchkey.request("GET", CATALOGUE).send().await.expect(401);
}
