//! Key sets as they are sent and stored.

use super::*;
use crate::domain::jose::ignored_key::IgnoredKeyReason;

fn ed25519(first: &str, kid: &str) -> Value {
    json!({ "kty": "OKP", "crv": "Ed25519", "x": format!("{first}{}", "A".repeat(42)), "kid": kid })
}

fn read(value: &Value) -> Result<SuppliedSet, Vec<FieldError>> {
    SuppliedSet::read(value, PublicJwk::read)
}

fn error_paths(value: &Value) -> Vec<String> {
    read(value).expect_err("not legal").into_iter().map(|error| error.path).collect()
}

#[test]
fn a_set_has_one_to_five_different_keys() {
    let set = read(&json!({ "keys": [ed25519("A", "1"), ed25519("B", "2")] })).expect("legal").set;
    assert_eq!(set.keys.len(), 2);
    assert_eq!(error_paths(&json!({ "keys": [] })), [""]);
    let six: Vec<_> = ["A", "B", "C", "D", "E", "F"].map(|first| ed25519(first, first)).into();
    assert_eq!(error_paths(&json!({ "keys": six })), [""]);
    assert_eq!(error_paths(&json!([])), [""]);
    assert_eq!(
        error_paths(
            &json!({ "keys": [ed25519("A", "1"), ed25519("A", "2"), ed25519("B", "1"), { "kty": "OKP", "crv": "Ed25519" }] })
        ),
        ["keys/1", "keys/2", "keys/3"]
    );
}

#[test]
fn keys_of_other_kinds_are_passed_over_beside_good_ones() {
    let encryption = json!({ "kty": "OKP", "crv": "X25519", "x": "A", "kid": "enc" });
    let other_alg = json!({ "kty": "AKP", "alg": "ML-DSA-44", "pub": "A" });
    let both = read(&json!({ "keys": [encryption, ed25519("A", "1"), other_alg] })).expect("legal");
    assert_eq!(both.set.keys.len(), 1);
    let expected = [Some("enc"), None].map(|kid| IgnoredKey::new(kid, IgnoredKeyReason::UnsupportedKind));
    assert_eq!(both.ignored, expected);
    assert_eq!(error_paths(&json!({ "keys": [encryption, other_alg] })), ["keys/0", "keys/1"]);
    let private = json!({ "kty": "OKP", "crv": "Ed25519", "x": "A".repeat(43), "d": "A" });
    assert_eq!(error_paths(&json!({ "keys": [ed25519("A", "1"), private] })), ["keys/1"]);
}

#[test]
fn one_key_may_be_listed_for_two_algorithms() {
    let rsa = |kid: &str, alg: &str| json!({ "kty": "RSA", "n": "_".repeat(341) + "w", "e": "AQAB", "kid": kid, "alg": alg });
    assert_eq!(
        read(&json!({ "keys": [rsa("1", "RS256"), rsa("2", "PS256")] })).expect("legal").set.keys.len(),
        2
    );
    assert_eq!(error_paths(&json!({ "keys": [rsa("1", "RS256"), rsa("2", "RS256")] })), ["keys/1"]);
}

#[test]
fn stored_keys_are_read_again() {
    let set = read(&json!({ "keys": [ed25519("A", "1")] })).expect("legal").set;
    let certificate =
        Certificate { thumbprint: "t".into(), expires_at: Timestamp::UNIX_EPOCH, subject: None };
    for source in [
        ClientKeys::PublicKeyPem(UploadedKey { jwk: set.keys[0].clone(), certificate: Some(certificate) }),
        ClientKeys::JwksUri(JwksUri::parse("https://example.com/jwks").expect("legal")),
        ClientKeys::Jwks(set),
    ] {
        let stored = serde_json::to_value(&source).expect("JSON");
        assert!(stored.get(source.field_name()).is_some());
        assert_eq!(serde_json::from_value::<ClientKeys>(stored).expect("as written"), source);
    }
}
