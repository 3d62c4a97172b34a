//! Invalid events: each is a 400 with a reason, and none panics.

use crate::platform::lambda_events::every_response::assert_has_common_headers;
use crate::platform::lambda_events::{echo, event, respond};
use crate::support::log_capture::CapturedLog;
use serde_json::{Value, json};
use shared::adapters::lambda::{EventRejection, parse_event};

/// Characters that `http::Uri` rejects in a query.
fn invalid_characters() -> impl Iterator<Item = char> {
    ('\0'..=' ').chain(['"', '#', '<', '>', '\u{7f}'])
}

async fn assert_rejected(event: &Value, reason: EventRejection) {
    let response = respond(echo(), event).await;
    assert_eq!(response["statusCode"], 400, "{event}: {response}");
    assert_eq!(response["headers"]["content-type"], "application/json");
    assert_eq!(response["headers"]["cache-control"], "no-store");
    assert_has_common_headers(&response);
    assert_eq!(response["isBase64Encoded"], false);
    let body: Value = serde_json::from_str(response["body"].as_str().unwrap()).unwrap();
    let expected = json!({ "error": "invalid_request", "error_description": reason.to_string() });
    assert_eq!(body, expected, "{event}");
}

/// The event with another value at a JSON pointer.
fn with(pointer: &str, value: impl Into<Value>) -> Value {
    let mut event = event();
    *event.pointer_mut(pointer).unwrap() = value.into();
    event
}

#[tokio::test]
async fn query_with_invalid_character_is_rejected() {
    for character in invalid_characters() {
        for query in [format!("{character}"), format!("a=b{character}c&d=e")] {
            assert_rejected(&with("/rawQueryString", query), EventRejection::Query).await;
        }
    }
}

#[tokio::test]
async fn path_with_invalid_character_is_rejected() {
    for character in invalid_characters().chain(['?', '\\']) {
        for path in [format!("/{character}"), format!("/oauth{character}/token"), format!("{character}/a")] {
            assert_rejected(&with("/rawPath", path), EventRejection::Path).await;
        }
    }
}

#[tokio::test]
async fn invalid_path_is_rejected() {
    for path in ["", "oauth/token", "*", "https://id.example.com/oauth/token"] {
        assert_rejected(&with("/rawPath", path), EventRejection::Path).await;
    }
    let mut event = event();
    event.as_object_mut().unwrap().remove("rawPath");
    assert_rejected(&event, EventRejection::Path).await;
}

#[tokio::test]
async fn invalid_host_is_rejected() {
    for host in [
        "",
        " ",
        "a b",
        "a\"b",
        "a/b",
        "a?b",
        "a#b",
        "a\\b",
        "<a>",
        "user@a",
        "a:b",
        "a:99999",
        "[::1",
        "::1",
        "1.2.3.4.5",
        "256.256.256.256",
        "xn--a",
        "a%zz",
        "%",
        ":80",
        "/",
        "\t",
    ] {
        assert_rejected(&with("/headers/host", host), EventRejection::Host).await;
        // Without the header, the API's domain name is used.
        let mut event = with("/requestContext/domainName", host);
        event["headers"].as_object_mut().unwrap().remove("host");
        assert_rejected(&event, EventRejection::Host).await;
    }
}

#[tokio::test]
async fn invalid_scheme_is_rejected() {
    for scheme in ["", "ftp", "https, http", "a b", "file", "https:", "1"] {
        assert_rejected(&with("/headers/x-forwarded-proto", scheme), EventRejection::Scheme).await;
    }
}

#[tokio::test]
async fn invalid_stage_is_rejected() {
    for stage in ["", "a b", "a/b", "a?b", "a#b", &"a".repeat(129)] {
        assert_rejected(&with("/requestContext/stage", stage), EventRejection::Stage).await;
    }
}

#[tokio::test]
async fn invalid_base64_is_rejected() {
    for body in ["?", "A", "AP8", "AP8Q=", "AP 8Q", "AP-_", "AP8Q\n", "====", "\u{e9}"] {
        let mut event = with("/body", body);
        event["isBase64Encoded"] = json!(true);
        assert_rejected(&event, EventRejection::Body).await;
    }
}

