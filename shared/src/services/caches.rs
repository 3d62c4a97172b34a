//! Values that a function instance reads from its stores and keeps for a while.

use crate::adapters::cache::{CacheEntry, TtlCache};
use crate::adapters::crypto::peppers::Peppers;
use crate::adapters::error::BackendError;
use crate::adapters::secrets_manager::deployment_secret::DeploymentSecret;
use crate::adapters::store::{ResourceCatalog, Store};
use crate::domain::management;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;

/// Secrets of the deployment are read again after so long.
pub const SECRETS_TTL: SignedDuration = SignedDuration::from_mins(5);
/// The catalog is read again after so long: the time in which disabling an account takes effect.
const CATALOG_TTL: SignedDuration = SignedDuration::from_secs(60);

/// The resources, with the management API among them.
pub struct ResourceCatalogCache {
    store: Store,
    issuer: String,
    cache: TtlCache<ResourceCatalog>,
}

impl ResourceCatalogCache {
    /// An empty cache of the catalog in this store.
    #[must_use]
    pub fn new(store: Store, issuer: String) -> Self {
        Self { store, issuer, cache: TtlCache::new(CATALOG_TTL) }
    }

    /// The catalog, at most a minute old.
    pub async fn get(&self, now: Timestamp) -> Result<CacheEntry<ResourceCatalog>, BackendError> {
        self.cache.get(now, async || self.load().await).await
    }

    /// A newer catalog than `seen`.
    pub async fn refresh(
        &self,
        seen: &CacheEntry<ResourceCatalog>,
        now: Timestamp,
    ) -> Result<CacheEntry<ResourceCatalog>, BackendError> {
        self.cache.reload(seen, now, async || self.load().await).await
    }

    async fn load(&self) -> Result<ResourceCatalog, BackendError> {
        let mut catalog = self.store.load_catalogue().await?;
        let own = management::resource(&self.issuer);
        catalog.resources.insert(own.resource_id.clone(), own);
        Ok(catalog)
    }
}

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
