//! Many at once: one asks, and nobody waits who need not.

use crate::oauth::token::client_assertion::fresh;
use crate::oauth::token::client_assertion::jwks_uri::{HOST, Publishing, set};
use crate::support::crypto::assertions::{TestKey, form};
use crate::support::fake_internet::Reply;
use shared::adapters::remote::TTL;
use tokio::task::JoinSet;

impl Publishing {
    /// Sends an assertion of this key, and does not wait for the answer.
    fn start(&self, requests: &mut JoinSet<u16>, key: &TestKey) {
        let form = form(&key.assert(&fresh(&self.latchkey, &self.client)));
        let sending = self.latchkey.request("POST", "/oauth/token").form(&form).send();
        requests.spawn(async move { sending.await.status.as_u16() });
    }
}

#[tokio::test]
async fn fifty_at_once_ask_once() {
    let key = TestKey::new("ES256").named("k");
    let mut publishing = Publishing::silent().await;
    for round in 1..=2 {
        let (gate, reply) = Reply::json(&key.jwks()).held();
        publishing.respond_with(reply);
        let mut requests = JoinSet::new();
        for _ in 0..50 {
            publishing.start(&mut requests, &key);
        }
        publishing.outside.until_asked(HOST, round).await;
        gate.add_permits(50);
        assert_eq!(requests.join_all().await, [200; 50]);
        assert_eq!(publishing.requested(), round);
        publishing.latchkey.advance(TTL);
    }
}

#[tokio::test]
async fn fifty_with_as_many_unknown_kids_ask_once() {
    let key = TestKey::new("ES256").named("k");
    let publishing = Publishing::new(&key.jwks()).await;
    publishing.request(&key).await.expect(200);
    let mut requests = JoinSet::new();
    for number in 0..50 {
        let kid: &'static str = format!("unknown-{number}").leak();
        publishing.start(&mut requests, &TestKey::new("Ed25519").named(kid));
    }
    assert_eq!(requests.join_all().await, [401; 50]);
    assert_eq!(publishing.requested(), 2);
}

#[tokio::test]
async fn who_has_a_known_kid_does_not_wait_for_a_key_of_somebody_elses() {
    let (known, new) = (TestKey::new("ES256").named("known"), TestKey::new("ES256").named("new"));
    let publishing = Publishing::new(&known.jwks()).await;
    publishing.request(&known).await.expect(200);
    let (gate, reply) = Reply::json(&set(&[&known, &new])).held();
    publishing.respond_with(reply);
    let mut waiting = JoinSet::new();
    publishing.start(&mut waiting, &new);
    publishing.outside.until_asked(HOST, 2).await;
    publishing.request(&known).await.expect(200);
    assert!(waiting.try_join_next().is_none(), "the other one still waits");
    gate.add_permits(1);
    assert_eq!(waiting.join_all().await, [200]);
}

#[tokio::test]
async fn nor_for_keys_that_somebody_else_is_renewing() {
    let key = TestKey::new("ES256").named("k");
    let mut publishing = Publishing::new(&key.jwks()).await;
    publishing.request(&key).await.expect(200);
    publishing.latchkey.advance(TTL);
    let (gate, reply) = Reply::json(&key.jwks()).held();
    publishing.respond_with(reply);
    let mut waiting = JoinSet::new();
    publishing.start(&mut waiting, &key);
    publishing.outside.until_asked(HOST, 2).await;
    publishing.request(&key).await.expect(200);
    assert!(waiting.try_join_next().is_none(), "the other one still waits");
    gate.add_permits(1);
    assert_eq!(waiting.join_all().await, [200]);
    assert_eq!(publishing.requested(), 2);
}
