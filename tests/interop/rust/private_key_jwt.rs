//! Every library that supports `private_key_jwt` authenticates with its own assertions at all three
//! endpoints.

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

/// The program gets a token, introspects it, revokes it, and introspects it again, for each algorithm.
pub async fn check_assertions(program: Program, server: &TestServer, algs: &[&'static str]) {
    for alg in algs {
        let key = TestKey::new(alg);
        let client = client_with(&server.latchkey, &key).await;
        for resource in [AUDIENCE, ES256_AUDIENCE] {
            let Some(output) = program.assert(&server.issuer, &client, &key, resource).await else {
                return;
            };
            let output = output.unwrap_or_else(|error| panic!("{program:?}, {alg}: {error}"));
            assert_eq!(output["before"]["active"], true, "{program:?}, {alg}");
            assert_eq!(output["before"]["aud"], resource, "{program:?}, {alg}");
            assert_eq!(output["after"], json!({ "active": false }), "{program:?}, {alg}");
        }
    }
}

const ALL_ALGORITHMS: &[&str] = &["RS256", "PS256", "ES256", "ES384", "Ed25519"];

/// The algorithms that each program can sign with. Authlib signs with RSA only.
pub const ASSERTERS: [(Program, &[&str]); 3] = [
    (Program::Python("assert_authlib.py"), &["RS256", "PS256"]),
    (Program::Node("assert_openid_client.mjs"), ALL_ALGORITHMS),
    (Program::Node("assert_oauth4webapi.mjs"), ALL_ALGORITHMS),
];

#[tokio::test]
async fn assertions_of_every_library_are_accepted() {
    let (server, _) = with_fixtures().await;
    for (program, algs) in ASSERTERS {
        check_assertions(program, &server, algs).await;
    }
}

#[tokio::test]
async fn assertions_of_jsonwebtoken_crate_are_accepted() {
    let (server, _) = with_fixtures().await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    for (name, alg, read) in [
        ("ES256", Algorithm::ES256, EncodingKey::from_ec_der as fn(&[u8]) -> EncodingKey),
        ("ES384", Algorithm::ES384, EncodingKey::from_ec_der),
        ("EdDSA", Algorithm::EdDSA, EncodingKey::from_ed_der),
    ] {
        let key = TestKey::new(name);
        let client = client_with(&server.latchkey, &key).await;
        let now = server.latchkey.now().as_second();
        let claims = json!({ "iss": client, "sub": client, "aud": server.issuer, "exp": now + 60, "iat": now, "jti": name });
        let signer = read(&key.private_der());
        let assertion = encode(&Header::new(alg), &claims, &signer).unwrap();
        let form = [
            ("grant_type", "client_credentials"),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", &assertion),
            ("resource", AUDIENCE),
        ];
        let response = http.post(format!("{}/oauth/token", server.issuer)).form(&form).send().await.unwrap();
        let response: Value = response.json().await.unwrap();
        assert!(response["access_token"].is_string(), "{name}: {response}");
    }
}
