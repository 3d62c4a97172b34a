//! The parsed key ring.

use crate::adapters::error::BackendError;
use crate::adapters::signing::document::KeyRingDocument;
use crate::adapters::signing::key::SigningKey;
use crate::domain::resource::TokenSigningAlg;
use jiff::Timestamp;
use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::{Jwk, JwkSet, KeyAlgorithm};
use std::collections::HashMap;

const OP: &str = "reading the signing keys";

/// The parsed key ring, which signs and verifies.
#[derive(Debug)]
pub struct KeyRing {
    active: [SigningKey; 2],
    next: [SigningKey; 2],
    /// The JWKS document (RFC 7517 §5), serialised once.
    jwks: String,
    newest_key_at: Option<Timestamp>,
    verifying: HashMap<String, (TokenSigningAlg, DecodingKey)>,
}

impl KeyRing {
    /// Parses the ring.
    pub fn parse(json: &str) -> Result<Self, BackendError> {
        let document = KeyRingDocument::from_json(json)?;
        let newest_key_at = document.active.published_at().max(document.next.published_at());
        let (active, next) = (document.active.parse()?, document.next.parse()?);
        let mut keys: Vec<Jwk> = active.iter().chain(&next).map(|key| key.jwk().clone()).collect();
        for retired in document.previous {
            keys.extend(retired.jwks()?);
        }
        let verifying = keys.iter().map(verifying_key).collect::<Result<_, _>>()?;
        let jwks = serde_json::to_string(&JwkSet { keys }).map_err(|error| BackendError::new(OP, error))?;
        Ok(Self { active, next, jwks, newest_key_at, verifying })
    }

    /// The key that signs tokens of this algorithm now.
    #[must_use]
    pub fn active(&self, alg: TokenSigningAlg) -> &SigningKey {
        of(&self.active, alg)
    }

    /// The key that will sign tokens of this algorithm after the next rotation.
    #[must_use]
    pub fn next(&self, alg: TokenSigningAlg) -> &SigningKey {
        of(&self.next, alg)
    }

    /// The JWKS document, as JSON.
    #[must_use]
    pub fn jwks(&self) -> &str {
        &self.jwks
    }

    /// Whole days since the last key was added to the ring, which each rotation does. Unknown for a ring of an older
    /// format.
    #[must_use]
    pub fn newest_key_age_days(&self, now: Timestamp) -> Option<usize> {
        let age = now.duration_since(self.newest_key_at?);
        usize::try_from(age.as_hours() / 24).ok()
    }

    /// The public key of this `kid`, and its algorithm.
    #[must_use]
    pub fn verifying(&self, kid: &str) -> Option<(TokenSigningAlg, &DecodingKey)> {
        self.verifying.get(kid).map(|(alg, key)| (*alg, key))
    }

    /// The `kid` of every key that is published.
    pub fn kids(&self) -> impl Iterator<Item = &str> {
        self.verifying.keys().map(String::as_str)
    }
}

/// The key of this algorithm. Key pairs are parsed in this order.
fn of([rs256, es256]: &[SigningKey; 2], alg: TokenSigningAlg) -> &SigningKey {
    match alg {
        TokenSigningAlg::RS256 => rs256,
        TokenSigningAlg::ES256 => es256,
    }
}

fn verifying_key(jwk: &Jwk) -> Result<(String, (TokenSigningAlg, DecodingKey)), BackendError> {
    let alg = match jwk.common.key_algorithm {
        Some(KeyAlgorithm::RS256) => TokenSigningAlg::RS256,
        Some(KeyAlgorithm::ES256) => TokenSigningAlg::ES256,
        _ => return Err(BackendError::new(OP, "a key is for neither RS256 nor ES256")),
    };
    let kid = jwk.common.key_id.clone().ok_or_else(|| BackendError::new(OP, "a key has no kid"))?;
    let key = DecodingKey::from_jwk(jwk).map_err(|error| BackendError::new(OP, error))?;
    Ok((kid, (alg, key)))
}
