//! Accepted and rejected public keys.

use super::*;
use proptest::prelude::*;
use serde_json::json;

fn b64(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn modulus(bits: usize) -> String {
    let mut bytes = vec![0xff; bits.div_ceil(8)];
    if !bits.is_multiple_of(8) {
        bytes[0] = (1 << (bits % 8)) - 1;
    }
    b64(&bytes)
}

fn rsa(bits: usize) -> Value {
    json!({ "kty": "RSA", "n": modulus(bits), "e": "AQAB" })
}

fn with(mut value: Value, name: &str, member: impl Into<Value>) -> Value {
    value[name] = member.into();
    value
}

#[test]
fn keys_of_every_type_are_accepted() {
    for value in [
        rsa(2_048),
        rsa(4_096),
        json!({ "kty": "EC", "crv": "P-256", "x": b64(&[1; 32]), "y": b64(&[2; 32]) }),
        json!({ "kty": "EC", "crv": "P-384", "x": b64(&[1; 48]), "y": b64(&[2; 48]), "alg": "ES384" }),
        json!({ "kty": "OKP", "crv": "Ed25519", "x": b64(&[1; 32]), "kid": "k1", "use": "sig", "alg": "Ed25519" }),
        json!({ "kty": "OKP", "crv": "Ed25519", "x": b64(&[1; 32]), "key_ops": ["verify"], "x5u": "https://x.example" }),
    ] {
        let key = PublicJwk::read(&value).unwrap_or_else(|error| panic!("{value}: {error}"));
        let stored = serde_json::to_value(&key).expect("JSON");
        assert_eq!(serde_json::from_value::<PublicJwk>(stored).expect("as written"), key);
    }
}

#[test]
fn private_and_symmetric_keys_are_rejected_first() {
    for member in PRIVATE_MEMBERS {
        assert_eq!(PublicJwk::read(&with(rsa(2_048), member, "AQAB")), Err(InvalidJwk::Private), "{member}");
    }
    assert_eq!(PublicJwk::read(&json!({ "kty": "oct" })), Err(InvalidJwk::Private));
}

#[test]
fn weak_and_invalid_keys_are_rejected() {
    let ec = json!({ "kty": "EC", "crv": "P-256", "x": b64(&[1; 32]), "y": b64(&[2; 32]) });
    for (value, error) in [
        (rsa(2_047), InvalidJwk::Rsa),
        (rsa(1_024), InvalidJwk::Rsa),
        (rsa(4_097), InvalidJwk::Rsa),
        (with(rsa(2_048), "e", "AQ"), InvalidJwk::Rsa),
        (with(rsa(2_048), "e", "AQAA"), InvalidJwk::Rsa),
        (with(rsa(2_048), "n", 5), InvalidJwk::Rsa),
        (with(rsa(2_048), "n", "not base64!"), InvalidJwk::Rsa),
        (with(ec.clone(), "x", b64(&[1; 31])), InvalidJwk::Ec),
        (with(ec.clone(), "crv", "P-521"), InvalidJwk::Ec),
        (with(ec.clone(), "alg", "ES384"), InvalidJwk::Alg),
        (with(ec.clone(), "alg", "HS256"), InvalidJwk::Alg),
        (with(ec.clone(), "use", "enc"), InvalidJwk::Use),
        (with(ec.clone(), "key_ops", json!(["sign"])), InvalidJwk::Use),
        (with(ec.clone(), "key_ops", "verify"), InvalidJwk::Use),
        (with(ec.clone(), "kid", ""), InvalidJwk::Kid),
        (with(ec.clone(), "kid", 7), InvalidJwk::Kid),
        (with(ec, "kid", "k".repeat(129)), InvalidJwk::Kid),
        (json!({ "kty": "OKP", "crv": "X25519", "x": b64(&[1; 32]) }), InvalidJwk::Okp),
        (json!({ "kty": "AKP" }), InvalidJwk::Kind),
        (json!({}), InvalidJwk::Kind),
        (json!("key"), InvalidJwk::Kind),
        (json!(null), InvalidJwk::Kind),
    ] {
        assert_eq!(PublicJwk::read(&value), Err(error), "{value}");
    }
}

#[test]
fn the_kid_selects_the_key_if_both_have_one() {
    let key = |kid: Option<&str>| PublicJwk {
        key: PublicKey::Okp { crv: OkpCurve::Ed25519, x: b64(&[1; 32]) },
        kid: kid.map(str::to_owned),
        alg: None,
    };
    let keys = [key(Some("a")), key(Some("b")), key(None)];
    let kids = |kid, alg| candidates(&keys, kid, alg).map(|key| key.kid.as_deref()).collect::<Vec<_>>();
    assert_eq!(kids(Some("a"), JwsAlgorithm::EdDSA), [Some("a"), None]);
    assert_eq!(kids(None, JwsAlgorithm::Ed25519), [Some("a"), Some("b"), None]);
    assert_eq!(kids(Some("a"), JwsAlgorithm::RS256), []);
}

proptest! {
    #[test]
    fn reading_never_panics(kty in "RSA|EC|OKP|oct|\\PC{0,4}", members in proptest::collection::btree_map("n|e|x|y|crv|alg|use|kid|key_ops|d", "\\PC{0,20}", 0..6)) {
        let mut value = serde_json::to_value(members).expect("JSON");
        value["kty"] = kty.into();
        let _ = PublicJwk::read(&value);
    }
}
