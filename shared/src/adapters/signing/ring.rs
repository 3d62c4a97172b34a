//! The parsed key ring.

use crate::adapters::error::BackendError;
use crate::adapters::signing::document::KeyRingDocument;
use crate::adapters::signing::key::SigningKey;
use crate::adapters::signing::verification_keys::VerificationKeys;
use crate::domain::resource::TokenSigningAlg;
use crate::domain::signing_keys::published::{PublishedKey, RingPosition};
use jiff::Timestamp;
use jsonwebtoken::jwk::{Jwk, JwkSet};

const OP: &str = "reading the signing keys";

/// The parsed key ring, which signs and verifies.
#[derive(Debug)]
pub struct KeyRing {
    active: [SigningKey; 2],
    next: [SigningKey; 2],
    jwk_set: JwkSet,
    /// The JWKS document (RFC 7517 §5), serialised once.
    jwks: String,
    newest_key_at: Option<Timestamp>,
    published: Vec<PublishedKey>,
    verification_keys: VerificationKeys,
}

impl KeyRing {
    /// Parses the ring.
    pub fn parse(json: &str) -> Result<Self, BackendError> {
        let document = KeyRingDocument::from_json(json)?;
        let newest_key_at = document.active.published_at().max(document.next.published_at());
        let (active, next) = (document.active.parse()?, document.next.parse()?);
        let mut keys: Vec<Jwk> = active.iter().chain(&next).map(|key| key.jwk().clone()).collect();
        let mut published = published_pair(&keys[..2], RingPosition::Active, document.active.published_at());
        published.extend(published_pair(&keys[2..], RingPosition::Next, document.next.published_at()));
        for retired in document.previous {
            let pair = retired.jwks()?;
            let known = published_pair(&pair, RingPosition::Previous, None).into_iter();
            published.extend(known.map(|key| PublishedKey { kept_until: retired.kept_until(), ..key }));
            keys.extend(pair);
        }
        let verification_keys = VerificationKeys::of(&keys)?;
        let jwk_set = JwkSet { keys };
        let jwks = serde_json::to_string(&jwk_set).map_err(|error| BackendError::new(OP, error))?;
        Ok(Self { active, next, jwk_set, jwks, newest_key_at, published, verification_keys })
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

    /// The public halves of all keys.
    #[must_use]
    pub const fn jwk_set(&self) -> &JwkSet {
        &self.jwk_set
    }

    /// What is known of each published key.
    #[must_use]
    pub fn published(&self) -> &[PublishedKey] {
        &self.published
    }

    /// The public halves of all keys, ready to verify.
    #[must_use]
    pub const fn verification_keys(&self) -> &VerificationKeys {
        &self.verification_keys
    }

    /// The `kid` of every key that is published.
    pub fn kids(&self) -> impl Iterator<Item = &str> {
        self.verification_keys.kids()
    }
}

/// What is known of the keys of a pair, one for each algorithm.
fn published_pair(
    pair: &[Jwk],
    position: RingPosition,
    published_at: Option<Timestamp>,
) -> Vec<PublishedKey> {
    let algorithms = [TokenSigningAlg::RS256, TokenSigningAlg::ES256];
    let known = pair.iter().zip(algorithms).filter_map(|(jwk, alg)| {
        let kid = jwk.common.key_id.clone()?;
        Some(PublishedKey { kid, alg, position, published_at, kept_until: None })
    });
    known.collect()
}

/// The key of this algorithm. Key pairs are parsed in this order.
fn of([rs256, es256]: &[SigningKey; 2], alg: TokenSigningAlg) -> &SigningKey {
    match alg {
        TokenSigningAlg::RS256 => rs256,
        TokenSigningAlg::ES256 => es256,
    }
}
