//! The authorization request to the provider.

use crate::oauth::idp::{CLIENT_ID, ISSUER, IdpFixture, REDIRECT_URI, parameter};
use crate::support::app::TestApp;
use std::collections::BTreeSet;

#[tokio::test]
async fn url_requests_code_with_pkce_and_nonce() {
    let fixture = IdpFixture::new().await;
    let started = fixture.start_sign_in().await;
    let url = &started.redirect.url;
    assert!(url.starts_with(&format!("{ISSUER}/authorize?tenant=acme&")), "{url}");
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", CLIENT_ID),
        ("redirect_uri", REDIRECT_URI),
        ("scope", "openid email profile"),
        ("state", "st4te"),
        ("code_challenge_method", "S256"),
    ] {
        assert_eq!(parameter(url, name).as_deref(), Some(value), "{name}");
    }
    let stored = serde_json::to_value(&started.redirect.pending).unwrap();
    let verifier = stored["pkce_verifier"].as_str().unwrap();
    assert!(!url.contains(verifier));
    assert_eq!(stored["nonce"], started.nonce);
    assert_eq!(parameter(url, "code_challenge").unwrap().len(), 43);
}

#[tokio::test]
async fn nonce_and_challenge_are_unique() {
    let fixture = IdpFixture::new().await;
    let mut seen = BTreeSet::new();
    for _ in 0..20 {
        let started = fixture.start_sign_in().await;
        assert!(seen.insert(started.nonce.clone()));
        assert!(seen.insert(parameter(&started.redirect.url, "code_challenge").unwrap()));
    }
}

#[tokio::test]
async fn redirect_fetches_only_the_metadata() {
    let fixture = IdpFixture::new().await;
    assert_eq!(fixture.internet.connections(), 0);
    for _ in 0..3 {
        fixture.start_sign_in().await;
        assert_eq!(fixture.requested(), ["/.well-known/openid-configuration"]);
    }
}

#[tokio::test]
async fn idp_is_configured_only_if_named() {
    let without = TestApp::new().await;
    assert!(without.server.management.app.upstream.is_none());
    let upstream = IdpFixture::new().await.relying_party.config;
    let with = TestApp::with_config(|config| config.upstream = Some(upstream)).await;
    assert!(with.server.management.app.upstream.is_some());
}
