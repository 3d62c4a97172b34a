//! Clients and verifiers that other people wrote, unmodified, against a running Latchkey. What each
//! program shows is in the README beside this file; here they are run, each with each.

mod asserting;
mod code_flow;
mod fetching;
mod installed;
mod oauth2_crate;
mod program;
mod readme;
mod refusing;
mod revoking;
mod signing_in;
pub mod upstream_provider;

pub use installed::python;

use crate::support::served::ServedHouse;
use crate::support::things::{ACCOUNT, AUDIENCE, TestClient};
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

/// A house that answers, and a client that holds a resource of either algorithm.
async fn furnished() -> (ServedHouse, TestClient) {
    let served = ServedHouse::new().await;
    let client = furnish(&served).await;
    (served, client)
}

/// Everything that the programs do here, against a house that answers elsewhere.
pub async fn every_program_against(served: &ServedHouse) {
    let client = furnish(served).await;
    for fetcher in FETCHERS {
        fetching::every_token_is_taken(fetcher, served, &client).await;
    }
    for program in program::REVOKERS {
        revoking::a_token_is_ended(program, served, &client).await;
    }
    for (program, algs) in asserting::ASSERTERS {
        asserting::they_are_taken(program, served, algs).await;
    }
    refusing::a_wrong_secret_gets_no_token(served, client).await;
}

/// Fails unless every verifier takes this token, which is for [`AUDIENCE`].
pub async fn every_verifier_takes(issuer: &str, token: &str) {
    fetching::verify("a token of before", issuer, token, AUDIENCE).await;
}

async fn furnish(served: &ServedHouse) -> TestClient {
    served.house.furnish().await;
    let files = json!({
        "resource_id": "files_api", "audience": ES256_AUDIENCE, "token_signing_alg": "ES256",
        "scopes": [{ "name": "files:read" }, { "name": "files:write" }],
    });
    served.house.resource(&files).await;
    let permissions = json!([
        { "resource": "backoffice_api", "scopes": ["orders:read", "orders:write"] },
        { "resource": "files_api", "scopes": ["files:read", "files:write"] },
    ]);
    served.house.client_like(ACCOUNT, &json!({ "permissions": permissions })).await
}
