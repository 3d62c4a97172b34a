//! Routes, methods, scopes and references in the document.

use super::document::Document;
use crate::support::app::TestApp;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const CLIENT: &str = "/v1/accounts/{account_id}/clients/{client_id}";

/// The routes of the management API: methods, path, scope (`none`: any token).
fn expected_routes() -> Vec<(&'static str, String, Option<&'static str>)> {
    let account = "/v1/accounts/{account_id}";
    let rows = [
        ("POST GET", "/v1/accounts".to_owned(), Some("accounts:manage")),
        ("GET PATCH", account.to_owned(), Some("members:manage")),
        ("DELETE", account.to_owned(), Some("accounts:manage")),
        ("GET", format!("{account}/export"), Some("accounts:manage")),
        ("POST", format!("{account}/revoke-tokens"), Some("members:manage")),
        ("GET", "/v1/me".to_owned(), None),
        ("POST", "/v1/resources".to_owned(), Some("resources:manage")),
        ("GET", "/v1/resources".to_owned(), None),
        ("GET", "/v1/resources/{resource_id}".to_owned(), None),
        ("PATCH DELETE", "/v1/resources/{resource_id}".to_owned(), Some("resources:manage")),
        ("GET", format!("{account}/resources"), None),
        ("POST", "/v1/templates".to_owned(), Some("resources:manage")),
        ("GET", "/v1/templates".to_owned(), None),
        ("GET", "/v1/templates/{template_id}".to_owned(), None),
        ("PATCH DELETE", "/v1/templates/{template_id}".to_owned(), Some("resources:manage")),
        ("GET PUT", "/v1/catalogue".to_owned(), Some("resources:manage")),
        ("GET PUT DELETE", "/v1/brand/logo".to_owned(), Some("accounts:manage")),
        ("DELETE", format!("{account}/suppressed-addresses/{{email}}"), Some("accounts:manage")),
        ("POST GET", format!("{account}/members"), Some("members:manage")),
        ("GET PATCH DELETE", format!("{account}/members/{{email}}"), Some("members:manage")),
        ("POST", format!("{account}/members/{{email}}/revoke-tokens"), Some("members:manage")),
        ("POST", format!("{account}/members/{{email}}/invitation"), Some("members:manage")),
        ("POST", format!("{account}/console-links"), Some("members:manage")),
        ("POST", format!("{account}/clients"), Some("clients:manage")),
        ("GET", format!("{account}/clients"), Some("clients:read")),
        ("GET", CLIENT.to_owned(), Some("clients:read")),
        ("PATCH DELETE", CLIENT.to_owned(), Some("clients:manage")),
        ("PUT", format!("{CLIENT}/permissions"), Some("clients:manage")),
        ("POST", format!("{CLIENT}/enable"), Some("clients:manage")),
        ("POST", format!("{CLIENT}/disable"), Some("clients:manage")),
        ("POST", format!("{CLIENT}/duplicate"), Some("clients:manage")),
        ("POST", format!("{CLIENT}/revoke-tokens"), Some("clients:manage")),
        ("POST", format!("{CLIENT}/secrets"), Some("clients:manage")),
        ("GET", format!("{CLIENT}/secrets"), Some("clients:read")),
        ("GET", format!("{CLIENT}/secrets/{{secret_id}}"), Some("clients:read")),
        ("PATCH DELETE", format!("{CLIENT}/secrets/{{secret_id}}"), Some("clients:manage")),
        ("POST", format!("{CLIENT}/secrets/{{secret_id}}/pause"), Some("clients:manage")),
        ("POST", format!("{CLIENT}/secrets/{{secret_id}}/resume"), Some("clients:manage")),
        ("GET", format!("{CLIENT}/secrets/{{secret_id}}/value"), Some("secrets:reveal")),
        ("GET", format!("{CLIENT}/consents"), Some("clients:read")),
        ("DELETE", format!("{CLIENT}/consents/{{sub}}"), Some("clients:manage")),
        ("GET", format!("{CLIENT}/refusals"), Some("clients:read")),
        ("GET", format!("{account}/expiries"), Some("clients:read")),
        ("GET", format!("{account}/refusals"), Some("clients:read")),
        ("GET", format!("{account}/audit"), Some("audit:read")),
    ];
    let split = |(methods, path, scope): (&'static str, String, Option<&'static str>)| {
        methods.split(' ').map(move |method| (method, path.clone(), scope)).collect::<Vec<_>>()
    };
    rows.into_iter().flat_map(split).collect()
}

