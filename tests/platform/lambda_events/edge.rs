//! Behind the edge: requests without its secret are refused, and the client's address is the viewer's.

use crate::platform::lambda_events::every_response::assert_has_common_headers;
use crate::platform::lambda_events::{echo, event, received, respond, respond_behind_edge};
use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::support::log_capture::CapturedLog;
use axum::Router;
use serde_json::{Value, json};
use shared::adapters::crypto::digest::sha256;
use shared::adapters::lambda::{OriginRejectReason, OriginSecrets};
use std::sync::Arc;

const OLD: &str = "T7qLr0aXbH2mWc9Dk4JvS6yZf1Ne8UgP";
const NEW: &str = "p3GtY8hRj5QwKx2MzB7nVd0CsF6uLa9E";
const VIEWER: &str = "198.51.100.10:46532";

fn secrets(of: &[&str]) -> OriginSecrets {
    let digests: Vec<_> = of.iter().map(|secret| hex::encode(sha256(secret.as_bytes()))).collect();
    OriginSecrets::parse(&digests.join(",")).unwrap()
}

/// An event as API Gateway sends it when CloudFront has sent these headers to it.
fn with_headers(mut event: Value, secret: Option<&str>, viewer: Option<&str>) -> Value {
    let headers = [("x-latchkey-origin", secret), ("cloudfront-viewer-address", viewer)];
    for (name, value) in headers.into_iter().filter_map(|(name, value)| Some((name, value?))) {
        event["headers"][name] = json!(value);
    }
    event
}

async fn source(secrets: &OriginSecrets, secret: Option<&str>, viewer: Option<&str>) -> Value {
    let response = respond_behind_edge(echo(), Some(secrets), &with_headers(event(), secret, viewer)).await;
    if response["statusCode"] == 403 { json!("refused") } else { received(&response)["source"].clone() }
}

#[tokio::test]
async fn secret_decides_whose_address_counts() {
    let (old, both, new) = (secrets(&[OLD]), secrets(&[OLD, NEW]), secrets(&[NEW]));
    for (accepted, presented, expected) in [
        (&old, Some(OLD), "198.51.100.10"),
        (&both, Some(OLD), "198.51.100.10"),
        (&both, Some(NEW), "198.51.100.10"),
        (&new, Some(NEW), "198.51.100.10"),
        (&new, Some(OLD), "refused"),
        (&old, Some(NEW), "refused"),
        (&both, Some(""), "refused"),
        (&both, Some(&OLD[1..]), "refused"),
        (&both, None, "refused"),
    ] {
        assert_eq!(source(accepted, presented, Some(VIEWER)).await, expected, "{presented:?}");
    }
    // API Gateway joins headers of one name with a comma.
    let twice = format!("{OLD},{NEW}");
    assert_eq!(source(&both, Some(&twice), Some(VIEWER)).await, "refused");
    // Their digests are no secrets.
    let digest = hex::encode(sha256(OLD.as_bytes()));
    assert_eq!(source(&both, Some(&digest), Some(VIEWER)).await, "refused");
}

