//! What is said of a token that counts.

use crate::support::app::{ISSUER, TestApp};
use crate::support::fixtures::{ACCOUNT, AUDIENCE};
use jiff::SignedDuration;
use serde_json::json;

#[tokio::test]
async fn an_active_token_is_described_by_its_claims() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.client().await;
    let before = latchkey.now().as_second();
    let token = latchkey.access_token(&client).await;
    let answer = latchkey.introspect(&client, &token).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("content-type"), "application/json");
    let reported = answer.json();
    let (iat, jti) = (reported["iat"].as_i64().unwrap(), reported["jti"].as_str().unwrap());
    assert!((before..=before + 5).contains(&iat) && jti.len() == 32, "{reported}");
    let expected = json!({
        "active": true, "token_type": "Bearer", "scope": "orders:read orders:write",
        "client_id": client.client_id, "sub": client.client_id, "aud": AUDIENCE, "iss": ISSUER,
        "account_id": ACCOUNT, "iat": iat, "nbf": iat, "exp": iat + 3600, "jti": jti,
    });
    assert_eq!(reported, expected, "these members and no others");
}

#[tokio::test]
async fn check_token_is_another_name_for_it() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.client().await;
    let token = latchkey.access_token(&client).await;
    for token in [token.as_str(), "garbage"] {
        let answer = latchkey.about("/oauth/check_token", &client, token).send().await;
        assert_eq!(answer.dump(), latchkey.introspect(&client, token).await.dump());
    }
}

#[tokio::test]
async fn any_client_of_the_account_may_ask_even_one_without_permissions() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, checker) = (latchkey.client().await, latchkey.client_like(ACCOUNT, &json!({})).await);
    let token = latchkey.access_token(&client).await;
    let reported = latchkey.introspect(&checker, &token).await.json();
    assert_eq!((&reported["active"], &reported["client_id"]), (&json!(true), &json!(client.client_id)));
}

#[tokio::test]
async fn whatever_api_a_token_is_for_and_however_it_is_signed() {
    let latchkey = TestApp::with_fixtures().await;
    let tenant = json!({
        "resource_id": "files_api", "audience": "https://{account_id}.files.example",
        "scopes": [{ "name": "files:read" }], "token_signing_alg": "ES256",
    });
    latchkey.resource(&tenant).await;
    let permissions = json!([
        { "resource": "backoffice_api" }, { "resource": "files_api", "scopes": [] },
        { "resource": "latchkey", "scopes": ["clients:read"] },
    ]);
    let client = latchkey.client_like(ACCOUNT, &json!({ "permissions": permissions })).await;
    let own = format!("{ISSUER}/v1");
    for audience in [AUDIENCE, "https://T12345678.files.example", &own] {
        let more = format!("&resource={audience}");
        let token = latchkey.token(&client.client_id, &client.client_secret, &more).await.expect(200);
        let reported = latchkey.introspect(&client, &token.string("access_token")).await.json();
        assert_eq!((&reported["active"], &reported["aud"]), (&json!(true), &json!(audience)));
        // A token without any scope says nothing about scopes.
        assert_eq!(reported.get("scope").is_none(), audience.contains("files"), "{reported}");
    }
}

#[tokio::test]
async fn a_token_is_active_until_its_very_end() {
    let mut latchkey = TestApp::with_fixtures().await;
    let client = latchkey.client().await;
    let token = latchkey.access_token(&client).await;
    let exp = latchkey.introspect(&client, &token).await.json()["exp"].as_i64().unwrap();
    let at = |second| jiff::Timestamp::from_second(second).unwrap();
    latchkey.set_time(at(exp).checked_sub(SignedDuration::from_millis(900)).unwrap());
    assert!(latchkey.is_active(&client, &token).await);
    latchkey.set_time(at(exp));
    assert!(!latchkey.is_active(&client, &token).await);
}

#[tokio::test]
async fn a_token_outlives_the_secret_that_got_it_and_a_change_of_permissions() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, checker) = (latchkey.client().await, latchkey.client().await);
    let token = latchkey.access_token(&client).await;
    latchkey.delete(&client.secret(&client.secret_id)).await.expect(204);
    latchkey.put(&format!("{}/permissions", client.path()), &json!({ "permissions": [] })).await.expect(200);
    assert!(latchkey.is_active(&checker, &token).await);
}
