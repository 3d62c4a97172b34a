//! Another account's thing answers exactly as an unknown one. Only the operator acts everywhere.

use crate::support::app::TestApp;
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::support::http::TestResponse;
use crate::v1::authorization::{ALL_BUT_OPERATOR, routes_of_a_client, routes_of_an_account};
use crate::v1::{CLIENTS, MEMBERS, each};
use serde_json::json;

/// Everything that a caller can see of an answer.
fn seen(answer: &TestResponse) -> (u16, Vec<(String, String)>, String) {
    let header = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
        (name.to_string(), value.to_str().unwrap().to_owned())
    };
    let mut headers: Vec<_> = answer.headers.iter().map(header).collect();
    headers.sort();
    (answer.status.as_u16(), headers, answer.text())
}

fn unknown(account_id: &str) -> TestClient {
    TestClient {
        account_id: account_id.to_owned(),
        client_id: "nobody".to_owned(),
        client_secret: String::new(),
        secret_id: "0".repeat(32),
    }
}

async fn app_and_outsider() -> (TestApp, TestClient, String) {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.account("T2").await;
    let client = latchkey.client_like(ACCOUNT, &json!({ "secret_display": "on_request" })).await;
    latchkey.post(MEMBERS, &json!({ "email": "a@b.example", "name": "A" })).await.expect(201);
    let (_, outsider) = latchkey.administrator("T2", &ALL_BUT_OPERATOR).await;
    (latchkey, client, outsider)
}

#[tokio::test]
async fn another_account_looks_like_one_that_is_not_there() {
    let (latchkey, client, outsider) = app_and_outsider().await;
    let before = latchkey.get(&client.path()).await.json();
    let theirs = routes_of_an_account(&client);
    let nobodys = routes_of_an_account(&unknown("T999"));
    for (real, unreal) in theirs.iter().zip(&nobodys) {
        let (real_answer, unreal_answer) =
            (latchkey.go(real, &outsider).await, latchkey.go(unreal, &outsider).await);
        assert_eq!(real_answer.status, 404, "{} {}", real.method, real.path);
        assert_eq!(seen(&real_answer), seen(&unreal_answer), "{} {}", real.method, real.path);
    }
    assert_eq!(latchkey.get(&client.path()).await.json(), before);
    assert_eq!(latchkey.items_of(MEMBERS).await.len(), 1);
}

#[tokio::test]
async fn another_accounts_client_looks_like_an_unknown_one_in_ones_own() {
    let (latchkey, client, outsider) = app_and_outsider().await;
    let in_own_path = TestClient { account_id: "T2".to_owned(), ..client.clone() };
    let theirs = routes_of_a_client(&in_own_path);
    let nobodys = routes_of_a_client(&unknown("T2"));
    for (real, unreal) in theirs.iter().zip(&nobodys) {
        let (real_answer, unreal_answer) =
            (latchkey.go(real, &outsider).await, latchkey.go(unreal, &outsider).await);
        assert_eq!(real_answer.status, 404, "{} {}", real.method, real.path);
        assert_eq!(seen(&real_answer), seen(&unreal_answer), "{} {}", real.method, real.path);
    }
    latchkey.get(&client.path()).await.expect(200);
    latchkey.request("GET", &client.path()).bearer(&outsider).send().await.expect(404);
}

#[tokio::test]
async fn a_mistake_in_the_body_tells_no_more() {
    let (latchkey, client, outsider) = app_and_outsider().await;
    for (method, path) in
        [("PATCH", client.path()), ("POST", CLIENTS.to_owned()), ("POST", MEMBERS.to_owned())]
    {
        for body in ["{", "{}", "{\"colour\":1}"] {
            let ask = latchkey.request(method, &path).bearer(&outsider).body("application/json", body);
            ask.send().await.expect(404);
        }
    }
}

#[tokio::test]
async fn even_the_operator_finds_a_client_only_in_its_own_account() {
    let (latchkey, client, _) = app_and_outsider().await;
    for route in routes_of_a_client(&TestClient { account_id: "T2".to_owned(), ..client.clone() }) {
        latchkey.go(&route, latchkey.admin().await).await.expect(404);
    }
    latchkey.get(&client.path()).await.expect(200);
}

#[tokio::test]
async fn the_operator_acts_in_every_account() {
    let (latchkey, client, _) = app_and_outsider().await;
    for route in routes_of_an_account(&client).iter().skip(1) {
        let status = latchkey.go(route, latchkey.admin().await).await.status;
        // Of what is not there, the operator hears as they would at home.
        let expected = if route.path.ends_with("/nothing") { 404 } else { status.as_u16() };
        assert_eq!(status, expected, "{} {}", route.method, route.path);
        assert!(status.is_success() || status == 404, "{} {}: {status}", route.method, route.path);
    }
}

#[tokio::test]
async fn whoever_holds_accounts_manage_is_an_operator_with_the_scopes_they_hold() {
    let (latchkey, client, _) = app_and_outsider().await;
    let (_, token) = latchkey.administrator("T2", &["accounts:manage", "clients:read"]).await;
    latchkey.request("GET", &client.path()).bearer(&token).send().await.expect(200);
    latchkey.request("GET", "/v1/accounts/T12345678").bearer(&token).send().await.expect(200);
    latchkey.request("DELETE", &client.path()).bearer(&token).send().await.expect(403);
}

#[tokio::test]
async fn a_list_holds_only_ones_own() {
    let (latchkey, _, outsider) = app_and_outsider().await;
    let answer =
        latchkey.request("GET", "/v1/accounts/T2/clients").bearer(&outsider).send().await.expect(200);
    let accounts = each(answer.json()["items"].as_array().unwrap(), "account_id");
    assert_eq!(accounts, ["T2"]);
}
