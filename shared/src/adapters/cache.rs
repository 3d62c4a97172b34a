//! A cache of one value. Concurrent callers share one load.

use crate::adapters::error::BackendError;
use jiff::{SignedDuration, Timestamp};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use tokio::sync::Mutex;

/// A cached value with a fixed time to live.
#[derive(Debug)]
pub struct TtlCache<T> {
    ttl: SignedDuration,
    slot: RwLock<Slot<T>>,
    /// Locked while a value is being loaded.
    loading: Mutex<()>,
    /// The number of finished loads, successful or not.
    ended_loads: AtomicU64,
    /// The number of invalidations.
    invalidations: AtomicU64,
}

#[derive(Debug)]
struct Slot<T> {
    loaded: Option<Loaded<T>>,
    /// The error of the last load; `None` if it succeeded.
    failure: Option<BackendError>,
}

#[derive(Debug)]
struct Loaded<T> {
    value: Arc<T>,
    at: Timestamp,
    generation: u64,
    /// Whether the value was invalidated after its load began.
    is_invalid: bool,
}

/// A value and its generation, so that [`TtlCache::reload`] reloads once for many callers.
#[derive(Debug)]
pub struct CacheEntry<T> {
    /// The value.
    pub value: Arc<T>,
    generation: u64,
}

impl<T> Clone for CacheEntry<T> {
    fn clone(&self) -> Self {
        Self { value: Arc::clone(&self.value), generation: self.generation }
    }
}

impl<T> TtlCache<T> {
    /// An empty cache whose values live for `ttl`.
    #[must_use]
    pub fn new(ttl: SignedDuration) -> Self {
        let slot = Slot { loaded: None, failure: None };
        Self {
            ttl,
            slot: RwLock::new(slot),
            loading: Mutex::new(()),
            ended_loads: AtomicU64::new(0),
            invalidations: AtomicU64::new(0),
        }
    }

    /// The value, loaded if there is none or if it is older than the time to live. A failed load changes nothing.
    ///
    /// A caller that arrives during a load waits for it and shares its result, also an error: many that wait for a
    /// service that does not answer fail together, and not one after the other.
    pub async fn get(
        &self,
        now: Timestamp,
        load: impl AsyncFnOnce() -> Result<T, BackendError>,
    ) -> Result<CacheEntry<T>, BackendError> {
        self.get_or_load(now, |loaded| self.is_current(loaded, now), load).await
    }

    /// Whether there is a value that is within its time to live.
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        self.read().loaded.as_ref().is_some_and(|loaded| self.is_current(loaded, now))
    }

    fn is_current(&self, loaded: &Loaded<T>, now: Timestamp) -> bool {
        !loaded.is_invalid && loaded.at <= now && now.duration_since(loaded.at) < self.ttl
    }

    /// A newer value than `seen`, if there is one. Loads nothing.
    pub fn newer(&self, seen: &CacheEntry<T>) -> Option<CacheEntry<T>> {
        self.read().loaded.as_ref().filter(|loaded| loaded.generation > seen.generation).map(entry)
    }

    /// Lets the next caller load the value, whatever its age. A load that is under way counts as older.
    pub fn invalidate(&self) {
        self.invalidations.fetch_add(1, Ordering::AcqRel);
        let mut slot = self.slot.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(loaded) = &mut slot.loaded {
            loaded.is_invalid = true;
        }
    }

    /// A newer value than `seen`: loaded now, unless another caller has loaded one since.
    pub async fn reload(
        &self,
        seen: &CacheEntry<T>,
        now: Timestamp,
        load: impl AsyncFnOnce() -> Result<T, BackendError>,
    ) -> Result<CacheEntry<T>, BackendError> {
        self.get_or_load(now, |loaded| loaded.generation > seen.generation, load).await
    }

    async fn get_or_load(
        &self,
        now: Timestamp,
        acceptable: impl Fn(&Loaded<T>) -> bool,
        load: impl AsyncFnOnce() -> Result<T, BackendError>,
    ) -> Result<CacheEntry<T>, BackendError> {
        // Read before the first await: a load that finishes after this is one that this caller has waited for.
        let ended_loads = self.ended_loads.load(Ordering::Acquire);
        if let Some(loaded) = self.read().loaded.as_ref().filter(|loaded| acceptable(loaded)) {
            return Ok(entry(loaded));
        }
        let _loading = self.loading.lock().await;
        if let Some(loaded) = self.read().loaded.as_ref().filter(|loaded| acceptable(loaded)) {
            return Ok(entry(loaded));
        }
        if self.ended_loads.load(Ordering::Acquire) > ended_loads
            && let Some(failure) = &self.read().failure
        {
            return Err(failure.clone());
        }
        let invalidations = self.invalidations.load(Ordering::Acquire);
        let result = load().await;
        self.ended_loads.fetch_add(1, Ordering::Release);
        let mut slot = self.slot.write().unwrap_or_else(PoisonError::into_inner);
        slot.failure = result.as_ref().err().cloned();
        let value = Arc::new(result?);
        let generation = slot.loaded.as_ref().map_or(1, |loaded| loaded.generation + 1);
        let is_invalid = self.invalidations.load(Ordering::Acquire) > invalidations;
        Ok(entry(slot.loaded.insert(Loaded { value, at: now, generation, is_invalid })))
    }

    /// The cached value, if it was loaded at most `max_age` ago, whether or not it is within its time to live. Loads
    /// nothing.
    pub fn kept(&self, max_age: SignedDuration, now: Timestamp) -> Option<CacheEntry<T>> {
        let slot = self.read();
        let recent = slot.loaded.as_ref().filter(|loaded| now.duration_since(loaded.at).abs() <= max_age);
        recent.map(entry)
    }

    fn read(&self) -> RwLockReadGuard<'_, Slot<T>> {
        self.slot.read().unwrap_or_else(PoisonError::into_inner)
    }
}

