//! Public keys and certificates in PEM (RFC 7468), which customers upload: parsing, and writing keys.

use crate::adapters::crypto::digest::sha256;
use crate::domain::client::client_keys::{Certificate, UploadedKey};
use crate::domain::jose::jwk::{Curve, InvalidJwk, OkpCurve, PublicJwk, PublicKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use pkcs1::RsaPublicKeyRef;
use pkcs1::der::asn1::{BitString, UintRef};
use pkcs1::der::pem::LineEnding;
use pkcs1::der::{Decode, Encode, EncodePem};
use rustls::pki_types::pem::{self, SectionKind};
use spki::{AlgorithmIdentifierOwned, ObjectIdentifier, SubjectPublicKeyInfoOwned};

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
/// The longest text that is parsed, in bytes.
const MAX_LENGTH: usize = 16 * 1024;

/// Error of parsing a PEM text. Repeats nothing of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPem {
    /// It is a private key.
    #[error(
        "holds a private key: send the public key or certificate only, and make a new key, because this one has been shown"
    )]
    Private,
    /// It is neither a public key nor a certificate, or several.
    #[error("must be one PEM block, PUBLIC KEY or CERTIFICATE")]
    Shape,
    /// The kind of key is not supported.
    #[error("must be an RSA, P-256, P-384 or Ed25519 key")]
    Kind,
    /// The size or another property of the key is not supported.
    #[error("{0}")]
    Key(#[from] InvalidJwk),
}

/// Reads `-----BEGIN PUBLIC KEY-----` or `-----BEGIN CERTIFICATE-----`.
pub fn read(text: &str) -> Result<UploadedKey, InvalidPem> {
    if text.contains("PRIVATE KEY") {
        return Err(InvalidPem::Private);
    }
    if text.len() > MAX_LENGTH || text.matches("-----BEGIN ").count() != 1 {
        return Err(InvalidPem::Shape);
    }
    let (kind, der) = pem::from_buf(&mut text.as_bytes()).ok().flatten().ok_or(InvalidPem::Shape)?;
    match kind {
        SectionKind::PublicKey => {
            let info = SubjectPublicKeyInfoOwned::from_der(&der).map_err(|_| InvalidPem::Shape)?;
            Ok(UploadedKey { jwk: jwk(&info)?, certificate: None })
        }
        SectionKind::Certificate => certificate(&der),
        _ => Err(InvalidPem::Shape),
    }
}

fn certificate(der: &[u8]) -> Result<UploadedKey, InvalidPem> {
    let parsed = x509_cert::Certificate::from_der(der).map_err(|_| InvalidPem::Shape)?;
    let fields = parsed.tbs_certificate();
    let end = fields.validity().not_after.to_unix_duration();
    let seconds = i64::try_from(end.as_secs()).map_err(|_| InvalidPem::Shape)?;
    // RFC 5280 §4.1.2.5: one that never ends says 9999-12-31, which is later than the latest instant here.
    let expires_at = Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX);
    let thumbprint = URL_SAFE_NO_PAD.encode(sha256(der));
    let jwk = jwk(fields.subject_public_key_info())?;
    Ok(UploadedKey { jwk, certificate: Some(Certificate { thumbprint, expires_at }) })
}

fn jwk(info: &SubjectPublicKeyInfoOwned) -> Result<PublicJwk, InvalidPem> {
    let bits = info.subject_public_key.as_bytes().ok_or(InvalidPem::Shape)?;
    let parameters = info.algorithm.parameters.as_ref();
    let key = match info.algorithm.oid {
        RSA => {
            let rsa = RsaPublicKeyRef::from_der(bits).map_err(|_| InvalidPem::Shape)?;
            PublicKey::Rsa { n: encode(rsa.modulus.as_bytes()), e: encode(rsa.public_exponent.as_bytes()) }
        }
        EC => {
            let curve = parameters.and_then(|any| any.decode_as::<ObjectIdentifier>().ok());
            let (crv, width) = match curve {
                Some(P256) => (Curve::P256, 32),
                Some(P384) => (Curve::P384, 48),
                _ => return Err(InvalidPem::Kind),
            };
            // The uncompressed point (SEC 1 §2.3.3).
            let point = bits.strip_prefix(&[4]).filter(|point| point.len() == 2 * width);
            let (x, y) = point.ok_or(InvalidPem::Kind)?.split_at(width);
            PublicKey::Ec { crv, x: encode(x), y: encode(y) }
        }
        ED25519 => PublicKey::Okp { crv: OkpCurve::Ed25519, x: encode(bits) },
        _ => return Err(InvalidPem::Kind),
    };
    key.validate()?;
    Ok(PublicJwk { key, kid: None, alg: None })
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The key as `-----BEGIN PUBLIC KEY-----`; `None` for one that this module cannot parse.
#[must_use]
pub fn write(key: &PublicKey) -> Option<String> {
    let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).ok();
    let (oid, parameters, bits) = match key {
        PublicKey::Rsa { n, e } => {
            let (n, e) = (decode(n)?, decode(e)?);
            let rsa =
                RsaPublicKeyRef { modulus: UintRef::new(&n).ok()?, public_exponent: UintRef::new(&e).ok()? };
            (RSA, Some(spki::der::Any::null()), rsa.to_der().ok()?)
        }
        PublicKey::Ec { crv, x, y } => {
            let curve = match crv {
                Curve::P256 => P256,
                Curve::P384 => P384,
            };
            let parameters = spki::der::Any::encode_from(&curve).ok()?;
            (EC, Some(parameters), [vec![4], decode(x)?, decode(y)?].concat())
        }
        PublicKey::Okp { x, .. } => (ED25519, None, decode(x)?),
    };
    let info = SubjectPublicKeyInfoOwned {
        algorithm: AlgorithmIdentifierOwned { oid, parameters },
        subject_public_key: BitString::from_bytes(&bits).ok()?,
    };
    info.to_pem(LineEnding::LF).ok()
}

#[cfg(test)]
mod tests;
