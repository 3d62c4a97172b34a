//! Verification of access tokens with keys that are cached, and read again when a token names a new one.

use crate::adapters::cache::{CacheEntry, TtlCache};
use crate::adapters::cooldown::Cooldown;
use crate::adapters::error::BackendError;
use crate::adapters::secrets_manager::deployment_secret::DeploymentSecret;
use crate::adapters::signing::{InvalidToken, VerificationKeys, VerificationKeysDocument};
use crate::domain::signing_keys::published::PublishedKey;
use crate::services::caches::SECRETS_TTL;
use jiff::{SignedDuration, Timestamp};

/// How often the keys are read again because of a token with an unknown key, at most: any client can invent one.
const UNKNOWN_KEY_COOLDOWN: SignedDuration = SignedDuration::from_secs(10);

/// Error of verifying an access token.
#[derive(Clone, Debug, thiserror::Error)]
pub enum VerifyError {
    /// The token is not valid.
    #[error(transparent)]
    Invalid(#[from] InvalidToken),
    /// The keys could not be read.
    #[error(transparent)]
    Backend(#[from] BackendError),
}

/// Limits how often unknown keys cause a read.
pub struct UnknownKeys(Cooldown);

impl Default for UnknownKeys {
    fn default() -> Self {
        Self(Cooldown::new(UNKNOWN_KEY_COOLDOWN))
    }
}

impl UnknownKeys {
    /// Whether the keys are read again, because a token's key is not among them and may be new: at most once per
    /// [`UNKNOWN_KEY_COOLDOWN`].
    pub fn cause_reload<T>(&self, verified: &Result<T, InvalidToken>, now: Timestamp) -> bool {
        matches!(verified, Err(InvalidToken::UnknownKey)) && self.0.try_acquire(now)
    }
}

/// The public keys of the deployment.
pub struct VerificationKeysCache {
    secret: DeploymentSecret,
    cache: TtlCache<VerificationKeys>,
    unknown_keys: UnknownKeys,
}

impl VerificationKeysCache {
    /// An empty cache of this secret.
    #[must_use]
    pub fn new(secret: DeploymentSecret) -> Self {
        Self { secret, cache: TtlCache::new(SECRETS_TTL), unknown_keys: UnknownKeys::default() }
    }

    /// The keys, at most five minutes old.
    pub async fn get(&self, now: Timestamp) -> Result<CacheEntry<VerificationKeys>, BackendError> {
        self.cache.get(now, async || self.load().await).await
    }

    /// Verifies an access token by `verify`. For an unknown key the keys are read again.
    pub async fn verify<T>(
        &self,
        now: Timestamp,
        verify: impl Fn(&VerificationKeys) -> Result<T, InvalidToken>,
    ) -> Result<T, VerifyError> {
        let cached = self.get(now).await?;
        let verified = verify(&cached.value);
        if self.unknown_keys.cause_reload(&verified, now) {
            let newer = self.cache.reload(&cached, now, async || self.load().await).await?;
            return Ok(verify(&newer.value)?);
        }
        Ok(verified?)
    }

    /// What is known of each key, as it is stored now.
    pub async fn published(&self) -> Result<Vec<PublishedKey>, BackendError> {
        let json = self.secret.read("reading the verification keys").await?;
        Ok(VerificationKeysDocument::from_json(&json)?.published)
    }

    async fn load(&self) -> Result<VerificationKeys, BackendError> {
        let json = self.secret.read("reading the verification keys").await?;
        VerificationKeys::parse(&json)
    }
}
