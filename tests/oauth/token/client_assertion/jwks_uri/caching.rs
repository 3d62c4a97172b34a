//! For how long published keys are kept, and when they are asked for again.

use crate::oauth::token::client_assertion::jwks_uri::{Publishing, set};
use crate::support::crypto::assertions::TestKey;
use crate::support::fake_internet::{Reply, TlsListener};
use jiff::SignedDuration;
use serde_json::json;
use shared::adapters::remote::{NEGATIVE_TTL, STALE_IF_ERROR, TTL};

const SECOND: SignedDuration = SignedDuration::from_secs(1);
/// More than the test's own requests take.
const A_WHILE: SignedDuration = SignedDuration::from_secs(15);

fn key(kid: &'static str) -> TestKey {
    TestKey::new("ES256").named(kid)
}

#[tokio::test]
async fn keys_are_asked_for_once_in_five_minutes() {
    let key = key("k");
    let mut publishing = Publishing::new(&key.jwks()).await;
    let start = publishing.latchkey.now();
    assert_eq!(TTL, SignedDuration::from_mins(5));
    for (after, requested) in [
        (SignedDuration::ZERO, 1),
        (SECOND, 1),
        (TTL - A_WHILE, 1),
        (TTL + A_WHILE, 2),
        (TTL * 2 - A_WHILE, 2),
        (TTL * 2 + A_WHILE * 2, 3),
    ] {
        publishing.latchkey.set_time(start.checked_add(after).unwrap());
        publishing.request(&key).await.expect(200);
        assert_eq!(publishing.requested(), requested, "after {after}");
    }
}

#[tokio::test]
async fn a_rotation_is_followed_at_once() {
    let (old, new) = (key("old"), key("new"));
    let publishing = Publishing::new(&old.jwks()).await;
    publishing.request(&old).await.expect(200);
    publishing.publish(&set(&[&old, &new]));
    publishing.request(&new).await.expect(200);
    publishing.request(&old).await.expect(200);
    assert_eq!(publishing.requested(), 2);
    publishing.publish(&new.jwks());
    publishing.request(&new).await.expect(200);
    publishing.request(&old).await.expect(200);
    assert_eq!(publishing.requested(), 2, "nothing was missing");
}

#[tokio::test]
async fn a_key_that_was_taken_away_works_for_five_minutes_at_most() {
    let (old, new) = (key("old"), key("new"));
    let mut publishing = Publishing::new(&set(&[&old, &new])).await;
    publishing.request(&old).await.expect(200);
    publishing.publish(&new.jwks());
    publishing.latchkey.advance(TTL);
    publishing.request(&new).await.expect(200);
    publishing.request(&old).await.expect(401);
    publishing.publish(&json!({ "keys": [] }));
    publishing.latchkey.advance(TTL);
    publishing.request(&new).await.expect(401);
}

#[tokio::test]
async fn an_unknown_kid_is_asked_for_once_and_not_again_while_the_host_cools_down() {
    let (known, unknown, late) = (key("known"), key("unknown"), key("late"));
    let mut publishing = Publishing::new(&known.jwks()).await;
    publishing.request(&known).await.expect(200);
    let start = publishing.latchkey.now();
    for _ in 0..5 {
        publishing.request(&unknown).await.expect(401);
        assert_eq!(publishing.requested(), 2);
    }
    publishing.publish(&set(&[&known, &late]));
    publishing.latchkey.set_time(start.checked_add(NEGATIVE_TTL - A_WHILE).unwrap());
    for outsider in [&unknown, &late, &key("stranger")] {
        publishing.request(outsider).await.expect(401);
        publishing.request(&known).await.expect(200);
    }
    assert_eq!(publishing.requested(), 2);
    publishing.latchkey.set_time(start.checked_add(NEGATIVE_TTL + A_WHILE).unwrap());
    publishing.request(&late).await.expect(200);
    assert_eq!(publishing.requested(), 3);
    publishing.request(&unknown).await.expect(401);
    assert_eq!(publishing.requested(), 4);
    publishing.request(&unknown).await.expect(401);
    assert_eq!(publishing.requested(), 4);
}

#[tokio::test]
async fn a_first_question_that_does_not_find_the_kid_is_not_put_twice() {
    let (known, unknown) = (key("known"), key("unknown"));
    let publishing = Publishing::new(&known.jwks()).await;
    for _ in 0..3 {
        publishing.request(&unknown).await.expect(401);
    }
    publishing.request(&known).await.expect(200);
    assert_eq!(publishing.requested(), 1);
}

#[tokio::test]
async fn the_last_good_keys_serve_for_a_day_while_their_host_is_down() {
    let key = key("k");
    let mut publishing = Publishing::new(&key.jwks()).await;
    publishing.request(&key).await.expect(200);
    let start = publishing.latchkey.now();
    let usual = publishing.usual().await;
    assert_eq!(STALE_IF_ERROR, SignedDuration::from_hours(24));
    publishing.outside.door(crate::oauth::token::client_assertion::jwks_uri::HOST, TlsListener::Shut);
    for (hours, reply) in [
        (1, Reply::answer(500, &[], b"")),
        (2, Reply::answer(200, &[], b"<html>")),
        (3, Reply::json(&json!({ "error": "maintenance" }))),
        (4, Reply::answer(404, &[], b"")),
    ] {
        publishing.outside.door(crate::oauth::token::client_assertion::jwks_uri::HOST, TlsListener::Open);
        publishing.respond_with(reply);
        publishing.latchkey.set_time(start.checked_add(SignedDuration::from_hours(hours)).unwrap());
        publishing.request(&key).await.expect(200);
    }
    publishing.outside.door(crate::oauth::token::client_assertion::jwks_uri::HOST, TlsListener::Shut);
    publishing.latchkey.set_time(start.checked_add(STALE_IF_ERROR - A_WHILE).unwrap());
    publishing.request(&key).await.expect(200);
    publishing.latchkey.set_time(start.checked_add(STALE_IF_ERROR + A_WHILE).unwrap());
    assert_eq!(publishing.request(&key).await.dump(), usual);
    publishing.outside.door(crate::oauth::token::client_assertion::jwks_uri::HOST, TlsListener::Open);
    publishing.publish(&key.jwks());
    publishing.latchkey.advance(NEGATIVE_TTL);
    publishing.request(&key).await.expect(200);
}

#[tokio::test]
async fn a_host_that_is_down_is_not_asked_by_everybody() {
    let key = key("k");
    let mut publishing = Publishing::silent().await;
    publishing.outside.door(crate::oauth::token::client_assertion::jwks_uri::HOST, TlsListener::Shut);
    for _ in 0..5 {
        publishing.request(&key).await.expect(401);
    }
    assert_eq!(publishing.outside.connections(), 1);
    publishing.outside.door(crate::oauth::token::client_assertion::jwks_uri::HOST, TlsListener::Open);
    publishing.publish(&key.jwks());
    publishing.request(&key).await.expect(401);
    publishing.latchkey.advance(NEGATIVE_TTL);
    publishing.request(&key).await.expect(200);
    assert_eq!(publishing.outside.connections(), 2);
}
