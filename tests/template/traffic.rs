//! The API's stage: limits for each kind of route, the access log, and what the page of costs counts of it.

use super::document::Template;
use super::parameters::references;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

fn stage(template: &Template) -> &Value {
    &template.0["Resources"]["HttpApiStage"]
}

#[test]
fn every_limited_route_exists_before_the_stage() {
    let template = Template::stack();
    let routes: BTreeMap<_, _> = template
        .resources("AWS::ApiGatewayV2::Route")
        .iter()
        .map(|route| (route.properties["RouteKey"].as_str().unwrap().to_owned(), route.name.to_owned()))
        .collect();
    let settings = stage(&template)["Properties"]["RouteSettings"].as_object().unwrap();
    let limited: BTreeSet<_> = settings.keys().map(|key| routes[key].clone()).collect();
    let awaited = stage(&template)["DependsOn"].as_array().unwrap();
    let awaited: BTreeSet<_> = awaited.iter().map(|route| route.as_str().unwrap().to_owned()).collect();
    assert_eq!(awaited, limited, "API Gateway refuses settings of a route that is not there");
    for (key, one) in settings {
        assert!(one["ThrottlingRateLimit"].is_object() && one["ThrottlingBurstLimit"].is_object(), "{key}");
    }
}

#[test]
fn tokens_share_their_limit_with_no_other_kind_of_request() {
    let template = Template::stack();
    let settings = &stage(&template)["Properties"]["RouteSettings"];
    let of = |key: &str| settings[key]["ThrottlingRateLimit"]["Ref"].as_str().unwrap();
    for (key, limit) in [
        ("ANY /oauth/token", "TokenRateLimit"),
        ("ANY /v1/accounts/{account_id}/auth/token", "TokenRateLimit"),
        ("ANY /oauth/introspect", "IntrospectionRateLimit"),
        ("ANY /oauth/check_token", "IntrospectionRateLimit"),
        ("ANY /oauth/authorize", "SignInRateLimit"),
        ("ANY /oauth/authorize/{proxy+}", "SignInRateLimit"),
        ("ANY /v1/{proxy+}", "ManagementRateLimit"),
        ("ANY /console", "ConsoleRateLimit"),
        ("ANY /console/{proxy+}", "ConsoleRateLimit"),
        ("ANY /calendar/{proxy+}", "ConsoleRateLimit"),
    ] {
        assert_eq!(of(key), limit, "{key}");
    }
    let others = &stage(&template)["Properties"]["DefaultRouteSettings"]["ThrottlingRateLimit"];
    assert_eq!(others, &json!({ "Ref": "OtherRateLimit" }));
}

/// What API Gateway knows of a request that a caller has written: it may hold an address, a link or a secret, or break the
/// line.
const WRITTEN_BY_CALLERS: [&str; 7] =
    ["path", "query", "header", "useragent", "domain", "authorizer", "cookie"];

#[test]
fn access_log_is_json_and_holds_nothing_that_callers_write() {
    let template = Template::stack();
    let settings = &stage(&template)["Properties"]["AccessLogSettings"]["Fn::If"];
    assert_eq!((&settings[0], &settings[2]), (&json!("HasAccessLog"), &json!({ "Ref": "AWS::NoValue" })));
    let format: BTreeMap<String, String> =
        serde_json::from_str(settings[1]["Format"].as_str().unwrap()).unwrap();
    assert_eq!(format["routeKey"], "$context.routeKey");
    assert_eq!(format["requestId"], "$context.requestId");
    for variable in format.values() {
        let name = variable.strip_prefix("$context.").unwrap().to_lowercase();
        for written in WRITTEN_BY_CALLERS {
            assert!(!name.contains(written), "{variable}");
        }
    }
    let group = &template.0["Resources"]["ApiLogGroup"];
    assert_eq!(group["Properties"]["RetentionInDays"], json!({ "Ref": "LogRetentionDays" }));
}

#[test]
fn concurrency_is_reserved_only_where_a_parameter_says_so() {
    let template = Template::stack();
    let mut seen = 0;
    for function in template.resources("AWS::Serverless::Function") {
        let reserved = &function.properties["ReservedConcurrentExecutions"];
        if reserved.is_null() {
            continue;
        }
        assert_eq!(reserved["Fn::If"][2], json!({ "Ref": "AWS::NoValue" }), "{}", function.name);
        let mut name = BTreeSet::new();
        references(&reserved["Fn::If"][1], &mut name);
        let name = name.into_iter().next().unwrap();
        assert_eq!(template.0["Parameters"][&name]["Default"], 0, "{name}");
        seen += 1;
    }
    assert_eq!(seen, 4);
}

const COSTS: &str = include_str!("../../infra/docs/cost.md");

#[test]
fn page_of_costs_counts_the_routes_and_metrics_of_the_templates() {
    let template = Template::stack();
    let limited = stage(&template)["Properties"]["RouteSettings"].as_object().unwrap().len();
    let others = template.resources("AWS::ApiGatewayV2::Route").len() - limited;
    assert!(COSTS.contains(&format!("for each of {others} routes (`OtherRateLimit`)")), "{others} routes");
    let metrics: usize = Template::monitoring()
        .resources("AWS::CloudWatch::Alarm")
        .iter()
        .map(|alarm| match alarm.properties["Metrics"].as_array() {
            Some(several) => several.iter().filter(|one| one["MetricStat"].is_object()).count(),
            None => 1,
        })
        .sum();
    assert!(COSTS.contains(&format!("| Alarms | {metrics} metrics looked at")), "{metrics} metrics");
}
