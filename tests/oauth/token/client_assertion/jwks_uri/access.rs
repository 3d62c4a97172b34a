//! Keys are fetched only for a client that could get a token with them.

use crate::oauth::token::client_assertion::jwks_uri::PublishedKeys;
use crate::oauth::token::client_assertion::{client_with, new_claims};
use crate::support::crypto::assertions::{TestKey, claims, form};
use crate::support::fixtures::ACCOUNT;
use serde_json::json;

const ISSUER_HOST: &str = "issuer.example.com";

/// The changes that keep a client or its account from getting a token: method, path below `/v1/accounts`, body.
fn obstacles(client: &str) -> [(&'static str, String, serde_json::Value); 3] {
    let path = format!("{ACCOUNT}/clients/{client}");
    [
        ("POST", format!("{path}/disable"), json!({})),
        ("PATCH", path, json!({ "allowed_ips": ["203.0.113.0/24"] })),
        ("PATCH", ACCOUNT.to_owned(), json!({ "status": "disabled" })),
    ]
}

#[tokio::test]
async fn keys_are_not_fetched_for_a_client_that_gets_no_token() {
    let key = TestKey::new("ES256").named("k");
    for number in 0..3 {
        let mut published = PublishedKeys::new(&key.jwks()).await;
        let invalid_client = published.invalid_client().await;
        let latchkey = &mut published.latchkey;
        published.internet.publish_issuer(ISSUER_HOST, &key.jwks());
        let issuer = format!("https://{ISSUER_HOST}");
        let identity = json!({ "issuer": issuer, "subject": "job", "audience": "latchkey" });
        let federated = client_with(latchkey, &json!({ "federated_identities": [identity] })).await;
        let mut foreign = claims(&issuer, "latchkey", latchkey.now().as_second());
        foreign["sub"] = json!("job");
        let own = form(&key.assert(&new_claims(latchkey, &published.client)));
        let foreign = format!("{}&client_id={federated}", form(&key.assert(&foreign)));
        for client in [&published.client, &federated] {
            let (method, path, body) = &obstacles(client)[number];
            let path = format!("/v1/accounts/{path}");
            latchkey.admin_request(method, &path).await.json(body).send().await.expect(200);
        }
        // A disabled account is noticed within a minute.
        latchkey.advance(jiff::SignedDuration::from_secs(61));
        for form in [own, foreign] {
            let response = latchkey.request("POST", "/oauth/token").form(&form).send().await;
            assert_eq!(response.dump(), invalid_client, "{number}");
        }
        assert_eq!(published.internet.connections(), 0, "{number}");
    }
}

#[tokio::test]
async fn keys_are_not_fetched_at_the_path_of_another_account() {
    let key = TestKey::new("ES256").named("k");
    let published = PublishedKeys::new(&key.jwks()).await;
    published.latchkey.fixtures().account("T2").await;
    let form = form(&key.assert(&new_claims(&published.latchkey, &published.client)));
    let response = published.latchkey.request("POST", "/v1/accounts/T2/auth/token").form(&form).send().await;
    assert_eq!(response.dump(), published.invalid_client().await);
    assert_eq!(published.internet.connections(), 0);
}
