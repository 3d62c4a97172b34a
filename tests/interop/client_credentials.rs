//! Every client gets tokens, by either way to authenticate, and every verifier takes each of them.

use crate::interop::program::{Fetch, Program, VERIFIERS};
use crate::interop::{AUTH_METHODS, ES256_AUDIENCE, Fetcher, with_fixtures};
use crate::support::fixtures::{ACCOUNT, AUDIENCE, TestClient};
use crate::support::http_server::TestServer;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// One kind of token: which resource, how it is signed, what is asked for, what is granted.
struct Case {
    audience: &'static str,
    alg: &'static str,
    scope: Option<&'static str>,
    token_grant: &'static str,
}

const CASES: [Case; 2] = [
    Case { audience: AUDIENCE, alg: "RS256", scope: Some("orders:read"), token_grant: "orders:read" },
    Case { audience: ES256_AUDIENCE, alg: "ES256", scope: None, token_grant: "files:read files:write" },
];

#[tokio::test]
async fn authlib_gets_tokens_that_every_verifier_takes() {
    every_token_of_a_new_house_is_taken(Fetcher::Foreign(Program::Python("fetch_authlib.py"))).await;
}

#[tokio::test]
async fn requests_oauthlib_gets_tokens_that_every_verifier_takes() {
    every_token_of_a_new_house_is_taken(Fetcher::Foreign(Program::Python("fetch_requests_oauthlib.py")))
        .await;
}

#[tokio::test]
async fn openid_client_gets_tokens_that_every_verifier_takes() {
    every_token_of_a_new_house_is_taken(Fetcher::Foreign(Program::Node("fetch_openid_client.mjs"))).await;
}

#[tokio::test]
async fn oauth4webapi_gets_tokens_that_every_verifier_takes() {
    every_token_of_a_new_house_is_taken(Fetcher::Foreign(Program::Node("fetch_oauth4webapi.mjs"))).await;
}

#[tokio::test]
async fn a_vendors_json_request_with_an_audience_gets_tokens_that_every_verifier_takes() {
    every_token_of_a_new_house_is_taken(Fetcher::Foreign(Program::Node("fetch_json_audience.mjs"))).await;
}

#[tokio::test]
async fn the_oauth2_crate_gets_tokens_that_every_verifier_takes() {
    every_token_of_a_new_house_is_taken(Fetcher::Oauth2Crate).await;
}

async fn every_token_of_a_new_house_is_taken(fetcher: Fetcher) {
    let (served, client) = with_fixtures().await;
    every_token_is_taken(fetcher, &served, &client).await;
}

pub async fn every_token_is_taken(fetcher: Fetcher, served: &TestServer, client: &TestClient) {
    for auth_method in AUTH_METHODS {
        for case in &CASES {
            let name = format!("{fetcher:?}, {auth_method}, {}", case.alg);
            let (issuer, resource) = (served.issuer.as_str(), case.audience);
            let fetch = Fetch { issuer, client, resource, auth_method, scope: case.scope };
            let Some(answer) = fetcher.fetch(fetch).await else {
                return;
            };
            let answer = answer.unwrap_or_else(|complaint| panic!("{name}: {complaint}"));
            check_answer(&name, &answer, case);
            let token = answer["access_token"].as_str().unwrap();
            assert_eq!(part(token, 0)["alg"], case.alg, "{name}");
            check_claims(&name, &part(token, 1), &served.issuer, client, case);
            verify(&name, &served.issuer, token, case.audience).await;
        }
    }
}

/// The answer, as far as the libraries agree on how to hand it over.
fn check_answer(name: &str, answer: &Value, case: &Case) {
    let token_type = answer["token_type"].as_str().unwrap_or_default();
    assert!(token_type.eq_ignore_ascii_case("bearer"), "{name}: {answer}");
    assert_eq!(answer["expires_in"], 3600, "{name}");
    let scope = match &answer["scope"] {
        Value::Array(scopes) => scopes.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "),
        scope => scope.as_str().unwrap_or_default().to_owned(),
    };
    assert_eq!(scope, case.token_grant, "{name}");
}

fn check_claims(name: &str, claims: &Value, issuer: &str, client: &TestClient, case: &Case) {
    let expected = json!({
        "iss": issuer,
        "sub": client.client_id,
        "client_id": client.client_id,
        "aud": case.audience,
        "scope": case.token_grant,
        "account_id": ACCOUNT,
    });
    for (member, value) in expected.as_object().unwrap() {
        assert_eq!(&claims[member], value, "{name}: {member}");
    }
}

/// All verifiers take the token, and read the same claims from it.
pub async fn verify(name: &str, issuer: &str, token: &str, audience: &str) {
    let [python, jose, aws] = VERIFIERS.map(|verifier| verifier.verify(issuer, token, audience));
    let (python, jose, aws) = tokio::join!(python, jose, aws);
    for (verifier, claims) in VERIFIERS.into_iter().zip([python, jose, aws]) {
        // Without node, one verifier is left.
        let Some(claims) = claims else { continue };
        let claims = claims.unwrap_or_else(|complaint| panic!("{name}, {verifier:?}: {complaint}"));
        assert_eq!(claims, part(token, 1), "{name}, {verifier:?}");
    }
}

pub fn part(token: &str, index: usize) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(index).unwrap()).unwrap()).unwrap()
}
