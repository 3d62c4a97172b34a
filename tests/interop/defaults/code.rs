//! The code flow. The end user goes through the pages without a browser, because other tests look at the pages.

use crate::interop::client_credentials::part;
use crate::interop::code_flow::BOTH;
use crate::interop::code_flow::application::Application;
use crate::interop::program::Program;
use crate::support::fixtures::AUDIENCE;
use crate::support::http_server::TestServer;
use crate::support::sign_in::browser::Browser;
use serde_json::{Value, json};

const REDIRECT_URI: &str = "http://127.0.0.1:8000/callback";

async fn with_member() -> (TestServer, String) {
    let server = TestServer::new().await;
    server.latchkey.fixtures().seed().await;
    let email = server.latchkey.fixtures().member("ann").await;
    (server, email)
}

async fn application<'a>(server: &'a TestServer, program: Program, method: &str) -> Application<'a> {
    let members = json!({
        "token_endpoint_auth_method": method, "redirect_uris": [REDIRECT_URI],
        "grant_types": ["authorization_code", "refresh_token"],
    });
    let client = server.latchkey.fixtures().code_flow_client_with(&members).await;
    let client_secret = (method != "none").then_some(client.client_secret);
    Application {
        program,
        issuer: &server.issuer,
        client_id: client.client_id,
        client_secret,
        redirect_uri: REDIRECT_URI,
    }
}

/// The member allows what the application requests. Returns the tokens that it gets.
async fn tokens(server: &TestServer, email: &str, application: &Application<'_>) -> Value {
    let started = application.begin(BOTH).await;
    let browser = Browser::new(&server.latchkey);
    let page = browser.get(started.url.strip_prefix(&server.issuer).unwrap()).await.expect(200);
    let page = browser.submit(&page.form("/email").with("email", email)).await.expect(200);
    let code = server.latchkey.inspect().mailed_code(email).await;
    let page = browser.submit(&page.form("/code").with("code", &code)).await.expect(200);
    let callback = browser.submit_consent(&page, "allow").await.expect(303);
    let output = application.finish(&started, callback.response.header("location")).await;
    let tokens = output.unwrap_or_else(|error| panic!("{:?}: {error}", application.program));
    assert_eq!(
        part(tokens["access_token"].as_str().unwrap(), 1)["aud"],
        AUDIENCE,
        "{:?}",
        application.program
    );
    tokens
}

async fn refreshed(application: &Application<'_>, tokens: &Value) -> Value {
    let refreshed = application.refresh(&tokens["refresh_token"]).await;
    let refreshed = refreshed.unwrap_or_else(|error| panic!("{:?}: {error}", application.program));
    assert_ne!(refreshed["refresh_token"], tokens["refresh_token"], "{:?}", application.program);
    refreshed
}

async fn check_revocation(application: &Application<'_>, tokens: &Value) {
    application.revoke(&tokens["refresh_token"]).await.unwrap();
    application.refresh(&tokens["refresh_token"]).await.expect_err("a revoked refresh token is accepted");
}

#[tokio::test]
async fn openid_client_5_completes_the_code_flow() {
    let program = Program::Node("code_openid_client_5.mjs");
    if !program.is_available().await {
        return;
    }
    let (server, email) = with_member().await;
    let application = application(&server, program, "client_secret_basic").await;
    let tokens = refreshed(&application, &tokens(&server, &email, &application).await).await;
    check_revocation(&application, &tokens).await;
}

#[tokio::test]
async fn appauth_completes_the_code_flow_as_public_client() {
    let program = Program::Node("code_appauth.mjs");
    if !program.is_available().await {
        return;
    }
    let (server, email) = with_member().await;
    let application = application(&server, program, "none").await;
    let tokens = refreshed(&application, &tokens(&server, &email, &application).await).await;
    check_revocation(&application, &tokens).await;
}

#[tokio::test]
async fn passport_completes_the_code_flow() {
    let program = Program::Node("code_passport.mjs");
    if !program.is_available().await {
        return;
    }
    let (server, email) = with_member().await;
    let application = application(&server, program, "client_secret_basic").await;
    tokens(&server, &email, &application).await;
}

#[tokio::test]
async fn google_auth_completes_the_code_flow_and_refreshes() {
    let (server, email) = with_member().await;
    let program = Program::Python("code_google_auth.py");
    let application = application(&server, program, "client_secret_basic").await;
    refreshed(&application, &tokens(&server, &email, &application).await).await;
}
