//! Writing a public key as PEM.

use super::spki::{EC, ED25519, P256, P384, RSA};
use crate::domain::jose::jwk::{Curve, PublicKey};
use ::spki::der::asn1::{BitString, UintRef};
use ::spki::der::pem::LineEnding;
use ::spki::der::{Any, Encode, EncodePem};
use ::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pkcs1::RsaPublicKeyRef;

/// The key as `-----BEGIN PUBLIC KEY-----`; `None` for one that this module cannot parse.
#[must_use]
pub fn to_pem(key: &PublicKey) -> Option<String> {
    let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).ok();
    let (oid, parameters, bits) = match key {
        PublicKey::Rsa { n, e } => {
            let (n, e) = (decode(n)?, decode(e)?);
            let rsa =
                RsaPublicKeyRef { modulus: UintRef::new(&n).ok()?, public_exponent: UintRef::new(&e).ok()? };
            (RSA, Some(Any::null()), rsa.to_der().ok()?)
        }
        PublicKey::Ec { crv, x, y } => {
            let curve = match crv {
                Curve::P256 => P256,
                Curve::P384 => P384,
            };
            (EC, Some(Any::encode_from(&curve).ok()?), [vec![4], decode(x)?, decode(y)?].concat())
        }
        PublicKey::Okp { x, .. } => (ED25519, None, decode(x)?),
    };
    let info = SubjectPublicKeyInfoOwned {
        algorithm: AlgorithmIdentifierOwned { oid, parameters },
        subject_public_key: BitString::from_bytes(&bits).ok()?,
    };
    info.to_pem(LineEnding::LF).ok()
}
