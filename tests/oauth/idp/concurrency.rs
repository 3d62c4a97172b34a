//! Concurrent callbacks.

use crate::oauth::idp::{CODE, HOST, ISSUER, IdpFixture, REDIRECT_URI};
use crate::support::fake_internet::HostResponse;
use shared::adapters::oidc::AuthorizationResponse;
use std::sync::Arc;
use tokio::task::JoinSet;

#[tokio::test]
async fn concurrent_callbacks_fetch_metadata_and_keys_once() {
    let fixture = IdpFixture::new().await;
    let started = fixture.start_sign_in().await;
    fixture.exchange_for(&fixture.key.assert(&fixture.claims(&started)));
    let (gate, held) = HostResponse::json(&fixture.key.jwks()).held();
    fixture.internet.respond_with(HOST, "/keys", held);
    let IdpFixture { internet, relying_party, now, .. } = fixture;
    let upstream = relying_party.start();
    let (upstream, pending) = (Arc::new(upstream), Arc::new(started.redirect.pending));
    let mut callbacks = JoinSet::new();
    for _ in 0..50 {
        let (upstream, pending) = (Arc::clone(&upstream), Arc::clone(&pending));
        callbacks.spawn(async move {
            let response = AuthorizationResponse::read(Some(CODE), None, Some(ISSUER)).unwrap();
            upstream.exchange(response, &pending, REDIRECT_URI, now).await.unwrap().subject
        });
    }
    internet.wait_for_requests(HOST, 53).await;
    gate.add_permits(50);
    assert_eq!(callbacks.join_all().await, ["ann"; 50]);
    let requested = internet.requested(HOST);
    let times = |path: &str| requested.iter().filter(|requested| *requested == path).count();
    // The metadata once for the redirect, and once for the instance that handles the callbacks.
    assert_eq!((times("/.well-known/openid-configuration"), times("/token"), times("/keys")), (2, 50, 1));
}
