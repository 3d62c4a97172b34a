//! Verification of JWS signatures of clients and other issuers (RFC 7515 §5.2).

use crate::domain::jose::algorithm::JwsAlgorithm;
use crate::domain::jose::jwk::{Curve, OkpCurve, PublicJwk, PublicKey, significant};
use crate::domain::oauth::client_assertion::Assertion;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey,
    VerificationAlgorithm,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{Jwk, ThumbprintHash};
use jsonwebtoken::{Algorithm, DecodingKey, crypto};
use pkcs1::RsaPublicKeyRef;
use pkcs1::der::Encode;
use pkcs1::der::asn1::UintRef;

/// Whether the assertion's signature is the key's. `false` for a key that cannot be used.
#[must_use]
pub fn verify_assertion(assertion: &Assertion, key: &PublicJwk) -> bool {
    verify_signature(assertion.alg, &assertion.signed, &assertion.signature, key)
}

/// Whether `signature` (base64url) is the key's signature of `signed` by this algorithm.
#[must_use]
pub fn verify_signature(alg: JwsAlgorithm, signed: &str, signature: &str, key: &PublicJwk) -> bool {
    let Some(decoding) = decoding_key(&key.key) else { return false };
    let algorithm = match alg {
        JwsAlgorithm::RS256 => Algorithm::RS256,
        JwsAlgorithm::RS384 => Algorithm::RS384,
        JwsAlgorithm::RS512 => Algorithm::RS512,
        JwsAlgorithm::PS256 => Algorithm::PS256,
        JwsAlgorithm::PS384 => Algorithm::PS384,
        JwsAlgorithm::PS512 => Algorithm::PS512,
        JwsAlgorithm::ES256 => Algorithm::ES256,
        JwsAlgorithm::ES384 => Algorithm::ES384,
        JwsAlgorithm::EdDSA | JwsAlgorithm::Ed25519 => Algorithm::EdDSA,
    };
    key.may_sign(alg) && crypto::verify(signature, signed.as_bytes(), &decoding, algorithm).unwrap_or(false)
}

/// SHA-256 thumbprint of the key (RFC 7638), base64url; `None` if it is no usable key.
#[must_use]
pub fn thumbprint(key: &PublicJwk) -> Option<String> {
    let jwk: Jwk = serde_json::from_value(serde_json::to_value(&key.key).ok()?).ok()?;
    jwk.thumbprint(ThumbprintHash::SHA256).ok()
}

fn decoding_key(key: &PublicKey) -> Option<DecodingKey> {
    match key {
        // aws-lc rejects leading zeros, which a version before this one stored as they came.
        PublicKey::Rsa { n, e } => {
            let (n, e) = (decode(n)?, decode(e)?);
            Some(DecodingKey::from_rsa_raw_components(significant(&n), significant(&e)))
        }
        PublicKey::Ec { x, y, .. } => DecodingKey::from_ec_components(x, y).ok(),
        PublicKey::Okp { x, .. } => DecodingKey::from_ed_components(x).ok(),
    }
}

/// Whether aws-lc can verify with the key: a point must lie on its curve, and an RSA modulus must be one.
#[must_use]
pub fn is_usable(key: &PublicKey) -> bool {
    let point = |x: &str, y: &str| Some([vec![4], decode(x)?, decode(y)?].concat());
    let (alg, bytes): (&'static dyn VerificationAlgorithm, _) = match key {
        PublicKey::Ec { crv: Curve::P256, x, y } => (&ECDSA_P256_SHA256_FIXED, point(x, y)),
        PublicKey::Ec { crv: Curve::P384, x, y } => (&ECDSA_P384_SHA384_FIXED, point(x, y)),
        PublicKey::Okp { x, .. } => (&ED25519, decode(x)),
        PublicKey::Rsa { n, e } => (&RSA_PKCS1_2048_8192_SHA256, rsa_der(n, e)),
    };
    bytes.is_some_and(|bytes| UnparsedPublicKey::new(alg, bytes).parse().is_ok())
}

