//! The ring of signing keys as Secrets Manager keeps it: `next`, which verifiers see before it is used;
//! `active`, which signs; `previous`, whose tokens are still out there.

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
/// So many emergencies are remembered, so that none is carried out twice.
const REMEMBERED: usize = 16;

/// A key for each algorithm, able to sign.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyPairSet {
    rs256: PrivateKey,
    es256: PrivateKey,
    /// Since when it has been in the ring. Rings of an older form do not say it.
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

    pub(super) fn parse(&self) -> Result<[SigningKey; 2], BackendError> {
        Ok([
            SigningKey::parse(&self.rs256, TokenSigningAlg::RS256)?,
            SigningKey::parse(&self.es256, TokenSigningAlg::ES256)?,
        ])
    }

    /// Its private halves are not needed any more, and so not kept.
    fn retire(&self, kept_until: Timestamp) -> Result<RetiredKeys, BackendError> {
        let [rs256, es256] = self.parse()?.map(|key| RetiredKey::Public(Box::new(key.jwk().clone())));
        Ok(RetiredKeys { rs256, es256, kept_until: Some(kept_until) })
    }
}

/// A key for each algorithm, able to verify what it signed.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetiredKeys {
    rs256: RetiredKey,
    es256: RetiredKey,
    /// Until when a token of it may live. Rings of an older form do not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kept_until: Option<Timestamp>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum RetiredKey {
    Public(Box<Jwk>),
    /// As rings of an older form keep it.
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
    pub(super) fn jwks(&self) -> Result<[Jwk; 2], BackendError> {
        Ok([self.rs256.public(TokenSigningAlg::RS256)?, self.es256.public(TokenSigningAlg::ES256)?])
    }

    fn kept(&self, until: Timestamp) -> Result<Self, BackendError> {
        let [rs256, es256] = self.jwks()?.map(|jwk| RetiredKey::Public(Box::new(jwk)));
        Ok(Self { rs256, es256, kept_until: Some(until) })
    }
}

/// The JSON that Secrets Manager keeps.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyRingDocument {
    /// Signs after the next rotation.
    pub next: KeyPairSet,
    /// Signs now.
    pub active: KeyPairSet,
    /// Signed before, the one that was retired last first.
    #[serde(default, deserialize_with = "none_one_or_many", skip_serializing_if = "Vec::is_empty")]
    pub previous: Vec<RetiredKeys>,
    /// The version of the secret that this ring was made from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<String>,
    /// The emergencies that were carried out, by the ids that the operator gave them; the latest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub emergencies: Vec<String>,
}

/// Rings of an older form have a single `previous`, or `null`.
fn none_one_or_many<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<RetiredKeys>, D::Error> {
    // Not an untagged enum: that would also take an array for the members of a single one.
    let value = Value::deserialize(from)?;
    let read = match value {
        Value::Null => Ok(Vec::new()),
        Value::Array(many) => many.into_iter().map(serde_json::from_value).collect(),
        one => serde_json::from_value(one).map(|one| vec![one]),
    };
    read.map_err(|_| D::Error::custom("not a retired key"))
}

impl KeyRingDocument {
    /// A first ring, which has no past.
    pub fn generate(now: Timestamp) -> Result<Self, BackendError> {
        Ok(Self {
            next: KeyPairSet::generate(now)?,
            active: KeyPairSet::generate(now)?,
            previous: Vec::new(),
            follows: None,
            emergencies: Vec::new(),
        })
    }

    /// Reads a stored ring. The cause of a failure repeats nothing of it.
    pub fn from_json(json: &str) -> Result<Self, BackendError> {
        serde_json::from_str(json)
            .map_err(|_| BackendError::new(OP, "expected JSON with next, active and, optionally, previous"))
    }

    /// The ring as it is stored.
    pub fn to_json(&self) -> Result<Zeroizing<String>, BackendError> {
        let json = serde_json::to_string(self).map(Zeroizing::new);
        json.map_err(|error| BackendError::new("writing the signing keys", error))
    }

    /// The ring that takes the place of this one, whose version is `version` and which came into force at
    /// `activated_at`, in a scheduled rotation.
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
        let (next, active) = match plan.turn {
            RotationDecision::Promoted { kept_until } => {
                previous.insert(0, self.active.retire(kept_until)?);
                (KeyPairSet::generate(now)?, self.next)
            }
            RotationDecision::TooEarly { published_at } => {
                (KeyPairSet { published_at: Some(published_at), ..self.next }, self.active)
            }
        };
        let ring = Self { next, active, previous, follows: Some(version.to_owned()), ..self };
        Ok((ring, plan.turn))
    }

    fn times(&self, activated_at: Option<Timestamp>) -> KeyRingTimestamps {
        KeyRingTimestamps {
            next_published_at: self.next.published_at,
            previous_kept_until: self.previous.iter().map(|retired| retired.kept_until).collect(),
            activated_at,
        }
    }

    /// The `kid` of every key that whatever takes the place of this ring has to publish.
    pub fn needed_kids(&self, now: Timestamp) -> Result<Vec<String>, BackendError> {
        let mut jwks = Vec::new();
        for slot in [&self.active, &self.next] {
            jwks.extend(slot.parse()?.map(|key| key.jwk().clone()));
        }
        let ended = |retired: &RetiredKeys| retired.kept_until.is_some_and(|until| until <= now);
        for retired in self.previous.iter().filter(|retired| !ended(retired)) {
            jwks.extend(retired.jwks()?);
        }
        Ok(jwks.into_iter().filter_map(|jwk| jwk.common.key_id).collect())
    }

    /// Whether this emergency was carried out.
    #[must_use]
    pub fn has_handled(&self, emergency: &str) -> bool {
        self.emergencies.iter().any(|known| known == emergency)
    }

    /// The ring without what leaked, in the place of this one, whose version is `version`.
    pub fn without_compromised(
        mut self,
        leaked: CompromisedKeys,
        emergency: &str,
        version: &str,
        now: Timestamp,
    ) -> Result<Self, BackendError> {
        let replacement = leaked.replacement();
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
        self.emergencies.push(emergency.to_owned());
        let forgotten = self.emergencies.len().saturating_sub(REMEMBERED);
        self.emergencies.drain(..forgotten);
        Ok(Self { next, active, follows: Some(version.to_owned()), ..self })
    }
}
