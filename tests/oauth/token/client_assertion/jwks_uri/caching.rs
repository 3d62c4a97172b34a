//! The cache of published keys.

use crate::oauth::token::client_assertion::jwks_uri::{PublishedKeys, set};
use crate::support::crypto::assertions::TestKey;
use crate::support::fake_internet::{HostResponse, TlsListener};
use jiff::SignedDuration;
use serde_json::json;
use shared::adapters::remote::{NEGATIVE_TTL, STALE_IF_ERROR, TTL};
use shared::domain::net::fetch_failures::{FIRST_PAUSE, LONGEST_PAUSE};

const SECOND: SignedDuration = SignedDuration::from_secs(1);
/// More than the test's own requests take.
const MARGIN: SignedDuration = SignedDuration::from_secs(15);

fn key(kid: &'static str) -> TestKey {
    TestKey::new("ES256").named(kid)
}

#[tokio::test]
async fn keys_are_cached_for_five_minutes() {
    let key = key("k");
    let mut published = PublishedKeys::new(&key.jwks()).await;
    let start = published.latchkey.now();
    assert_eq!(TTL, SignedDuration::from_mins(5));
    for (after, requested) in [
        (SignedDuration::ZERO, 1),
        (SECOND, 1),
        (TTL - MARGIN, 1),
        (TTL + MARGIN, 2),
        (TTL * 2 - MARGIN, 2),
        (TTL * 2 + MARGIN * 2, 3),
    ] {
        published.latchkey.set_time(start.checked_add(after).unwrap());
        published.request(&key).await.expect(200);
        assert_eq!(published.requested(), requested, "after {after}");
    }
}

#[tokio::test]
async fn key_rotation_is_followed_immediately() {
    let (old, new) = (key("old"), key("new"));
    let published = PublishedKeys::new(&old.jwks()).await;
    published.request(&old).await.expect(200);
    published.publish(&set(&[&old, &new]));
    published.request(&new).await.expect(200);
    published.request(&old).await.expect(200);
    assert_eq!(published.requested(), 2);
    published.publish(&new.jwks());
    published.request(&new).await.expect(200);
    published.request(&old).await.expect(200);
    assert_eq!(published.requested(), 2, "every kid was known");
}

#[tokio::test]
async fn removed_key_works_for_at_most_five_minutes() {
    let (old, new) = (key("old"), key("new"));
    let mut published = PublishedKeys::new(&set(&[&old, &new])).await;
    published.request(&old).await.expect(200);
    published.publish(&new.jwks());
    published.latchkey.advance(TTL);
    published.request(&new).await.expect(200);
    published.request(&old).await.expect(401);
    published.publish(&json!({ "keys": [] }));
    published.latchkey.advance(TTL);
    published.request(&new).await.expect(401);
}

#[tokio::test]
async fn unknown_kid_is_fetched_once_per_cooldown() {
    let (known, unknown, late) = (key("known"), key("unknown"), key("late"));
    let mut published = PublishedKeys::new(&known.jwks()).await;
    published.request(&known).await.expect(200);
    let start = published.latchkey.now();
    for _ in 0..5 {
        published.request(&unknown).await.expect(401);
        assert_eq!(published.requested(), 2);
    }
    published.publish(&set(&[&known, &late]));
    published.latchkey.set_time(start.checked_add(NEGATIVE_TTL - MARGIN).unwrap());
    for outsider in [&unknown, &late, &key("outsider")] {
        published.request(outsider).await.expect(401);
        published.request(&known).await.expect(200);
    }
    assert_eq!(published.requested(), 2);
    published.latchkey.set_time(start.checked_add(NEGATIVE_TTL + MARGIN).unwrap());
    published.request(&late).await.expect(200);
    assert_eq!(published.requested(), 3);
    published.request(&unknown).await.expect(401);
    assert_eq!(published.requested(), 4);
    published.request(&unknown).await.expect(401);
    assert_eq!(published.requested(), 4);
}

#[tokio::test]
async fn first_fetch_without_the_kid_is_not_repeated() {
    let (known, unknown) = (key("known"), key("unknown"));
    let published = PublishedKeys::new(&known.jwks()).await;
    for _ in 0..3 {
        published.request(&unknown).await.expect(401);
    }
    published.request(&known).await.expect(200);
    assert_eq!(published.requested(), 1);
}

#[tokio::test]
async fn stale_keys_serve_for_a_day_while_the_host_is_down() {
    let key = key("k");
    let mut published = PublishedKeys::new(&key.jwks()).await;
    published.request(&key).await.expect(200);
    let start = published.latchkey.now();
    let invalid_client = published.invalid_client().await;
    assert_eq!(STALE_IF_ERROR, SignedDuration::from_hours(24));
    published
        .internet
        .set_listener(crate::oauth::token::client_assertion::jwks_uri::HOST, TlsListener::Closed);
    for (hours, reply) in [
        (1, HostResponse::new(500, &[], b"")),
        (2, HostResponse::new(200, &[], b"<html>")),
        (3, HostResponse::json(&json!({ "error": "maintenance" }))),
        (4, HostResponse::new(404, &[], b"")),
    ] {
        published
            .internet
            .set_listener(crate::oauth::token::client_assertion::jwks_uri::HOST, TlsListener::Open);
        published.respond_with(reply);
        published.latchkey.set_time(start.checked_add(SignedDuration::from_hours(hours)).unwrap());
        published.request(&key).await.expect(200);
    }
    published
        .internet
        .set_listener(crate::oauth::token::client_assertion::jwks_uri::HOST, TlsListener::Closed);
    published.latchkey.set_time(start.checked_add(STALE_IF_ERROR - MARGIN).unwrap());
    published.request(&key).await.expect(200);
    published.latchkey.set_time(start.checked_add(STALE_IF_ERROR + MARGIN).unwrap());
    assert_eq!(published.request(&key).await.dump(), invalid_client);
    published.internet.set_listener(crate::oauth::token::client_assertion::jwks_uri::HOST, TlsListener::Open);
    published.publish(&key.jwks());
    published.latchkey.advance(LONGEST_PAUSE);
    published.request(&key).await.expect(200);
}

#[tokio::test]
async fn failed_fetch_is_cached() {
    let key = key("k");
    let mut published = PublishedKeys::unpublished().await;
    published
        .internet
        .set_listener(crate::oauth::token::client_assertion::jwks_uri::HOST, TlsListener::Closed);
    for _ in 0..5 {
        published.request(&key).await.expect(401);
    }
    assert_eq!(published.internet.connections(), 1);
    published.internet.set_listener(crate::oauth::token::client_assertion::jwks_uri::HOST, TlsListener::Open);
    published.publish(&key.jwks());
    published.request(&key).await.expect(401);
    published.latchkey.advance(FIRST_PAUSE);
    published.request(&key).await.expect(200);
    assert_eq!(published.internet.connections(), 2);
}
