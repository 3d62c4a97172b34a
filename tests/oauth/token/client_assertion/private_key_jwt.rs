//! Client authentication with `private_key_jwt`, and the last use of each key.

use crate::oauth::token::client_assertion::{authenticate, client_with, new_claims, send};
use crate::support::app::{ISSUER, TestApp};
use crate::support::crypto::assertions::{TestKey, claims, form};
use crate::support::fake_internet::FakeInternet;
use crate::support::fixtures::ACCOUNT;
use crate::support::http::TestResponse;
use jiff::SignedDuration;
use serde_json::{Value, json};

#[tokio::test]
async fn each_algorithm_works_with_jwks_and_pem() {
    let latchkey = TestApp::with_fixtures().await;
    let algs = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA", "Ed25519"];
    for alg in algs {
        let key = TestKey::new(alg);
        for material in [json!({ "jwks": key.jwks() }), json!({ "public_key_pem": key.pem() })] {
            let client = client_with(&latchkey, &material).await;
            let response =
                authenticate(&latchkey, &key, &new_claims(&latchkey, &client)).await.expect(200).json();
            assert_eq!(response["scope"], "orders:read", "{alg}");
            assert_eq!(response.get("client_secret_expires_at"), None, "{alg}");
        }
    }
}

/// What `BigInteger` of Java writes, which several key sets on the Internet have.
#[tokio::test]
async fn rsa_numbers_with_leading_zeros_work_inline_and_by_uri() {
    let internet = FakeInternet::start().await;
    let latchkey = internet.latchkey().await;
    let key = TestKey::new("RS256");
    let set = json!({ "keys": [key.padded_jwk()] });
    let inline = client_with(&latchkey, &json!({ "jwks": set })).await;
    authenticate(&latchkey, &key, &new_claims(&latchkey, &inline)).await.expect(200);
    let path = format!("/v1/accounts/T12345678/clients/{inline}");
    assert_eq!(latchkey.get(&path).await.json()["jwks"], key.jwks(), "the number is shown as it is");
    internet.publish("client.example.com", "/keys", &set);
    let by_uri = client_with(&latchkey, &json!({ "jwks_uri": "https://client.example.com/keys" })).await;
    authenticate(&latchkey, &key, &new_claims(&latchkey, &by_uri)).await.expect(200);
}

#[tokio::test]
async fn kid_selects_the_key_and_may_be_omitted() {
    let latchkey = TestApp::with_fixtures().await;
    let (old, new) = (TestKey::new("ES256").named("old"), TestKey::new("ES256").named("new"));
    let client = client_with(&latchkey, &json!({ "jwks": { "keys": [old.jwk(), new.jwk()] } })).await;
    for key in [&old, &new] {
        authenticate(&latchkey, key, &new_claims(&latchkey, &client)).await.expect(200);
        let unnamed = key.sign(&json!({ "alg": "ES256" }), &new_claims(&latchkey, &client));
        send(&latchkey, &unnamed).await.expect(200);
    }
    let misnamed = new.sign(&json!({ "alg": "ES256", "kid": "old" }), &new_claims(&latchkey, &client));
    send(&latchkey, &misnamed).await.expect(401);
}

#[tokio::test]
async fn client_id_json_and_account_path_are_accepted() {
    let latchkey = TestApp::with_fixtures().await;
    let key = TestKey::new("ES256");
    let client = client_with(&latchkey, &json!({ "jwks": key.jwks() })).await;
    let repeated = format!("{}&client_id={client}", form(&key.assert(&new_claims(&latchkey, &client))));
    latchkey.request("POST", "/oauth/token").form(&repeated).send().await.expect(200);
    let other = format!("{}&client_id=other", form(&key.assert(&new_claims(&latchkey, &client))));
    latchkey.request("POST", "/oauth/token").form(&other).send().await.expect(401);
    let body = json!({
        "grant_type": "client_credentials", "client_assertion": key.assert(&new_claims(&latchkey, &client)),
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    });
    latchkey.request("POST", "/oauth/token").json(&body).send().await.expect(200);
    let own = format!("/v1/accounts/{ACCOUNT}/auth/token");
    latchkey
        .request("POST", &own)
        .form(&form(&key.assert(&new_claims(&latchkey, &client))))
        .send()
        .await
        .expect(200);
    let foreign = "/v1/accounts/T0/auth/token";
    latchkey
        .request("POST", foreign)
        .form(&form(&key.assert(&new_claims(&latchkey, &client))))
        .send()
        .await
        .expect(401);
}

