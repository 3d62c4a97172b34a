//! The edge: what it caches is public, what it sends is what the functions read, and it keeps no secret of a request.

use crate::support::app::TestApp;
use crate::template::document::Template;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The managed origin request policy that sends on everything but `Host`, and adds the viewer's address.
const ALL_VIEWER_EXCEPT_HOST: &str = "b689b0a8-53d0-40ab-baf2-68738e2966ac";
/// The managed cache policy that caches nothing.
const CACHING_DISABLED: &str = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
/// The statuses that CloudFront caches as errors by itself (Developer Guide, "How CloudFront caches HTTP 4xx and 5xx
/// status codes").
const CACHED_ERRORS: [u16; 11] = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];

fn distribution(edge: &Template) -> &Value {
    &edge.resources("AWS::CloudFront::Distribution")[0].properties["DistributionConfig"]
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

/// The path patterns that are cached.
fn cached_patterns(edge: &Template) -> Vec<&str> {
    let behaviors = list(&distribution(edge)["CacheBehaviors"]);
    behaviors.iter().map(|behavior| behavior["PathPattern"].as_str().unwrap()).collect()
}

fn matches(pattern: &str, path: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == path, |prefix| path.starts_with(prefix))
}

/// The public documents.
const DOCUMENTS: [&str; 6] = [
    "/.well-known/jwks.json",
    "/.well-known/oauth-authorization-server",
    "/.well-known/openid-configuration",
    "/openapi.json",
    "/llms.txt",
    "/docs/token.md",
];

#[tokio::test]
async fn edge_caches_public_documents_only() {
    let (edge, stack, latchkey) = (Template::edge(), Template::stack(), TestApp::new().await);
    let patterns = cached_patterns(&edge);
    let mut used: BTreeSet<&str> = BTreeSet::new();
    for path in DOCUMENTS {
        let response = latchkey.request("GET", path).send().await.expect(200);
        assert!(response.header("cache-control").starts_with("public"), "{path}: {:?}", response.headers);
        let matching: Vec<_> = patterns.iter().copied().filter(|pattern| matches(pattern, path)).collect();
        assert!(!matching.is_empty(), "{path} is not cached");
        used.extend(matching);
    }
    assert_eq!(used.len(), patterns.len(), "a pattern that no document has: {patterns:?}");
    for route in stack.resources("AWS::ApiGatewayV2::Route") {
        let Some((_, path)) = route.properties["RouteKey"].as_str().unwrap().split_once(' ') else {
            continue;
        };
        let path = path.replace("{name}", "x").replace("{proxy+}", "x").replace("{account_id}", "T1");
        if patterns.iter().any(|pattern| matches(pattern, &path)) {
            let response = latchkey.request("GET", &path).send().await;
            let directive = response.header("cache-control");
            let is_right =
                directive.starts_with("public") || directive == "no-store" && response.status == 404;
            assert!(is_right, "{path}: {} {:?}", response.status, response.headers);
        }
    }
}

#[test]
fn every_request_reaches_the_functions_with_secret_and_viewer_address() {
    let edge = Template::edge();
    let config = distribution(&edge);
    let [origin] = list(&config["Origins"]) else { panic!("one origin") };
    let headers = json!([{ "HeaderName": "X-Latchkey-Origin", "HeaderValue": { "Ref": "OriginSecret" } }]);
    assert_eq!(origin["OriginCustomHeaders"], headers);
    assert_eq!(origin["CustomOriginConfig"]["OriginProtocolPolicy"], "https-only");
    assert_eq!(edge.0["Parameters"]["OriginSecret"]["NoEcho"], true);
    let default = &config["DefaultCacheBehavior"];
    assert_eq!(default["CachePolicyId"], CACHING_DISABLED);
    assert_eq!(list(&default["AllowedMethods"]).len(), 7);
    for behavior in list(&config["CacheBehaviors"]).iter().chain([default]) {
        assert_eq!(behavior["OriginRequestPolicyId"], ALL_VIEWER_EXCEPT_HOST, "{behavior}");
        assert_eq!(behavior["ViewerProtocolPolicy"], "https-only", "{behavior}");
        assert_eq!(behavior["TargetOriginId"], origin["Id"], "{behavior}");
    }
}

#[test]
fn no_error_is_cached() {
    let edge = Template::edge();
    let responses = list(&distribution(&edge)["CustomErrorResponses"]);
    let codes: BTreeSet<_> = responses
        .iter()
        .map(|response| {
            assert_eq!(response["ErrorCachingMinTTL"], 0, "{response}");
            u16::try_from(response["ErrorCode"].as_u64().unwrap()).unwrap()
        })
        .collect();
    assert_eq!(codes, BTreeSet::from(CACHED_ERRORS));
}

#[test]
fn no_rule_samples_requests() {
    let edge = Template::edge();
    let web_acl = edge.resources("AWS::WAFv2::WebACL")[0].properties;
    let rules = list(&web_acl["Rules"]);
    assert!(rules.len() > 3);
    for one in rules.iter().chain([web_acl]) {
        assert_eq!(one["VisibilityConfig"]["SampledRequestsEnabled"], false, "{}", one["Name"]);
    }
    let priorities: BTreeSet<_> = rules.iter().map(|rule| rule["Priority"].as_u64().unwrap()).collect();
    assert_eq!(priorities.len(), rules.len());
}

/// The same name means the same in both stacks.
#[test]
fn both_stacks_take_the_same_host_names() {
    let (edge, stack) = (Template::edge(), Template::stack());
    for name in ["Stage", "DomainName", "OriginDomainName", "HostedZoneId"] {
        let [there, here] = [&edge, &stack].map(|template| &template.0["Parameters"][name]);
        let pattern = |parameter: &Value| {
            let text = parameter["AllowedPattern"].as_str().unwrap().to_owned();
            // A parameter that may be empty has the same pattern as an alternative.
            text.replace("^(", "^").replace(")?$", "$")
        };
        assert_eq!(pattern(there), pattern(here), "{name}");
        assert_eq!(there["MaxLength"], here["MaxLength"], "{name}");
    }
}
