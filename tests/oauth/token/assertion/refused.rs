//! Assertions that get nothing: the one answer that every failed authentication gets, byte for byte.

use super::{client_with, fresh, send};
use crate::support::assertions::{TestKey, form};
use crate::support::aws_proxy::AwsProxy;
use crate::support::emulator;
use crate::support::house::{ISSUER, TestHouse};
use serde_json::{Value, json};

fn with(mut value: Value, name: &str, member: Value) -> Value {
    value[name] = member;
    value
}

fn without(mut value: Value, name: &str) -> Value {
    value.as_object_mut().unwrap().remove(name);
    value
}

#[tokio::test]
async fn whatever_is_wrong_is_answered_alike() {
    let house = TestHouse::furnished().await;
    let (key, other) = (TestKey::new("ES256").named("k1"), TestKey::new("ES256").named("k1"));
    let client = client_with(&house, &json!({ "jwks": key.jwks() })).await;
    let with_secret = house.client().await;
    let expected = house.token("nobody", &with_secret.client_secret, "").await.expect(401);
    let now = house.now().as_second();
    let say = || fresh(&house, &client);
    let head = || key.header();
    let signed = |claims: Value| key.assert(&claims);
    let typed = |typ: &str| key.sign(&with(head(), "typ", json!(typ)), &say());
    let good = signed(say());
    let mut assertions = vec![
        ("nothing", "x".to_owned()),
        ("three dots", "a.b.c".to_owned()),
        ("another key", other.assert(&say())),
        ("another client's name", signed(with(with(say(), "iss", json!("nobody")), "sub", json!("nobody")))),
        ("a client without keys", {
            let id = json!(with_secret.client_id);
            signed(with(with(say(), "iss", id.clone()), "sub", id))
        }),
        ("another issuer", signed(with(say(), "iss", json!("nobody")))),
        (
            "the token endpoint as audience",
            signed(with(say(), "aud", json!(format!("{ISSUER}/oauth/token")))),
        ),
        ("two audiences", signed(with(say(), "aud", json!([ISSUER, "https://other.example"])))),
        ("no audience", signed(without(say(), "aud"))),
        ("no end", signed(without(say(), "exp"))),
        ("ended", signed(with(say(), "exp", json!(now - 31)))),
        ("ends in more than an hour", signed(with(say(), "exp", json!(now + 3_640)))),
        ("not yet", signed(with(say(), "nbf", json!(now + 60)))),
        ("issued tomorrow", signed(with(say(), "iat", json!(now + 86_400)))),
        ("no id", signed(without(say(), "jti"))),
        ("an empty id", signed(with(say(), "jti", json!("")))),
        ("no algorithm", key.sign(&with(head(), "alg", json!("none")), &say())),
        ("a symmetric algorithm", key.sign(&with(head(), "alg", json!("HS256")), &say())),
        ("an algorithm of other keys", key.sign(&with(head(), "alg", json!("RS256")), &say())),
        ("a critical extension", key.sign(&with(head(), "crit", json!(["exp"])), &say())),
        ("an access token's type", typed("at+jwt")),
        ("an ID token's type", typed("id+jwt")),
        ("an unknown kid", key.sign(&with(head(), "kid", json!("k2")), &say())),
        ("a cut signature", good[..good.len() - 4].to_owned()),
        ("no signature", good[..=good.rfind('.').unwrap()].to_owned()),
    ];
    for name in ["iss", "sub", "aud", "exp", "iat", "nbf", "jti"] {
        assertions.push(("a claim of the wrong type", signed(with(say(), name, json!({})))));
        assertions.push(("a claim that is null", signed(with(say(), name, json!(null)))));
    }
    // A key in the header is the sender's, not the client's.
    for (name, member) in [
        ("jwk", other.jwk()),
        ("jku", json!("https://keys.example.com/jwks")),
        ("x5u", json!("https://keys.example.com/x5u")),
        ("x5c", json!(["MIIB"])),
    ] {
        assertions.push(("a key of the sender's", other.sign(&with(head(), name, member), &say())));
    }
    for (what, assertion) in assertions {
        let answer = send(&house, &assertion).await;
        assert_eq!((answer.status, &answer.body), (expected.status, &expected.body), "{what}");
        assert_eq!(answer.headers, expected.headers, "{what}");
    }
    send(&house, &good).await.expect(200);
}

#[tokio::test]
async fn our_own_access_tokens_are_no_assertions() {
    let house = TestHouse::furnished().await;
    let client = house.client().await;
    let token = house.token(&client.client_id, &client.client_secret, "&scope=orders:read").await;
    send(&house, &token.expect(200).string("access_token")).await.expect(401);
}

#[tokio::test]
async fn two_ways_at_once_and_unknown_types_are_said_to_be_so() {
    let house = TestHouse::furnished().await;
    let key = TestKey::new("ES256");
    let client = client_with(&house, &json!({ "jwks": key.jwks() })).await;
    let good = || form(&key.assert(&fresh(&house, &client)));
    let both = format!("{}&client_secret=lks_x", good());
    let answer = house.ask("POST", "/oauth/token").form(&both).send().await.expect(400);
    assert_eq!(answer.string("error"), "invalid_request");
    let answer = house.ask("POST", "/oauth/token").basic(&client, "lks_x").form(&good()).send().await;
    assert_eq!(answer.expect(400).string("error"), "invalid_request");
    let saml = good().replace("jwt-bearer", "saml2-bearer");
    house.ask("POST", "/oauth/token").form(&saml).send().await.expect(401);
}

#[tokio::test]
async fn garbage_costs_no_read_and_a_refused_assertion_one_and_no_write() {
    let proxy = AwsProxy::start(emulator::endpoint()).await;
    let house = TestHouse::at(&proxy.endpoint, |_| {}).await;
    house.furnish().await;
    let (key, other) = (TestKey::new("ES256"), TestKey::new("ES256"));
    let client = client_with(&house, &json!({ "jwks": key.jwks() })).await;
    send(&house, &key.assert(&fresh(&house, &client))).await.expect(200);
    proxy.take_calls();
    send(&house, "a.b.c").await.expect(401);
    assert_eq!(proxy.take_calls().len(), 0);
    send(&house, &other.assert(&fresh(&house, &client))).await.expect(401);
    let operations: Vec<_> = proxy.take_calls().into_iter().map(|call| call.operation).collect();
    assert_eq!(operations, ["Query"]);
    send(&house, &key.assert(&fresh(&house, &client))).await.expect(200);
    let operations: Vec<_> = proxy.take_calls().into_iter().map(|call| call.operation).collect();
    assert_eq!(operations, ["Query", "PutItem"]);
}
