//! Keys that OpenSSL made, and what people upload by mistake.

use super::*;
use crate::domain::jose::algorithm::JwsAlgorithm;
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{self, KeyPair as _};
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;

fn armour(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<_> =
        text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).expect("ASCII")).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

fn p256_spki() -> Vec<u8> {
    let pair = signature::EcdsaKeyPair::generate(&signature::ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key");
    let der: PublicKeyX509Der<'_> = pair.public_key().as_der().expect("DER");
    der.as_ref().to_vec()
}

#[test]
fn keys_of_every_kind_are_read_and_written_as_they_were() {
    let rsa = KeyPair::generate(KeySize::Rsa2048).expect("a key");
    let rsa: PublicKeyX509Der<'_> = rsa.public_key().as_der().expect("DER");
    let p384 = signature::EcdsaKeyPair::generate(&signature::ECDSA_P384_SHA384_FIXED_SIGNING).expect("a key");
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
        let read = read(&pem).unwrap_or_else(|error| panic!("{alg:?}: {error}"));
        assert!(read.jwk.may_sign(alg) && read.certificate.is_none());
        assert_eq!(write(&read.jwk.key).as_deref(), Some(&*pem));
        let one_line =
            format!("-----BEGIN PUBLIC KEY-----\r\n{}\r\n-----END PUBLIC KEY-----", STANDARD.encode(der));
        assert_eq!(crate::adapters::crypto::pem::read(&one_line), Ok(read));
    }
}

#[test]
fn a_private_key_is_refused_wherever_it_stands() {
    let pair = KeyPair::generate(KeySize::Rsa2048).expect("a key");
    let private: Pkcs8V1Der<'_> = pair.as_der().expect("DER");
    let public = armour("PUBLIC KEY", &p256_spki());
    for label in
        ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "OPENSSH PRIVATE KEY"]
    {
        let pem = armour(label, private.as_ref());
        assert_eq!(read(&pem), Err(InvalidPem::Private), "{label}");
        assert_eq!(read(&format!("{public}{pem}")), Err(InvalidPem::Private), "{label}");
    }
}

#[test]
fn other_shapes_are_refused() {
    let public = armour("PUBLIC KEY", &p256_spki());
    for pem in [
        String::new(),
        "ssh-ed25519 AAAAC3Nz me@host".to_owned(),
        format!("{public}{public}"),
        public.replace("END", "ENDE"),
        armour("PUBLIC KEY", b"nonsense"),
        armour("CERTIFICATE", b"nonsense"),
        armour("CERTIFICATE REQUEST", &p256_spki()),
        armour("RSA PUBLIC KEY", &p256_spki()),
        armour("PUBLIC KEY", &vec![0x30; 20_000]),
    ] {
        assert_eq!(read(&pem), Err(InvalidPem::Shape), "{pem}");
    }
}

#[test]
fn a_weak_rsa_key_is_refused() {
    let modulus = [0xff; 128];
    let weak = RsaPublicKeyRef {
        modulus: UintRef::new(&modulus).expect("a number"),
        public_exponent: UintRef::new(&[1, 0, 1]).expect("a number"),
    };
    let info = SubjectPublicKeyInfoOwned {
        algorithm: AlgorithmIdentifierOwned { oid: RSA, parameters: Some(spki::der::Any::null()) },
        subject_public_key: BitString::from_bytes(&weak.to_der().expect("DER")).expect("bits"),
    };
    let pem = info.to_pem(LineEnding::LF).expect("PEM");
    assert_eq!(read(&pem), Err(InvalidPem::Key(InvalidJwk::Rsa)));
}

proptest! {
    #[test]
    fn no_text_and_no_der_makes_it_panic(text in "\\PC{0,80}", der: Vec<u8>) {
        let _ = read(&text);
        let _ = read(&armour("PUBLIC KEY", &der));
        let _ = read(&armour("CERTIFICATE", &der));
    }
}