fn entry<T>(loaded: &Loaded<T>) -> CacheEntry<T> {
    CacheEntry { value: Arc::clone(&loaded.value), generation: loaded.generation }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use tokio::time::sleep;

    const WAITERS: usize = 8;

    /// Gets a value by many concurrent callers, and counts the loads.
    async fn get_at_once(result: Result<u8, BackendError>) -> (Vec<Result<u8, String>>, u64) {
        let (cached, loads) =
            (Arc::new(TtlCache::new(SignedDuration::from_secs(60))), Arc::new(AtomicU64::new(0)));
        let mut waiting = tokio::task::JoinSet::new();
        for _ in 0..WAITERS {
            let (cached, loads, result) = (Arc::clone(&cached), Arc::clone(&loads), result.clone());
            waiting.spawn(async move {
                let load = async || {
                    loads.fetch_add(1, Ordering::Relaxed);
                    sleep(Duration::from_millis(20)).await;
                    result
                };
                let got: Result<CacheEntry<u8>, BackendError> = cached.get(Timestamp::UNIX_EPOCH, load).await;
                got.map(|entry| *entry.value).map_err(|error| error.to_string())
            });
        }
        (waiting.join_all().await, loads.load(Ordering::Relaxed))
    }

    #[tokio::test]
    async fn waiters_share_a_loaded_value() {
        let (got, loads) = get_at_once(Ok(7)).await;
        assert_eq!((got, loads), (vec![Ok(7); WAITERS], 1));
    }

    #[tokio::test]
    async fn waiters_share_a_failed_load() {
        let (got, loads) = get_at_once(Err(BackendError::new("loading", "unreachable"))).await;
        assert_eq!((got, loads), (vec![Err("loading: unreachable".to_owned()); WAITERS], 1));
    }

    #[tokio::test]
    async fn a_failure_is_not_cached() {
        let cached = TtlCache::new(SignedDuration::from_secs(60));
        let failed = cached
            .get(Timestamp::UNIX_EPOCH, async || Err(BackendError::new("loading", "unreachable")))
            .await;
        assert!(failed.is_err());
        let loaded = cached.get(Timestamp::UNIX_EPOCH, async || Ok(7)).await;
        assert_eq!(*loaded.expect("reachable").value, 7);
    }

    #[tokio::test]
    async fn a_cancelled_load_is_left_to_the_next_caller() {
        let cached = TtlCache::new(SignedDuration::from_secs(60));
        let never = cached.get(Timestamp::UNIX_EPOCH, async || std::future::pending().await);
        assert!(tokio::time::timeout(Duration::from_millis(5), never).await.is_err());
        let loaded = cached.get(Timestamp::UNIX_EPOCH, async || Ok(7)).await;
        assert_eq!(*loaded.expect("reachable").value, 7);
    }

    #[tokio::test]
    async fn an_invalidated_value_is_loaded_again() {
        let cached = TtlCache::new(SignedDuration::from_secs(60));
        let now = Timestamp::UNIX_EPOCH;
        let first = cached.get(now, async || Ok(1)).await.expect("reachable");
        assert!(cached.is_fresh(now) && cached.newer(&first).is_none());
        cached.invalidate();
        assert!(!cached.is_fresh(now));
        let second = cached.get(now, async || {
            // Invalidated again while it is loaded.
            cached.invalidate();
            Ok(2)
        });
        assert_eq!(*second.await.expect("reachable").value, 2);
        assert_eq!(cached.newer(&first).map(|entry| *entry.value), Some(2));
        assert_eq!(*cached.get(now, async || Ok(3)).await.expect("reachable").value, 3);
    }
}
