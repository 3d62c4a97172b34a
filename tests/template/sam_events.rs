//! Input of `sam local`: an event for every function, and an environment with every variable.

use crate::support::app::TestApp;
use crate::template::document::{Template, infra};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

fn json(path: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(infra().join(path)).unwrap()).unwrap()
}

/// The sample events, by their names.
fn events() -> BTreeMap<String, Value> {
    let files = std::fs::read_dir(infra().join("events")).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    names.map(|name| (name.clone(), json(&format!("events/{name}")))).collect()
}

#[test]
fn every_function_and_route_has_a_sample_event() {
    let (template, events) = (Template::stack(), events());
    for function in template.resources("AWS::Serverless::Function") {
        let binary = function.whole["Metadata"]["BuildProperties"]["Binary"].as_str().unwrap();
        let own = events.keys().any(|name| name.starts_with(&format!("{binary}-")));
        assert!(own, "no event for {binary}");
    }
    let routes = template.resources("AWS::ApiGatewayV2::Route");
    let routes: BTreeSet<_> =
        routes.iter().map(|route| route.properties["RouteKey"].as_str().unwrap()).collect();
    for (name, event) in &events {
        if let Some(route) = event["routeKey"].as_str() {
            assert!(routes.contains(route), "{name}: {route}");
        }
    }
}

#[tokio::test]
async fn every_sample_event_in_order_succeeds() {
    let latchkey = TestApp::new().await;
    let operator = &latchkey.server.operator;
    let token = latchkey.admin().await.to_owned();
    // In another account than the one that a sample creates.
    latchkey.fixtures().account("T2").await;
    latchkey
        .fixtures()
        .resource(&json!({ "resource_id": "orders", "scopes": [{ "name": "orders:read" }] }))
        .await;
    let app = json!({
        "grant_types": ["authorization_code"], "redirect_uris": ["https://app.example.com/callback"],
        "permissions": [{ "resource": "orders", "scopes": ["orders:read"] }],
    });
    let app = latchkey.fixtures().client_with("T2", &app).await;
    let fill = |text: &str| {
        text.replace("<client_id>", operator.client_id.as_str())
            .replace("<client_secret>", operator.client_secret.expose())
            .replace("<access_token>", &token)
            .replace("<app_client_id>", &app.client_id)
    };
    let calls = events().into_iter().filter(|(_, event)| event["routeKey"].is_string());
    let mut answered = 0;
    for (name, event) in calls {
        let http = &event["requestContext"]["http"];
        let query = fill(event["rawQueryString"].as_str().unwrap());
        let path = format!("{}?{query}", event["rawPath"].as_str().unwrap());
        let mut request = latchkey.request(http["method"].as_str().unwrap(), path.trim_end_matches('?'));
        for (header, value) in event["headers"].as_object().unwrap() {
            request = request.header(header, fill(value.as_str().unwrap()));
        }
        let response = request.content(fill(event["body"].as_str().unwrap_or_default())).send().await;
        let well = if ["authorize-start.json", "console-sign-in.json"].contains(&name.as_str()) {
            let page = response.status == 303 && response.header("location").starts_with("/oauth/authorize/");
            page && response.headers.contains_key("set-cookie")
        } else {
            response.status.is_success()
        };
        assert!(well, "{name}: {} {:?} {}", response.status, response.headers, response.text());
        if name == "token-introspect.json" {
            assert_eq!(response.json()["active"], true);
        }
        answered += 1;
    }
    assert!(answered >= 10, "{answered}");
}

#[test]
fn sam_local_environment_has_exactly_all_variables() {
    let template = Template::stack();
    let of = |variables: &Value| {
        variables.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect::<Vec<_>>()
    };
    let common = &template.0["Globals"]["Function"]["Environment"]["Variables"];
    let mut all: BTreeSet<_> = of(common).into_iter().collect();
    for function in template.resources("AWS::Serverless::Function") {
        all.extend(of(&function.properties["Environment"]["Variables"]));
    }
    let given: BTreeSet<_> = of(&json("local.env.json")["Parameters"]).into_iter().collect();
    assert_eq!(given, all);
}