#[tokio::test]
async fn explicit_type_and_audience_list_are_accepted() {
    let latchkey = TestApp::with_fixtures().await;
    let key = TestKey::new("ES256");
    let client = client_with(&latchkey, &json!({ "jwks": key.jwks() })).await;
    for typ in ["client-authentication+jwt", "application/client-authentication+jwt", "JWT"] {
        let header = json!({ "alg": "ES256", "typ": typ });
        send(&latchkey, &key.sign(&header, &new_claims(&latchkey, &client))).await.expect(200);
    }
    let mut listed = new_claims(&latchkey, &client);
    listed["aud"] = json!([ISSUER]);
    authenticate(&latchkey, &key, &listed).await.expect(200);
}

#[tokio::test]
async fn client_moves_from_secrets_to_keys_without_outage() {
    let latchkey = TestApp::with_fixtures().await;
    let key = TestKey::new("ES256");
    let client = latchkey.fixtures().client().await;
    let patch = async |members: Value| {
        latchkey.admin_request("PATCH", &client.path()).await.json(&members).send().await.expect(200)
    };
    let by_secret =
        async || latchkey.token(&client.client_id, &client.client_secret, "&scope=orders:read").await;
    let by_key = async || authenticate(&latchkey, &key, &new_claims(&latchkey, &client.client_id)).await;
    by_key().await.expect(401);
    patch(json!({ "jwks": key.jwks() })).await;
    by_secret().await.expect(200);
    by_key().await.expect(200);
    patch(json!({ "token_endpoint_auth_method": "private_key_jwt" })).await;
    by_secret().await.expect(401);
    by_key().await.expect(200);
    let rejected =
        latchkey.admin_request("POST", &format!("{}/secrets", client.path())).await.send().await.expect(409);
    assert_eq!(rejected.problem(), "no_secrets");
    patch(json!({ "token_endpoint_auth_method": "client_secret_basic", "jwks": null })).await;
    by_secret().await.expect(200);
    by_key().await.expect(401);
}

#[tokio::test]
async fn last_use_is_recorded_per_key() {
    let mut latchkey = TestApp::with_fixtures().await;
    let (one, two) = (TestKey::new("ES256").named("one"), TestKey::new("EdDSA").named("two"));
    let client = client_with(&latchkey, &json!({ "jwks": { "keys": [one.jwk(), two.jwk()] } })).await;
    let path = format!("/v1/accounts/{ACCOUNT}/clients/{client}");
    let before = latchkey.admin_request("GET", &path).await.send().await.expect(200);
    authenticate(&latchkey, &one, &new_claims(&latchkey, &client)).await.expect(200);
    let first_day = latchkey.now().to_string()[..10].to_owned();
    let after = latchkey.admin_request("GET", &path).await.send().await.expect(200);
    let days = |response: &Value| {
        let list = response["credentials"].as_array().unwrap().iter();
        list.map(|credential| (credential["kid"].clone(), credential["last_used_on"].clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(days(&before.json()), [("one".into(), Value::Null), ("two".into(), Value::Null)]);
    assert_eq!(days(&after.json()), [("one".into(), json!(first_day)), ("two".into(), Value::Null)]);
    let version = |response: &TestResponse| response.etag().split('-').next().unwrap().to_owned();
    assert_eq!(version(&before), version(&after), "a use is no change");
    latchkey.advance(SignedDuration::from_hours(24));
    let keys = json!({ "jwks": { "keys": [one.jwk()] } });
    let replaced = latchkey.admin_request("PATCH", &path).await.json(&keys).send().await.expect(200);
    assert_eq!(days(&replaced.json()), [("one".into(), json!(first_day))]);
}

#[tokio::test]
async fn allowlist_and_disabled_client_apply() {
    let latchkey = TestApp::with_fixtures().await;
    let key = TestKey::new("ES256");
    let material = json!({ "jwks": key.jwks(), "allowed_ips": ["203.0.113.0/24"] });
    let client = client_with(&latchkey, &material).await;
    let from = async |source: &str| {
        let form = form(&key.assert(&claims(&client, ISSUER, latchkey.now().as_second())));
        latchkey.request("POST", "/oauth/token").from(source).form(&form).send().await
    };
    from("198.51.100.1").await.expect(401);
    from("203.0.113.9").await.expect(200);
    let path = format!("/v1/accounts/{ACCOUNT}/clients/{client}");
    latchkey.admin_request("POST", &format!("{path}/disable")).await.send().await.expect(200);
    from("203.0.113.9").await.expect(401);
    latchkey.admin_request("POST", &format!("{path}/enable")).await.send().await.expect(200);
    from("203.0.113.9").await.expect(200);
}
