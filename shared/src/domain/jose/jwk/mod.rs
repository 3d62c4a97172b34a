//! Public keys as JSON Web Keys (RFC 7517, RFC 7518 §6, RFC 8037): what verifies a client's assertions.

use crate::domain::jose::algorithm::JwsAlgorithm;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The smallest RSA modulus, in bits.
pub const MIN_RSA_BITS: usize = 2_048;
/// The largest RSA modulus, in bits: verifying with a larger one would cost more than it is worth.
pub const MAX_RSA_BITS: usize = 4_096;
/// The longest `kid`, in bytes.
pub const MAX_KID_LENGTH: usize = 128;

/// The members that only a private or a symmetric key has (RFC 7518 §6, RFC 8037 §2).
const PRIVATE_MEMBERS: [&str; 9] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

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

/// The curve of an OKP key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OkpCurve {
    /// RFC 8032.
    Ed25519,
}

/// The key itself; numbers and coordinates are base64url, as JWK has them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kty")]
pub enum PublicKey {
    /// RFC 7518 §6.3.
    #[serde(rename = "RSA")]
    Rsa {
        /// The modulus.
        n: String,
        /// The exponent.
        e: String,
    },
    /// RFC 7518 §6.2.
    #[serde(rename = "EC")]
    Ec {
        /// The curve.
        crv: Curve,
        /// The point.
        x: String,
        /// The point.
        y: String,
    },
    /// RFC 8037 §2.
    #[serde(rename = "OKP")]
    Okp {
        /// The curve.
        crv: OkpCurve,
        /// The point.
        x: String,
    },
}

/// A public key, and what its owner says of it. Only what matters is kept: no certificate chain, no URL.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicJwk {
    /// The key.
    #[serde(flatten)]
    pub key: PublicKey,
    /// What the header of an assertion calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
    /// The one algorithm that it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alg: Option<JwsAlgorithm>,
}

/// Why a JSON value is not a key that can verify assertions. Says nothing of the key itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidJwk {
    /// It must never have left its owner.
    #[error(
        "holds a private or symmetric key: send the public half only, and make a new key, because this one has been shown"
    )]
    Private,
    /// RSA keys of a sound size.
    #[error("RSA keys must have 2048 to 4096 bits and an odd exponent of 3 or more")]
    Rsa,
    /// EC keys of a known curve.
    #[error("EC keys must have crv P-256 or P-384, and x and y of that curve")]
    Ec,
    /// Ed25519.
    #[error("OKP keys must have crv Ed25519 and x of 32 bytes")]
    Okp,
    /// Another kind.
    #[error("kty must be RSA, EC or OKP")]
    Kind,
    /// `use`, `key_ops`.
    #[error("use must be sig, and key_ops must hold verify, where they are present")]
    Use,
    /// `alg`.
    #[error("alg must be one of RS256, PS256, ES256, ES384, EdDSA, Ed25519, and fit the key")]
    Alg,
    /// `kid`.
    #[error("kid must be text of 1 to 128 bytes")]
    Kid,
}

impl PublicKey {
    /// Whether the algorithm is for keys of this kind.
    #[must_use]
    pub fn fits(&self, alg: JwsAlgorithm) -> bool {
        use JwsAlgorithm::{ES256, ES384, Ed25519, EdDSA, PS256, RS256};
        match self {
            Self::Rsa { .. } => matches!(alg, RS256 | PS256),
            Self::Ec { crv: Curve::P256, .. } => alg == ES256,
            Self::Ec { crv: Curve::P384, .. } => alg == ES384,
            Self::Okp { .. } => matches!(alg, EdDSA | Ed25519),
        }
    }

