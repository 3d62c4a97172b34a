//! The scope that each route requires: without it a request is rejected, with it alone accepted.

use super::{ALL_BUT_OPERATOR, routes};
use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::v1::CLIENTS;
use serde_json::json;

fn all() -> Vec<&'static str> {
    let mut all = ALL_BUT_OPERATOR.to_vec();
    all.push("accounts:manage");
    all
}

#[tokio::test]
async fn route_rejects_token_lacking_only_its_scope() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    for missing in all() {
        let held: Vec<_> = all().into_iter().filter(|scope| *scope != missing).collect();
        let (_, token) = latchkey.fixtures().administrator(ACCOUNT, &held).await;
        for route in routes(&client).iter().filter(|route| route.scope == missing) {
            let response = latchkey.send_route(route, &token).await.expect(403);
            assert_eq!(response.problem(), "insufficient_scope", "{} {}", route.method, route.path);
            let challenge =
                format!("Bearer realm=\"latchkey\", error=\"insufficient_scope\", scope=\"{missing}\"");
            assert_eq!(response.header("www-authenticate"), challenge);
        }
    }
    latchkey.get(&client.path()).await.expect(200);
}

#[tokio::test]
async fn route_accepts_token_with_only_its_scope() {
    let latchkey = TestApp::with_fixtures().await;
    for held in all() {
        let client =
            latchkey.fixtures().client_with(ACCOUNT, &json!({ "secret_display": "on_request" })).await;
        let (_, token) = latchkey.fixtures().administrator(ACCOUNT, &[held]).await;
        for route in routes(&client).iter().filter(|route| route.scope == held) {
            let status = latchkey.send_route(route, &token).await.status;
            let expected_refusal = route.body == json!({}) || route.path.ends_with("/nothing");
            let is_expected =
                status.is_success() || (expected_refusal && [404, 422].contains(&status.as_u16()));
            assert!(is_expected, "{} {} with {held}: {status}", route.method, route.path);
        }
    }
}

#[tokio::test]
async fn token_with_reduced_scope_gives_no_more() {
    let latchkey = TestApp::with_fixtures().await;
    let (admin, _) = latchkey.fixtures().administrator(ACCOUNT, &["clients:read", "clients:manage"]).await;
    let response =
        latchkey.token(&admin.client_id, &admin.client_secret, "&scope=clients:read").await.expect(200);
    let token = response.string("access_token");
    latchkey.request("GET", CLIENTS).bearer(&token).send().await.expect(200);
    let body = json!({ "client_name": "x" });
    latchkey.request("POST", CLIENTS).bearer(&token).json(&body).send().await.expect(403);
}

#[tokio::test]
async fn authorization_is_checked_before_validation() {
    let latchkey = TestApp::with_fixtures().await;
    let (_, token) = latchkey.fixtures().administrator(ACCOUNT, &["audit:read"]).await;
    for (content_type, body) in [("application/json", "{"), ("text/plain", "x"), ("application/json", "{}")] {
        let request = latchkey.request("POST", CLIENTS).bearer(&token).body(content_type, body);
        assert_eq!(request.send().await.expect(403).problem(), "insufficient_scope");
    }
}
