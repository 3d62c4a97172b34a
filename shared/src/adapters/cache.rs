//! A cache of one value. Concurrent callers share one load.

use crate::adapters::error::BackendError;
use jiff::{SignedDuration, Timestamp};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
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
}

/// A value and its generation, so that [`TtlCache::reload`] reloads once for many callers.
#[derive(Debug)]
pub struct CacheEntry<T> {
    /// The value.
    pub value: Arc<T>,
    generation: u64,
}

impl<T> TtlCache<T> {
    /// An empty cache whose values live for `ttl`.
    #[must_use]
    pub fn new(ttl: SignedDuration) -> Self {
        let slot = Slot { loaded: None, failure: None };
        Self { ttl, slot: RwLock::new(slot), loading: Mutex::new(()), ended_loads: AtomicU64::new(0) }
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
        let fresh = |loaded: &&Loaded<T>| loaded.at <= now && now.duration_since(loaded.at) < self.ttl;
        self.get_or_load(now, fresh, load).await
    }

    /// A newer value than `seen`: loaded now, unless another caller has loaded one since.
    pub async fn reload(
        &self,
        seen: &CacheEntry<T>,
        now: Timestamp,
        load: impl AsyncFnOnce() -> Result<T, BackendError>,
    ) -> Result<CacheEntry<T>, BackendError> {
        let newer = |loaded: &&Loaded<T>| loaded.generation > seen.generation;
        self.get_or_load(now, newer, load).await
    }

    async fn get_or_load(
        &self,
        now: Timestamp,
        acceptable: impl Fn(&&Loaded<T>) -> bool,
        load: impl AsyncFnOnce() -> Result<T, BackendError>,
    ) -> Result<CacheEntry<T>, BackendError> {
        // Read before the first await: a load that finishes after this is one that this caller has waited for.
        let ended_loads = self.ended_loads.load(Ordering::Acquire);
        if let Some(loaded) = self.read().loaded.as_ref().filter(&acceptable) {
            return Ok(entry(loaded));
        }
        let _loading = self.loading.lock().await;
        if let Some(loaded) = self.read().loaded.as_ref().filter(&acceptable) {
            return Ok(entry(loaded));
        }
        if self.ended_loads.load(Ordering::Acquire) > ended_loads
            && let Some(failure) = &self.read().failure
        {
            return Err(failure.clone());
        }
        let result = load().await;
        self.ended_loads.fetch_add(1, Ordering::Release);
        let mut slot = self.slot.write().unwrap_or_else(PoisonError::into_inner);
        slot.failure = result.as_ref().err().cloned();
        let value = Arc::new(result?);
        let generation = slot.loaded.as_ref().map_or(1, |loaded| loaded.generation + 1);
        Ok(entry(slot.loaded.insert(Loaded { value, at: now, generation })))
    }

    /// The cached value, if it was loaded at most `max_age` ago, whether or not it is within its time to live. Loads
    /// nothing.
    pub fn kept(&self, max_age: SignedDuration, now: Timestamp) -> Option<Arc<T>> {
        let slot = self.read();
        let recent = slot.loaded.as_ref().filter(|loaded| now.duration_since(loaded.at).abs() <= max_age);
        recent.map(|loaded| Arc::clone(&loaded.value))
    }

    fn read(&self) -> RwLockReadGuard<'_, Slot<T>> {
        self.slot.read().unwrap_or_else(PoisonError::into_inner)
    }
}

fn entry<T>(loaded: &Loaded<T>) -> CacheEntry<T> {
    CacheEntry { value: Arc::clone(&loaded.value), generation: loaded.generation }
}

/// Limits an action to once per period.
#[derive(Debug)]
pub struct Cooldown {
    length: SignedDuration,
    last_millis: AtomicI64,
}

impl Cooldown {
    /// At most one action in `length`.
    #[must_use]
    pub fn new(length: SignedDuration) -> Self {
        Self { length, last_millis: AtomicI64::new(i64::MIN) }
    }

    /// Whether the action is allowed now; if so, the period starts. Of concurrent calls, one is allowed.
    pub fn try_acquire(&self, now: Timestamp) -> bool {
        let (now, last) = (now.as_millisecond(), self.last_millis.load(Ordering::Relaxed));
        let elapsed = now.saturating_sub(last);
        // A clock that was set back does not block the action for longer than a period.
        let over = elapsed < 0 || i128::from(elapsed) >= self.length.as_millis();
        over && self.last_millis.compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
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

    #[test]
    fn a_cooldown_allows_once_per_period() {
        let (cooldown, at) =
            (Cooldown::new(SignedDuration::from_secs(10)), |s| Timestamp::from_second(s).expect("in range"));
        let permitted: Vec<i64> = [100, 100, 109, 110, 111, 50, 51, 60]
            .into_iter()
            .filter(|s| cooldown.try_acquire(at(*s)))
            .collect();
        assert_eq!(permitted, [100, 110, 50, 60]);
    }
}
