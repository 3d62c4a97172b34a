//! Keys and certificates in the forms in which people have them.

mod refused;

use super::*;
use crate::domain::jose::algorithm::JwsAlgorithm;
use crate::domain::jose::jwk::{Curve, PublicKey};
use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{self, EcdsaKeyPair, KeyPair as _};
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::Timestamp;
use proptest::prelude::*;

/// Made with OpenSSL and OpenSSH: `=== what => kind of key, or a part of what is said`.
const SAMPLES: &str = include_str!("../samples.txt");

fn armour(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<_> =
        text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).expect("ASCII")).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

fn p256() -> EcdsaKeyPair {
    EcdsaKeyPair::generate(&signature::ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key")
}

fn p256_spki() -> Vec<u8> {
    let der: PublicKeyX509Der<'_> = p256().public_key().as_der().expect("DER");
    der.as_ref().to_vec()
}

/// The one key of a text.
fn one(text: &str) -> Result<UploadedKey, String> {
    match read_text(text) {
        Ok(SuppliedKeys { keys: ClientKeys::PublicKeyPem(uploaded), .. }) => Ok(uploaded),
        Ok(other) => Err(format!("{other:?}")),
        Err(KeyReadError::Whole(finding)) => Err(finding.to_string()),
        Err(KeyReadError::Set(errors)) => Err(format!("{errors:?}")),
    }
}

fn kind(jwk: &PublicJwk) -> &'static str {
    match (&jwk.key, jwk.alg) {
        (_, Some(alg)) => alg.as_str(),
        (PublicKey::Rsa { .. }, None) => "RSA",
        (PublicKey::Ec { crv: Curve::P256, .. }, None) => "P-256",
        (PublicKey::Ec { crv: Curve::P384, .. }, None) => "P-384",
        (PublicKey::Okp { .. }, None) => "Ed25519",
    }
}

#[test]
fn files_of_other_programs_are_read_or_named() {
    let samples: Vec<_> = SAMPLES.split("=== ").skip(1).collect();
    assert!(samples.len() >= 40, "{}", samples.len());
    for sample in samples {
        let (header, text) = sample.split_once('\n').expect("a header");
        let (what, expected) = header.split_once(" => ").expect("an expectation");
        match one(text) {
            Ok(uploaded) => assert_eq!(kind(&uploaded.jwk), expected, "{what}"),
            Err(said) => assert!(said.contains(expected), "{what}: {said}"),
        }
    }
}

fn sample(what: &str) -> &'static str {
    let sample = SAMPLES.split("=== ").find(|sample| sample.starts_with(what)).expect(what);
    sample.split_once('\n').expect("a header").1
}

#[test]
fn the_leaf_of_a_chain_is_taken_in_any_order() {
    let thumbprint =
        |what: &str| one(sample(what)).expect(what).certificate.expect("a certificate").thumbprint;
    let leaf = thumbprint("X509 CERTIFICATE");
    for what in
        ["a chain, leaf first", "a chain, root first", "TRUSTED CERTIFICATE", "a key and its certificate"]
    {
        assert_eq!(thumbprint(what), leaf, "{what}");
    }
}

#[test]
fn the_subject_of_a_certificate_is_text() {
    let certificate = one(sample("a chain, leaf first")).expect("legal").certificate.expect("a certificate");
    assert_eq!(certificate.subject.as_deref(), Some("CN=leaf"));
}

#[test]
fn a_certificate_without_end_has_the_latest_instant() {
    let forever =
        one(sample("a certificate without end")).expect("legal").certificate.expect("a certificate");
    assert_eq!(forever.expires_at, Timestamp::MAX);
}

#[test]
fn keys_of_every_kind_survive_a_round_trip() {
    let rsa = KeyPair::generate(KeySize::Rsa2048).expect("a key");
    let rsa: PublicKeyX509Der<'_> = rsa.public_key().as_der().expect("DER");
    let p384 = EcdsaKeyPair::generate(&signature::ECDSA_P384_SHA384_FIXED_SIGNING).expect("a key");
    let p384: PublicKeyX509Der<'_> = p384.public_key().as_der().expect("DER");
    let ed25519 = signature::Ed25519KeyPair::generate().expect("a key");
    let ed25519: PublicKeyX509Der<'_> = ed25519.public_key().as_der().expect("DER");
    let p256 = p256_spki();
    for (der, alg) in [
        (rsa.as_ref(), JwsAlgorithm::PS256),
        (&p256[..], JwsAlgorithm::ES256),
        (p384.as_ref(), JwsAlgorithm::ES384),
        (ed25519.as_ref(), JwsAlgorithm::Ed25519),
    ] {
        let pem = armour("PUBLIC KEY", der);
        let read = one(&pem).unwrap_or_else(|error| panic!("{alg:?}: {error}"));
        assert!(read.jwk.may_sign(alg) && read.certificate.is_none());
        assert_eq!(to_pem(&read.jwk.key).as_deref(), Some(&*pem));
    }
}

