//! What is said of a token that counts.

use crate::support::house::{ISSUER, TestHouse};
use crate::support::things::{ACCOUNT, AUDIENCE};
use jiff::SignedDuration;
use serde_json::json;

#[tokio::test]
async fn an_active_token_is_described_by_its_claims() {
    let house = TestHouse::furnished().await;
    let client = house.client().await;
    let before = house.now().as_second();
    let token = house.access_token(&client).await;
    let answer = house.introspect(&client, &token).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("content-type"), "application/json");
    let said = answer.json();
    let (iat, jti) = (said["iat"].as_i64().unwrap(), said["jti"].as_str().unwrap());
    assert!((before..=before + 5).contains(&iat) && jti.len() == 32, "{said}");
    let expected = json!({
        "active": true, "token_type": "Bearer", "scope": "orders:read orders:write",
        "client_id": client.client_id, "sub": client.client_id, "aud": AUDIENCE, "iss": ISSUER,
        "account_id": ACCOUNT, "iat": iat, "nbf": iat, "exp": iat + 3600, "jti": jti,
    });
    assert_eq!(said, expected, "these members and no others");
}

#[tokio::test]
async fn check_token_is_another_name_for_it() {
    let house = TestHouse::furnished().await;
    let client = house.client().await;
    let token = house.access_token(&client).await;
    for token in [token.as_str(), "garbage"] {
        let answer = house.about("/oauth/check_token", &client, token).send().await;
        assert_eq!(answer.everything(), house.introspect(&client, token).await.everything());
    }
}

#[tokio::test]
async fn any_client_of_the_account_may_ask_even_one_without_permissions() {
    let house = TestHouse::furnished().await;
    let (client, checker) = (house.client().await, house.client_like(ACCOUNT, &json!({})).await);
    let token = house.access_token(&client).await;
    let said = house.introspect(&checker, &token).await.json();
    assert_eq!((&said["active"], &said["client_id"]), (&json!(true), &json!(client.client_id)));
}

#[tokio::test]
async fn whatever_api_a_token_is_for_and_however_it_is_signed() {
    let house = TestHouse::furnished().await;
    let tenant = json!({
        "resource_id": "files_api", "audience": "https://{account_id}.files.example",
        "scopes": [{ "name": "files:read" }], "token_signing_alg": "ES256",
    });
    house.resource(&tenant).await;
    let permissions = json!([
        { "resource": "backoffice_api" }, { "resource": "files_api", "scopes": [] },
        { "resource": "latchkey", "scopes": ["clients:read"] },
    ]);
    let client = house.client_like(ACCOUNT, &json!({ "permissions": permissions })).await;
    let own = format!("{ISSUER}/v1");
    for audience in [AUDIENCE, "https://T12345678.files.example", &own] {
        let more = format!("&resource={audience}");
        let token = house.token(&client.client_id, &client.client_secret, &more).await.expect(200);
        let said = house.introspect(&client, &token.string("access_token")).await.json();
        assert_eq!((&said["active"], &said["aud"]), (&json!(true), &json!(audience)));
        // A token without any scope says nothing about scopes.
        assert_eq!(said.get("scope").is_none(), audience.contains("files"), "{said}");
    }
}

#[tokio::test]
async fn a_token_is_active_until_its_very_end() {
    let mut house = TestHouse::furnished().await;
    let client = house.client().await;
    let token = house.access_token(&client).await;
    let exp = house.introspect(&client, &token).await.json()["exp"].as_i64().unwrap();
    let at = |second| jiff::Timestamp::from_second(second).unwrap();
    house.go_to(at(exp).checked_sub(SignedDuration::from_millis(900)).unwrap());
    assert!(house.is_active(&client, &token).await);
    house.go_to(at(exp));
    assert!(!house.is_active(&client, &token).await);
}

#[tokio::test]
async fn a_token_outlives_the_secret_that_got_it_and_a_change_of_permissions() {
    let house = TestHouse::furnished().await;
    let (client, checker) = (house.client().await, house.client().await);
    let token = house.access_token(&client).await;
    house.delete(&client.secret(&client.secret_id)).await.expect(204);
    house.put(&format!("{}/permissions", client.path()), &json!({ "permissions": [] })).await.expect(200);
    assert!(house.is_active(&checker, &token).await);
}
