//! `SubjectPublicKeyInfo` (RFC 5280 §4.1.2.7) of every kind of key, also with points and parameters written otherwise.

use super::rsa_pss;
use crate::domain::jose::jwk::{Curve, PublicJwk, PublicKey};
use crate::domain::jose::key_finding::KeyFinding;
use ::spki::der::{Decode, Encode};
use ::spki::{ObjectIdentifier, SubjectPublicKeyInfoOwned};
use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, EcdsaVerificationAlgorithm, UnparsedPublicKey,
};
use pkcs1::RsaPublicKeyRef;

pub(super) const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
pub(super) const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
pub(super) const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
pub(super) const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
pub(super) const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

/// Names of kinds and curves that are not supported, by object identifier.
const OTHER_KINDS: [(&str, &str); 12] = [
    ("1.2.840.10040.4.1", "a DSA key"),
    ("1.3.101.110", "an X25519 key, which is for key agreement"),
    ("1.3.101.111", "an X448 key, which is for key agreement"),
    ("1.3.101.113", "an Ed448 key"),
    ("1.2.840.113549.1.3.1", "a Diffie-Hellman key"),
    ("2.16.840.1.101.3.4.3.17", "an ML-DSA-44 key"),
    ("2.16.840.1.101.3.4.3.18", "an ML-DSA-65 key"),
    ("2.16.840.1.101.3.4.3.19", "an ML-DSA-87 key"),
    ("1.3.132.0.35", "an EC key on P-521"),
    ("1.3.132.0.10", "an EC key on secp256k1"),
    ("1.3.132.0.33", "an EC key on P-224"),
    ("1.3.36.3.3.2.8.1.1.7", "an EC key on brainpoolP256r1"),
];

/// Reads the key of a `SubjectPublicKeyInfo`.
pub(super) fn read(der: &[u8]) -> Result<PublicJwk, KeyFinding> {
    let info = SubjectPublicKeyInfoOwned::from_der(der).map_err(|_| KeyFinding::Damaged)?;
    let bits = info.subject_public_key.as_bytes().ok_or(KeyFinding::Damaged)?;
    let key = match info.algorithm.oid {
        RSA => rsa(bits)?,
        RSA_PSS => {
            let alg = rsa_pss::algorithm(info.algorithm.parameters.as_ref())?;
            return Ok(PublicJwk { alg: Some(alg), ..PublicJwk::new(rsa(bits)?) });
        }
        EC => ec(&info, bits)?,
        ED25519 => PublicKey::ed25519(bits)?,
        other => return Err(other_kind(other)),
    };
    Ok(PublicJwk::new(key))
}

fn other_kind(oid: ObjectIdentifier) -> KeyFinding {
    let text = oid.to_string();
    let name = OTHER_KINDS.iter().find(|(known, _)| *known == text).map(|(_, name)| (*name).to_owned());
    KeyFinding::OtherKind(name.unwrap_or_else(|| format!("a key of another kind ({text})")))
}

fn rsa(bits: &[u8]) -> Result<PublicKey, KeyFinding> {
    let rsa = RsaPublicKeyRef::from_der(bits).map_err(|_| KeyFinding::Damaged)?;
    Ok(PublicKey::rsa(rsa.modulus.as_bytes(), rsa.public_exponent.as_bytes())?)
}

/// Curves and the algorithms of the library that reads points on them.
const CURVES: [(Curve, ObjectIdentifier, &EcdsaVerificationAlgorithm); 2] =
    [(Curve::P256, P256, &ECDSA_P256_SHA256_FIXED), (Curve::P384, P384, &ECDSA_P384_SHA384_FIXED)];

fn ec(info: &SubjectPublicKeyInfoOwned, bits: &[u8]) -> Result<PublicKey, KeyFinding> {
    let parameters = info.algorithm.parameters.as_ref();
    if let Some(oid) = parameters.and_then(|any| any.decode_as::<ObjectIdentifier>().ok()) {
        let known = CURVES.iter().find(|(_, known, _)| *known == oid);
        let (crv, _, alg) = known.ok_or_else(|| other_kind(oid))?;
        return ec_point(*crv, alg, bits).ok_or(KeyFinding::Damaged);
    }
    // The parameters of the curve are written out: the library knows whether they are those of a curve with a name.
    let whole = info.to_der().map_err(|_| KeyFinding::Damaged)?;
    CURVES.iter().find_map(|(crv, _, alg)| ec_point(*crv, alg, &whole)).ok_or_else(|| {
        KeyFinding::OtherKind("an EC key with explicit parameters of another curve".to_owned())
    })
}

/// The key of a point, which may be compressed, or of a `SubjectPublicKeyInfo`.
pub(super) fn ec_point(
    crv: Curve,
    alg: &'static EcdsaVerificationAlgorithm,
    point: &[u8],
) -> Option<PublicKey> {
    let parsed = UnparsedPublicKey::new(alg, point).parse().ok()?;
    let der: PublicKeyX509Der<'_> = parsed.as_der().ok()?;
    let info = SubjectPublicKeyInfoOwned::from_der(der.as_ref()).ok()?;
    // The uncompressed point (SEC 1 §2.3.3).
    let coordinates = info.subject_public_key.as_bytes()?.strip_prefix(&[4])?;
    let (x, y) = coordinates.split_at_checked(crv.width()).filter(|(_, y)| y.len() == crv.width())?;
    Some(PublicKey::ec(crv, x, y))
}
