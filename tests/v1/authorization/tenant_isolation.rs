//! The response for another account's item equals the one for an unknown item. Only the operator acts in every
//! account.

use crate::support::app::TestApp;
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::support::http::TestResponse;
use crate::v1::authorization::{ALL_BUT_OPERATOR, account_routes, client_routes};
use crate::v1::{CLIENTS, MEMBERS, values_of};
use serde_json::json;

/// Everything that a caller can observe of a response.
fn observable(response: &TestResponse) -> (u16, Vec<(String, String)>, String) {
    let header = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
        (name.to_string(), value.to_str().unwrap().to_owned())
    };
    let mut headers: Vec<_> = response.headers.iter().map(header).collect();
    headers.sort();
    (response.status.as_u16(), headers, response.text())
}

fn unknown(account_id: &str) -> TestClient {
    TestClient {
        account_id: account_id.to_owned(),
        client_id: "unknown".to_owned(),
        client_secret: String::new(),
        secret_id: "0".repeat(32),
    }
}

async fn app_and_outsider() -> (TestApp, TestClient, String) {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().account("T2").await;
    let client = latchkey.fixtures().client_with(ACCOUNT, &json!({ "secret_display": "on_request" })).await;
    latchkey.post(MEMBERS, &json!({ "email": "a@b.example", "name": "A", "invite": true })).await.expect(201);
    let (_, outsider) = latchkey.fixtures().administrator("T2", &ALL_BUT_OPERATOR).await;
    (latchkey, client, outsider)
}

#[tokio::test]
async fn other_account_looks_unknown() {
    let (latchkey, client, outsider) = app_and_outsider().await;
    let before = latchkey.get(&client.path()).await.json();
    let theirs = account_routes(&client);
    let nobodys = account_routes(&unknown("T999"));
    for (real, unreal) in theirs.iter().zip(&nobodys) {
        let (real_answer, unreal_answer) =
            (latchkey.send_route(real, &outsider).await, latchkey.send_route(unreal, &outsider).await);
        assert_eq!(real_answer.status, 404, "{} {}", real.method, real.path);
        assert_eq!(observable(&real_answer), observable(&unreal_answer), "{} {}", real.method, real.path);
    }
    assert_eq!(latchkey.get(&client.path()).await.json(), before);
    assert_eq!(latchkey.list_items(MEMBERS).await.len(), 1);
}

#[tokio::test]
async fn client_of_other_account_looks_unknown_in_own_account() {
    let (latchkey, client, outsider) = app_and_outsider().await;
    let in_own_path = TestClient { account_id: "T2".to_owned(), ..client.clone() };
    let theirs = client_routes(&in_own_path);
    let nobodys = client_routes(&unknown("T2"));
    for (real, unreal) in theirs.iter().zip(&nobodys) {
        let (real_answer, unreal_answer) =
            (latchkey.send_route(real, &outsider).await, latchkey.send_route(unreal, &outsider).await);
        assert_eq!(real_answer.status, 404, "{} {}", real.method, real.path);
        assert_eq!(observable(&real_answer), observable(&unreal_answer), "{} {}", real.method, real.path);
    }
    latchkey.get(&client.path()).await.expect(200);
    latchkey.request("GET", &client.path()).bearer(&outsider).send().await.expect(404);
}

#[tokio::test]
async fn invalid_body_reveals_nothing_about_other_accounts() {
    let (latchkey, client, outsider) = app_and_outsider().await;
    for (method, path) in
        [("PATCH", client.path()), ("POST", CLIENTS.to_owned()), ("POST", MEMBERS.to_owned())]
    {
        for body in ["{", "{}", "{\"colour\":1}"] {
            let request = latchkey.request(method, &path).bearer(&outsider).body("application/json", body);
            request.send().await.expect(404);
        }
    }
}

#[tokio::test]
async fn operator_finds_client_only_in_its_own_account() {
    let (latchkey, client, _) = app_and_outsider().await;
    for route in client_routes(&TestClient { account_id: "T2".to_owned(), ..client.clone() }) {
        latchkey.send_route(&route, latchkey.admin().await).await.expect(404);
    }
    latchkey.get(&client.path()).await.expect(200);
}

#[tokio::test]
async fn operator_acts_in_every_account() {
    let (latchkey, client, _) = app_and_outsider().await;
    for route in account_routes(&client).iter().skip(1) {
        let status = latchkey.send_route(route, latchkey.admin().await).await.status;
        // For an unknown item the operator gets the same response as in its own account.
        let expected = if route.path.ends_with("/nothing") { 404 } else { status.as_u16() };
        assert_eq!(status, expected, "{} {}", route.method, route.path);
        assert!(status.is_success() || status == 404, "{} {}: {status}", route.method, route.path);
    }
}

#[tokio::test]
async fn accounts_manage_makes_an_operator_with_its_scopes_only() {
    let (latchkey, client, _) = app_and_outsider().await;
    let (_, token) = latchkey.fixtures().administrator("T2", &["accounts:manage", "clients:read"]).await;
    latchkey.request("GET", &client.path()).bearer(&token).send().await.expect(200);
    latchkey.request("GET", "/v1/accounts/T12345678").bearer(&token).send().await.expect(200);
    latchkey.request("DELETE", &client.path()).bearer(&token).send().await.expect(403);
}

#[tokio::test]
async fn list_has_only_own_items() {
    let (latchkey, _, outsider) = app_and_outsider().await;
    let response =
        latchkey.request("GET", "/v1/accounts/T2/clients").bearer(&outsider).send().await.expect(200);
    let accounts = values_of(response.json()["items"].as_array().unwrap(), "account_id");
    assert_eq!(accounts, ["T2"]);
}
