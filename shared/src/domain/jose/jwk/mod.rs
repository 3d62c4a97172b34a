//! Public keys as JSON Web Keys (RFC 7517, RFC 7518 §6, RFC 8037), to verify client assertions and ID tokens.

mod invalid;
mod read;
mod stored_alg;
#[cfg(test)]
mod tests;

pub use invalid::InvalidJwk;
pub use read::{MAX_KID_LENGTH, MAX_RSA_BITS, MIN_RSA_BITS};

use crate::domain::jose::algorithm::JwsAlgorithm;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A curve of an EC key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Curve {
    /// NIST P-256.
    #[serde(rename = "P-256")]
    P256,
    /// NIST P-384.
    #[serde(rename = "P-384")]
    P384,
}

impl Curve {
    /// The length of a coordinate, in bytes.
    #[must_use]
    pub const fn width(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P384 => 48,
        }
    }
}

/// The curve of an OKP key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OkpCurve {
    /// Ed25519 (RFC 8032).
    Ed25519,
}

/// The key itself. Numbers and coordinates are base64url.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kty")]
pub enum PublicKey {
    /// An RSA key (RFC 7518 §6.3).
    #[serde(rename = "RSA")]
    Rsa {
        /// The modulus. One that a version before this one stored may have leading zeros.
        n: String,
        /// The exponent.
        e: String,
    },
    /// An EC key (RFC 7518 §6.2).
    #[serde(rename = "EC")]
    Ec {
        /// The curve.
        crv: Curve,
        /// x coordinate.
        x: String,
        /// y coordinate.
        y: String,
    },
    /// An OKP key (RFC 8037 §2).
    #[serde(rename = "OKP")]
    Okp {
        /// The curve.
        crv: OkpCurve,
        /// The public key, 32 bytes.
        x: String,
    },
}

/// A public key with its `kid` and `alg`. Other members, such as certificate chains and URLs, are dropped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicJwk {
    /// The key.
    #[serde(flatten)]
    pub key: PublicKey,
    /// `kid`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
    /// `alg`: the only algorithm that it may be used with.
    #[serde(flatten, with = "stored_alg")]
    pub alg: Option<JwsAlgorithm>,
}

impl PublicKey {
    /// An RSA key of big-endian numbers, which may have leading zeros.
    pub fn rsa(n: &[u8], e: &[u8]) -> Result<Self, InvalidJwk> {
        let (n, e) = (significant(n), significant(e));
        read::check_rsa(n, e)?;
        Ok(Self::Rsa { n: URL_SAFE_NO_PAD.encode(n), e: URL_SAFE_NO_PAD.encode(e) })
    }

    /// An EC key of two coordinates of the curve's width.
    #[must_use]
    pub fn ec(crv: Curve, x: &[u8], y: &[u8]) -> Self {
        Self::Ec { crv, x: URL_SAFE_NO_PAD.encode(x), y: URL_SAFE_NO_PAD.encode(y) }
    }

    /// An Ed25519 key.
    pub fn ed25519(x: &[u8]) -> Result<Self, InvalidJwk> {
        let x = if x.len() == 32 {
            URL_SAFE_NO_PAD.encode(x)
        } else {
            return Err(InvalidJwk::OkpLength(x.len()));
        };
        Ok(Self::Okp { crv: OkpCurve::Ed25519, x })
    }

    /// Whether the algorithm is for keys of this type.
    #[must_use]
    pub fn fits(&self, alg: JwsAlgorithm) -> bool {
        use JwsAlgorithm::{ES256, ES384, Ed25519, EdDSA};
        match self {
            Self::Rsa { .. } => alg.is_rsa(),
            Self::Ec { crv: Curve::P256, .. } => alg == ES256,
            Self::Ec { crv: Curve::P384, .. } => alg == ES384,
            Self::Okp { .. } => matches!(alg, EdDSA | Ed25519),
        }
    }

    /// A part that is unique to the key: the modulus or the x coordinate.
    #[must_use]
    pub fn distinguishing(&self) -> &str {
        match self {
            Self::Rsa { n, .. } => n,
            Self::Ec { x, .. } | Self::Okp { x, .. } => x,
        }
    }
}

/// A big-endian number without leading zeros.
#[must_use]
pub fn significant(number: &[u8]) -> &[u8] {
    number.iter().position(|byte| *byte != 0).map_or(&[][..], |start| &number[start..])
}

impl PublicJwk {
    /// A key without `kid` and `alg`.
    #[must_use]
    pub const fn new(key: PublicKey) -> Self {
        Self { key, kid: None, alg: None }
    }

    /// Reads a JWK (RFC 7517 §4) that verifies signatures. Members that are not known, or null, are ignored.
    pub fn read(value: &Value) -> Result<Self, InvalidJwk> {
        read::jwk(value)
    }

    /// The key as a JWK. Unlike the stored form, it names every algorithm as `alg`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut jwk = json!(self.key);
        if let Some(kid) = &self.kid {
            jwk["kid"] = json!(kid);
        }
        if let Some(alg) = self.alg {
            jwk["alg"] = json!(alg.as_str());
        }
        jwk
    }

    /// Whether it can have made a signature of this algorithm.
    #[must_use]
    pub fn may_sign(&self, alg: JwsAlgorithm) -> bool {
        self.key.fits(alg) && self.alg.is_none_or(|own| own.is(alg))
    }
}

/// Keys that can have made a signature: of the keys that fit the algorithm, those with this `kid` and those without any; all
/// of them if the header has no `kid`.
pub fn candidates<'a>(
    keys: &'a [PublicJwk],
    kid: Option<&'a str>,
    alg: JwsAlgorithm,
) -> impl Iterator<Item = &'a PublicJwk> {
    keys.iter().filter(move |key| {
        let named = match (kid, key.kid.as_deref()) {
            (Some(requested), Some(own)) => requested == own,
            _ => true,
        };
        named && key.may_sign(alg)
    })
}
