//! Assertions that get nothing: the one answer that every failed authentication gets, byte for byte.

use crate::oauth::token::client_assertion::{client_with, fresh, send};
use crate::support::app::{ISSUER, TestApp};
use crate::support::aws;
use crate::support::crypto::assertions::{TestKey, form};
use crate::support::fault_injection::aws_proxy::AwsProxy;
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
    let latchkey = TestApp::with_fixtures().await;
    let (key, other) = (TestKey::new("ES256").named("k1"), TestKey::new("ES256").named("k1"));
    let client = client_with(&latchkey, &json!({ "jwks": key.jwks() })).await;
    let with_secret = latchkey.client().await;
    let expected = latchkey.token("nobody", &with_secret.client_secret, "").await.expect(401);
    let now = latchkey.now().as_second();
    let respond_with = || fresh(&latchkey, &client);
    let head = || key.header();
    let signed = |claims: Value| key.assert(&claims);
    let typed = |typ: &str| key.sign(&with(head(), "typ", json!(typ)), &respond_with());
    let good = signed(respond_with());
    let mut assertions = vec![
        ("nothing", "x".to_owned()),
        ("three dots", "a.b.c".to_owned()),
        ("another key", other.assert(&respond_with())),
        (
            "another client's name",
            signed(with(with(respond_with(), "iss", json!("nobody")), "sub", json!("nobody"))),
        ),
        ("a client without keys", {
            let id = json!(with_secret.client_id);
            signed(with(with(respond_with(), "iss", id.clone()), "sub", id))
        }),
        ("another issuer", signed(with(respond_with(), "iss", json!("nobody")))),
        (
            "the token endpoint as audience",
            signed(with(respond_with(), "aud", json!(format!("{ISSUER}/oauth/token")))),
        ),
        ("two audiences", signed(with(respond_with(), "aud", json!([ISSUER, "https://other.example"])))),
        ("no audience", signed(without(respond_with(), "aud"))),
        ("no end", signed(without(respond_with(), "exp"))),
        ("ended", signed(with(respond_with(), "exp", json!(now - 31)))),
        ("ends in more than an hour", signed(with(respond_with(), "exp", json!(now + 3_640)))),
        ("not yet", signed(with(respond_with(), "nbf", json!(now + 60)))),
        ("issued tomorrow", signed(with(respond_with(), "iat", json!(now + 86_400)))),
        ("no id", signed(without(respond_with(), "jti"))),
        ("an empty id", signed(with(respond_with(), "jti", json!("")))),
        ("no algorithm", key.sign(&with(head(), "alg", json!("none")), &respond_with())),
        ("a symmetric algorithm", key.sign(&with(head(), "alg", json!("HS256")), &respond_with())),
        ("an algorithm of other keys", key.sign(&with(head(), "alg", json!("RS256")), &respond_with())),
        ("a critical extension", key.sign(&with(head(), "crit", json!(["exp"])), &respond_with())),
        ("an access token's type", typed("at+jwt")),
        ("an ID token's type", typed("id+jwt")),
        ("an unknown kid", key.sign(&with(head(), "kid", json!("k2")), &respond_with())),
        ("a cut signature", good[..good.len() - 4].to_owned()),
        ("no signature", good[..=good.rfind('.').unwrap()].to_owned()),
    ];
    for name in ["iss", "sub", "aud", "exp", "iat", "nbf", "jti"] {
        assertions.push(("a claim of the wrong type", signed(with(respond_with(), name, json!({})))));
        assertions.push(("a claim that is null", signed(with(respond_with(), name, json!(null)))));
    }
    // A key in the header is the sender's, not the client's.
    for (name, member) in [
        ("jwk", other.jwk()),
        ("jku", json!("https://keys.example.com/jwks")),
        ("x5u", json!("https://keys.example.com/x5u")),
        ("x5c", json!(["MIIB"])),
    ] {
        assertions.push(("a key of the sender's", other.sign(&with(head(), name, member), &respond_with())));
    }
    for (what, assertion) in assertions {
        let answer = send(&latchkey, &assertion).await;
        assert_eq!((answer.status, &answer.body), (expected.status, &expected.body), "{what}");
        assert_eq!(answer.headers, expected.headers, "{what}");
    }
    send(&latchkey, &good).await.expect(200);
}

#[tokio::test]
async fn our_own_access_tokens_are_no_assertions() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.client().await;
    let token = latchkey.token(&client.client_id, &client.client_secret, "&scope=orders:read").await;
    send(&latchkey, &token.expect(200).string("access_token")).await.expect(401);
}

#[tokio::test]
async fn two_ways_at_once_and_unknown_types_are_said_to_be_so() {
    let latchkey = TestApp::with_fixtures().await;
    let key = TestKey::new("ES256");
    let client = client_with(&latchkey, &json!({ "jwks": key.jwks() })).await;
    let good = || form(&key.assert(&fresh(&latchkey, &client)));
    let both = format!("{}&client_secret=lks_x", good());
    let answer = latchkey.request("POST", "/oauth/token").form(&both).send().await.expect(400);
    assert_eq!(answer.string("error"), "invalid_request");
    let answer = latchkey.request("POST", "/oauth/token").basic(&client, "lks_x").form(&good()).send().await;
    assert_eq!(answer.expect(400).string("error"), "invalid_request");
    let saml = good().replace("jwt-bearer", "saml2-bearer");
    latchkey.request("POST", "/oauth/token").form(&saml).send().await.expect(401);
}

#[tokio::test]
async fn garbage_costs_no_read_and_a_refused_assertion_one_and_no_write() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.seed().await;
    let (key, other) = (TestKey::new("ES256"), TestKey::new("ES256"));
    let client = client_with(&latchkey, &json!({ "jwks": key.jwks() })).await;
    send(&latchkey, &key.assert(&fresh(&latchkey, &client))).await.expect(200);
    proxy.take_calls();
    send(&latchkey, "a.b.c").await.expect(401);
    assert_eq!(proxy.take_calls().len(), 0);
    send(&latchkey, &other.assert(&fresh(&latchkey, &client))).await.expect(401);
    let operations: Vec<_> = proxy.take_calls().into_iter().map(|call| call.operation).collect();
    assert_eq!(operations, ["Query"]);
    send(&latchkey, &key.assert(&fresh(&latchkey, &client))).await.expect(200);
    let operations: Vec<_> = proxy.take_calls().into_iter().map(|call| call.operation).collect();
    assert_eq!(operations, ["Query", "PutItem"]);
}