#[tokio::test]
async fn viewer_address_is_read_without_its_port() {
    let accepted = secrets(&[OLD]);
    for (viewer, expected) in [
        ("198.51.100.10:46532", "198.51.100.10"),
        ("2001:db8:85a3::8a2e:370:7334:46532", "2001:db8:85a3::8a2e:370:7334"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("::ffff:198.51.100.10:1", "198.51.100.10"),
        // Without the right address, an allowlist or a limit would act on CloudFront's.
        ("198.51.100.10", "refused"),
        ("198.51.100.10:1,203.0.113.9:1", "refused"),
        ("unknown", "refused"),
        ("", "refused"),
    ] {
        assert_eq!(source(&accepted, Some(OLD), Some(viewer)).await, expected, "{viewer}");
    }
    assert_eq!(source(&accepted, Some(OLD), None).await, "refused");
}

#[tokio::test]
async fn without_an_edge_the_headers_mean_nothing() {
    let spoofed = with_headers(event(), Some(OLD), Some(VIEWER));
    assert_eq!(received(&respond(echo(), &spoofed).await)["source"], "192.0.2.7");
}

#[tokio::test]
async fn log_has_the_reason_and_not_the_secret() {
    let kept = CapturedLog::default();
    let guard = kept.listen_as("info");
    let accepted = secrets(&[OLD]);
    for (secret, viewer) in [(None, Some(VIEWER)), (Some(NEW), Some(VIEWER)), (Some(OLD), None)] {
        source(&accepted, secret, viewer).await;
    }
    drop(guard);
    let reasons: Vec<_> =
        kept.events().iter().map(|event| event["reason"].as_str().unwrap().to_owned()).collect();
    let expected = [
        OriginRejectReason::MissingSecret,
        OriginRejectReason::WrongSecret,
        OriginRejectReason::NoViewerAddress,
    ];
    assert_eq!(reasons, expected.map(|reason| reason.to_string()));
    assert!(!kept.text().contains(OLD) && !kept.text().contains(NEW), "{}", kept.text());
}

/// The routers of the three HTTP functions, and a request that each of them serves.
fn functions(latchkey: &TestApp) -> [(Router, &'static str, &'static str); 3] {
    let management = &latchkey.server.management;
    let timing = authorize::ResponseTiming::Immediate;
    let pages = authorize::AuthorizeState::new(Arc::clone(&management.app), &latchkey.server.aws, timing);
    [
        (token::router(Arc::clone(&management.app)), "GET", "/.well-known/jwks.json"),
        (clients::router(Arc::clone(management)), "GET", "/openapi.json"),
        (authorize::router(Arc::new(pages)), "GET", "/oauth/authorize/a"),
    ]
}

fn request(method: &str, path: &str) -> Value {
    let mut event = event();
    event["requestContext"]["http"]["method"] = json!(method);
    event["rawPath"] = json!(path);
    event["rawQueryString"] = json!("");
    event
}

#[tokio::test]
async fn every_http_function_refuses_requests_that_bypass_the_edge() {
    let latchkey = TestApp::new().await;
    let accepted = secrets(&[OLD]);
    for (router, method, path) in functions(&latchkey) {
        let event = request(method, path);
        let direct = respond_behind_edge(router.clone(), Some(&accepted), &event).await;
        assert_eq!(direct["statusCode"], 403, "{path}: {direct}");
        assert_eq!(direct["headers"]["cache-control"], "no-store");
        assert_has_common_headers(&direct);
        let body: Value = serde_json::from_str(direct["body"].as_str().unwrap()).unwrap();
        assert_eq!(body["error"], "access_denied");
        let wrong = with_headers(event.clone(), Some(NEW), Some(VIEWER));
        assert_eq!(respond_behind_edge(router.clone(), Some(&accepted), &wrong).await, direct);
        let through = respond_behind_edge(
            router.clone(),
            Some(&accepted),
            &with_headers(event.clone(), Some(OLD), Some(VIEWER)),
        )
        .await;
        assert_eq!(through, respond(router, &event).await, "{path}");
        assert_ne!(through["statusCode"], 403, "{path}");
    }
}

#[tokio::test]
async fn allowlist_acts_on_the_viewers_address() {
    let latchkey = TestApp::with_fixtures().await;
    let members = json!({
        "allowed_ips": ["198.51.100.0/24", "2001:db8::/48"],
        "permissions": [{ "resource": "backoffice_api" }],
    });
    let client = latchkey.fixtures().client_with(ACCOUNT, &members).await;
    let [(router, ..), ..] = functions(&latchkey);
    let accepted = secrets(&[OLD]);
    let form = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}",
        client.client_id, client.client_secret
    );
    for (viewer, status) in [
        ("198.51.100.10:46532", 200),
        ("2001:db8::7:443", 200),
        ("203.0.113.9:46532", 401),
        ("2001:db8:1::7:443", 401),
    ] {
        let mut event = with_headers(request("POST", "/oauth/token"), Some(OLD), Some(viewer));
        event["body"] = json!(form);
        let response = respond_behind_edge(router.clone(), Some(&accepted), &event).await;
        assert_eq!(response["statusCode"], status, "{viewer}: {response}");
    }
    // An allowed address in the header is worth nothing without the secret, with an edge or without one.
    let mut spoofed = with_headers(request("POST", "/oauth/token"), None, Some(VIEWER));
    spoofed["body"] = json!(form);
    assert_eq!(respond_behind_edge(router.clone(), Some(&accepted), &spoofed).await["statusCode"], 403);
    assert_eq!(respond(router, &spoofed).await["statusCode"], 401);
}

#[tokio::test]
async fn audit_has_the_viewers_address() {
    let latchkey = TestApp::with_fixtures().await;
    let [_, (router, ..), _] = functions(&latchkey);
    let mut event = with_headers(request("POST", "/v1/accounts"), Some(OLD), Some("2001:db8::7:443"));
    event["headers"]["authorization"] = json!(format!("Bearer {}", latchkey.admin().await));
    event["headers"]["content-type"] = json!("application/json");
    event["body"] = json!(json!({ "account_id": "T777", "account_name": "Seven" }).to_string());
    let response = respond_behind_edge(router, Some(&secrets(&[OLD])), &event).await;
    assert_eq!(response["statusCode"], 201, "{response}");
    let trail = latchkey.list_items("/v1/accounts/T777/audit").await;
    assert!(trail.iter().any(|entry| entry["actor"]["source_ip"] == "2001:db8::7"), "{trail:?}");
}
