//! Every client library gets tokens, with both authentication methods, and every verifier accepts them.

use crate::interop::program::{Fetch, Program, VERIFIERS};
use crate::interop::{AUTH_METHODS, ES256_AUDIENCE, Fetcher, with_fixtures};
use crate::support::fixtures::{ACCOUNT, AUDIENCE, TestClient};
use crate::support::http_server::TestServer;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// One kind of token: its resource and signature, the requested scope and the granted one.
struct Case {
    audience: &'static str,
    alg: &'static str,
    scope: Option<&'static str>,
    granted_scope: &'static str,
}

const CASES: [Case; 2] = [
    Case { audience: AUDIENCE, alg: "RS256", scope: Some("orders:read"), granted_scope: "orders:read" },
    Case { audience: ES256_AUDIENCE, alg: "ES256", scope: None, granted_scope: "files:read files:write" },
];

#[tokio::test]
async fn authlib_gets_tokens_that_every_verifier_accepts() {
    check_fetcher(Fetcher::Foreign(Program::Python("fetch_authlib.py"))).await;
}

#[tokio::test]
async fn requests_oauthlib_gets_tokens_that_every_verifier_accepts() {
    check_fetcher(Fetcher::Foreign(Program::Python("fetch_requests_oauthlib.py"))).await;
}

#[tokio::test]
async fn openid_client_gets_tokens_that_every_verifier_accepts() {
    check_fetcher(Fetcher::Foreign(Program::Node("fetch_openid_client.mjs"))).await;
}

#[tokio::test]
async fn oauth4webapi_gets_tokens_that_every_verifier_accepts() {
    check_fetcher(Fetcher::Foreign(Program::Node("fetch_oauth4webapi.mjs"))).await;
}

#[tokio::test]
async fn json_requests_get_tokens_that_every_verifier_accepts() {
    check_fetcher(Fetcher::Foreign(Program::Node("fetch_json_audience.mjs"))).await;
}

#[tokio::test]
async fn oauth2_crate_gets_tokens_that_every_verifier_accepts() {
    check_fetcher(Fetcher::Oauth2Crate).await;
}

async fn check_fetcher(fetcher: Fetcher) {
    let (server, client) = with_fixtures().await;
    check_tokens(fetcher, &server, &client).await;
}

async fn check_tokens(fetcher: Fetcher, server: &TestServer, client: &TestClient) {
    for auth_method in AUTH_METHODS {
        for case in &CASES {
            let Some(token) = check_token(fetcher, server, client, auth_method, case).await else { return };
            let name = format!("{fetcher:?}, {auth_method}, {}", case.alg);
            verify(&name, &server.issuer, &token, case.audience).await;
        }
    }
}

/// Each authentication method and each kind of token once. Returns the tokens with their audiences.
pub async fn check_each_method(
    fetcher: Fetcher,
    server: &TestServer,
    client: &TestClient,
) -> Vec<(String, &'static str)> {
    let mut tokens = Vec::new();
    for (auth_method, case) in AUTH_METHODS.into_iter().zip(&CASES) {
        let token = check_token(fetcher, server, client, auth_method, case).await;
        tokens.extend(token.map(|token| (token, case.audience)));
    }
    tokens
}

/// The token that a library gets, or `None` without node.
async fn check_token(
    fetcher: Fetcher,
    server: &TestServer,
    client: &TestClient,
    auth_method: &'static str,
    case: &Case,
) -> Option<String> {
    let name = format!("{fetcher:?}, {auth_method}, {}", case.alg);
    let (issuer, resource) = (server.issuer.as_str(), case.audience);
    let response = fetcher.fetch(Fetch { issuer, client, resource, auth_method, scope: case.scope }).await?;
    let response = response.unwrap_or_else(|error| panic!("{name}: {error}"));
    check_response(&name, &response, case);
    let token = response["access_token"].as_str().unwrap();
    assert_eq!(part(token, 0)["alg"], case.alg, "{name}");
    check_claims(&name, &part(token, 1), &server.issuer, client, case);
    Some(token.to_owned())
}

/// Checks the members of the token response that all libraries return alike.
fn check_response(name: &str, response: &Value, case: &Case) {
    let token_type = response["token_type"].as_str().unwrap_or_default();
    assert!(token_type.eq_ignore_ascii_case("bearer"), "{name}: {response}");
    assert_eq!(response["expires_in"], 3600, "{name}");
    let scope = match &response["scope"] {
        Value::Array(scopes) => scopes.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "),
        scope => scope.as_str().unwrap_or_default().to_owned(),
    };
    assert_eq!(scope, case.granted_scope, "{name}");
}

fn check_claims(name: &str, claims: &Value, issuer: &str, client: &TestClient, case: &Case) {
    let expected = json!({
        "iss": issuer,
        "sub": client.client_id,
        "client_id": client.client_id,
        "aud": case.audience,
        "scope": case.granted_scope,
        "account_id": ACCOUNT,
    });
    for (member, value) in expected.as_object().unwrap() {
        assert_eq!(&claims[member], value, "{name}: {member}");
    }
}

/// Every verifier accepts the token and returns the same claims.
pub async fn verify(name: &str, issuer: &str, token: &str, audience: &str) {
    let [python, jose, aws] = VERIFIERS.map(|verifier| verifier.verify(issuer, token, audience));
    let (python, jose, aws) = tokio::join!(python, jose, aws);
    for (verifier, claims) in VERIFIERS.into_iter().zip([python, jose, aws]) {
        // Without node, one verifier is left.
        let Some(claims) = claims else { continue };
        let claims = claims.unwrap_or_else(|error| panic!("{name}, {verifier:?}: {error}"));
        assert_eq!(claims, part(token, 1), "{name}, {verifier:?}");
    }
}

pub fn part(token: &str, index: usize) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(index).unwrap()).unwrap()).unwrap()
}
