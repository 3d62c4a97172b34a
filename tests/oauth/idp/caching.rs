//! The caches of metadata, keys and client secret.

use crate::oauth::idp::{CLIENT_ID, HOST, IdpFixture, decided, oauth_error};
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
async fn metadata_is_cached_for_an_hour_and_keys_for_five_minutes() {
    let mut fixture = IdpFixture::new().await;
    let requested = |fixture: &IdpFixture| {
        (fixture.request_count("/.well-known/openid-configuration"), fixture.request_count("/keys"))
    };
    assert_eq!(METADATA_TTL, SignedDuration::from_hours(1));
    for (later, times) in [
        (SignedDuration::ZERO, (1, 1)),
        (TTL - SECOND, (1, 1)),
        (SECOND, (1, 2)),
        (METADATA_TTL - TTL - SECOND, (1, 3)),
        (SECOND, (2, 3)),
    ] {
        fixture.advance(later);
        fixture.sign_in(|_| {}).await.unwrap();
        assert_eq!(requested(&fixture), times, "{later}");
    }
}

#[tokio::test]
async fn key_rotation_is_followed_immediately() {
    let mut fixture = IdpFixture::new().await;
    fixture.sign_in(|_| {}).await.unwrap();
    fixture.key = TestKey::new("RS256").named("k2");
    let early = decided(fixture.sign_in(|_| {}).await);
    assert_eq!(early, Err(IdpError::UnknownKey), "it is not published yet");
    fixture.internet.publish(HOST, "/keys", &fixture.key.jwks());
    fixture.advance(NEGATIVE_TTL);
    fixture.sign_in(|_| {}).await.unwrap();
    assert_eq!(fixture.request_count("/keys"), 3);
}

#[tokio::test]
async fn rejected_client_secret_is_read_again_once() {
    let fixture = IdpFixture::new().await;
    fixture.sign_in(|_| {}).await.unwrap();
    let value = json!({ "client_id": CLIENT_ID, "client_secret": "another" }).to_string();
    fixture.relying_party.replace_secret(&value).await;
    let started = fixture.start_sign_in().await;
    fixture.internet.respond_with(HOST, "/token", oauth_error(401, "invalid_client"));
    assert!(fixture.callback(&started).await.is_err());
    let requests = fixture.internet.requests(HOST);
    let with = |secret: &str| {
        let basic = format!("Basic {}", STANDARD.encode(format!("{CLIENT_ID}:{secret}")));
        requests.iter().filter(|head| head.contains(&basic)).count()
    };
    assert_eq!((with("pr0vider%27s%2Bs3cret"), with("another")), (2, 1));
    fixture.sign_in(|_| {}).await.unwrap();
    assert_eq!(fixture.request_count("/token"), 4);
}
