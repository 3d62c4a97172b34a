//! Where a client's public keys come from: `jwks`, `jwks_uri` (RFC 7591 §2), or one uploaded key. Exactly one
//! of them (RFC 7591 §2: the first two must not both be present).

use crate::domain::jose::jwk::{PublicJwk, PublicKey};
use crate::domain::net::remote_url::JwksUri;
use crate::domain::primitives::validation::{FieldError, FromJson, kind_of, wrong};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The most keys in an inline `jwks`: the one in use, its successor, and room for other algorithms.
pub const MAX_KEYS: usize = 5;

/// The keys of a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientKeys {
    /// `jwks`: kept here.
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

/// One uploaded key. Of a certificate, only its key and its end matter: nobody's signature on it is checked,
/// because it is the upload that is trusted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadedKey {
    /// The key.
    pub jwk: PublicJwk,
    /// The certificate that it came in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<Certificate>,
}

/// What is kept of a certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// SHA-256 over its DER, base64url: `x5t#S256` (RFC 7515 §4.1.8).
    pub thumbprint: String,
    /// Its `notAfter`: its key verifies nothing from then on.
    pub expires_at: Timestamp,
}

impl ClientKeys {
    /// The member that it is set by.
    #[must_use]
    pub const fn member(&self) -> &'static str {
        match self {
            Self::Jwks(_) => "jwks",
            Self::JwksUri(_) => "jwks_uri",
            Self::PublicKeyPem(_) => "public_key_pem",
        }
    }

    /// Its keys, as far as they are kept here.
    #[must_use]
    pub fn inline_keys(&self) -> &[PublicJwk] {
        match self {
            Self::Jwks(set) => &set.keys,
            Self::JwksUri(_) => &[],
            Self::PublicKeyPem(uploaded) => std::slice::from_ref(&uploaded.jwk),
        }
    }

    /// The certificate, if its key came in one.
    #[must_use]
    pub fn certificate(&self) -> Option<&Certificate> {
        match self {
            Self::PublicKeyPem(uploaded) => uploaded.certificate.as_ref(),
            Self::Jwks(_) | Self::JwksUri(_) => None,
        }
    }

    /// Bytes that it takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        /// Names of members, the short values, and the day of the last use.
        const AROUND: usize = 60;
        /// What is kept of a certificate, its date in the index, and what was said about its end.
        const CERTIFICATE: usize = 300;
        let of = |key: &PublicJwk| {
            let content = match &key.key {
                PublicKey::Rsa { n, e } => n.len() + e.len(),
                PublicKey::Ec { x, y, .. } => x.len() + y.len(),
                PublicKey::Okp { x, .. } => x.len(),
            };
            content + key.kid.as_ref().map_or(0, String::len) + AROUND
        };
        let own = match self {
            Self::JwksUri(uri) => uri.as_str().len() + AROUND,
            Self::Jwks(_) => 0,
            Self::PublicKeyPem(uploaded) => uploaded.certificate.as_ref().map_or(0, |_| CERTIFICATE),
        };
        own + self.inline_keys().iter().map(of).sum::<usize>()
    }
}

impl FromJson for JwkSet {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        let Some(keys) = value.get("keys").and_then(Value::as_array) else {
            return wrong(format!("must be an object with keys, a list, not {}", kind_of(value)));
        };
        if keys.is_empty() || keys.len() > MAX_KEYS {
            return wrong(format!("must hold 1 to {MAX_KEYS} keys"));
        }
        let mut errors = Vec::new();
        let mut read: Vec<PublicJwk> = Vec::new();
        for (index, key) in keys.iter().enumerate() {
            let error = |detail: String| FieldError::new(format!("keys/{index}"), detail);
            match PublicJwk::read(key) {
                Ok(key) if read.iter().any(|other| clash(other, &key)) => {
                    errors.push(error("is there twice, or has the kid of another one".to_owned()));
                }
                Ok(key) => read.push(key),
                Err(invalid) => errors.push(error(invalid.to_string())),
            }
        }
        if errors.is_empty() { Ok(Self { keys: read }) } else { Err(errors) }
    }
}

fn clash(one: &PublicJwk, other: &PublicJwk) -> bool {
    one.key == other.key || (one.kid.is_some() && one.kid == other.kid)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn ed25519(first: &str, kid: &str) -> Value {
        json!({ "kty": "OKP", "crv": "Ed25519", "x": format!("{first}{}", "A".repeat(42)), "kid": kid })
    }

    fn complaints(value: &Value) -> Vec<String> {
        JwkSet::from_json(value).expect_err("not legal").into_iter().map(|error| error.path).collect()
    }

    #[test]
    fn a_set_holds_one_to_five_different_keys() {
        let set =
            JwkSet::from_json(&json!({ "keys": [ed25519("A", "1"), ed25519("B", "2")] })).expect("legal");
        assert_eq!(set.keys.len(), 2);
        assert_eq!(complaints(&json!({ "keys": [] })), [""]);
        assert_eq!(complaints(&json!({ "keys": vec![ed25519("A", "1"); 6] })), [""]);
        assert_eq!(complaints(&json!([])), [""]);
        assert_eq!(
            complaints(&json!({ "keys": [ed25519("A", "1"), ed25519("A", "2"), ed25519("B", "1"), {}] })),
            ["keys/1", "keys/2", "keys/3"]
        );
    }

    #[test]
    fn what_is_stored_is_read_back() {
        let set = JwkSet::from_json(&json!({ "keys": [ed25519("A", "1")] })).expect("legal");
        let certificate = Certificate { thumbprint: "t".into(), expires_at: Timestamp::UNIX_EPOCH };
        for source in [
            ClientKeys::PublicKeyPem(UploadedKey {
                jwk: set.keys[0].clone(),
                certificate: Some(certificate),
            }),
            ClientKeys::JwksUri(JwksUri::parse("https://example.com/jwks").expect("legal")),
            ClientKeys::Jwks(set),
        ] {
            let stored = serde_json::to_value(&source).expect("JSON");
            assert!(stored.get(source.member()).is_some());
            assert_eq!(serde_json::from_value::<ClientKeys>(stored).expect("as written"), source);
        }
    }
}
