//! Where a browser is sent.

use crate::oauth::idp::{CLIENT_ID, ISSUER, REDIRECT_URI, SigningIn, parameter};
use crate::support::app::TestApp;
use std::collections::BTreeSet;

#[tokio::test]
async fn the_url_asks_for_a_code_with_pkce_and_a_nonce_and_shows_neither_secret() {
    let signing_in = SigningIn::new().await;
    let traveller = signing_in.set_out().await;
    let url = &traveller.departure.url;
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
    let kept = serde_json::to_value(&traveller.departure.pending).unwrap();
    let verifier = kept["pkce_verifier"].as_str().unwrap();
    assert!(!url.contains(verifier));
    assert_eq!(kept["nonce"], traveller.nonce);
    assert_eq!(parameter(url, "code_challenge").unwrap().len(), 43);
}

#[tokio::test]
async fn no_two_departures_are_alike() {
    let signing_in = SigningIn::new().await;
    let mut seen = BTreeSet::new();
    for _ in 0..20 {
        let traveller = signing_in.set_out().await;
        assert!(seen.insert(traveller.nonce.clone()));
        assert!(seen.insert(parameter(&traveller.departure.url, "code_challenge").unwrap()));
    }
}

#[tokio::test]
async fn nothing_is_fetched_before_it_is_needed_and_to_depart_only_the_description() {
    let signing_in = SigningIn::new().await;
    assert_eq!(signing_in.outside.connections(), 0);
    for _ in 0..3 {
        signing_in.set_out().await;
        assert_eq!(signing_in.requested(), ["/.well-known/openid-configuration"]);
    }
}

#[tokio::test]
async fn a_house_has_a_provider_if_its_configuration_names_one() {
    let without = TestApp::new().await;
    assert!(without.server.management.app.upstream.is_none());
    let upstream = SigningIn::new().await.party.config;
    let with = TestApp::with_config(|config| config.upstream = Some(upstream)).await;
    assert!(with.server.management.app.upstream.is_some());
}
