//! Tokens for client credentials (RFC 6749 §4.4).

use crate::support::app::{ISSUER, TestApp};
use crate::support::fixtures::{ACCOUNT, AUDIENCE};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::SignedDuration;
use serde_json::{Value, json};

fn part(token: &str, index: usize) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(index).unwrap()).unwrap()).unwrap()
}

#[tokio::test]
async fn token_is_a_jwt_of_rfc_9068() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let before = latchkey.now().as_second();
    let response = latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    let body = response.json();
    assert_eq!(body["token_type"], "Bearer");
    assert_eq!(body["expires_in"], 3600);
    assert_eq!(body["scope"], "orders:read orders:write");
    assert!(body["client_secret_expires_at"].as_i64().unwrap() > before + 89 * 86_400);
    assert_eq!(response.header("cache-control"), "no-store");
    assert_eq!(response.header("content-type"), "application/json");

    let token = response.string("access_token");
    let (header, claims) = (part(&token, 0), part(&token, 1));
    assert_eq!((header["typ"].as_str(), header["alg"].as_str()), (Some("at+jwt"), Some("RS256")));
    assert_eq!(claims["iss"], ISSUER);
    assert_eq!(claims["sub"], client.client_id);
    assert_eq!(claims["client_id"], client.client_id);
    assert_eq!(claims["aud"], AUDIENCE);
    assert_eq!(claims["account_id"], ACCOUNT);
    assert_eq!(claims["scope"], "orders:read orders:write");
    let iat = claims["iat"].as_i64().unwrap();
    assert!((before..=before + 5).contains(&iat));
    assert_eq!((claims["nbf"].as_i64(), claims["exp"].as_i64()), (Some(iat), Some(iat + 3600)));
    let (generation, random) = claims["jti"].as_str().unwrap().split_once('.').unwrap();
    assert_eq!((generation, random.len()), ("0", 32));
}

#[tokio::test]
async fn jti_is_unique() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let mut ids = std::collections::BTreeSet::new();
    for _ in 0..5 {
        let response = latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
        ids.insert(part(&response.string("access_token"), 1)["jti"].to_string());
    }
    assert_eq!(ids.len(), 5);
}

#[tokio::test]
async fn secret_in_body_and_json_body_are_accepted() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let (id, secret) = (&client.client_id, &client.client_secret);
    let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
    latchkey.request("POST", "/oauth/token").form(&form).send().await.expect(200);
    let json = json!({ "grant_type": "client_credentials", "client_id": id, "client_secret": secret });
    latchkey.request("POST", "/oauth/token").json(&json).send().await.expect(200);
    let vendor = json!({ "grant_type": "client_credentials", "audience": AUDIENCE });
    let response =
        latchkey.request("POST", "/oauth/token").basic(id, secret).json(&vendor).send().await.expect(200);
    assert_eq!(part(&response.string("access_token"), 1)["aud"], AUDIENCE);
    let charset = "application/x-www-form-urlencoded; charset=UTF-8";
    latchkey.request("POST", "/oauth/token").body(charset, form).send().await.expect(200);
}

#[tokio::test]
async fn form_encoded_basic_credentials_are_accepted() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let encoded_id = client.client_id.replace('_', "%5F");
    let encoded_secret = client.client_secret.replace('_', "%5F");
    latchkey
        .token(&encoded_id, &encoded_secret, &format!("&client_id={}", client.client_id))
        .await
        .expect(200);
}

#[tokio::test]
async fn account_token_path_serves_its_clients() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let path = format!("/v1/accounts/{ACCOUNT}/auth/token");
    let request = latchkey.request("POST", &path).basic(&client.client_id, &client.client_secret);
    request.form("grant_type=client_credentials").send().await.expect(200);
}

#[tokio::test]
async fn scopes_can_be_narrowed_but_not_widened() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let (id, secret) = (&client.client_id, &client.client_secret);
    let narrowed = latchkey.token(id, secret, "&scope=orders:read").await.expect(200);
    assert_eq!(narrowed.string("scope"), "orders:read");
    let widened = latchkey.token(id, secret, "&scope=orders:read+orders:delete").await.expect(400);
    assert_eq!(widened.string("error"), "invalid_scope");
}