#[tokio::test]
async fn document_is_openapi_3_1_and_public() {
    let latchkey = TestApp::new().await;
    let response = latchkey.request("GET", "/openapi.json").send().await.expect(200);
    assert_eq!(response.header("content-type"), "application/json");
    let document = response.json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1."), "{}", document["openapi"]);
    for member in ["title", "version"] {
        assert!(document["info"][member].as_str().is_some_and(|text| !text.is_empty()), "{member}");
    }
}

#[tokio::test]
async fn document_is_compressed_and_not_sent_twice() {
    let latchkey = TestApp::new().await;
    let get = || latchkey.request("GET", "/openapi.json");
    let plain = get().send().await.expect(200);
    let gzip = get().header("accept-encoding", "br, gzip").send().await.expect(200);
    assert_eq!((gzip.header("content-encoding"), plain.header("content-encoding")), ("gzip", ""));
    assert_eq!(gzip.header("vary"), "Accept-Encoding");
    let size = gzip.body.len();
    assert!(size * 4 < plain.body.len(), "{size} bytes of {}", plain.body.len());
    for (response, encoding) in [(&plain, "identity"), (&gzip, "gzip")] {
        let etag = response.header("etag").to_owned();
        assert!(etag.starts_with('"') && response.header("cache-control").starts_with("public, max-age="));
        let again = || get().header("accept-encoding", encoding);
        let known = again().header("if-none-match", &etag).send().await.expect(304);
        assert_eq!((known.body.len(), known.header("etag")), (0, etag.as_str()));
        again().header("if-none-match", "\"other\"").send().await.expect(200);
    }
    assert_ne!(plain.header("etag"), gzip.header("etag"));
}

#[tokio::test]
async fn document_has_exactly_the_api_routes() {
    let latchkey = TestApp::new().await;
    let document = Document::of(&latchkey).await;
    let documented: BTreeSet<_> = document.operations().into_keys().collect();
    let expected = expected_routes().into_iter().map(|(method, path, _)| (method.to_owned(), path)).collect();
    assert_eq!(documented, expected);
}

#[tokio::test]
async fn each_route_names_its_required_scope() {
    let latchkey = TestApp::new().await;
    let document = Document::of(&latchkey).await;
    for (method, path, scope) in expected_routes() {
        let scopes: Vec<_> = scope.into_iter().collect();
        assert_eq!(
            document.operation(method, &path)["security"],
            json!([{ "latchkey": scopes }]),
            "{method} {path}"
        );
    }
    let flow = &document.0["components"]["securitySchemes"]["latchkey"]["flows"]["clientCredentials"];
    let own = latchkey.get("/v1/resources/latchkey").await.json();
    let offered: BTreeSet<_> =
        crate::v1::values_of(own["scopes"].as_array().unwrap(), "name").into_iter().collect();
    let documented: BTreeSet<_> = flow["scopes"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(documented, offered);
}

#[tokio::test]
async fn each_documented_route_exists() {
    let latchkey = TestApp::new().await;
    let document = Document::of(&latchkey).await;
    for (method, path) in document.operations().into_keys() {
        let filled: Vec<_> =
            path.split('/').map(|part| if part.starts_with('{') { "x" } else { part }).collect();
        latchkey.request(&method, &filled.join("/")).send().await.expect(401);
    }
}

#[tokio::test]
async fn each_path_has_its_parameters() {
    let latchkey = TestApp::new().await;
    let document = Document::of(&latchkey).await;
    for ((method, path), operation) in document.all_operations() {
        let named = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
        let named: BTreeSet<_> = named.map(str::to_owned).collect();
        assert_eq!(Document::parameters(operation, "path"), named, "{method} {path}");
    }
}

#[tokio::test]
async fn references_resolve_and_operation_ids_are_unique() {
    let latchkey = TestApp::new().await;
    let document = Document::of(&latchkey).await;
    for reference in document.references() {
        let target = document.0.pointer(reference.trim_start_matches('#'));
        assert!(target.is_some_and(Value::is_object), "{reference}");
    }
    let operations = document.all_operations();
    let names: BTreeSet<_> =
        operations.values().map(|operation| operation["operationId"].to_string()).collect();
    assert_eq!(names.len(), operations.len(), "{names:?}");
}
