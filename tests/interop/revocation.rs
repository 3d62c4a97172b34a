//! Every client that knows introspection and revocation asks about a token, ends it, and asks again.

use crate::interop::program::{Fetch, Program, REVOKERS};
use crate::interop::{AUTH_METHODS, ES256_AUDIENCE, Fetcher, with_fixtures};
use crate::support::fixtures::{AUDIENCE, TestClient};
use crate::support::http_server::TestServer;
use serde_json::{Value, json};
use shared::domain::client::client_secret::ClientSecret;

#[tokio::test]
async fn authlib_asks_about_a_token_and_ends_it() {
    a_token_is_active_until_it_is_revoked(Program::Python("revoke_authlib.py")).await;
}

#[tokio::test]
async fn openid_client_asks_about_a_token_and_ends_it() {
    a_token_is_active_until_it_is_revoked(Program::Node("revoke_openid_client.mjs")).await;
}

#[tokio::test]
async fn oauth4webapi_asks_about_a_token_and_ends_it() {
    a_token_is_active_until_it_is_revoked(Program::Node("revoke_oauth4webapi.mjs")).await;
}

async fn token(issuer: &str, client: &TestClient, resource: &str) -> String {
    let fetch = Fetch { issuer, client, resource, auth_method: AUTH_METHODS[0], scope: None };
    let answer = Fetcher::Oauth2Crate.fetch(fetch).await.unwrap().unwrap();
    answer["access_token"].as_str().unwrap().to_owned()
}

async fn a_token_is_active_until_it_is_revoked(program: Program) {
    let (served, client) = with_fixtures().await;
    a_token_is_ended(program, &served, &client).await;
}

pub async fn a_token_is_ended(program: Program, served: &TestServer, client: &TestClient) {
    for (auth_method, resource) in AUTH_METHODS.into_iter().zip([AUDIENCE, ES256_AUDIENCE]) {
        let token = token(&served.issuer, client, resource).await;
        let Some(reported) = program.revoke(&served.issuer, client, auth_method, &token).await else {
            return;
        };
        let reported = reported.unwrap_or_else(|complaint| panic!("{program:?}, {auth_method}: {complaint}"));
        let expected = json!({
            "active": true, "token_type": "Bearer", "iss": served.issuer, "aud": resource,
            "client_id": client.client_id, "sub": client.client_id, "account_id": client.account_id,
        });
        for (member, value) in expected.as_object().unwrap() {
            assert_eq!(&reported["before"][member], value, "{program:?}, {auth_method}: {member}");
        }
        assert_eq!(reported["after"], json!({ "active": false }), "{program:?}, {auth_method}");
    }
}

#[tokio::test]
async fn none_of_them_takes_a_refusal_for_an_answer() {
    let (served, client) = with_fixtures().await;
    let token = token(&served.issuer, &client, AUDIENCE).await;
    // Well-formed: only the comparison can tell.
    let client_secret = ClientSecret::from_random_bytes([9; 32]).expose().to_owned();
    let outsider = TestClient { client_secret, ..client.clone() };
    for program in REVOKERS {
        for auth_method in AUTH_METHODS {
            let Some(reported) = program.revoke(&served.issuer, &outsider, auth_method, &token).await else {
                continue;
            };
            let complaint = reported.expect_err("an answer for a wrong secret");
            let understood = complaint.contains("invalid_client") || complaint.contains("401");
            assert!(understood, "{program:?}, {auth_method}: {complaint}");
        }
    }
    let ask =
        served.latchkey.request("POST", "/oauth/introspect").basic(&client.client_id, &client.client_secret);
    let reported: Value = ask.form(&format!("token={token}")).send().await.expect(200).json();
    assert_eq!(reported["active"], true, "nobody has ended it");
}
