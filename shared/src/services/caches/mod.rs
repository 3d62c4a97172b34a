//! Values that a function instance reads from its stores and keeps for a while.

mod accounts;
mod catalog;
mod logo;

pub use accounts::AccountCache;
pub use catalog::ResourceCatalogCache;
pub use logo::LogoCache;

use crate::adapters::cache::TtlCache;
use crate::adapters::crypto::peppers::Peppers;
use crate::adapters::error::BackendError;
use crate::adapters::secrets_manager::deployment_secret::DeploymentSecret;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;

/// Secrets of the deployment are read again after so long.
pub const SECRETS_TTL: SignedDuration = SignedDuration::from_mins(5);

/// The keys under which client secrets are digested.
pub struct PepperCache {
    secret: DeploymentSecret,
    cache: TtlCache<Peppers>,
}

impl PepperCache {
    /// An empty cache of this secret.
    #[must_use]
    pub fn new(secret: DeploymentSecret) -> Self {
        Self { secret, cache: TtlCache::new(SECRETS_TTL) }
    }

    /// The peppers, at most five minutes old.
    pub async fn get(&self, now: Timestamp) -> Result<Arc<Peppers>, BackendError> {
        let load = async || {
            let json = self.secret.read("reading the peppers").await?;
            Peppers::parse(&json)
        };
        self.cache.get(now, load).await.map(|entry| entry.value)
    }
}
