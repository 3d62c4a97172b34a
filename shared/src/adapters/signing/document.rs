//! The key ring as it is stored in Secrets Manager: `next`, which is published before it signs; `active`, which signs;
//! `previous`, whose tokens may still be valid.

use crate::adapters::error::BackendError;
use crate::adapters::signing::key::{PrivateKey, SigningKey};
use crate::domain::resource::TokenSigningAlg;
use crate::domain::signing_keys::rotation::{
    CompromisedKeys, KeyOrigin, KeyRingTimestamps, RotationDecision, plan,
};
use jiff::Timestamp;
use jsonwebtoken::jwk::Jwk;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use zeroize::Zeroizing;

const OP: &str = "reading the signing keys";
/// The number of handled compromises that are recorded, so that none is handled twice.
const MAX_HANDLED: usize = 16;

/// A key pair for each algorithm.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyPairSet {
    rs256: PrivateKey,
    es256: PrivateKey,
    /// When it was added to the ring. Missing in rings of an older format.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    published_at: Option<Timestamp>,
}

impl KeyPairSet {
    fn generate(now: Timestamp) -> Result<Self, BackendError> {
        Ok(Self {
            rs256: PrivateKey::generate(TokenSigningAlg::RS256)?,
            es256: PrivateKey::generate(TokenSigningAlg::ES256)?,
            published_at: Some(now),
        })
    }

    pub(super) const fn published_at(&self) -> Option<Timestamp> {
        self.published_at
    }

    pub(super) fn parse(&self) -> Result<[SigningKey; 2], BackendError> {
        Ok([
            SigningKey::parse(&self.rs256, TokenSigningAlg::RS256)?,
            SigningKey::parse(&self.es256, TokenSigningAlg::ES256)?,
        ])
    }

    /// The public halves: the private ones are no longer needed.
    fn retire(&self, kept_until: Timestamp) -> Result<RetiredKeys, BackendError> {
        let [rs256, es256] = self.parse()?.map(|key| RetiredKey::Public(Box::new(key.jwk().clone())));
        Ok(RetiredKeys { rs256, es256, kept_until: Some(kept_until) })
    }
}

/// A public key for each algorithm.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetiredKeys {
    rs256: RetiredKey,
    es256: RetiredKey,
    /// When its last token expires at the latest. Missing in rings of an older format.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kept_until: Option<Timestamp>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum RetiredKey {
    Public(Box<Jwk>),
    /// The format of older rings.
    Private(PrivateKey),
}

impl RetiredKey {
    fn public(&self, alg: TokenSigningAlg) -> Result<Jwk, BackendError> {
        match self {
            Self::Public(jwk) => Ok(Jwk::clone(jwk)),
            Self::Private(key) => Ok(SigningKey::parse(key, alg)?.jwk().clone()),
        }
    }
}

impl RetiredKeys {
    pub(super) const fn kept_until(&self) -> Option<Timestamp> {
        self.kept_until
    }

    pub(super) fn jwks(&self) -> Result<[Jwk; 2], BackendError> {
        Ok([self.rs256.public(TokenSigningAlg::RS256)?, self.es256.public(TokenSigningAlg::ES256)?])
    }

    fn kept(&self, until: Timestamp) -> Result<Self, BackendError> {
        let [rs256, es256] = self.jwks()?.map(|jwk| RetiredKey::Public(Box::new(jwk)));
        Ok(Self { rs256, es256, kept_until: Some(until) })
    }
}

/// The JSON that is stored in Secrets Manager.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyRingDocument {
    /// The keys that sign after the next rotation.
    pub next: KeyPairSet,
    /// The keys that sign.
    pub active: KeyPairSet,
    /// The retired keys, the latest first.
    #[serde(default, deserialize_with = "none_one_or_many", skip_serializing_if = "Vec::is_empty")]
    pub previous: Vec<RetiredKeys>,
    /// The version of the secret that this ring was derived from.
    #[serde(rename = "follows", default, skip_serializing_if = "Option::is_none")]
    pub parent_version: Option<String>,
    /// The ids of the handled compromises, as the operator chose them; the latest last.
    #[serde(rename = "emergencies", default, skip_serializing_if = "Vec::is_empty")]
    pub handled_compromises: Vec<String>,
}