/// `RSAPublicKey` (RFC 8017 §A.1.1).
fn rsa_der(n: &str, e: &str) -> Option<Vec<u8>> {
    let (n, e) = (decode(n)?, decode(e)?);
    let rsa = RsaPublicKeyRef { modulus: UintRef::new(&n).ok()?, public_exponent: UintRef::new(&e).ok()? };
    rsa.to_der().ok()
}

fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// A key whose private half does not exist, for this algorithm. Verifying with it takes as long as verifying with a
/// client's key.
#[must_use]
pub fn dummy_key(alg: JwsAlgorithm) -> PublicJwk {
    let key = match alg {
        JwsAlgorithm::RS256
        | JwsAlgorithm::RS384
        | JwsAlgorithm::RS512
        | JwsAlgorithm::PS256
        | JwsAlgorithm::PS384
        | JwsAlgorithm::PS512 => PublicKey::Rsa { n: DUMMY_RSA.to_owned(), e: "AQAB".to_owned() },
        JwsAlgorithm::ES256 => ec(Curve::P256, DUMMY_P256),
        JwsAlgorithm::ES384 => ec(Curve::P384, DUMMY_P384),
        JwsAlgorithm::EdDSA | JwsAlgorithm::Ed25519 => {
            PublicKey::Okp { crv: OkpCurve::Ed25519, x: DUMMY_ED25519.to_owned() }
        }
    };
    PublicJwk { key, kid: None, alg: None }
}

fn ec(crv: Curve, (x, y): (&str, &str)) -> PublicKey {
    PublicKey::Ec { crv, x: x.to_owned(), y: y.to_owned() }
}

// The private halves of these were never stored.
const DUMMY_RSA: &str = "tCr_5apN6PxRS207OsheuRGi2LICCwRbRg95cpMuVkgNizeP-DEO9hFJ3cYiB36EEYKG4OPZ11R3e2jT-qNui5V6a-kPf4lLaTg3\
    oxanoIDaWnAGcLOWGkZbkdouije_NuEy3ciVFNK_J2MTTekq5B2bbmXLVD2HY6DgdJjKyu0N1GqlBxKwSX3VDdxCk1WBPVlgWrHp\
    f8vJCxyJ44j4wcQBtvreTa7Jk4gFaPiZXofZp1AvkHtZ9_NRkV2It5TkpYUdoTt4ZlSg6l-xBsgOyNsLouZT4QU7LuwTfyE-FGq4\
    ZxZRImbRcZZTIM9Udf8nW0apEXFznzsE7va4NUm6YQ";
const DUMMY_P256: (&str, &str) =
    ("hn3oUJ_JM2-tTU-QpAPMh__7Z0IueLhQhRdBKAJ_hZs", "GxM3C2t1VtbKRCswkWjEYU7vcwE2nOj2b03EQnEu7rE");
const DUMMY_P384: (&str, &str) = (
    "P7WA8rckEChs5_F14TiO-aePn7In00LnS_spGXjR0o9nMUvgatDouhWFoKtaK1Gv",
    "ROBByBoyRDOI6ga2DbU8nHad8jh6KEBP6A3XXd0BYiVbJKRnnM3Pr4Yr9H-i7DfD",
);
const DUMMY_ED25519: &str = "57fKReLmKjyB12o-fESx614VW3o-OWlUhF7tfo-JZck";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_algorithm_has_a_dummy_key() {
        for alg in JwsAlgorithm::ALL {
            let dummy_key = dummy_key(*alg);
            assert_eq!(PublicJwk::read(&dummy_key.to_json()), Ok(dummy_key.clone()));
            assert!(dummy_key.may_sign(*alg));
            assert!(is_usable(&dummy_key.key));
        }
    }

    #[test]
    fn a_point_off_its_curve_is_not_usable() {
        let off = |bytes: usize| URL_SAFE_NO_PAD.encode(vec![1; bytes]);
        for (crv, bytes) in [(Curve::P256, 32), (Curve::P384, 48)] {
            assert!(!is_usable(&PublicKey::Ec { crv, x: off(bytes), y: off(bytes) }));
        }
    }
}
