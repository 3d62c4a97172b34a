//! Every client that knows `private_key_jwt` signs its own assertions: for a token, and to ask about it and end it.

use super::program::Program;
use super::{ES256_AUDIENCE, furnished};
use crate::support::assertions::TestKey;
use crate::support::house::TestHouse;
use crate::support::things::{ACCOUNT, AUDIENCE};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

async fn client_with(house: &TestHouse, key: &TestKey) -> String {
    let members = json!({
        "client_name": "Order sync", "token_endpoint_auth_method": "private_key_jwt", "jwks": key.jwks(),
        "permissions": [{ "resource": "backoffice_api", "scopes": ["orders:read"] }, { "resource": "files_api", "scopes": ["files:read"] }],
    });
    let path = format!("/v1/accounts/{ACCOUNT}/clients");
    house.admin_ask("POST", &path).await.json(&members).send().await.expect(201).string("client_id")
}

async fn its_assertions_are_taken(program: Program, algs: &[&'static str]) {
    let (served, _) = furnished().await;
    for alg in algs {
        let key = TestKey::new(alg);
        let client = client_with(&served.house, &key).await;
        for resource in [AUDIENCE, ES256_AUDIENCE] {
            let Some(said) = program.assert(&served.issuer, &client, &key, resource).await else { return };
            let said = said.unwrap_or_else(|complaint| panic!("{program:?}, {alg}: {complaint}"));
            assert_eq!(said["before"]["active"], true, "{program:?}, {alg}");
            assert_eq!(said["before"]["aud"], resource, "{program:?}, {alg}");
            assert_eq!(said["after"], json!({ "active": false }), "{program:?}, {alg}");
        }
    }
}

#[tokio::test]
async fn those_of_authlib_are_taken() {
    // It signs with RSA only.
    its_assertions_are_taken(Program::Python("assert_authlib.py"), &["RS256", "PS256"]).await;
}

#[tokio::test]
async fn those_of_openid_client_are_taken() {
    let algs = ["RS256", "PS256", "ES256", "ES384", "Ed25519"];
    its_assertions_are_taken(Program::Node("assert_openid_client.mjs"), &algs).await;
}

#[tokio::test]
async fn those_of_oauth4webapi_are_taken() {
    let algs = ["RS256", "PS256", "ES256", "ES384", "Ed25519"];
    its_assertions_are_taken(Program::Node("assert_oauth4webapi.mjs"), &algs).await;
}

#[tokio::test]
async fn those_of_the_jsonwebtoken_crate_are_taken() {
    let (served, _) = furnished().await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    for (name, alg, read) in [
        ("ES256", Algorithm::ES256, EncodingKey::from_ec_der as fn(&[u8]) -> EncodingKey),
        ("ES384", Algorithm::ES384, EncodingKey::from_ec_der),
        ("EdDSA", Algorithm::EdDSA, EncodingKey::from_ed_der),
    ] {
        let key = TestKey::new(name);
        let client = client_with(&served.house, &key).await;
        let now = served.house.now().as_second();
        let claims = json!({ "iss": client, "sub": client, "aud": served.issuer, "exp": now + 60, "iat": now, "jti": name });
        let signer = read(&key.private_der());
        let assertion = encode(&Header::new(alg), &claims, &signer).unwrap();
        let form = [
            ("grant_type", "client_credentials"),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", &assertion),
            ("resource", AUDIENCE),
        ];
        let answer = http.post(format!("{}/oauth/token", served.issuer)).form(&form).send().await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        assert!(answer["access_token"].is_string(), "{name}: {answer}");
    }
}
