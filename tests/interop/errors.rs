//! How the libraries report a wrong secret or audience. Without that one error the same calls succeed in
//! `client_credentials.rs`.

use crate::interop::program::{Fetch, VERIFIERS};
use crate::interop::{AUTH_METHODS, ES256_AUDIENCE, FETCHERS, Fetcher, with_fixtures};
use crate::support::fixtures::{AUDIENCE, TestClient};
use crate::support::http_server::TestServer;
use shared::domain::client::client_secret::ClientSecret;

#[tokio::test]
async fn wrong_secret_is_reported_by_every_library() {
    let (server, client) = with_fixtures().await;
    check_wrong_secret(&server, client).await;
}

pub async fn check_wrong_secret(server: &TestServer, client: TestClient) {
    // Well-formed, so that only the comparison of digests fails.
    let client_secret = ClientSecret::from_random_bytes([9; 32]).expose().to_owned();
    let outsider = TestClient { client_secret, ..client };
    for fetcher in FETCHERS {
        for auth_method in AUTH_METHODS {
            let (issuer, client) = (server.issuer.as_str(), &outsider);
            let fetch = Fetch { issuer, client, resource: AUDIENCE, auth_method, scope: None };
            let Some(response) = fetcher.fetch(fetch).await else { continue };
            let error = response.expect_err("a token for a wrong secret");
            // Libraries that look at WWW-Authenticate first report the status and the challenge.
            let is_reported = error.contains("invalid_client") || error.contains("401");
            assert!(is_reported, "{fetcher:?}, {auth_method}: {error}");
        }
    }
}

#[tokio::test]
async fn verifiers_reject_another_audience() {
    let (server, client) = with_fixtures().await;
    let issuer = server.issuer.as_str();
    for (audience, another) in [(AUDIENCE, ES256_AUDIENCE), (ES256_AUDIENCE, AUDIENCE)] {
        let auth_method = AUTH_METHODS[0];
        let fetch = Fetch { issuer, client: &client, resource: audience, auth_method, scope: None };
        let response = Fetcher::Oauth2Crate.fetch(fetch).await.unwrap().unwrap();
        let token = response["access_token"].as_str().unwrap();
        for verifier in VERIFIERS {
            let Some(claims) = verifier.verify(issuer, token, audience).await else { continue };
            claims.unwrap_or_else(|error| panic!("{verifier:?}: {error}"));
            let rejected = verifier.verify(issuer, token, another).await.unwrap();
            let error = rejected.expect_err("a token for another audience");
            assert!(error.to_lowercase().contains("aud"), "{verifier:?}: {error}");
        }
    }
}
