//! A value that is loaded once and kept for a while, shared by everybody who waits for it.

use super::fault::Fault;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tokio::sync::RwLock;

/// A cached value with a fixed time to live.
#[derive(Debug)]
pub struct Cached<T> {
    ttl: SignedDuration,
    slot: RwLock<Option<Loaded<T>>>,
}

#[derive(Debug)]
struct Loaded<T> {
    value: Arc<T>,
    at: Timestamp,
    generation: u64,
}

/// A value and how many times it had been loaded, so that [`Cached::reload`] reloads once for many.
#[derive(Debug)]
pub struct Held<T> {
    /// The value.
    pub value: Arc<T>,
    generation: u64,
}

impl<T> Cached<T> {
    /// An empty cache whose values live for `ttl`.
    #[must_use]
    pub fn new(ttl: SignedDuration) -> Self {
        Self { ttl, slot: RwLock::new(None) }
    }

    /// The value, loaded if there is none or if it is too old. A failed load changes nothing.
    pub async fn get(
        &self,
        now: Timestamp,
        load: impl AsyncFnOnce() -> Result<T, Fault>,
    ) -> Result<Held<T>, Fault> {
        let fresh = |loaded: &Loaded<T>| loaded.at <= now && now.duration_since(loaded.at) < self.ttl;
        if let Some(loaded) = self.slot.read().await.as_ref().filter(|loaded| fresh(loaded)) {
            return Ok(held(loaded));
        }
        let mut slot = self.slot.write().await;
        if let Some(loaded) = slot.as_ref().filter(|loaded| fresh(loaded)) {
            return Ok(held(loaded));
        }
        fill(&mut slot, now, load).await
    }

    /// A newer value than `seen`: loaded now, unless somebody else has loaded one since.
    pub async fn reload(
        &self,
        seen: &Held<T>,
        now: Timestamp,
        load: impl AsyncFnOnce() -> Result<T, Fault>,
    ) -> Result<Held<T>, Fault> {
        let mut slot = self.slot.write().await;
        if let Some(loaded) = slot.as_ref().filter(|loaded| loaded.generation > seen.generation) {
            return Ok(held(loaded));
        }
        fill(&mut slot, now, load).await
    }

    /// The value that is there, loaded at most `max_age` ago, whether or not it is fresh. Loads nothing.
    pub async fn kept(&self, max_age: SignedDuration, now: Timestamp) -> Option<Arc<T>> {
        let slot = self.slot.read().await;
        let recent = slot.as_ref().filter(|loaded| now.duration_since(loaded.at).abs() <= max_age);
        recent.map(|loaded| Arc::clone(&loaded.value))
    }
}

fn held<T>(loaded: &Loaded<T>) -> Held<T> {
    Held { value: Arc::clone(&loaded.value), generation: loaded.generation }
}

async fn fill<T>(
    slot: &mut Option<Loaded<T>>,
    now: Timestamp,
    load: impl AsyncFnOnce() -> Result<T, Fault>,
) -> Result<Held<T>, Fault> {
    let value = Arc::new(load().await?);
    let generation = slot.as_ref().map_or(1, |loaded| loaded.generation + 1);
    let loaded = slot.insert(Loaded { value, at: now, generation });
    Ok(held(loaded))
}

/// Lets something happen at most once in a while.
#[derive(Debug)]
pub struct Cooldown {
    length: SignedDuration,
    last_millis: AtomicI64,
}

impl Cooldown {
    /// At most once in `length`.
    #[must_use]
    pub fn new(length: SignedDuration) -> Self {
        Self { length, last_millis: AtomicI64::new(i64::MIN) }
    }

    /// Whether it may happen now; if so, it is taken to happen. Of many that ask at once, one may.
    pub fn permits(&self, now: Timestamp) -> bool {
        let (now, last) = (now.as_millisecond(), self.last_millis.load(Ordering::Relaxed));
        let elapsed = now.saturating_sub(last);
        // A clock that was set back does not stop it for long.
        let over = elapsed < 0 || i128::from(elapsed) >= self.length.as_millis();
        over && self.last_millis.compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cooldown_permits_once_in_its_length() {
        let (cooldown, at) =
            (Cooldown::new(SignedDuration::from_secs(10)), |s| Timestamp::from_second(s).expect("in range"));
        let permitted: Vec<i64> =
            [100, 100, 109, 110, 111, 50, 51, 60].into_iter().filter(|s| cooldown.permits(at(*s))).collect();
        assert_eq!(permitted, [100, 110, 50, 60]);
    }
}
