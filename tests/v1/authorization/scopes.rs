//! What each route takes: the table of the design, in both directions.

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
async fn a_route_is_closed_to_whoever_holds_everything_but_its_scope() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.client().await;
    for missing in all() {
        let held: Vec<_> = all().into_iter().filter(|scope| *scope != missing).collect();
        let (_, token) = latchkey.administrator(ACCOUNT, &held).await;
        for route in routes(&client).iter().filter(|route| route.scope == missing) {
            let answer = latchkey.go(route, &token).await.expect(403);
            assert_eq!(answer.problem(), "insufficient_scope", "{} {}", route.method, route.path);
            let challenge =
                format!("Bearer realm=\"latchkey\", error=\"insufficient_scope\", scope=\"{missing}\"");
            assert_eq!(answer.header("www-authenticate"), challenge);
        }
    }
    latchkey.get(&client.path()).await.expect(200);
}

#[tokio::test]
async fn a_route_is_open_to_whoever_holds_only_its_scope() {
    let latchkey = TestApp::with_fixtures().await;
    for held in all() {
        let client = latchkey.client_like(ACCOUNT, &json!({ "secret_display": "on_request" })).await;
        let (_, token) = latchkey.administrator(ACCOUNT, &[held]).await;
        for route in routes(&client).iter().filter(|route| route.scope == held) {
            let status = latchkey.go(route, &token).await.status;
            let expected_refusal = route.body == json!({}) || route.path.ends_with("/nothing");
            let fine = status.is_success() || (expected_refusal && [404, 422].contains(&status.as_u16()));
            assert!(fine, "{} {} with {held}: {status}", route.method, route.path);
        }
    }
}

#[tokio::test]
async fn a_token_that_was_asked_with_fewer_scopes_gives_no_more() {
    let latchkey = TestApp::with_fixtures().await;
    let (admin, _) = latchkey.administrator(ACCOUNT, &["clients:read", "clients:manage"]).await;
    let answer =
        latchkey.token(&admin.client_id, &admin.client_secret, "&scope=clients:read").await.expect(200);
    let token = answer.string("access_token");
    latchkey.request("GET", CLIENTS).bearer(&token).send().await.expect(200);
    let body = json!({ "client_name": "x" });
    latchkey.request("POST", CLIENTS).bearer(&token).json(&body).send().await.expect(403);
}

#[tokio::test]
async fn what_is_refused_is_not_said_to_be_invalid_first() {
    let latchkey = TestApp::with_fixtures().await;
    let (_, token) = latchkey.administrator(ACCOUNT, &["audit:read"]).await;
    for (content_type, body) in [("application/json", "{"), ("text/plain", "x"), ("application/json", "{}")] {
        let ask = latchkey.request("POST", CLIENTS).bearer(&token).body(content_type, body);
        assert_eq!(ask.send().await.expect(403).problem(), "insufficient_scope");
    }
}