    /// Checks sizes; whether a point is on its curve shows when it is used.
    pub fn check(&self) -> Result<(), InvalidJwk> {
        match self {
            Self::Rsa { n, e } => {
                let (Some(n), Some(e)) = (decode(n), decode(e)) else { return Err(InvalidJwk::Rsa) };
                let good = (MIN_RSA_BITS..=MAX_RSA_BITS).contains(&bits(&n))
                    && n.last().is_some_and(|byte| byte % 2 == 1)
                    && (2..=33).contains(&bits(&e))
                    && e.last().is_some_and(|byte| byte % 2 == 1);
                if good { Ok(()) } else { Err(InvalidJwk::Rsa) }
            }
            Self::Ec { crv, x, y } => {
                let width = match crv {
                    Curve::P256 => 32,
                    Curve::P384 => 48,
                };
                let good = [x, y].iter().all(|text| decode(text).is_some_and(|bytes| bytes.len() == width));
                if good { Ok(()) } else { Err(InvalidJwk::Ec) }
            }
            Self::Okp { x, .. } => {
                if decode(x).is_some_and(|bytes| bytes.len() == 32) {
                    Ok(())
                } else {
                    Err(InvalidJwk::Okp)
                }
            }
        }
    }

    /// The part that tells this key from others.
    #[must_use]
    pub fn distinguishing(&self) -> &str {
        match self {
            Self::Rsa { n, .. } => n,
            Self::Ec { x, .. } | Self::Okp { x, .. } => x,
        }
    }
}

fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok().filter(|bytes| !bytes.is_empty())
}

/// The length of a big-endian number.
fn bits(bytes: &[u8]) -> usize {
    let significant = bytes.iter().position(|byte| *byte != 0).map_or(&[][..], |start| &bytes[start..]);
    significant.first().map_or(0, |first| significant.len() * 8 - first.leading_zeros() as usize)
}

impl PublicJwk {
    /// Reads a JWK (RFC 7517 §4). What is not about the key is left out; what contradicts its purpose is
    /// refused.
    pub fn read(value: &Value) -> Result<Self, InvalidJwk> {
        let member = |name: &str| value.get(name);
        if PRIVATE_MEMBERS.iter().any(|name| member(name).is_some()) {
            return Err(InvalidJwk::Private);
        }
        let wrong_kind = match member("kty").and_then(Value::as_str) {
            Some("RSA") => InvalidJwk::Rsa,
            Some("EC") => InvalidJwk::Ec,
            Some("OKP") => InvalidJwk::Okp,
            Some("oct") => InvalidJwk::Private,
            _ => InvalidJwk::Kind,
        };
        let key = PublicKey::deserialize(value).map_err(|_| wrong_kind)?;
        key.check()?;
        let for_signatures = member("use").is_none_or(|purpose| purpose == "sig");
        let verify_assertion =
            |ops: &Value| ops.as_array().is_some_and(|ops| ops.iter().any(|op| op == "verify"));
        if !for_signatures || !member("key_ops").is_none_or(verify_assertion) {
            return Err(InvalidJwk::Use);
        }
        let alg = match member("alg") {
            None => None,
            Some(name) => {
                let alg = name.as_str().and_then(JwsAlgorithm::parse).filter(|alg| key.fits(*alg));
                Some(alg.ok_or(InvalidJwk::Alg)?)
            }
        };
        let kid = match member("kid") {
            None => None,
            Some(Value::String(kid)) if (1..=MAX_KID_LENGTH).contains(&kid.len()) => Some(kid.clone()),
            Some(_) => return Err(InvalidJwk::Kid),
        };
        Ok(Self { key, kid, alg })
    }

    /// Whether it may have made a signature of this algorithm.
    #[must_use]
    pub fn may_sign(&self, alg: JwsAlgorithm) -> bool {
        self.key.fits(alg) && self.alg.is_none_or(|own| own.is(alg))
    }
}

/// The keys that may have signed: those of this `kid` if the header names one, and all that fit otherwise.
/// A key without a `kid` answers to any.
pub fn candidates<'a>(
    keys: &'a [PublicJwk],
    kid: Option<&'a str>,
    alg: JwsAlgorithm,
) -> impl Iterator<Item = &'a PublicJwk> {
    keys.iter().filter(move |key| {
        let named = match (kid, key.kid.as_deref()) {
            (Some(wanted), Some(own)) => wanted == own,
            _ => true,
        };
        named && key.may_sign(alg)
    })
}

#[cfg(test)]
mod tests;
