//! The access token of the caller (RFC 6750).

use super::routes;
use crate::support::app::TestApp;
use crate::support::fixtures::{ACCOUNT, AUDIENCE};
use crate::v1::CLIENTS;
use jiff::SignedDuration;
use serde_json::json;

#[tokio::test]
async fn every_route_requires_a_token() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    for route in routes(&client) {
        let response = latchkey.request(route.method, &route.path).json(&route.body).send().await.expect(401);
        assert_eq!(response.problem(), "unauthenticated", "{} {}", route.method, route.path);
        assert_eq!(response.header("www-authenticate"), "Bearer realm=\"latchkey\"");
        assert_eq!(response.header("cache-control"), "no-store");
    }
    for path in ["/v1/me", "/v1/resources", "/v1/resources/latchkey"] {
        latchkey.request("GET", path).send().await.expect(401);
    }
    latchkey.get(&client.path()).await.expect(200);
}

#[tokio::test]
async fn invalid_token_is_rejected_everywhere() {
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
        let response = latchkey.request("GET", CLIENTS).bearer(token).send().await.expect(401);
        assert_eq!(response.header("www-authenticate"), "Bearer realm=\"latchkey\", error=\"invalid_token\"");
    }
    latchkey.request("GET", CLIENTS).bearer(&good).send().await.expect(200);
}

#[tokio::test]
async fn scheme_is_bearer_in_a_single_header() {
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
async fn token_works_until_it_expires() {
    let mut latchkey = TestApp::with_fixtures().await;
    let (_, token) = latchkey.fixtures().administrator(ACCOUNT, &["clients:read"]).await;
    latchkey.advance(SignedDuration::from_secs(3_590));
    latchkey.request("GET", CLIENTS).bearer(&token).send().await.expect(200);
    latchkey.advance(SignedDuration::from_secs(11));
    let response = latchkey.request("GET", CLIENTS).bearer(&token).send().await.expect(401);
    assert!(response.header("www-authenticate").contains("error=\"invalid_token\""));
}

#[tokio::test]
async fn token_of_another_audience_is_rejected() {
    let latchkey = TestApp::with_fixtures().await;
    let permissions = json!([
        { "resource": "latchkey", "scopes": ["clients:read"] },
        { "resource": "backoffice_api", "scopes": ["orders:read"] },
    ]);
    let client = latchkey.fixtures().client_with(ACCOUNT, &json!({ "permissions": permissions })).await;
    let (id, secret) = (&client.client_id, &client.client_secret);
    for (resource, status) in [(AUDIENCE, 401), ("latchkey", 200)] {
        let response = latchkey.token(id, secret, &format!("&resource={resource}")).await.expect(200);
        let token = response.string("access_token");
        latchkey.request("GET", CLIENTS).bearer(&token).send().await.expect(status);
    }
}

#[tokio::test]
async fn other_apis_with_latchkey_scope_names_give_no_rights() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey
        .fixtures()
        .resource(&json!({ "resource_id": "mimic", "scopes": [{ "name": "clients:read" }] }))
        .await;
    let permissions = json!([{ "resource": "mimic", "scopes": ["clients:read"] }]);
    let client = latchkey.fixtures().client_with(ACCOUNT, &json!({ "permissions": permissions })).await;
    let token = latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    latchkey.request("GET", CLIENTS).bearer(&token.string("access_token")).send().await.expect(401);
}

#[tokio::test]
async fn caller_reads_who_it_is() {
    let latchkey = TestApp::with_fixtures().await;
    let (admin, _) = latchkey.fixtures().administrator(ACCOUNT, &["clients:read", "audit:read"]).await;
    let token = latchkey.token(&admin.client_id, &admin.client_secret, "&scope=audit:read").await.expect(200);
    let request = latchkey.request("GET", "/v1/me").bearer(&token.string("access_token"));
    let expected = json!({ "client_id": admin.client_id, "account_id": ACCOUNT, "scopes": ["audit:read"] });
    assert_eq!(request.send().await.expect(200).json(), expected);
}
