//! Client libraries and verifiers written by others, unmodified, against a running Latchkey. The README
//! beside this file lists what each program shows.

mod client_credentials;
mod code_flow;
mod defaults;
pub mod dependencies;
mod errors;
mod idp;
pub mod pasted_lines;
pub mod program;
mod revocation;
mod rust;

pub use dependencies::python;

use crate::support::fixtures::{ACCOUNT, AUDIENCE, TestClient};
use crate::support::http_server::TestServer;
use program::{Fetch, Program, ProgramOutput};
use rust::{oauth2_crate, private_key_jwt};
use serde_json::json;

const AUTH_METHODS: [&str; 2] = ["client_secret_basic", "client_secret_post"];
/// Audience of the tokens signed with ES256; all others are signed with RS256.
const ES256_AUDIENCE: &str = "https://files.example.com";

/// A program that fetches tokens.
#[derive(Clone, Copy, Debug)]
enum Fetcher {
    Foreign(Program),
    /// The `oauth2` crate, in this process.
    Oauth2Crate,
}

const FETCHERS: [Fetcher; 6] = [
    Fetcher::Foreign(Program::Python("fetch_authlib.py")),
    Fetcher::Foreign(Program::Python("fetch_requests_oauthlib.py")),
    Fetcher::Foreign(Program::Node("fetch_openid_client.mjs")),
    Fetcher::Foreign(Program::Node("fetch_oauth4webapi.mjs")),
    Fetcher::Foreign(Program::Node("fetch_json_audience.mjs")),
    Fetcher::Oauth2Crate,
];

impl Fetcher {
    /// The token response, or `None` without node.
    async fn fetch(self, fetch: Fetch<'_>) -> Option<ProgramOutput> {
        match self {
            Self::Foreign(program) => program.fetch(fetch).await,
            Self::Oauth2Crate => Some(oauth2_crate::fetch(fetch).await),
        }
    }
}

/// A deployment that serves HTTP, and a client with a resource of each algorithm.
async fn with_fixtures() -> (TestServer, TestClient) {
    let server = TestServer::new().await;
    let client = seed(&server).await;
    (server, client)
}

/// Runs every program against a server that runs elsewhere, with each authentication method and each signature of a token
/// once: all combinations run against the functions alone.
pub async fn every_program_against(server: &TestServer) {
    let client = seed(server).await;
    let mut tokens = Vec::new();
    for fetcher in FETCHERS {
        tokens = client_credentials::check_each_method(fetcher, server, &client).await;
    }
    for (token, audience) in tokens {
        client_credentials::verify("of the last program", &server.issuer, &token, audience).await;
    }
    for program in program::REVOKERS {
        revocation::check_revocation(program, server, &client).await;
    }
    for (program, algs) in private_key_jwt::ASSERTERS {
        private_key_jwt::check_assertions(program, server, &algs[..1]).await;
    }
    errors::check_wrong_secret(server, client).await;
}

/// Fails unless every verifier accepts this token, which is for [`AUDIENCE`].
pub async fn every_verifier_takes(issuer: &str, token: &str) {
    client_credentials::verify("an earlier token", issuer, token, AUDIENCE).await;
}

async fn seed(server: &TestServer) -> TestClient {
    server.latchkey.fixtures().seed().await;
    let files = json!({
        "resource_id": "files_api", "account_access": "all", "audience": ES256_AUDIENCE, "token_signing_alg": "ES256",
        "scopes": [{ "name": "files:read" }, { "name": "files:write" }],
    });
    server.latchkey.fixtures().resource(&files).await;
    let permissions = json!([
        { "resource": "backoffice_api", "scopes": ["orders:read", "orders:write"] },
        { "resource": "files_api", "scopes": ["files:read", "files:write"] },
    ]);
    server.latchkey.fixtures().client_with(ACCOUNT, &json!({ "permissions": permissions })).await
}
