//! Concurrent requests: one fetches the keys, and only those that need them wait.

use crate::oauth::token::client_assertion::jwks_uri::{HOST, PublishedKeys, set};
use crate::oauth::token::client_assertion::new_claims;
use crate::support::crypto::assertions::{TestKey, form};
use crate::support::fake_internet::HostResponse;
use shared::adapters::remote::TTL;
use tokio::task::JoinSet;

impl PublishedKeys {
    /// Sends an assertion of this key without waiting for the response.
    fn start(&self, requests: &mut JoinSet<u16>, key: &TestKey) {
        let form = form(&key.assert(&new_claims(&self.latchkey, &self.client)));
        let sending = self.latchkey.request("POST", "/oauth/token").form(&form).send();
        requests.spawn(async move { sending.await.status.as_u16() });
    }
}

#[tokio::test]
async fn concurrent_requests_fetch_once() {
    let key = TestKey::new("ES256").named("k");
    let mut published = PublishedKeys::unpublished().await;
    for round in 1..=2 {
        let (gate, reply) = HostResponse::json(&key.jwks()).held();
        published.respond_with(reply);
        let mut requests = JoinSet::new();
        for _ in 0..50 {
            published.start(&mut requests, &key);
        }
        published.internet.wait_for_requests(HOST, round).await;
        gate.add_permits(50);
        assert_eq!(requests.join_all().await, [200; 50]);
        assert_eq!(published.requested(), round);
        published.latchkey.advance(TTL);
    }
}

#[tokio::test]
async fn concurrent_unknown_kids_fetch_once() {
    let key = TestKey::new("ES256").named("k");
    let published = PublishedKeys::new(&key.jwks()).await;
    published.request(&key).await.expect(200);
    let mut requests = JoinSet::new();
    for number in 0..50 {
        let kid: &'static str = format!("unknown-{number}").leak();
        published.start(&mut requests, &TestKey::new("Ed25519").named(kid));
    }
    assert_eq!(requests.join_all().await, [401; 50]);
    assert_eq!(published.requested(), 2);
}

#[tokio::test]
async fn known_kid_does_not_wait_for_a_fetch() {
    let (known, new) = (TestKey::new("ES256").named("known"), TestKey::new("ES256").named("new"));
    let published = PublishedKeys::new(&known.jwks()).await;
    published.request(&known).await.expect(200);
    let (gate, reply) = HostResponse::json(&set(&[&known, &new])).held();
    published.respond_with(reply);
    let mut waiting = JoinSet::new();
    published.start(&mut waiting, &new);
    published.internet.wait_for_requests(HOST, 2).await;
    published.request(&known).await.expect(200);
    assert!(waiting.try_join_next().is_none(), "the other one still waits");
    gate.add_permits(1);
    assert_eq!(waiting.join_all().await, [200]);
}

#[tokio::test]
async fn known_kid_does_not_wait_for_a_refresh() {
    let key = TestKey::new("ES256").named("k");
    let mut published = PublishedKeys::new(&key.jwks()).await;
    published.request(&key).await.expect(200);
    published.latchkey.advance(TTL);
    let (gate, reply) = HostResponse::json(&key.jwks()).held();
    published.respond_with(reply);
    let mut waiting = JoinSet::new();
    published.start(&mut waiting, &key);
    published.internet.wait_for_requests(HOST, 2).await;
    published.request(&key).await.expect(200);
    assert!(waiting.try_join_next().is_none(), "the other one still waits");
    gate.add_permits(1);
    assert_eq!(waiting.join_all().await, [200]);
    assert_eq!(published.requested(), 2);
}
