//! What the programs make of a refusal. But for the one thing that is wrong here, the same calls succeed
//! in `fetching.rs`.

use crate::interop::program::{Fetch, VERIFIERS};
use crate::interop::{AUTH_METHODS, ES256_AUDIENCE, FETCHERS, Fetcher, with_fixtures};
use crate::support::fixtures::{AUDIENCE, TestClient};
use crate::support::http_server::TestServer;
use shared::domain::client::client_secret::ClientSecret;

#[tokio::test]
async fn no_client_gets_a_token_with_a_wrong_secret() {
    let (served, client) = with_fixtures().await;
    a_wrong_secret_gets_no_token(&served, client).await;
}

pub async fn a_wrong_secret_gets_no_token(served: &TestServer, client: TestClient) {
    // Well-formed: only the comparison can tell.
    let client_secret = ClientSecret::from_random_bytes([9; 32]).expose().to_owned();
    let outsider = TestClient { client_secret, ..client };
    for fetcher in FETCHERS {
        for auth_method in AUTH_METHODS {
            let (issuer, client) = (served.issuer.as_str(), &outsider);
            let fetch = Fetch { issuer, client, resource: AUDIENCE, auth_method, scope: None };
            let Some(answer) = fetcher.fetch(fetch).await else { continue };
            let complaint = answer.expect_err("a token for a wrong secret");
            // Libraries that look at WWW-Authenticate first report the status and the challenge.
            let understood = complaint.contains("invalid_client") || complaint.contains("401");
            assert!(understood, "{fetcher:?}, {auth_method}: {complaint}");
        }
    }
}

#[tokio::test]
async fn no_verifier_takes_a_token_for_another_audience() {
    let (served, client) = with_fixtures().await;
    let issuer = served.issuer.as_str();
    for (audience, another) in [(AUDIENCE, ES256_AUDIENCE), (ES256_AUDIENCE, AUDIENCE)] {
        let auth_method = AUTH_METHODS[0];
        let fetch = Fetch { issuer, client: &client, resource: audience, auth_method, scope: None };
        let answer = Fetcher::Oauth2Crate.fetch(fetch).await.unwrap().unwrap();
        let token = answer["access_token"].as_str().unwrap();
        for verifier in VERIFIERS {
            let Some(claims) = verifier.verify(issuer, token, audience).await else { continue };
            claims.unwrap_or_else(|complaint| panic!("{verifier:?}: {complaint}"));
            let refused = verifier.verify(issuer, token, another).await.unwrap();
            let complaint = refused.expect_err("a token for another audience");
            assert!(complaint.to_lowercase().contains("aud"), "{verifier:?}: {complaint}");
        }
    }
}
