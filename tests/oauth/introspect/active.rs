//! Introspection of active tokens (RFC 7662 §2.2).

use crate::support::app::{ISSUER, TestApp};
use crate::support::fixtures::{ACCOUNT, AUDIENCE};
use jiff::SignedDuration;
use serde_json::json;

#[tokio::test]
async fn active_token_is_described_by_its_claims() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let before = latchkey.now().as_second();
    let token = latchkey.access_token(&client).await;
    let response = latchkey.introspect(&client, &token).await;
    assert_eq!(response.header("cache-control"), "no-store");
    assert_eq!(response.header("content-type"), "application/json");
    let claims = response.json();
    let (iat, jti) = (claims["iat"].as_i64().unwrap(), claims["jti"].as_str().unwrap());
    assert!((before..=before + 5).contains(&iat) && jti.len() == "0.".len() + 32, "{claims}");
    let expected = json!({
        "active": true, "token_type": "Bearer", "scope": "orders:read orders:write",
        "client_id": client.client_id, "sub": client.client_id, "aud": AUDIENCE, "iss": ISSUER,
        "account_id": ACCOUNT, "iat": iat, "nbf": iat, "exp": iat + 3600, "jti": jti,
    });
    assert_eq!(claims, expected, "these members and no others");
}

#[tokio::test]
async fn check_token_is_an_alias() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let token = latchkey.access_token(&client).await;
    for token in [token.as_str(), "garbage"] {
        let response = latchkey.about("/oauth/check_token", &client, token).send().await;
        assert_eq!(response.dump(), latchkey.introspect(&client, token).await.dump());
    }
}

#[tokio::test]
async fn any_client_of_the_account_may_introspect() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, checker) =
        (latchkey.fixtures().client().await, latchkey.fixtures().client_with(ACCOUNT, &json!({})).await);
    let token = latchkey.access_token(&client).await;
    let claims = latchkey.introspect(&checker, &token).await.json();
    assert_eq!((&claims["active"], &claims["client_id"]), (&json!(true), &json!(client.client_id)));
}

#[tokio::test]
async fn tokens_of_every_resource_and_algorithm_are_active() {
    let latchkey = TestApp::with_fixtures().await;
    let tenant = json!({
        "resource_id": "files_api", "audience": "https://{account_id}.files.example",
        "scopes": [{ "name": "files:read" }], "token_signing_alg": "ES256",
    });
    latchkey.fixtures().resource(&tenant).await;
    let permissions = json!([
        { "resource": "backoffice_api" }, { "resource": "files_api", "scopes": [] },
        { "resource": "latchkey", "scopes": ["clients:read"] },
    ]);
    let client = latchkey.fixtures().client_with(ACCOUNT, &json!({ "permissions": permissions })).await;
    let own = format!("{ISSUER}/v1");
    for audience in [AUDIENCE, "https://T12345678.files.example", &own] {
        let more = format!("&resource={audience}");
        let token = latchkey.token(&client.client_id, &client.client_secret, &more).await.expect(200);
        let claims = latchkey.introspect(&client, &token.string("access_token")).await.json();
        assert_eq!((&claims["active"], &claims["aud"]), (&json!(true), &json!(audience)));
        // A token without scopes has no member `scope`.
        assert_eq!(claims.get("scope").is_none(), audience.contains("files"), "{claims}");
    }
}

#[tokio::test]
async fn token_is_active_until_it_expires() {
    let mut latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let token = latchkey.access_token(&client).await;
    let exp = latchkey.introspect(&client, &token).await.json()["exp"].as_i64().unwrap();
    let at = |second| jiff::Timestamp::from_second(second).unwrap();
    latchkey.set_time(at(exp).checked_sub(SignedDuration::from_millis(900)).unwrap());
    assert!(latchkey.is_active(&client, &token).await);
    latchkey.set_time(at(exp));
    assert!(!latchkey.is_active(&client, &token).await);
}

#[tokio::test]
async fn token_outlives_its_secret_and_permissions() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, checker) = (latchkey.fixtures().client().await, latchkey.fixtures().client().await);
    let token = latchkey.access_token(&client).await;
    latchkey.delete(&client.secret(&client.secret_id)).await.expect(204);
    latchkey.put(&format!("{}/permissions", client.path()), &json!({ "permissions": [] })).await.expect(200);
    assert!(latchkey.is_active(&checker, &token).await);
}
