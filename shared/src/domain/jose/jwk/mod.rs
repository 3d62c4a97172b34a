//! Public keys as JSON Web Keys (RFC 7517, RFC 7518 §6, RFC 8037), to verify client assertions and ID tokens.

use crate::domain::jose::algorithm::JwsAlgorithm;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The smallest RSA modulus, in bits.
pub const MIN_RSA_BITS: usize = 2_048;
/// The largest RSA modulus, in bits: it bounds the work of a verification.
pub const MAX_RSA_BITS: usize = 4_096;
/// The longest `kid`, in bytes.
pub const MAX_KID_LENGTH: usize = 128;

/// Members of private and symmetric keys only (RFC 7518 §6, RFC 8037 §2).
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
        /// The modulus.
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alg: Option<JwsAlgorithm>,
}

/// Error of [`PublicJwk::read`]. It contains nothing of the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidJwk {
    /// It is a private or symmetric key, which must not leave its owner.
    #[error(
        "holds a private or symmetric key: send the public half only, and make a new key, because this one has been shown"
    )]
    Private,
    /// An invalid RSA key, or one of a refused size.
    #[error("RSA keys must have 2048 to 4096 bits and an odd exponent of 3 or more")]
    Rsa,
    /// An invalid EC key, or one of another curve.
    #[error("EC keys must have crv P-256 or P-384, and x and y of that curve")]
    Ec,
    /// An invalid OKP key, or one of another curve.
    #[error("OKP keys must have crv Ed25519 and x of 32 bytes")]
    Okp,
    /// Another `kty`.
    #[error("kty must be RSA, EC or OKP")]
    Kind,
    /// `use` or `key_ops` is not for signatures.
    #[error("use must be sig, and key_ops must hold verify, where they are present")]
    Use,
    /// `alg` is unknown, or does not fit the key.
    #[error("alg must be one of RS256, PS256, ES256, ES384, EdDSA, Ed25519, and fit the key")]
    Alg,
    /// `kid` is no text, empty or too long.
    #[error("kid must be text of 1 to 128 bytes")]
    Kid,
}

impl PublicKey {
    /// Whether the algorithm is for keys of this type.
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

    /// Checks the sizes. That a point is on its curve is checked by each verification.
    pub fn validate(&self) -> Result<(), InvalidJwk> {
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

    /// A part that is unique to the key: the modulus or the x coordinate.
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

/// Length of a big-endian number, in bits.
fn bits(bytes: &[u8]) -> usize {
    let significant = bytes.iter().position(|byte| *byte != 0).map_or(&[][..], |start| &bytes[start..]);
    significant.first().map_or(0, |first| significant.len() * 8 - first.leading_zeros() as usize)
}

impl PublicJwk {
    /// Reads a JWK (RFC 7517 §4) that verifies signatures. Members that are not known are ignored.
    pub fn read(value: &Value) -> Result<Self, InvalidJwk> {
        let member = |name: &str| value.get(name);
        if PRIVATE_MEMBERS.iter().any(|name| member(name).is_some()) {
            return Err(InvalidJwk::Private);
        }
        let invalid_key = match member("kty").and_then(Value::as_str) {
            Some("RSA") => InvalidJwk::Rsa,
            Some("EC") => InvalidJwk::Ec,
            Some("OKP") => InvalidJwk::Okp,
            Some("oct") => InvalidJwk::Private,
            _ => InvalidJwk::Kind,
        };
        let key = PublicKey::deserialize(value).map_err(|_| invalid_key)?;
        key.validate()?;
        let for_signatures = member("use").is_none_or(|purpose| purpose == "sig");
        let includes_verify =
            |ops: &Value| ops.as_array().is_some_and(|ops| ops.iter().any(|op| op == "verify"));
        if !for_signatures || !member("key_ops").is_none_or(includes_verify) {
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

#[cfg(test)]
mod tests;
