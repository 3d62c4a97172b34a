//! Accepted and rejected public keys.

use super::read::MAX_KID_LENGTH as LONGEST_KID;
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
    for member in ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"] {
        assert_eq!(PublicJwk::read(&with(rsa(2_048), member, "AQAB")), Err(InvalidJwk::Private), "{member}");
    }
    assert_eq!(PublicJwk::read(&json!({ "kty": "oct" })), Err(InvalidJwk::Private));
}

#[test]
fn weak_and_invalid_keys_are_rejected() {
    let ec = json!({ "kty": "EC", "crv": "P-256", "x": b64(&[1; 32]), "y": b64(&[2; 32]) });
    for (value, error) in [
        (rsa(2_047), InvalidJwk::RsaSize(2_047)),
        (rsa(1_024), InvalidJwk::RsaSize(1_024)),
        (rsa(4_097), InvalidJwk::RsaSize(4_097)),
        (with(rsa(2_048), "e", "AQ"), InvalidJwk::RsaNumbers),
        (with(rsa(2_048), "e", "AQAA"), InvalidJwk::RsaNumbers),
        (with(rsa(2_048), "e", 65_537), InvalidJwk::Text("e")),
        (with(rsa(2_048), "e", ""), InvalidJwk::Missing("e")),
        (with(rsa(2_048), "n", json!(null)), InvalidJwk::Missing("n")),
        (with(rsa(2_048), "n", "not base64!"), InvalidJwk::Base64("n")),
        (with(rsa(2_048), "n", "c0ffee11".repeat(64)), InvalidJwk::Hexadecimal("n")),
        (with(ec.clone(), "x", b64(&[1; 33])), InvalidJwk::Coordinate("x")),
        (with(ec.clone(), "crv", "P-521"), InvalidJwk::Curve("P-521".into())),
        (with(ec.clone(), "crv", "a private part of a key"), InvalidJwk::Curve("another text".into())),
        (with(ec.clone(), "alg", "ES384"), InvalidJwk::Alg("ES384".into())),
        (with(ec.clone(), "alg", "HS256"), InvalidJwk::Alg("HS256".into())),
        (with(ec.clone(), "use", "enc"), InvalidJwk::Use("enc".into())),
        (with(ec.clone(), "use", "SIG"), InvalidJwk::Use("SIG".into())),
        (with(ec.clone(), "key_ops", json!(["sign"])), InvalidJwk::KeyOps),
        (with(ec.clone(), "key_ops", json!([])), InvalidJwk::KeyOps),
        (with(ec.clone(), "key_ops", "verify"), InvalidJwk::KeyOps),
        (with(ec.clone(), "kid", ""), InvalidJwk::Kid),
        (with(ec.clone(), "kid", 7), InvalidJwk::Kid),
        (with(ec, "kid", "k".repeat(LONGEST_KID + 1)), InvalidJwk::Kid),
        (json!({ "kty": "OKP", "crv": "X25519", "x": b64(&[1; 32]) }), InvalidJwk::Curve("X25519".into())),
        (json!({ "kty": "OKP", "crv": "Ed25519", "x": b64(&[1; 31]) }), InvalidJwk::OkpLength(31)),
        (json!({ "kty": "AKP" }), InvalidJwk::Kind("AKP".into())),
        (json!({ "kty": "rsa" }), InvalidJwk::Kind("rsa".into())),
        (json!({ "kty": 7 }), InvalidJwk::Kind("no text".into())),
        (json!({ "kty": "EC", "x": "AA" }), InvalidJwk::Missing("crv")),
        (json!({}), InvalidJwk::Missing("kty")),
        (json!("key"), InvalidJwk::Missing("kty")),
        (json!(null), InvalidJwk::Missing("kty")),
    ] {
        assert_eq!(PublicJwk::read(&value), Err(error), "{value}");
    }
}

/// What programs write differently, and what it is read as.
#[test]
fn numbers_are_read_whatever_their_spelling() {
    let ec = json!({ "kty": "EC", "crv": "P-256", "x": b64(&[0, 7]), "y": b64(&[2; 32]) });
    let zeros = |zeros: usize, rest: &[u8]| b64(&[&vec![0; zeros], rest].concat());
    let n = [0xff; 256];
    let standard = base64::engine::general_purpose::STANDARD.encode(n);
    for (spelled, canonical) in [
        (with(rsa(2_048), "n", zeros(1, &n)), rsa(2_048)),
        (with(rsa(2_048), "n", zeros(3, &n)), rsa(2_048)),
        (with(rsa(2_048), "e", "AAEAAQ"), rsa(2_048)),
        (with(rsa(2_048), "n", format!("{}==", b64(&n))), rsa(2_048)),
        (with(rsa(2_048), "n", standard), rsa(2_048)),
        (with(ec.clone(), "x", b64(&[7])), with(ec.clone(), "x", zeros(31, &[7]))),
        (with(ec.clone(), "y", zeros(1, &[2; 32])), with(ec.clone(), "x", zeros(31, &[7]))),
        (with(rsa(2_048), "alg", json!(null)), rsa(2_048)),
        (with(with(rsa(2_048), "d", json!(null)), "use", json!(null)), rsa(2_048)),
        (with(with(rsa(2_048), "kid", json!(null)), "key_ops", json!(null)), rsa(2_048)),
    ] {
        let read = PublicJwk::read(&spelled).unwrap_or_else(|error| panic!("{spelled}: {error}"));
        assert_eq!(read.to_json(), canonical, "{spelled}");
    }
}

#[test]
fn a_kid_may_be_the_url_of_a_key_management_service() {
    for kid in
        ["k".repeat(LONGEST_KID), "https://acme.vault.azure.net/keys/signing/0123456789abcdef".to_owned()]
    {
        assert_eq!(PublicJwk::read(&with(rsa(2_048), "kid", kid.clone())).expect("legal").kid, Some(kid));
    }
}

#[test]
fn algorithms_of_this_version_are_stored_where_the_one_before_does_not_look() {
    for (alg, attribute) in [("RS256", "alg"), ("PS256", "alg"), ("RS384", "rsa_alg"), ("PS512", "rsa_alg")] {
        let key = PublicJwk::read(&with(rsa(2_048), "alg", alg)).expect("legal");
        let stored = serde_json::to_value(&key).expect("JSON");
        let found: Vec<_> =
            ["alg", "rsa_alg"].into_iter().filter(|name| stored.get(name).is_some()).collect();
        assert_eq!(found, [attribute], "{alg}");
        assert_eq!(serde_json::from_value::<PublicJwk>(stored).expect("as written"), key);
        assert_eq!(key.to_json()["alg"], alg);
        assert!(JwsAlgorithm::ALL.iter().all(|other| key.may_sign(*other) == (other.as_str() == alg)));
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
