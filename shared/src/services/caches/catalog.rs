//! The resources, in memory.

use crate::adapters::cache::{CacheEntry, TtlCache};
use crate::adapters::cooldown::Cooldown;
use crate::adapters::error::BackendError;
use crate::adapters::store::{ResourceCatalog, Store};
use crate::domain::management;
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// The catalog is read again after so long.
const TTL: SignedDuration = SignedDuration::from_secs(60);
/// How long the last catalog serves while it cannot be read.
const STALE_IF_ERROR: SignedDuration = SignedDuration::from_mins(10);
/// How long a request waits for a newer catalog where the last one can serve.
const RELOAD_TIMEOUT: Duration = Duration::from_secs(2);
/// How often it is read before its time, at most: any client can ask for a scope that does not exist, and any caller of
/// the management API for a resource.
const FORCED_RELOAD_COOLDOWN: SignedDuration = SignedDuration::from_secs(5);
/// How long after a failed read it is not read again where the last one can serve.
const RETRY_COOLDOWN: SignedDuration = SignedDuration::from_secs(5);

/// The resources, with the management API among them.
pub struct ResourceCatalogCache {
    store: Store,
    issuer: String,
    cache: TtlCache<ResourceCatalog>,
    forced_reloads: Cooldown,
    failures: Cooldown,
}

impl ResourceCatalogCache {
    /// An empty cache of the catalog in this store.
    #[must_use]
    pub fn new(store: Store, issuer: String) -> Self {
        Self {
            store,
            issuer,
            cache: TtlCache::new(TTL),
            forced_reloads: Cooldown::new(FORCED_RELOAD_COOLDOWN),
            failures: Cooldown::new(RETRY_COOLDOWN),
        }
    }

    /// The catalog, at most a minute old; while it cannot be read, at most ten minutes.
    pub async fn get(&self, now: Timestamp) -> Result<CacheEntry<ResourceCatalog>, BackendError> {
        let Some(last) = self.cache.kept(STALE_IF_ERROR, now) else {
            return self.cache.get(now, async || self.load().await).await;
        };
        if !self.cache.is_fresh(now) && !self.failures.is_over(now) {
            return Ok(last);
        }
        let cause =
            match tokio::time::timeout(RELOAD_TIMEOUT, self.cache.get(now, async || self.load().await)).await
            {
                Ok(Ok(entry)) => return Ok(entry),
                Ok(Err(error)) => error,
                Err(elapsed) => BackendError::new("reading the resources", elapsed),
            };
        self.failures.try_acquire(now);
        tracing::warn!(%cause, "resources served from memory");
        Ok(last)
    }

    /// A newer catalog than `seen`, for a resource or scope that is not in it. Reads it at most once per
    /// [`FORCED_RELOAD_COOLDOWN`]; within that time returns `seen`.
    pub async fn refresh(
        &self,
        seen: &CacheEntry<ResourceCatalog>,
        now: Timestamp,
    ) -> Result<CacheEntry<ResourceCatalog>, BackendError> {
        if let Some(newer) = self.cache.newer(seen) {
            return Ok(newer);
        }
        if !self.forced_reloads.try_acquire(now) {
            return Ok(seen.clone());
        }
        self.cache.reload(seen, now, async || self.load().await).await
    }

    /// Lets the next caller read the catalog, after a change through this instance.
    pub fn invalidate(&self) {
        self.cache.invalidate();
    }

    async fn load(&self) -> Result<ResourceCatalog, BackendError> {
        let mut catalog = self.store.load_catalogue().await?;
        let own = management::resource(&self.issuer);
        catalog.resources.insert(own.resource_id.clone(), own);
        Ok(catalog)
    }
}
