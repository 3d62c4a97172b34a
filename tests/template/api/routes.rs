//! The routes of the API: each path that a function serves, also with a slash at its end, leads to that function with every
//! method, and no other route exists.

use crate::support::app::TestApp;
use crate::template::document::{Template, referenced_id};
use axum::Router;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The paths that a router serves. Only its `Debug` output lists them; if that changes, no path is found, which
/// fails the test too.
fn paths(router: &Router) -> BTreeSet<String> {
    let text = format!("{router:?}");
    let quoted = text.split('"').skip(1).step_by(2).filter(|text| text.starts_with('/'));
    // The router's fallback has a path of its own that cannot be requested.
    let served: BTreeSet<_> = quoted.filter(|path| !path.contains("__private")).map(str::to_owned).collect();
    assert!(!served.is_empty(), "no path in {text}");
    served.into_iter().filter(|path| !path.contains("{*")).collect()
}

/// The routers, by the name of the function's binary.
async fn served() -> BTreeMap<&'static str, BTreeSet<String>> {
    let latchkey = TestApp::new().await;
    let management = &latchkey.server.management;
    let timing = authorize::ResponseTiming::Immediate;
    let state = authorize::AuthorizeState::new(Arc::clone(&management.app), &latchkey.server.aws, timing);
    let authorize = authorize::router(Arc::new(state));
    let mut served = BTreeMap::from([
        ("authorize", paths(&authorize)),
        ("token", paths(&token::router(Arc::clone(&management.app)))),
        ("clients", paths(&clients::router(Arc::clone(management)))),
        ("console", paths(&console::router(Arc::new(console::ConsoleState::new(Arc::clone(management)))))),
    ]);
    // Every router lists it, because its fallback does.
    for (binary, paths) in &mut served {
        paths.retain(|path| path != "/" || *binary == "console");
    }
    served
}

/// A route of the API: its path, and the binary of the function that it leads to.
struct Route<'a> {
    method: &'a str,
    path: &'a str,
    binary: &'a str,
}

fn routes(template: &Template) -> Vec<Route<'_>> {
    let target = |integration: &str| {
        let uri = &template.0["Resources"][integration]["Properties"]["IntegrationUri"];
        let function = &template.0["Resources"][referenced_id(uri).unwrap()];
        function["Metadata"]["BuildProperties"]["Binary"].as_str().unwrap()
    };
    let all = template.resources("AWS::ApiGatewayV2::Route").into_iter();
    all.map(|route| {
        let (method, path) = route.properties["RouteKey"].as_str().unwrap().split_once(' ').unwrap();
        let integration = route.properties["Target"]["Fn::Sub"].as_str().unwrap();
        let integration = integration.trim_start_matches("integrations/${").trim_end_matches('}');
        Route { method, path, binary: target(integration) }
    })
    .collect()
}

/// Whether this route matches the path, and its precedence in API Gateway: one number for each segment, literal
/// before variable before greedy.
fn precedence(route: &str, path: &str) -> Option<Vec<u8>> {
    let (mut route, mut path) = (route.split('/'), path.split('/'));
    let mut precedence = Vec::new();
    loop {
        match (route.next(), path.next()) {
            (None, None) => return Some(precedence),
            (Some(greedy), Some(_)) if greedy.ends_with("+}") => {
                precedence.push(0);
                return Some(precedence);
            }
            (Some(variable), Some(_)) if variable.starts_with('{') => precedence.push(1),
            (Some(fixed), Some(segment)) if fixed == segment => precedence.push(2),
            _ => return None,
        }
    }
}

fn route_for<'a, 'b>(routes: &'b [Route<'a>], path: &str) -> Option<&'b Route<'a>> {
    let matching = routes.iter().filter_map(|route| Some((precedence(route.path, path)?, route)));
    matching.max_by(|(a, _), (b, _)| a.cmp(b)).map(|(_, route)| route)
}

#[tokio::test]
async fn api_routes_match_the_paths_functions_serve() {
    let (template, served) = (Template::stack(), served().await);
    let routes = routes(&template);
    let mut used = BTreeSet::new();
    for (binary, paths) in &served {
        for path in paths {
            let with_slash = format!("{}/", path.trim_end_matches('/'));
            for path in [path, &with_slash] {
                let route = route_for(&routes, path).unwrap_or_else(|| panic!("no route leads to {path}"));
                assert_eq!((route.binary, route.method), (*binary, "ANY"), "{path}");
                used.insert((route.method, route.path));
            }
        }
    }
    let all: BTreeSet<_> = routes.iter().map(|route| (route.method, route.path)).collect();
    assert_eq!(used, all, "a route that no function serves");
    let binaries: BTreeSet<_> = routes.iter().map(|route| route.binary).collect();
    assert_eq!(binaries, served.keys().copied().collect(), "a function behind the API is not tested");
}

#[test]
fn api_may_invoke_each_integrated_function() {
    let template = Template::stack();
    let allowed: BTreeSet<_> = template
        .resources("AWS::Lambda::Permission")
        .iter()
        .filter(|permission| permission.properties["Principal"] == "apigateway.amazonaws.com")
        .map(|permission| referenced_id(&permission.properties["FunctionName"]).unwrap().to_owned())
        .collect();
    let integrated: BTreeSet<_> = template
        .resources("AWS::ApiGatewayV2::Integration")
        .iter()
        .map(|integration| {
            // The router reads payload format version 2.0.
            assert_eq!(integration.properties["PayloadFormatVersion"], "2.0", "{}", integration.name);
            referenced_id(&integration.properties["IntegrationUri"]).unwrap().to_owned()
        })
        .collect();
    assert_eq!(allowed, integrated);
}
