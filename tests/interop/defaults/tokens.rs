//! Tokens for programs, without a `resource`, and their verification.

use super::run_all;
use crate::interop::client_credentials::part;
use crate::interop::program::Program;
use crate::support::aws::endpoint;
use crate::support::fixtures::{ACCOUNT, AUDIENCE, TestClient};
use crate::support::http_server::TestServer;
use serde_json::{Value, json};

const FETCHERS: [Program; 8] = [
    Program::Python("tokens/fetch_requests_oauth2client.py"),
    Program::Python("tokens/fetch_httpx_auth.py"),
    Program::Node("fetch_simple_oauth2.mjs"),
    Program::Node("fetch_client_oauth2.mjs"),
    Program::Node("fetch_badgateway.mjs"),
    Program::Node("fetch_axios_oauth_client.mjs"),
    Program::Node("fetch_msal_node.mjs"),
    Program::Go("fetch_x_oauth2.go"),
];

const VERIFIERS: [Program; 2] =
    [Program::Node("verify_jwks_rsa.mjs"), Program::Node("verify_express_bearer.mjs")];

/// A client with one resource, registered for HTTP Basic.
async fn with_client() -> (TestServer, TestClient) {
    let server = TestServer::new().await;
    server.latchkey.fixtures().seed().await;
    let members = json!({
        "permissions": [{ "resource": "backoffice_api", "scopes": ["orders:read", "orders:write"] }],
        "secret_storage": "secrets_manager",
    });
    let client = server.latchkey.fixtures().client_with(ACCOUNT, &members).await;
    (server, client)
}

fn check_token(program: Program, response: &Value, issuer: &str, client: &TestClient) {
    let claims = part(response["access_token"].as_str().unwrap(), 1);
    let actual = (&claims["iss"], &claims["client_id"], &claims["aud"]);
    assert_eq!(actual, (&json!(issuer), &json!(client.client_id), &json!(AUDIENCE)), "{program:?}");
}

#[tokio::test]
async fn every_library_gets_a_token() {
    let (server, client) = with_client().await;
    let variables = [
        ("ISSUER", server.issuer.as_str()),
        ("CLIENT_ID", &client.client_id),
        ("CLIENT_SECRET", &client.client_secret),
        ("SCOPE", "orders:read orders:write"),
    ];
    for (program, response) in run_all(&FETCHERS, &variables).await {
        check_token(program, &response, &server.issuer, &client);
    }
}

#[tokio::test]
async fn every_verifier_accepts_a_token() {
    let (server, client) = with_client().await;
    let token = server.latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    let token = token.string("access_token");
    let variables = [("ISSUER", server.issuer.as_str()), ("TOKEN", &token), ("AUDIENCE", AUDIENCE)];
    for (program, claims) in run_all(&VERIFIERS, &variables).await {
        assert_eq!(claims, part(&token, 1), "{program:?}");
    }
    for verifier in VERIFIERS {
        let verified = verifier.verify(&server.issuer, &token, "https://other.example").await;
        let Some(verified) = verified else { continue };
        verified.expect_err("a token for another audience is accepted");
    }
}

#[tokio::test]
async fn workload_on_aws_gets_a_token_by_the_name_of_its_stored_secret() {
    let (server, client) = with_client().await;
    let config = &server.latchkey.server.management.app.config;
    let name = format!("latchkey/{}/clients/{}", config.stage, client.client_id);
    let variables = [
        ("SECRET_NAME", name.as_str()),
        ("AWS_ENDPOINT_URL", endpoint()),
        ("AWS_DEFAULT_REGION", &config.aws.region),
        ("AWS_ACCESS_KEY_ID", config.aws.credentials.access_key_id()),
        ("AWS_SECRET_ACCESS_KEY", config.aws.credentials.secret_access_key()),
    ];
    for (program, response) in run_all(&[Program::Python("tokens/fetch_secrets_cache.py")], &variables).await
    {
        check_token(program, &response, &server.issuer, &client);
    }
}
