//! The access token of the caller (RFC 6750).

use super::routes;
use crate::support::app::TestApp;
use crate::support::fixtures::{ACCOUNT, AUDIENCE};
use crate::v1::CLIENTS;
use jiff::SignedDuration;
use serde_json::json;

#[tokio::test]
async fn nobody_does_anything_without_a_token() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.client().await;
    for route in routes(&client) {
        let answer = latchkey.request(route.method, &route.path).json(&route.body).send().await.expect(401);
        assert_eq!(answer.problem(), "unauthenticated", "{} {}", route.method, route.path);
        assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"latchkey\"");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    for path in ["/v1/resources", "/v1/resources/latchkey"] {
        latchkey.request("GET", path).send().await.expect(401);
    }
    latchkey.get(&client.path()).await.expect(200);
}

#[tokio::test]
async fn a_token_that_is_none_lets_nobody_in() {
    let latchkey = TestApp::with_fixtures().await;
    let good = latchkey.admin().await.to_owned();
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let flipped = if signature.starts_with('A') { "B" } else { "A" };
    for token in [
        "x",
        "a.b.c",
        "lks_secret",
        &format!("{good}x"),
        &format!("{signed}."),
        signed,
        &format!("{signed}.{flipped}{}", &signature[1..]),
        &format!("eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.{}.", signed.split_once('.').unwrap().1),
    ] {
        let answer = latchkey.request("GET", CLIENTS).bearer(token).send().await.expect(401);
        assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"latchkey\", error=\"invalid_token\"");
    }
    latchkey.request("GET", CLIENTS).bearer(&good).send().await.expect(200);
}

#[tokio::test]
async fn the_scheme_is_bearer_and_there_is_one_header() {
    let latchkey = TestApp::with_fixtures().await;
    let token = latchkey.admin().await.to_owned();
    for header in ["", "Bearer", "Bearer ", &token, &format!("Basic {token}"), "Bearer \u{fc}"] {
        latchkey.request("GET", CLIENTS).header("authorization", header).send().await.expect(401);
    }
    latchkey.request("GET", CLIENTS).bearer(&token).bearer(&token).send().await.expect(401);
    latchkey.request("GET", &format!("{CLIENTS}?access_token={token}")).send().await.expect(401);
    latchkey
        .request("GET", CLIENTS)
        .header("authorization", format!("bearer {token}"))
        .send()
        .await
        .expect(200);
}

#[tokio::test]
async fn a_token_works_until_it_expires() {
    let mut latchkey = TestApp::with_fixtures().await;
    let (_, token) = latchkey.administrator(ACCOUNT, &["clients:read"]).await;
    latchkey.advance(SignedDuration::from_secs(3_590));
    latchkey.request("GET", CLIENTS).bearer(&token).send().await.expect(200);
    latchkey.advance(SignedDuration::from_secs(11));
    let answer = latchkey.request("GET", CLIENTS).bearer(&token).send().await.expect(401);
    assert!(answer.header("www-authenticate").contains("error=\"invalid_token\""));
}

#[tokio::test]
async fn a_token_for_another_api_is_none_here() {
    let latchkey = TestApp::with_fixtures().await;
    let permissions = json!([
        { "resource": "latchkey", "scopes": ["clients:read"] },
        { "resource": "backoffice_api", "scopes": ["orders:read"] },
    ]);
    let client = latchkey.client_like(ACCOUNT, &json!({ "permissions": permissions })).await;
    let (id, secret) = (&client.client_id, &client.client_secret);
    for (resource, status) in [(AUDIENCE, 401), ("latchkey", 200)] {
        let answer = latchkey.token(id, secret, &format!("&resource={resource}")).await.expect(200);
        let token = answer.string("access_token");
        latchkey.request("GET", CLIENTS).bearer(&token).send().await.expect(status);
    }
}

#[tokio::test]
async fn an_api_that_calls_its_scopes_like_latchkeys_gives_no_right_to_manage() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.resource(&json!({ "resource_id": "mimic", "scopes": [{ "name": "clients:read" }] })).await;
    let permissions = json!([{ "resource": "mimic", "scopes": ["clients:read"] }]);
    let client = latchkey.client_like(ACCOUNT, &json!({ "permissions": permissions })).await;
    let token = latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    latchkey.request("GET", CLIENTS).bearer(&token.string("access_token")).send().await.expect(401);
}
