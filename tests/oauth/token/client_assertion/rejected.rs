//! Rejected assertions: the same response as for every failed client authentication, byte for byte.

use crate::oauth::token::client_assertion::{client_with, new_claims, send};
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
async fn rejected_assertions_are_byte_identical() {
    let latchkey = TestApp::with_fixtures().await;
    let (key, other) = (TestKey::new("ES256").named("k1"), TestKey::new("ES256").named("k1"));
    let client = client_with(&latchkey, &json!({ "jwks": key.jwks() })).await;
    let with_secret = latchkey.fixtures().client().await;
    let expected = latchkey.token("unknown", &with_secret.client_secret, "").await.expect(401);
    let now = latchkey.now().as_second();
    let valid_claims = || new_claims(&latchkey, &client);
    let head = || key.header();
    let signed = |claims: Value| key.assert(&claims);
    let typed = |typ: &str| key.sign(&with(head(), "typ", json!(typ)), &valid_claims());
    let good = signed(valid_claims());
    let mut assertions = vec![
        ("nothing", "x".to_owned()),
        ("three dots", "a.b.c".to_owned()),
        ("another key", other.assert(&valid_claims())),
        (
            "another client's name",
            signed(with(with(valid_claims(), "iss", json!("unknown")), "sub", json!("unknown"))),
        ),
        ("a client without keys", {
            let id = json!(with_secret.client_id);
            signed(with(with(valid_claims(), "iss", id.clone()), "sub", id))
        }),
        ("another issuer", signed(with(valid_claims(), "iss", json!("unknown")))),
        (
            "the token endpoint as audience",
            signed(with(valid_claims(), "aud", json!(format!("{ISSUER}/oauth/token")))),
        ),
        ("two audiences", signed(with(valid_claims(), "aud", json!([ISSUER, "https://other.example"])))),
        ("no audience", signed(without(valid_claims(), "aud"))),
        ("no exp", signed(without(valid_claims(), "exp"))),
        ("expired", signed(with(valid_claims(), "exp", json!(now - 31)))),
        ("valid for more than an hour", signed(with(valid_claims(), "exp", json!(now + 3_640)))),
        ("not yet", signed(with(valid_claims(), "nbf", json!(now + 60)))),
        ("issued tomorrow", signed(with(valid_claims(), "iat", json!(now + 86_400)))),
        ("no id", signed(without(valid_claims(), "jti"))),
        ("an empty id", signed(with(valid_claims(), "jti", json!("")))),
        ("no algorithm", key.sign(&with(head(), "alg", json!("none")), &valid_claims())),
        ("a symmetric algorithm", key.sign(&with(head(), "alg", json!("HS256")), &valid_claims())),
        ("an algorithm of other keys", key.sign(&with(head(), "alg", json!("RS256")), &valid_claims())),
        ("a critical extension", key.sign(&with(head(), "crit", json!(["exp"])), &valid_claims())),
        ("an access token's type", typed("at+jwt")),
        ("an ID token's type", typed("id+jwt")),
        ("an unknown kid", key.sign(&with(head(), "kid", json!("k2")), &valid_claims())),
        ("a cut signature", good[..good.len() - 4].to_owned()),
        ("no signature", good[..=good.rfind('.').unwrap()].to_owned()),
    ];
    for name in ["iss", "sub", "aud", "exp", "iat", "nbf", "jti"] {
        assertions.push(("a claim of the wrong type", signed(with(valid_claims(), name, json!({})))));
        assertions.push(("a claim that is null", signed(with(valid_claims(), name, json!(null)))));
    }
    // A key in the header is the sender's, not the client's.
    for (name, member) in [
        ("jwk", other.jwk()),
        ("jku", json!("https://keys.example.com/jwks")),
        ("x5u", json!("https://keys.example.com/x5u")),
        ("x5c", json!(["MIIB"])),
    ] {
        assertions.push(("a key of the sender's", other.sign(&with(head(), name, member), &valid_claims())));
    }
    for (what, assertion) in assertions {
        let response = send(&latchkey, &assertion).await;
        assert_eq!((response.status, &response.body), (expected.status, &expected.body), "{what}");
        assert_eq!(response.headers, expected.headers, "{what}");
    }
    send(&latchkey, &good).await.expect(200);
}

#[tokio::test]
async fn access_tokens_are_no_assertions() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let token = latchkey.token(&client.client_id, &client.client_secret, "&scope=orders:read").await;
    send(&latchkey, &token.expect(200).string("access_token")).await.expect(401);
}

#[tokio::test]
async fn two_auth_methods_and_unknown_types_are_rejected() {
    let latchkey = TestApp::with_fixtures().await;
    let key = TestKey::new("ES256");
    let client = client_with(&latchkey, &json!({ "jwks": key.jwks() })).await;
    let good = || form(&key.assert(&new_claims(&latchkey, &client)));
    let both = format!("{}&client_secret=lks_x", good());
    let response = latchkey.request("POST", "/oauth/token").form(&both).send().await.expect(400);
    assert_eq!(response.string("error"), "invalid_request");
    let response =
        latchkey.request("POST", "/oauth/token").basic(&client, "lks_x").form(&good()).send().await;
    assert_eq!(response.expect(400).string("error"), "invalid_request");
    let saml = good().replace("jwt-bearer", "saml2-bearer");
    latchkey.request("POST", "/oauth/token").form(&saml).send().await.expect(401);
}

#[tokio::test]
async fn rejected_assertion_costs_one_read_and_a_note_once_an_hour() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.fixtures().seed().await;
    let (key, other) = (TestKey::new("ES256"), TestKey::new("ES256"));
    let client = client_with(&latchkey, &json!({ "jwks": key.jwks() })).await;
    send(&latchkey, &key.assert(&new_claims(&latchkey, &client))).await.expect(200);
    proxy.take_calls();
    send(&latchkey, "a.b.c").await.expect(401);
    assert_eq!(proxy.take_calls().len(), 0);
    for expected in [&["Query", "TransactWriteItems"][..], &["Query"]] {
        send(&latchkey, &other.assert(&new_claims(&latchkey, &client))).await.expect(401);
        let operations: Vec<_> = proxy.take_calls().into_iter().map(|call| call.operation).collect();
        assert_eq!(operations, expected);
    }
    send(&latchkey, &key.assert(&new_claims(&latchkey, &client))).await.expect(200);
    let operations: Vec<_> = proxy.take_calls().into_iter().map(|call| call.operation).collect();
    assert_eq!(operations, ["Query", "PutItem"]);
}
