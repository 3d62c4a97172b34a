//! Valid events.

use crate::platform::lambda_events::{echo, event, received, respond};
use axum::Router;
use lambda_http::Body;
use serde_json::json;
use shared::adapters::lambda::parse_event;

#[tokio::test]
async fn request_has_all_parts_of_the_event() {
    let request = received(&respond(echo(), &event()).await);
    assert_eq!(request["method"], "POST");
    assert_eq!(request["path"], "/oauth/token");
    assert_eq!(request["query"], "a=b%20c&a=d+e");
    assert_eq!(request["source"], "192.0.2.7");
    assert_eq!(request["body"], json!(b"grant_type=client_credentials"));
    let headers = request["headers"].as_array().unwrap();
    for (name, value) in [
        ("accept", "text/html,application/json"),
        ("host", "id.example.com"),
        ("cookie", "first=1; second=2"),
    ] {
        assert!(headers.contains(&json!([name, value])), "{name}: {headers:?}");
    }
}

#[tokio::test]
async fn base64_body_is_decoded() {
    let mut event = event();
    (event["body"], event["isBase64Encoded"]) = (json!("AP8Q"), json!(true));
    assert_eq!(received(&respond(echo(), &event).await)["body"], json!([0, 255, 16]));
}

#[tokio::test]
async fn response_separates_cookies_and_keeps_text() {
    let response = respond(echo(), &event()).await;
    assert_eq!(response["cookies"], json!(["third=3", "fourth=4"]));
    assert_eq!(response["headers"]["content-type"], "application/json");
    assert_eq!(response["isBase64Encoded"], false);
}

#[tokio::test]
async fn binary_response_is_base64() {
    let router = Router::new()
        .fallback(async || ([("content-type", "application/octet-stream")], vec![0_u8, 255, 16]));
    let response = respond(router, &event()).await;
    assert_eq!((&response["body"], &response["isBase64Encoded"]), (&json!("AP8Q"), &json!(true)));
}

#[tokio::test]
async fn invalid_cookie_is_omitted() {
    let mut event = event();
    event["cookies"] = json!(["first=1", "third=\n", "\0", "second=2"]);
    let request = received(&respond(echo(), &event).await);
    let headers = request["headers"].as_array().unwrap();
    assert!(headers.contains(&json!(["cookie", "first=1; second=2"])), "{headers:?}");
}

#[tokio::test]
async fn decoded_path_is_encoded_again() {
    for (path, expected) in [
        ("/v1/{a}`b", "/v1/%7Ba%7D%60b"),
        ("/v1/\u{e9}", "/v1/%C3%A9"),
        ("/v1/a%20b", "/v1/a%20b"),
        ("/v1/ann+b@acme.example", "/v1/ann+b@acme.example"),
    ] {
        let mut event = event();
        event["rawPath"] = json!(path);
        assert_eq!(received(&respond(echo(), &event).await)["path"], expected, "{path}");
    }
}

#[tokio::test]
async fn optional_event_members_may_be_missing() {
    for member in ["rawQueryString", "cookies", "headers", "body", "isBase64Encoded", "routeKey", "version"] {
        let mut event = event();
        event.as_object_mut().unwrap().remove(member);
        received(&respond(echo(), &event).await);
    }
    let mut event = event();
    event["requestContext"] = json!({ "http": { "method": "POST" } });
    event["headers"] = json!({});
    assert_eq!(received(&respond(echo(), &event).await)["source"], json!(null));
}

#[test]
fn every_accepted_event_is_converted() {
    let hosts = ["id.example.com", "127.0.0.1:3000", "[::1]:3000", "a_b.example", "xn--bcher-kva.example"];
    for host in hosts {
        for (stage, proto) in [("$default", "https"), ("dev", "HTTP")] {
            let mut event = event();
            event["headers"]["host"] = json!(host);
            event["headers"]["x-forwarded-proto"] = json!(proto);
            event["requestContext"]["stage"] = json!(stage);
            let parsed = parse_event(&event.to_string()).unwrap_or_else(|error| panic!("{host}: {error}"));
            let request = http::Request::<Body>::from(parsed);
            assert!(request.uri().path().ends_with("/oauth/token"), "{}", request.uri());
        }
    }
}