/// Rings of an older format have a single `previous`, or `null`.
fn none_one_or_many<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<RetiredKeys>, D::Error> {
    // Not an untagged enum: it would also accept an array as the members of a single one.
    let value = Value::deserialize(from)?;
    let read = match value {
        Value::Null => Ok(Vec::new()),
        Value::Array(many) => many.into_iter().map(serde_json::from_value).collect(),
        one => serde_json::from_value(one).map(|one| vec![one]),
    };
    read.map_err(|_| D::Error::custom("not a retired key"))
}

impl KeyRingDocument {
    /// A first ring, without retired keys.
    pub fn generate(now: Timestamp) -> Result<Self, BackendError> {
        Ok(Self {
            next: KeyPairSet::generate(now)?,
            active: KeyPairSet::generate(now)?,
            previous: Vec::new(),
            parent_version: None,
            handled_compromises: Vec::new(),
        })
    }

    /// Parses a stored ring. An error repeats nothing of it.
    pub fn from_json(json: &str) -> Result<Self, BackendError> {
        serde_json::from_str(json)
            .map_err(|_| BackendError::new(OP, "expected JSON with next, active and, optionally, previous"))
    }

    /// The JSON to store.
    pub fn to_json(&self) -> Result<Zeroizing<String>, BackendError> {
        let json = serde_json::to_string(self).map(Zeroizing::new);
        json.map_err(|error| BackendError::new("writing the signing keys", error))
    }

    /// The ring that replaces this one in a scheduled rotation. `version` is this ring's version, which became current at
    /// `activated_at`.
    pub fn rotate(
        self,
        version: &str,
        activated_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<(Self, RotationDecision), BackendError> {
        let plan = plan(&self.times(activated_at), now);
        let mut previous = Vec::new();
        for (retired, until) in self.previous.iter().zip(plan.previous) {
            if let Some(until) = until {
                previous.push(retired.kept(until)?);
            }
        }
        let (next, active) = match plan.decision {
            RotationDecision::Promoted { kept_until } => {
                previous.insert(0, self.active.retire(kept_until)?);
                (KeyPairSet::generate(now)?, self.next)
            }
            RotationDecision::TooEarly { published_at } => {
                (KeyPairSet { published_at: Some(published_at), ..self.next }, self.active)
            }
        };
        let ring = Self { next, active, previous, parent_version: Some(version.to_owned()), ..self };
        Ok((ring, plan.decision))
    }

    fn times(&self, activated_at: Option<Timestamp>) -> KeyRingTimestamps {
        KeyRingTimestamps {
            next_published_at: self.next.published_at,
            previous_kept_until: self.previous.iter().map(|retired| retired.kept_until).collect(),
            activated_at,
        }
    }

    /// The `kid` of every key that the next ring has to publish.
    pub fn needed_kids(&self, now: Timestamp) -> Result<Vec<String>, BackendError> {
        let mut jwks = Vec::new();
        for slot in [&self.active, &self.next] {
            jwks.extend(slot.parse()?.map(|key| key.jwk().clone()));
        }
        let is_expired = |retired: &RetiredKeys| retired.kept_until.is_some_and(|until| until <= now);
        for retired in self.previous.iter().filter(|retired| !is_expired(retired)) {
            jwks.extend(retired.jwks()?);
        }
        Ok(jwks.into_iter().filter_map(|jwk| jwk.common.key_id).collect())
    }

    /// Whether the compromise with this id was handled.
    #[must_use]
    pub fn has_handled(&self, id: &str) -> bool {
        self.handled_compromises.iter().any(|known| known == id)
    }

    /// The ring that replaces this one, whose version is `version`, without the compromised keys.
    pub fn without_compromised(
        mut self,
        compromised: CompromisedKeys,
        id: &str,
        version: &str,
        now: Timestamp,
    ) -> Result<Self, BackendError> {
        let replacement = compromised.replacement();
        let mut next = Some(self.next);
        let active = match replacement.active {
            KeyOrigin::Keep => self.active,
            KeyOrigin::PromoteNext => next.take().map_or_else(|| KeyPairSet::generate(now), Ok)?,
            KeyOrigin::Generate => KeyPairSet::generate(now)?,
        };
        let next = match (replacement.next, next) {
            (KeyOrigin::Keep, Some(next)) => next,
            _ => KeyPairSet::generate(now)?,
        };
        if !replacement.keeps_previous {
            self.previous.clear();
        }
        self.handled_compromises.push(id.to_owned());
        let dropped = self.handled_compromises.len().saturating_sub(MAX_HANDLED);
        self.handled_compromises.drain(..dropped);
        Ok(Self { next, active, parent_version: Some(version.to_owned()), ..self })
    }
}
