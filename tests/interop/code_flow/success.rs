//! The code flow: every verifier accepts the application's tokens, also after a refresh.

use crate::interop::client_credentials::{part, verify};
use crate::interop::code_flow::application::Application;
use crate::interop::code_flow::setup::Setup;
use crate::interop::code_flow::{AUTHLIB, BOTH, MCP_SDK, OAUTH4WEBAPI, OPENID_CLIENT, REQUESTS_OAUTHLIB};
use crate::interop::program::Program;
use crate::support::fixtures::{ACCOUNT, AUDIENCE};
use serde_json::{Value, json};

/// The member signs in and gives their consent. Returns the token response.
async fn tokens(setup: &Setup, application: &Application<'_>) -> Value {
    let started = application.begin(BOTH).await;
    let visit = setup.visit(&started.url, &[]).await;
    assert!(visit.asked_for_consent, "{visit:?}");
    let output = application.finish(&started, &visit.url).await;
    output.unwrap_or_else(|error| panic!("{:?}, {visit:?}: {error}", application.program))
}

/// The token is the member's, and every verifier accepts it.
async fn check_issued_tokens(setup: &Setup, application: &Application<'_>, tokens: &Value) {
    let token = tokens["access_token"].as_str().unwrap();
    verify(&application.client_id, application.issuer, token, AUDIENCE).await;
    let members = setup.latchkey().list_items(&format!("/v1/accounts/{ACCOUNT}/members")).await;
    let ann = members.iter().find(|member| member["email"] == setup.email.as_str()).unwrap();
    let expected =
        json!({ "sub": ann["sub"], "client_id": application.client_id, "aud": AUDIENCE, "scope": BOTH });
    for (member, value) in expected.as_object().unwrap() {
        assert_eq!(&part(token, 1)[member], value, "{member}");
    }
}

/// The flow once, and a refresh. Returns the token response of the refresh.
async fn check_flow_and_refresh(setup: &Setup, application: &Application<'_>) -> Value {
    let first = tokens(setup, application).await;
    check_issued_tokens(setup, application, &first).await;
    let second = application.refresh(&first["refresh_token"]).await.unwrap();
    check_issued_tokens(setup, application, &second).await;
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    second
}

/// The flow once; then a refresh, and the revocation of the refresh token.
async fn check_flow(setup: &Setup, application: &Application<'_>) {
    let second = check_flow_and_refresh(setup, application).await;
    application.revoke(&second["refresh_token"]).await.unwrap();
    let error = application.refresh(&second["refresh_token"]).await.unwrap_err();
    assert!(error.contains("invalid_grant"), "{error}");
}

async fn check_confidential_client(program: Program, test: &str) {
    let Some(setup) = Setup::new(test).await else { return };
    check_flow(&setup, &setup.confidential(program).await).await;
}

async fn check_public_client(program: Program, test: &str) {
    let Some(setup) = Setup::new(test).await else { return };
    check_flow(&setup, &setup.public(program).await).await;
}

#[tokio::test]
async fn openid_client_completes_the_code_flow() {
    check_confidential_client(OPENID_CLIENT, "openid-client").await;
}

#[tokio::test]
async fn openid_client_completes_the_code_flow_as_public_client() {
    check_public_client(OPENID_CLIENT, "openid-client-public").await;
}

#[tokio::test]
async fn oauth4webapi_completes_the_code_flow() {
    check_confidential_client(OAUTH4WEBAPI, "oauth4webapi").await;
}

#[tokio::test]
async fn oauth4webapi_completes_the_code_flow_as_public_client() {
    check_public_client(OAUTH4WEBAPI, "oauth4webapi-public").await;
}

#[tokio::test]
async fn authlib_completes_the_code_flow() {
    check_confidential_client(AUTHLIB, "authlib").await;
}

#[tokio::test]
async fn authlib_completes_the_code_flow_as_public_client() {
    check_public_client(AUTHLIB, "authlib-public").await;
}

#[tokio::test]
async fn requests_oauthlib_completes_the_code_flow_with_an_empty_password() {
    check_public_client(REQUESTS_OAUTHLIB, "requests-oauthlib-public").await;
}

#[tokio::test]
async fn mcp_sdk_completes_the_code_flow_for_a_resource() {
    let Some(setup) = Setup::new("mcp-sdk").await else { return };
    check_flow_and_refresh(&setup, &setup.public(MCP_SDK).await).await;
}
