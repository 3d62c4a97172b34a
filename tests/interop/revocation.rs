//! Every library that supports introspection and revocation introspects a token, revokes it, and introspects
//! it again.

use crate::interop::program::{Fetch, Program, REVOKERS};
use crate::interop::{AUTH_METHODS, ES256_AUDIENCE, Fetcher, with_fixtures};
use crate::support::fixtures::{AUDIENCE, TestClient};
use crate::support::http_server::TestServer;
use serde_json::{Value, json};
use shared::domain::client::client_secret::ClientSecret;

#[tokio::test]
async fn authlib_introspects_and_revokes_a_token() {
    check_revoker(Program::Python("revoke_authlib.py")).await;
}

#[tokio::test]
async fn openid_client_introspects_and_revokes_a_token() {
    check_revoker(Program::Node("revoke_openid_client.mjs")).await;
}

#[tokio::test]
async fn oauth4webapi_introspects_and_revokes_a_token() {
    check_revoker(Program::Node("revoke_oauth4webapi.mjs")).await;
}

async fn token(issuer: &str, client: &TestClient, resource: &str) -> String {
    let fetch = Fetch { issuer, client, resource, auth_method: AUTH_METHODS[0], scope: None };
    let response = Fetcher::Oauth2Crate.fetch(fetch).await.unwrap().unwrap();
    response["access_token"].as_str().unwrap().to_owned()
}

async fn check_revoker(program: Program) {
    let (server, client) = with_fixtures().await;
    check_revocation(program, &server, &client).await;
}

pub async fn check_revocation(program: Program, server: &TestServer, client: &TestClient) {
    for (auth_method, resource) in AUTH_METHODS.into_iter().zip([AUDIENCE, ES256_AUDIENCE]) {
        let token = token(&server.issuer, client, resource).await;
        let Some(output) = program.revoke(&server.issuer, client, auth_method, &token).await else {
            return;
        };
        let output = output.unwrap_or_else(|error| panic!("{program:?}, {auth_method}: {error}"));
        let expected = json!({
            "active": true, "token_type": "Bearer", "iss": server.issuer, "aud": resource,
            "client_id": client.client_id, "sub": client.client_id, "account_id": client.account_id,
        });
        for (member, value) in expected.as_object().unwrap() {
            assert_eq!(&output["before"][member], value, "{program:?}, {auth_method}: {member}");
        }
        assert_eq!(output["after"], json!({ "active": false }), "{program:?}, {auth_method}");
    }
}

#[tokio::test]
async fn wrong_secret_is_reported_by_every_library() {
    let (server, client) = with_fixtures().await;
    let token = token(&server.issuer, &client, AUDIENCE).await;
    // Well-formed, so that only the comparison of digests fails.
    let client_secret = ClientSecret::from_random_bytes([9; 32]).expose().to_owned();
    let outsider = TestClient { client_secret, ..client.clone() };
    for program in REVOKERS {
        for auth_method in AUTH_METHODS {
            let Some(output) = program.revoke(&server.issuer, &outsider, auth_method, &token).await else {
                continue;
            };
            let error = output.expect_err("a response for a wrong secret");
            let is_reported = error.contains("invalid_client") || error.contains("401");
            assert!(is_reported, "{program:?}, {auth_method}: {error}");
        }
    }
    let request =
        server.latchkey.request("POST", "/oauth/introspect").basic(&client.client_id, &client.client_secret);
    let output: Value = request.form(&format!("token={token}")).send().await.expect(200).json();
    assert_eq!(output["active"], true, "it is not revoked");
}