#[tokio::test]
async fn client_with_several_resources_must_name_one() {
    let latchkey = TestApp::with_fixtures().await;
    let tenant = json!({
        "resource_id": "files_api", "audience": "https://{account_id}.files.example", "stage": "sandbox",
        "scopes": [{ "name": "files:read" }], "default_scopes": ["files:read"], "token_signing_alg": "ES256",
    });
    latchkey.fixtures().resource(&tenant).await;
    let permissions = json!([{ "resource": "backoffice_api" }, { "resource": "files_api" }]);
    let client = latchkey.fixtures().client_with(ACCOUNT, &json!({ "permissions": permissions })).await;
    let (id, secret) = (&client.client_id, &client.client_secret);

    assert_eq!(latchkey.token(id, secret, "").await.expect(400).string("error"), "invalid_target");
    let elsewhere = latchkey.token(id, secret, "&resource=https://elsewhere.example").await.expect(400);
    assert_eq!(elsewhere.string("error"), "invalid_target");
    for parameter in
        ["&resource=files_api", "&audience=files_api", "&resource=https://T12345678.files.example"]
    {
        let token = latchkey.token(id, secret, parameter).await.expect(200).string("access_token");
        assert_eq!(part(&token, 0)["alg"], "ES256");
        assert_eq!(part(&token, 1)["aud"], "https://T12345678.files.example");
        assert_eq!(part(&token, 1)["scope"], "files:read");
    }
}

#[tokio::test]
async fn access_token_lifetime_is_the_clients() {
    let latchkey = TestApp::with_fixtures().await;
    let permissions = json!([{ "resource": "backoffice_api" }]);
    let members = json!({ "access_token_lifetime": 60, "permissions": permissions });
    let client = latchkey.fixtures().client_with(ACCOUNT, &members).await;
    let response = latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    assert_eq!(response.json()["expires_in"], 60);
}

#[tokio::test]
async fn new_scope_can_be_used_immediately() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    let scopes = json!({ "scopes": [{ "name": "orders:read" }, { "name": "orders:write" }, { "name": "orders:new" }] });
    latchkey
        .admin_request("PATCH", "/v1/resources/backoffice_api")
        .await
        .json(&scopes)
        .send()
        .await
        .expect(200);
    let permissions = json!({ "permissions": [{ "resource": "backoffice_api", "scopes": ["orders:new"] }] });
    let path = format!("{}/permissions", client.path());
    latchkey.admin_request("PUT", &path).await.json(&permissions).send().await.expect(200);
    let response =
        latchkey.token(&client.client_id, &client.client_secret, "&scope=orders:new").await.expect(200);
    assert_eq!(response.string("scope"), "orders:new");
}

#[tokio::test]
async fn scope_removed_from_the_resource_is_not_granted() {
    let mut latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let scopes = json!({ "scopes": [{ "name": "orders:read" }] });
    latchkey
        .admin_request("PATCH", "/v1/resources/backoffice_api")
        .await
        .json(&scopes)
        .send()
        .await
        .expect(200);
    latchkey.advance(SignedDuration::from_secs(61));
    let response = latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    assert_eq!(response.string("scope"), "orders:read");
}

#[tokio::test]
async fn client_without_permissions_is_invalid_target() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client_with(ACCOUNT, &json!({})).await;
    let response = latchkey.token(&client.client_id, &client.client_secret, "").await.expect(400);
    assert_eq!(response.string("error"), "invalid_target");
}

#[tokio::test]
async fn secret_works_until_2359_of_its_last_day() {
    let mut latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let expires_at = latchkey
        .token(&client.client_id, &client.client_secret, "")
        .await
        .expect(200)
        .json()["client_secret_expires_at"]
        .as_i64()
        .unwrap();
    let at = |second| jiff::Timestamp::from_second(second).unwrap();
    assert!(at(expires_at).to_string().ends_with("T23:59:00Z"));
    latchkey.set_time(at(expires_at - 2));
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    latchkey.set_time(at(expires_at));
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(401);
}
