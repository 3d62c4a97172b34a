//! The operator's logo, in memory.

use crate::adapters::cache::TtlCache;
use crate::adapters::cooldown::Cooldown;
use crate::adapters::store::Store;
use crate::domain::brand::logo::{Logo, LogoImage};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// The logo is read again after so long: the time in which a change of it takes effect.
const TTL: SignedDuration = SignedDuration::from_mins(5);
/// How long the last logo serves while it cannot be read.
const STALE_IF_ERROR: SignedDuration = SignedDuration::from_hours(24);
/// How long a page waits for the logo. It is shown without one then.
const TIMEOUT: Duration = Duration::from_secs(1);
/// How long after a failed read it is not read again.
const RETRY_COOLDOWN: SignedDuration = SignedDuration::from_secs(30);

/// The logo that this instance has read last. What shows it never fails for want of it.
pub struct LogoCache {
    store: Store,
    cache: TtlCache<Option<Arc<LogoImage>>>,
    failures: Cooldown,
}

impl LogoCache {
    /// An empty cache of the logo in this store.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self { store, cache: TtlCache::new(TTL), failures: Cooldown::new(RETRY_COOLDOWN) }
    }

    /// The logo, at most five minutes old; while it cannot be read, the last one.
    pub async fn get(&self, now: Timestamp) -> Option<Arc<LogoImage>> {
        if !self.cache.is_fresh(now) && self.failures.is_over(now) {
            let load = async || {
                let stored = self.store.load_logo().await?;
                Ok(stored.as_ref().and_then(Logo::image).map(Arc::new))
            };
            let cause = match timeout(TIMEOUT, self.cache.get(now, load)).await {
                Ok(Ok(entry)) => return Option::clone(&entry.value),
                Ok(Err(error)) => error.to_string(),
                Err(elapsed) => elapsed.to_string(),
            };
            self.failures.try_acquire(now);
            tracing::warn!(%cause, "the logo could not be read");
        }
        self.kept(now)
    }

    /// The logo that was read last. Reads nothing.
    pub fn kept(&self, now: Timestamp) -> Option<Arc<LogoImage>> {
        Option::clone(&self.cache.kept(STALE_IF_ERROR, now)?.value)
    }
}