/// What editors, forms, shells and configuration files do to a PEM text.
#[test]
fn a_pem_text_is_read_in_every_dress() {
    let der = p256_spki();
    let pem = armour("PUBLIC KEY", &der);
    let expected = one(&pem).expect("legal");
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    for (what, text) in [
        ("CRLF", pem.replace('\n', "\r\n")),
        ("CR only", pem.replace('\n', "\r")),
        ("byte order mark", format!("\u{feff}{pem}")),
        ("no newline at the end", pem.trim_end().to_owned()),
        ("blank lines around", format!("\n\n{pem}\n\n")),
        ("blanks at the ends of lines", pem.replace('\n', " \t\n")),
        ("indentation", pem.lines().flat_map(|line| ["    ", line, "\n"]).collect()),
        ("blank lines inside", pem.replace('\n', "\n\n")),
        ("line breaks in two characters", pem.replace('\n', "\\n")),
        ("the same with a return", pem.replace('\n', "\\r\\n")),
        ("quotes", format!("\"{}\"", pem.trim_end())),
        ("single quotes and two characters", format!("'{}'", pem.trim_end().replace('\n', "\\n"))),
        ("blanks for line breaks", pem.trim_end().replace('\n', " ")),
        ("no line breaks", pem.replace('\n', "")),
        ("one line of base64", format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----")),
        ("lower case", pem.replace("BEGIN PUBLIC KEY", "begin public key")),
        ("four hyphens", pem.replace("-----", "----")),
        ("dashes of a word processor", pem.replace("-----", "–––––")),
        ("no END", format!("-----BEGIN PUBLIC KEY-----\n{body}\n")),
        ("the key twice", format!("{pem}{pem}")),
        ("DER in base64", body.clone()),
        ("the same on several lines", body.replace('A', "A\n")),
        ("a data URL", format!("data:application/x-pem-file;base64,{}", STANDARD.encode(&pem))),
        ("the text in base64", STANDARD.encode(&pem)),
        ("a comment about a PRIVATE KEY", format!("# public half of the PRIVATE KEY of order sync\n{pem}")),
        ("under a label for RSA", armour("RSA PUBLIC KEY", &der)),
        ("under a label for private keys", armour("PRIVATE KEY", &der)),
    ] {
        assert_eq!(one(&text), Ok(expected.clone()), "{what}");
    }
}

#[test]
fn json_and_urls_are_taken_for_what_they_are() {
    let spki = one(&armour("PUBLIC KEY", &p256_spki())).expect("legal").jwk;
    let (jwk, set) = (spki.to_json(), ClientKeys::Jwks(JwkSet { keys: vec![spki.clone()] }));
    let list = json!([jwk]);
    for value in [&jwk, &list, &json!({ "keys": list })] {
        for value in [value.clone(), json!(value.to_string()), json!(format!("\u{feff} {value}\n"))] {
            assert_eq!(read_json(&value).map(|read| read.keys), Ok(set.clone()), "{value}");
        }
    }
    let uri = "https://client.example.com/keys";
    assert_eq!(read_json(&json!(uri)).expect("legal").keys.jwks_uri().map(JwksUri::as_str), Some(uri));
    for value in [json!(null), json!(7), json!({ "pem": "x" })] {
        assert_eq!(read_json(&value), Err(KeyFinding::Json.into()), "{value}");
    }
}

#[test]
fn points_off_their_curve_are_unusable() {
    let off = URL_SAFE_NO_PAD.encode([1; 32]);
    let jwk = json!({ "kty": "EC", "crv": "P-256", "x": off, "y": off });
    assert_eq!(read_json(&jwk), Err(InvalidJwk::Unusable.into()));
    let Err(KeyReadError::Set(errors)) = read_json(&json!({ "keys": [jwk] })) else { panic!("taken") };
    assert_eq!(errors[0].path, "keys/0");
}

proptest! {
    #[test]
    fn no_input_panics(text in "\\PC{0,80}", der: Vec<u8>) {
        let _ = read_text(&text);
        let _ = read_text(&format!("ssh-rsa {}", STANDARD.encode(&der)));
        let _ = read_text(&STANDARD.encode(&der));
        let _ = read_text(&armour("PUBLIC KEY", &der));
        let _ = read_text(&armour("CERTIFICATE", &[&[0x30, der.len().to_le_bytes()[0]][..], &der].concat()));
    }
}
