//! Every client that knows `private_key_jwt` signs its own assertions: for a token, and to ask about it and end it.

use crate::interop::program::Program;
use crate::interop::{ES256_AUDIENCE, with_fixtures};
use crate::support::app::TestApp;
use crate::support::crypto::assertions::TestKey;
use crate::support::fixtures::{ACCOUNT, AUDIENCE};
use crate::support::http_server::TestServer;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

async fn client_with(latchkey: &TestApp, key: &TestKey) -> String {
    let members = json!({
        "client_name": "Order sync", "token_endpoint_auth_method": "private_key_jwt", "jwks": key.jwks(),
        "permissions": [{ "resource": "backoffice_api", "scopes": ["orders:read"] }, { "resource": "files_api", "scopes": ["files:read"] }],
    });
    let path = format!("/v1/accounts/{ACCOUNT}/clients");
    latchkey.admin_request("POST", &path).await.json(&members).send().await.expect(201).string("client_id")
}

/// Each gets a token, sees that it is active, ends it, and sees that it is not.
pub async fn they_are_taken(program: Program, served: &TestServer, algs: &[&'static str]) {
    for alg in algs {
        let key = TestKey::new(alg);
        let client = client_with(&served.latchkey, &key).await;
        for resource in [AUDIENCE, ES256_AUDIENCE] {
            let Some(reported) = program.assert(&served.issuer, &client, &key, resource).await else {
                return;
            };
            let reported = reported.unwrap_or_else(|complaint| panic!("{program:?}, {alg}: {complaint}"));
            assert_eq!(reported["before"]["active"], true, "{program:?}, {alg}");
            assert_eq!(reported["before"]["aud"], resource, "{program:?}, {alg}");
            assert_eq!(reported["after"], json!({ "active": false }), "{program:?}, {alg}");
        }
    }
}

const EVERY_KIND: &[&str] = &["RS256", "PS256", "ES256", "ES384", "Ed25519"];

/// What each program can sign with. Authlib signs with RSA only.
pub const ASSERTERS: [(Program, &[&str]); 3] = [
    (Program::Python("assert_authlib.py"), &["RS256", "PS256"]),
    (Program::Node("assert_openid_client.mjs"), EVERY_KIND),
    (Program::Node("assert_oauth4webapi.mjs"), EVERY_KIND),
];

#[tokio::test]
async fn those_of_every_library_are_taken() {
    let (served, _) = with_fixtures().await;
    for (program, algs) in ASSERTERS {
        they_are_taken(program, &served, algs).await;
    }
}

#[tokio::test]
async fn those_of_the_jsonwebtoken_crate_are_taken() {
    let (served, _) = with_fixtures().await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    for (name, alg, read) in [
        ("ES256", Algorithm::ES256, EncodingKey::from_ec_der as fn(&[u8]) -> EncodingKey),
        ("ES384", Algorithm::ES384, EncodingKey::from_ec_der),
        ("EdDSA", Algorithm::EdDSA, EncodingKey::from_ed_der),
    ] {
        let key = TestKey::new(name);
        let client = client_with(&served.latchkey, &key).await;
        let now = served.latchkey.now().as_second();
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
