//! What is kept of the provider, and when it is asked again.

use crate::oauth::idp::{CLIENT_ID, HOST, SigningIn, oauth_error};
use crate::support::crypto::assertions::TestKey;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::SignedDuration;
use serde_json::json;
use shared::adapters::oidc::METADATA_TTL;
use shared::adapters::remote::{NEGATIVE_TTL, TTL};
use shared::domain::sign_in::idp_error::IdpError;

const SECOND: SignedDuration = SignedDuration::from_secs(1);

#[tokio::test]
async fn the_description_is_good_for_an_hour_and_the_keys_for_five_minutes() {
    let mut signing_in = SigningIn::new().await;
    let requested = |signing_in: &SigningIn| {
        (signing_in.times_asked("/.well-known/openid-configuration"), signing_in.times_asked("/keys"))
    };
    assert_eq!(METADATA_TTL, SignedDuration::from_hours(1));
    for (later, times) in [
        (SignedDuration::ZERO, (1, 1)),
        (TTL - SECOND, (1, 1)),
        (SECOND, (1, 2)),
        (METADATA_TTL - TTL - SECOND, (1, 3)),
        (SECOND, (2, 3)),
    ] {
        signing_in.advance(later);
        signing_in.sign_in(|_| {}).await.unwrap().unwrap();
        assert_eq!(requested(&signing_in), times, "{later}");
    }
}

#[tokio::test]
async fn a_rotation_of_the_providers_keys_is_followed_at_once() {
    let mut signing_in = SigningIn::new().await;
    signing_in.sign_in(|_| {}).await.unwrap().unwrap();
    signing_in.key = TestKey::new("RS256").named("k2");
    let early = signing_in.sign_in(|_| {}).await.unwrap();
    assert_eq!(early, Err(IdpError::UnknownKey), "it is not published yet");
    signing_in.outside.publish(HOST, "/keys", &signing_in.key.jwks());
    signing_in.advance(NEGATIVE_TTL);
    signing_in.sign_in(|_| {}).await.unwrap().unwrap();
    assert_eq!(signing_in.times_asked("/keys"), 3);
}

#[tokio::test]
async fn a_client_secret_that_was_replaced_is_read_again_once_when_the_provider_refuses_the_old_one() {
    let signing_in = SigningIn::new().await;
    signing_in.sign_in(|_| {}).await.unwrap().unwrap();
    let value = json!({ "client_id": CLIENT_ID, "client_secret": "another" }).to_string();
    signing_in.party.replace_secret(&value).await;
    let traveller = signing_in.set_out().await;
    signing_in.outside.respond_with(HOST, "/token", oauth_error(401, "invalid_client"));
    assert!(signing_in.arrive(&traveller).await.is_err());
    let requests = signing_in.outside.requests(HOST);
    let with = |secret: &str| {
        let basic = format!("Basic {}", STANDARD.encode(format!("{CLIENT_ID}:{secret}")));
        requests.iter().filter(|head| head.contains(&basic)).count()
    };
    assert_eq!((with("pr0vider%27s%2Bs3cret"), with("another")), (2, 1));
    signing_in.sign_in(|_| {}).await.unwrap().unwrap();
    assert_eq!(signing_in.times_asked("/token"), 4);
}