#[tokio::test]
async fn invalid_header_is_rejected() {
    for (name, value) in [
        ("x-odd", "a\nb"),
        ("x-odd", "a\0b"),
        ("x-odd", "\u{7f}"),
        ("", "a"),
        ("x odd", "a"),
        ("x-\u{e9}", "a"),
        ("x:odd", "a"),
    ] {
        let mut event = event();
        event["headers"][name] = json!(value);
        assert_rejected(&event, EventRejection::Header).await;
    }
}

#[tokio::test]
async fn invalid_method_is_rejected() {
    for method in [json!("G T"), json!("GET\n"), json!("G\u{e9}T"), json!("GET/"), json!(null), json!(1)] {
        assert_rejected(&with("/requestContext/http/method", method), EventRejection::Malformed).await;
    }
}

#[tokio::test]
async fn missing_and_mistyped_members_are_rejected() {
    for value in [json!(null), json!(1), json!([]), json!({}), json!("/oauth/token"), json!([event()])] {
        assert_rejected(&value, EventRejection::Malformed).await;
    }
    let mut without = event();
    without.as_object_mut().unwrap().remove("requestContext");
    assert_rejected(&without, EventRejection::Malformed).await;
    for (pointer, value) in [
        ("/requestContext", json!(null)),
        ("/requestContext", json!({})),
        ("/requestContext/http", json!({})),
        ("/requestContext/timeEpoch", json!("now")),
        ("/rawPath", json!(["/oauth/token"])),
        ("/rawQueryString", json!({})),
        ("/headers", json!([])),
        ("/headers", json!("accept: */*")),
        ("/headers/host", json!(["id.example.com"])),
        ("/headers/host", json!(null)),
        ("/cookies", json!("a=b")),
        ("/cookies", json!([1])),
        ("/body", json!({})),
        ("/isBase64Encoded", json!("true")),
    ] {
        assert_rejected(&with(pointer, value), EventRejection::Malformed).await;
    }
}

#[tokio::test]
async fn excessive_sizes_are_rejected() {
    for length in [10_241, 65_535, 1_000_000] {
        let path = format!("/{}", "a".repeat(length));
        assert_rejected(&with("/rawPath", path), EventRejection::TargetTooLong).await;
        let query = "a".repeat(length);
        assert_rejected(&with("/rawQueryString", query), EventRejection::TargetTooLong).await;
        let host = "a".repeat(length);
        assert_rejected(&with("/headers/host", host), EventRejection::Host).await;
        let stage = "a".repeat(length);
        assert_rejected(&with("/requestContext/stage", stage), EventRejection::Stage).await;
    }
    // `HeaderMap` holds at most 24,576 headers.
    for count in [3_000, 40_000] {
        let headers: serde_json::Map<_, _> = (0..count).map(|n| (format!("x-{n}"), json!("a"))).collect();
        assert_rejected(&with("/headers", headers), EventRejection::TooManyHeaders).await;
    }
}

#[test]
fn longest_target_is_accepted() {
    // Each of these characters takes three bytes when it is percent-encoded.
    for path in ["`".repeat(10_239), "\u{e9}".repeat(5_119)] {
        let mut event = with("/rawPath", format!("/{path}"));
        event["rawQueryString"] = json!("");
        let request = http::Request::<lambda_http::Body>::from(parse_event(&event.to_string()).unwrap());
        assert!(request.uri().path().len() > 30_000);
    }
}

#[tokio::test]
async fn log_has_the_reason_without_request_data() {
    let kept = CapturedLog::default();
    let guard = kept.listen_as("info");
    let mut event = with("/rawQueryString", "code=s3cret code");
    event["headers"]["authorization"] = json!("Bearer s3cret");
    respond(echo(), &event).await;
    event["headers"]["x-odd"] = json!("s3cret\n");
    respond(echo(), &event).await;
    drop(guard);
    let events = kept.events();
    let reasons: Vec<_> = events.iter().map(|event| event["reason"].as_str().unwrap()).collect();
    assert_eq!(reasons, [EventRejection::Query.to_string(), EventRejection::Header.to_string()]);
    assert!(!kept.text().contains("s3cret"), "{}", kept.text());
}
