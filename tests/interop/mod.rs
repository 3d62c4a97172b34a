//! Clients and verifiers that other people wrote, unmodified, against a running Latchkey. What each
//! program shows is in the README beside this file; here they are run, each with each.

mod client_credentials;
mod code_flow;
mod dependencies;
mod errors;
mod idp_sign_in;
mod oauth2_crate;
mod oidc_provider_process;
mod private_key_jwt;
mod program;
mod readme;
mod revocation;

pub use dependencies::python;

use crate::support::fixtures::{ACCOUNT, AUDIENCE, TestClient};
use crate::support::http_server::TestServer;
use program::{Fetch, Program, Said};
use serde_json::json;

const AUTH_METHODS: [&str; 2] = ["client_secret_basic", "client_secret_post"];
/// Its tokens are signed with ES256, all others with RS256.
const ES256_AUDIENCE: &str = "https://files.example.com";

/// Whatever fetches tokens.
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
    /// The answer, or `None` where there is no node to ask with.
    async fn fetch(self, fetch: Fetch<'_>) -> Option<Said> {
        match self {
            Self::Foreign(program) => program.fetch(fetch).await,
            Self::Oauth2Crate => Some(oauth2_crate::fetch(fetch).await),
        }
    }
}

/// A latchkey that answers, and a client that holds a resource of either algorithm.
async fn with_fixtures() -> (TestServer, TestClient) {
    let served = TestServer::new().await;
    let client = seed(&served).await;
    (served, client)
}

/// Everything that the programs do here, against a latchkey that answers elsewhere.
pub async fn every_program_against(served: &TestServer) {
    let client = seed(served).await;
    for fetcher in FETCHERS {
        client_credentials::every_token_is_taken(fetcher, served, &client).await;
    }
    for program in program::REVOKERS {
        revocation::a_token_is_ended(program, served, &client).await;
    }
    for (program, algs) in private_key_jwt::ASSERTERS {
        private_key_jwt::they_are_taken(program, served, algs).await;
    }
    errors::a_wrong_secret_gets_no_token(served, client).await;
}

/// Fails unless every verifier takes this token, which is for [`AUDIENCE`].
pub async fn every_verifier_takes(issuer: &str, token: &str) {
    client_credentials::verify("a token of before", issuer, token, AUDIENCE).await;
}

async fn seed(served: &TestServer) -> TestClient {
    served.latchkey.seed().await;
    let files = json!({
        "resource_id": "files_api", "audience": ES256_AUDIENCE, "token_signing_alg": "ES256",
        "scopes": [{ "name": "files:read" }, { "name": "files:write" }],
    });
    served.latchkey.resource(&files).await;
    let permissions = json!([
        { "resource": "backoffice_api", "scopes": ["orders:read", "orders:write"] },
        { "resource": "files_api", "scopes": ["files:read", "files:write"] },
    ]);
    served.latchkey.client_like(ACCOUNT, &json!({ "permissions": permissions })).await
}
