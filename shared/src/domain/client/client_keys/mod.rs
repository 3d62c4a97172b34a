//! A client's public keys: `jwks`, `jwks_uri` (RFC 7591 §2), or one uploaded key. A client has at most one of them (RFC 7591
//! §2: the first two must not both be present).

pub mod key_check;
pub mod migration;
#[cfg(test)]
mod tests;

use crate::domain::jose::ignored_key::IgnoredKey;
use crate::domain::jose::jwk::{InvalidJwk, PublicJwk, PublicKey};
use crate::domain::net::remote_url::JwksUri;
use crate::domain::primitives::validation::{FieldError, invalid, kind_of};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The most keys in an inline `jwks`: the one in use, its successor, and room for other algorithms.
pub const MAX_KEYS: usize = 5;
/// The most keys of a sent set that are looked at.
const MAX_LISTED_KEYS: usize = 100;

/// The most characters of a certificate's subject that are kept.
pub const MAX_SUBJECT: usize = 120;

/// The keys of a client, or where to fetch them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientKeys {
    /// `jwks`: stored with the client.
    Jwks(JwkSet),
    /// `jwks_uri`: fetched when needed.
    JwksUri(JwksUri),
    /// `public_key_pem`: one key, of a PEM public key or certificate.
    PublicKeyPem(UploadedKey),
}

/// `jwks` (RFC 7517 §5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JwkSet {
    /// 1 to [`MAX_KEYS`] keys.
    pub keys: Vec<PublicJwk>,
}

/// One uploaded key. Of a certificate, only its key and its expiry are used: its signature is not verified, because the
/// upload itself is trusted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadedKey {
    /// The key.
    pub jwk: PublicJwk,
    /// The certificate that it was uploaded in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<Certificate>,
}

/// The stored part of a certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// SHA-256 over its DER, base64url: `x5t#S256` (RFC 7515 §4.1.8).
    pub thumbprint: String,
    /// Its `notAfter`: its key is not accepted from then on.
    pub expires_at: Timestamp,
    /// Its subject as text (RFC 4514), at most [`MAX_SUBJECT`] characters of it. Not known of those that earlier versions
    /// stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
}

impl JwkSet {
    /// The set as JSON, as it is published.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({ "keys": self.keys.iter().map(PublicJwk::to_json).collect::<Vec<_>>() })
    }
}

impl ClientKeys {
    /// Name of its member in the API.
    #[must_use]
    pub const fn field_name(&self) -> &'static str {
        match self {
            Self::Jwks(_) => "jwks",
            Self::JwksUri(_) => "jwks_uri",
            Self::PublicKeyPem(_) => "public_key_pem",
        }
    }

    /// Its keys, unless they are to be fetched.
    #[must_use]
    pub fn inline_keys(&self) -> &[PublicJwk] {
        match self {
            Self::Jwks(set) => &set.keys,
            Self::JwksUri(_) => &[],
            Self::PublicKeyPem(uploaded) => std::slice::from_ref(&uploaded.jwk),
        }
    }

    /// The URL that they are fetched from, if they are.
    #[must_use]
    pub fn jwks_uri(&self) -> Option<&JwksUri> {
        match self {
            Self::JwksUri(uri) => Some(uri),
            Self::Jwks(_) | Self::PublicKeyPem(_) => None,
        }
    }

    /// The certificate of its key, if there is one.
    #[must_use]
    pub fn certificate(&self) -> Option<&Certificate> {
        match self {
            Self::PublicKeyPem(uploaded) => uploaded.certificate.as_ref(),
            Self::Jwks(_) | Self::JwksUri(_) => None,
        }
    }

    /// Its size in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        /// Overhead of a key: names of members, short values, and the day of its last use.
        const OVERHEAD: usize = 60;
        /// Size of a certificate with its date in the index and its last notice.
        const CERTIFICATE: usize = 300;
        let of = |key: &PublicJwk| {
            let content = match &key.key {
                PublicKey::Rsa { n, e } => n.len() + e.len(),
                PublicKey::Ec { x, y, .. } => x.len() + y.len(),
                PublicKey::Okp { x, .. } => x.len(),
            };
            content + key.kid.as_ref().map_or(0, String::len) + OVERHEAD
        };
        let own = match self {
            Self::JwksUri(uri) => uri.as_str().len() + OVERHEAD,
            Self::Jwks(_) => 0,
            Self::PublicKeyPem(uploaded) => uploaded
                .certificate
                .as_ref()
                .map_or(0, |certificate| CERTIFICATE + certificate.subject.as_ref().map_or(0, String::len)),
        };
        own + self.inline_keys().iter().map(of).sum::<usize>()
    }
}

/// A key set as a caller sends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuppliedSet {
    /// Its keys that verify signatures.
    pub set: JwkSet,
    /// Keys of other kinds or for other purposes, which are passed over (RFC 7517 §5).
    pub ignored: Vec<IgnoredKey>,
}

impl SuppliedSet {
    /// Reads a key set by this reader of a key. Keys of other kinds are passed over only beside one that is not.
    pub fn read(
        value: &Value,
        read: impl Fn(&Value) -> Result<PublicJwk, InvalidJwk>,
    ) -> Result<Self, Vec<FieldError>> {
        let Some(keys) = value.get("keys").and_then(Value::as_array) else {
            return invalid(format!("must be an object with keys, a list, not {}", kind_of(value)));
        };
        if keys.is_empty() || keys.len() > MAX_LISTED_KEYS {
            return invalid(format!("must hold 1 to {MAX_KEYS} keys"));
        }
        let (mut good, mut ignored): (Vec<PublicJwk>, _) = (Vec::new(), Vec::new());
        let (mut errors, mut others) = (Vec::new(), Vec::new());
        for (index, key) in keys.iter().enumerate() {
            let error = |detail: String| FieldError::new(format!("keys/{index}"), detail);
            match read(key) {
                Ok(key) if good.iter().any(|other| conflicts(other, &key)) => {
                    errors.push(error("is there twice, or has the kid of another one".to_owned()));
                }
                Ok(key) => good.push(key),
                Err(invalid_key) if invalid_key.reason().is_other_kind() => {
                    others.push(error(invalid_key.to_string()));
                    ignored
                        .push(IgnoredKey::new(key.get("kid").and_then(Value::as_str), invalid_key.reason()));
                }
                Err(invalid_key) => errors.push(error(invalid_key.to_string())),
            }
        }
        if good.is_empty() {
            errors.extend(others);
        }
        if good.len() > MAX_KEYS {
            errors.push(FieldError::new("", format!("must hold 1 to {MAX_KEYS} keys")));
        }
        if errors.is_empty() { Ok(Self { set: JwkSet { keys: good }, ignored }) } else { Err(errors) }
    }
}

/// Whether a key is there twice. One key may stand there once for each algorithm.
fn conflicts(one: &PublicJwk, other: &PublicJwk) -> bool {
    (one.key == other.key && one.alg == other.alg) || (one.kid.is_some() && one.kid == other.kid)
}
