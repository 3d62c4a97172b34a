//! The ring of signing keys: `next`, which verifiers see before it is used; `active`, which signs;
//! `previous`, whose tokens are still out there.

use super::key::{PrivateKey, SigningKey};
use crate::adapters::fault::Fault;
use crate::domain::resource::TokenSigningAlg;
use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

const DOING: &str = "reading the signing keys";

/// One place of the ring: a key for each algorithm.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slot {
    rs256: PrivateKey,
    es256: PrivateKey,
}

impl Slot {
    fn generate() -> Result<Self, Fault> {
        Ok(Self {
            rs256: PrivateKey::generate(TokenSigningAlg::RS256)?,
            es256: PrivateKey::generate(TokenSigningAlg::ES256)?,
        })
    }

    fn parse(&self) -> Result<[SigningKey; 2], Fault> {
        Ok([
            SigningKey::parse(&self.rs256, TokenSigningAlg::RS256)?,
            SigningKey::parse(&self.es256, TokenSigningAlg::ES256)?,
        ])
    }
}

/// The JSON that Secrets Manager keeps.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RingDocument {
    /// Signs after the next rotation.
    pub next: Slot,
    /// Signs now.
    pub active: Slot,
    /// Signed before the last rotation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Slot>,
}

impl RingDocument {
    /// A first ring, which has no past.
    pub fn generate() -> Result<Self, Fault> {
        Ok(Self { next: Slot::generate()?, active: Slot::generate()?, previous: None })
    }
}

/// The ring, ready to sign and to verify.
#[derive(Debug)]
pub struct KeyRing {
    rs256: SigningKey,
    es256: SigningKey,
    /// The JWKS document (RFC 7517 §5), serialised once.
    jwks: String,
    verifying: HashMap<String, (TokenSigningAlg, DecodingKey)>,
}

impl KeyRing {
    /// Parses the ring.
    pub fn parse(json: &str) -> Result<Self, Fault> {
        let document: RingDocument = serde_json::from_str(json)
            .map_err(|_| Fault::new(DOING, "expected JSON with next, active and, optionally, previous"))?;
        let [rs256, es256] = document.active.parse()?;
        let mut others = document.next.parse()?.to_vec_of_jwks();
        if let Some(previous) = &document.previous {
            others.extend(previous.parse()?.to_vec_of_jwks());
        }
        let mut keys = vec![rs256.jwk().clone(), es256.jwk().clone()];
        keys.append(&mut others);
        let verifying = keys.iter().map(verifying_key).collect::<Result<_, _>>()?;
        let jwks = serde_json::to_string(&JwkSet { keys }).map_err(|error| Fault::new(DOING, error))?;
        Ok(Self { rs256, es256, jwks, verifying })
    }

    /// The key that signs tokens of this algorithm now.
    #[must_use]
    pub fn active(&self, alg: TokenSigningAlg) -> &SigningKey {
        match alg {
            TokenSigningAlg::RS256 => &self.rs256,
            TokenSigningAlg::ES256 => &self.es256,
        }
    }

    /// The JWKS document, as JSON.
    #[must_use]
    pub fn jwks(&self) -> &str {
        &self.jwks
    }

    /// The public key of this `kid`, and what it may have signed.
    #[must_use]
    pub fn verifying(&self, kid: &str) -> Option<(TokenSigningAlg, &DecodingKey)> {
        self.verifying.get(kid).map(|(alg, key)| (*alg, key))
    }
}

trait Jwks {
    fn to_vec_of_jwks(&self) -> Vec<Jwk>;
}

impl Jwks for [SigningKey; 2] {
    fn to_vec_of_jwks(&self) -> Vec<Jwk> {
        self.iter().map(|key| key.jwk().clone()).collect()
    }
}

fn verifying_key(jwk: &Jwk) -> Result<(String, (TokenSigningAlg, DecodingKey)), Fault> {
    let alg = match jwk.common.key_algorithm {
        Some(jsonwebtoken::jwk::KeyAlgorithm::ES256) => TokenSigningAlg::ES256,
        _ => TokenSigningAlg::RS256,
    };
    let key = DecodingKey::from_jwk(jwk).map_err(|error| Fault::new(DOING, error))?;
    Ok((jwk.common.key_id.clone().unwrap_or_default(), (alg, key)))
}
