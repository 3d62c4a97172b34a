//! Many at once.

use crate::oauth::idp::{CODE, HOST, ISSUER, REDIRECT_URI, SigningIn};
use crate::support::fake_internet::Reply;
use shared::adapters::oidc::AuthorizationResponse;
use std::sync::Arc;
use tokio::task::JoinSet;

#[tokio::test]
async fn fifty_who_arrive_at_once_at_a_new_instance_ask_for_description_and_keys_once() {
    let signing_in = SigningIn::new().await;
    let traveller = signing_in.set_out().await;
    signing_in.exchange_for(&signing_in.key.assert(&signing_in.claims(&traveller)));
    let (gate, held) = Reply::json(&signing_in.key.jwks()).held();
    signing_in.outside.respond_with(HOST, "/keys", held);
    let SigningIn { outside, party, now, .. } = signing_in;
    let upstream = party.start();
    let (upstream, pending) = (Arc::new(upstream), Arc::new(traveller.departure.pending));
    let mut arrivals = JoinSet::new();
    for _ in 0..50 {
        let (upstream, pending) = (Arc::clone(&upstream), Arc::clone(&pending));
        arrivals.spawn(async move {
            let answer = AuthorizationResponse::read(Some(CODE), None, Some(ISSUER)).unwrap();
            upstream.exchange(answer, &pending, REDIRECT_URI, now).await.unwrap().unwrap().subject
        });
    }
    outside.until_asked(HOST, 53).await;
    gate.add_permits(50);
    assert_eq!(arrivals.join_all().await, ["ann"; 50]);
    let requested = outside.requested(HOST);
    let times = |path: &str| requested.iter().filter(|requested| *requested == path).count();
    // The description once for the departure, and once for the instance that they arrive at.
    assert_eq!((times("/.well-known/openid-configuration"), times("/token"), times("/keys")), (2, 50, 1));
}
