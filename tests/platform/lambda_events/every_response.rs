//! What every route of the functions does alike: common headers, HEAD.

use crate::platform::lambda_events::paths::{all_routes, documented, filled, request};
use crate::platform::lambda_events::respond;
use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::AwsProxy;
use crate::template::document::Template;
use serde_json::{Value, json};

/// Paths whose GET starts or records something, which a HEAD must not do.
const NOT_FOR_HEAD: [&str; 2] = ["/oauth/authorize", "/oauth/callback"];
const AUDITED: &str = "/value";

#[track_caller]
pub fn assert_has_common_headers(response: &Value) {
    for (name, value) in [
        ("strict-transport-security", "max-age=31536000"),
        ("x-content-type-options", "nosniff"),
        ("x-robots-tag", "noindex"),
    ] {
        assert_eq!(response["headers"][name], value, "{response}");
    }
}

/// Every path that is documented, and those for people and monitors.
fn paths() -> Vec<String> {
    let mut paths: Vec<_> = documented().into_iter().map(|(_, path)| path).collect();
    paths.dedup();
    let others =
        ["/", "/health", "/oauth/callback", "/llms.txt", "/docs/start.md", "/openapi.json", "/nothing"];
    paths.extend(others.map(str::to_owned));
    paths
}

#[tokio::test]
async fn every_response_has_the_common_headers() {
    let latchkey = TestApp::with_fixtures().await;
    for path in paths() {
        for method in ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"] {
            let response = respond(all_routes(&latchkey), &request(method, &filled(&path, "x"))).await;
            assert_has_common_headers(&response);
        }
    }
}

#[tokio::test]
async fn head_is_get_without_a_body_and_starts_nothing() {
    let latchkey = TestApp::with_fixtures().await;
    for path in paths() {
        let target = filled(&path, "x");
        let get = respond(all_routes(&latchkey), &request("GET", &target)).await;
        let head = respond(all_routes(&latchkey), &request("HEAD", &target)).await;
        assert!(head["body"].as_str().is_none_or(str::is_empty), "{path}: {head}");
        if NOT_FOR_HEAD.contains(&path.as_str()) || path.ends_with(AUDITED) {
            assert_eq!(head["statusCode"], 405, "{path}");
            assert_eq!(head["headers"]["allow"], "GET", "{path}");
            assert_eq!(head["cookies"], json!([]), "{path}");
            continue;
        }
        assert_eq!(head["statusCode"], get["statusCode"], "{path}");
        for name in ["content-type", "cache-control", "etag", "allow"] {
            assert_eq!(head["headers"][name], get["headers"][name], "{path}: {name}");
        }
    }
}

/// API Gateway may rename `WWW-Authenticate`; the template maps the second header back onto it.
#[tokio::test]
async fn challenge_is_sent_under_a_second_name_in_lambda() {
    let latchkey = TestApp::with_fixtures().await;
    for (method, path) in [("POST", "/oauth/introspect"), ("GET", "/v1/accounts")] {
        let mut request = request(method, path);
        request["headers"]["authorization"] = json!("Basic YTpi");
        request["body"] = json!("token=a");
        let headers = respond(all_routes(&latchkey), &request).await["headers"].clone();
        assert!(headers["www-authenticate"].is_string(), "{path}: {headers}");
        assert_eq!(headers["x-latchkey-challenge"], headers["www-authenticate"], "{path}");
    }
    let local = latchkey.request("GET", "/v1/accounts").send().await.expect(401);
    assert_eq!(local.header("x-latchkey-challenge"), "");
}

#[test]
fn template_maps_the_challenge_of_functions_that_send_one() {
    let template = Template::stack();
    let mapped = template.resources("AWS::ApiGatewayV2::Integration").into_iter().filter(|integration| {
        let mapping = &integration.properties["ResponseParameters"]["401"]["ResponseParameters"][0];
        mapping["Destination"] == "overwrite:header.WWW-Authenticate"
            && mapping["Source"] == "$response.header.x-latchkey-challenge"
    });
    let names: Vec<_> = mapped.map(|integration| integration.name).collect();
    assert_eq!(names, ["ClientsIntegration", "TokenIntegration"]);
}

#[tokio::test]
async fn health_reads_nothing() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    proxy.take_calls();
    let response = latchkey.request("GET", "/health").send().await.expect(200);
    assert_eq!(response.json(), json!({ "status": "ok" }));
    assert_eq!(response.header("cache-control"), "no-store");
    assert!(proxy.take_calls().is_empty());
}
