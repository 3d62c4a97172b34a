//! The public keys that verify access tokens. They can sign no token.

use crate::adapters::error::BackendError;
use crate::domain::resource::TokenSigningAlg;
use crate::domain::signing_keys::published::PublishedKey;
use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::{Jwk, JwkSet, KeyAlgorithm};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

const OP: &str = "reading the verification keys";

/// The public keys, by `kid`.
#[derive(Clone, Debug)]
pub struct VerificationKeys(HashMap<String, (TokenSigningAlg, DecodingKey)>);

impl VerificationKeys {
    /// The keys of a JWK set.
    pub fn of(keys: &[Jwk]) -> Result<Self, BackendError> {
        keys.iter().map(verification_key).collect::<Result<_, _>>().map(Self)
    }

    /// Parses the stored document.
    pub fn parse(json: &str) -> Result<Self, BackendError> {
        Self::of(&VerificationKeysDocument::from_json(json)?.jwks.keys)
    }

    /// The public key of this `kid`, and its algorithm.
    #[must_use]
    pub fn get(&self, kid: &str) -> Option<(TokenSigningAlg, &DecodingKey)> {
        self.0.get(kid).map(|(alg, key)| (*alg, key))
    }

    /// The `kid` of every key.
    pub fn kids(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// The JSON that is stored in Secrets Manager: a JWK set (RFC 7517 §5) with more members.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct VerificationKeysDocument {
    /// The public halves of a key ring.
    #[serde(flatten)]
    pub jwks: JwkSet,
    /// The version of the key ring.
    pub ring_version: String,
    /// What is known of each key. Empty in documents of an earlier version.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub published: Vec<PublishedKey>,
}

impl VerificationKeysDocument {
    /// Parses the stored document.
    pub fn from_json(json: &str) -> Result<Self, BackendError> {
        serde_json::from_str(json).map_err(|_| BackendError::new(OP, "expected a JWK set with ring_version"))
    }

    /// The JSON to store.
    pub fn to_json(&self) -> Result<String, BackendError> {
        serde_json::to_string(self).map_err(|error| BackendError::new("writing the verification keys", error))
    }
}

fn verification_key(jwk: &Jwk) -> Result<(String, (TokenSigningAlg, DecodingKey)), BackendError> {
    let alg = match jwk.common.key_algorithm {
        Some(KeyAlgorithm::RS256) => TokenSigningAlg::RS256,
        Some(KeyAlgorithm::ES256) => TokenSigningAlg::ES256,
        _ => return Err(BackendError::new(OP, "a key is for neither RS256 nor ES256")),
    };
    let kid = jwk.common.key_id.clone().ok_or_else(|| BackendError::new(OP, "a key has no kid"))?;
    let key = DecodingKey::from_jwk(jwk).map_err(|error| BackendError::new(OP, error))?;
    Ok((kid, (alg, key)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_of_an_earlier_version_is_read() {
        let stored = r#"{"keys":[],"ring_version":"v1"}"#;
        let document = VerificationKeysDocument::from_json(stored).expect("legal");
        assert_eq!(document.published, []);
        assert_eq!(document.to_json().expect("written"), stored);
    }
}
