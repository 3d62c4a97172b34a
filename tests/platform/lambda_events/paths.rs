//! Paths as API Gateway delivers them (decoded) and as clients send them (encoded) lead to the same.

use crate::platform::lambda_events::{event, respond};
use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use authorize::{AuthorizeState, ResponseTiming};
use axum::Router;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use std::sync::Arc;

/// The routes of all functions, without what the local runner adds.
pub fn all_routes(latchkey: &TestApp) -> Router {
    let management = &latchkey.server.management;
    let app = &management.app;
    let pages = AuthorizeState::new(Arc::clone(app), &latchkey.server.aws, ResponseTiming::Immediate);
    token::router(Arc::clone(app))
        .merge(authorize::router(Arc::new(pages)))
        .merge(clients::router(Arc::clone(management)))
}

/// Method and path of every operation in the OpenAPI document.
pub fn documented() -> Vec<(String, String)> {
    let document: Value = serde_json::from_str(include_str!("../../../infra/openapi.json")).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().keys().filter(|method| *method != "parameters");
        methods.map(|method| (method.to_uppercase(), path.clone()))
    });
    let operations: Vec<_> = operations.collect();
    assert!(operations.len() > 30, "{operations:?}");
    operations
}

/// The path with every variable segment replaced.
pub fn filled(path: &str, value: &str) -> String {
    let segment =
        |segment: &str| if segment.starts_with('{') { value.to_owned() } else { segment.to_owned() };
    path.split('/').map(segment).collect::<Vec<_>>().join("/")
}

/// The event of a request without credentials.
pub fn request(method: &str, path: &str) -> Value {
    let mut event = event();
    event["rawPath"] = json!(path);
    event["rawQueryString"] = json!("");
    event["requestContext"]["http"] = json!({ "method": method, "path": path, "sourceIp": "192.0.2.7" });
    event["body"] = json!("");
    event
}

fn with_token(mut request: Value, token: &str) -> Value {
    request["headers"]["authorization"] = json!(format!("Bearer {token}"));
    request
}

/// Percent-encodes all that is not a letter or digit, except for the slashes between segments.
fn encoded(path: &str) -> String {
    let segments = path.split('/').map(|segment| utf8_percent_encode(segment, NON_ALPHANUMERIC).to_string());
    segments.collect::<Vec<_>>().join("/")
}

/// Every character that an id or a member's address may have beside letters and digits.
const ODD_EMAIL: &str = "!$&'*+-=^_`{|}~.a@acme.example";
const ODD_ID: &str = "a.b_c-d";

#[tokio::test]
async fn decoded_and_encoded_paths_and_trailing_slashes_reach_the_same_route() {
    let latchkey = TestApp::with_fixtures().await;
    for (method, path) in documented() {
        let decoded = filled(&path, ODD_EMAIL);
        let expected = respond(all_routes(&latchkey), &request(&method, &decoded)).await;
        assert!(
            ![404, 405].contains(&expected["statusCode"].as_i64().unwrap()),
            "{method} {path}: {expected}"
        );
        let encoded = filled(&path, &encoded(ODD_EMAIL));
        for same in [encoded.clone(), format!("{decoded}/"), format!("{encoded}/")] {
            let response = respond(all_routes(&latchkey), &request(&method, &same)).await;
            assert_eq!(response, expected, "{method} {same}");
        }
        let twice = respond(all_routes(&latchkey), &request(&method, &format!("{decoded}//"))).await;
        assert_eq!(twice["statusCode"], 404, "{method} {decoded}//");
    }
}

#[tokio::test]
async fn items_are_found_by_decoded_and_encoded_ids() {
    let latchkey = TestApp::with_fixtures().await;
    let account = format!("/v1/accounts/{ACCOUNT}");
    let permissions = json!([{ "resource": "latchkey", "scopes": ["clients:read"] }]);
    let body = json!({ "client_name": "Odd", "client_id": ODD_ID, "permissions": permissions });
    let created = latchkey.post(&format!("{account}/clients"), &body).await.expect(201);
    let secret_id = created.string("secret_id");
    let member = json!({ "email": ODD_EMAIL, "name": "Odd", "permissions": [] });
    let location = latchkey.post(&format!("{account}/members"), &member).await.expect(201);
    let location = location.header("location").to_owned();
    let admin = latchkey.admin().await;

    let client = format!("{account}/clients/{ODD_ID}");
    for (method, path) in [
        ("GET", client.clone()),
        ("GET", format!("{client}/secrets")),
        ("GET", format!("{client}/consents")),
        ("DELETE", format!("{client}/secrets/{secret_id}")),
        ("GET", "/v1/resources/backoffice_api".to_owned()),
        ("PATCH", format!("{account}/members/{ODD_EMAIL}")),
        ("PATCH", location),
        ("DELETE", format!("{account}/members/{ODD_EMAIL}")),
    ] {
        for path in [path.clone(), encoded(&percent_decoded(&path))] {
            let mut event = with_token(request(method, &path), admin);
            if method == "PATCH" {
                event["headers"]["content-type"] = json!("application/json");
                event["body"] = json!(r#"{"name":"Still odd"}"#);
            }
            let status = respond(all_routes(&latchkey), &event).await["statusCode"].as_i64().unwrap();
            let repeated = method == "DELETE" && status == 404;
            assert!(status < 300 || repeated, "{method} {path}: {status}");
        }
    }
    assert!(latchkey.list_items(&format!("{account}/members")).await.is_empty());
}

fn percent_decoded(path: &str) -> String {
    percent_encoding::percent_decode_str(path).decode_utf8().unwrap().into_owned()
}
