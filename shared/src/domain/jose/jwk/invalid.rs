//! Why a JWK is not taken.

use crate::domain::jose::ignored_key::IgnoredKeyReason;
use serde_json::Value;

/// The longest value that an error repeats, in bytes: names of kinds, curves and algorithms are shorter, and parts of keys
/// longer.
const MAX_FOUND: usize = 12;

/// Error of reading a JWK. It repeats nothing but short names.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidJwk {
    /// It is a private or symmetric key, which must not leave its owner.
    #[error(
        "holds a private or symmetric key: send the public half only, and make a new key, because this one has been shown"
    )]
    Private,
    /// A member that the kind needs is missing.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// Another `kty`.
    #[error("kty is {0}; keys must be RSA, EC (P-256, P-384) or OKP (Ed25519)")]
    Kind(String),
    /// Another curve.
    #[error("crv is {0}; EC keys must be on P-256 or P-384, OKP keys on Ed25519")]
    Curve(String),
    /// A number that is no text.
    #[error("{0} must be text in base64url (RFC 7518 §2), such as AQAB for 65537")]
    Text(&'static str),
    /// A number that is not base64.
    #[error("{0} is not base64url (RFC 4648 §5)")]
    Base64(&'static str),
    /// A number in hexadecimal digits.
    #[error("{0} is written in hexadecimal: write its bytes in base64url")]
    Hexadecimal(&'static str),
    /// An RSA modulus of a refused size.
    #[error("the RSA key has {0} bits; it must have 2048 to 4096: openssl genrsa -out client.key 3072")]
    RsaSize(usize),
    /// Numbers that no RSA key has.
    #[error("an RSA key has an odd modulus, and an odd exponent from 3 to 33 bits")]
    RsaNumbers,
    /// A coordinate that is too long for its curve.
    #[error("{0} has more bytes than the curve")]
    Coordinate(&'static str),
    /// An Ed25519 key of another length.
    #[error("x of an Ed25519 key has 32 bytes, not {0}")]
    OkpLength(usize),
    /// The point is not on its curve, or the key cannot be used otherwise.
    #[error("cannot verify a signature: it is not a point on its curve, or its numbers are none of a key")]
    Unusable,
    /// `use` is not for signatures.
    #[error("use is {0}; it must be sig where it is present")]
    Use(String),
    /// `key_ops` is not for verification.
    #[error("key_ops must be a list with verify where it is present")]
    KeyOps,
    /// `alg` is unknown, or does not fit the key.
    #[error(
        "alg is {0}; it must be one of RS256, RS384, RS512, PS256, PS384, PS512 (RSA), ES256 (P-256), ES384 (P-384), EdDSA, \
         Ed25519, and fit the key"
    )]
    Alg(String),
    /// `kid` is no text, empty or too long.
    #[error("kid must be text of 1 to 512 bytes")]
    Kid,
}

impl InvalidJwk {
    /// Why a set is read without the key.
    #[must_use]
    pub const fn reason(&self) -> IgnoredKeyReason {
        match self {
            Self::Private => IgnoredKeyReason::PrivateKey,
            Self::Kind(_) | Self::Curve(_) => IgnoredKeyReason::UnsupportedKind,
            Self::Alg(_) => IgnoredKeyReason::UnsupportedAlg,
            Self::Use(_) | Self::KeyOps => IgnoredKeyReason::NotForSignatures,
            Self::Kid => IgnoredKeyReason::InvalidKid,
            Self::RsaSize(_) => IgnoredKeyReason::RefusedSize,
            Self::Missing(_)
            | Self::Text(_)
            | Self::Base64(_)
            | Self::Hexadecimal(_)
            | Self::RsaNumbers
            | Self::Coordinate(_)
            | Self::OkpLength(_)
            | Self::Unusable => IgnoredKeyReason::Invalid,
        }
    }
}

/// A value for an error: a short name, or what it is otherwise.
pub(super) fn found(value: &Value) -> String {
    let is_name = |text: &&str| {
        (1..=MAX_FOUND).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
    };
    match value {
        Value::String(text) => {
            Some(text.as_str()).filter(is_name).map_or("another text".to_owned(), str::to_owned)
        }
        Value::Null => "missing".to_owned(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => "no text".to_owned(),
    }
}
