//! A cache of published keys (`jwks_uri`).

#[cfg(test)]
mod tests;

use crate::adapters::lambda::deadline;
use crate::adapters::remote::discovery::{self, PublishedKeys};
use crate::adapters::remote::error::FetchError;
use crate::adapters::remote::fetch::Fetcher;
use crate::adapters::remote::jwks_source::JwksSource;
use crate::adapters::remote::shared_failures::{Attempt, SharedFailures};
use crate::adapters::store::Store;
use crate::domain::jose::ignored_key::IgnoredKey;
use crate::domain::jose::jwk::PublicJwk;
use crate::domain::net::fetch_failures::FetchFailures;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How long keys are used before they are fetched again.
pub const TTL: SignedDuration = SignedDuration::from_mins(5);
/// How long after a fetch without the wanted key the source is not fetched again.
pub const NEGATIVE_TTL: SignedDuration = SignedDuration::from_secs(30);
/// How long the last fetched keys are used while their host is unavailable (RFC 5861 §4).
pub const STALE_IF_ERROR: SignedDuration = SignedDuration::from_hours(24);
/// The most time that a whole fetch may take.
pub const FETCH_TIMEOUT: Duration = Duration::from_secs(3);
/// The most sources that one instance caches: at most some 45 MB.
const MAX_SOURCES: usize = 500;

/// The cache slot of one source.
#[derive(Debug, Default)]
struct Slot {
    known: Mutex<Entry>,
    /// Locked during a fetch, so that concurrent callers share it.
    asking: tokio::sync::Mutex<()>,
}

/// The cached state of a source.
#[derive(Clone, Debug, Default)]
struct Entry {
    keys: Arc<Vec<PublicJwk>>,
    fetched_at: Option<Timestamp>,
    /// The fetches that failed since the last one that did not.
    failures: Option<FetchFailures>,
    /// When a wanted key was not among the fetched ones.
    missed_at: Option<Timestamp>,
}

/// What was found at a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyLookup {
    /// The number of keys that can verify signatures.
    pub usable: usize,
    /// The other ones.
    pub ignored: Vec<IgnoredKey>,
}

/// The published keys that this instance has needed.
#[derive(Debug)]
pub struct JwksCache {
    fetcher: Arc<Fetcher>,
    /// What other instances know; `None` where the operator chose the source.
    shared: Option<SharedFailures>,
    slots: Mutex<HashMap<JwksSource, Arc<Slot>>>,
}

/// Whether less than `span` lies between `since` and `now`. Requests are not served in the order of their instants, so
/// that `since` may be later than `now`.
fn within(since: Option<Timestamp>, span: SignedDuration, now: Timestamp) -> bool {
    since.is_some_and(|since| now.duration_since(since).abs() < span)
}

impl Slot {
    fn known(&self) -> Entry {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn store(&self, known: Entry) {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = known;
    }
}

impl Entry {
    /// Whether no fetch is needed.
    fn is_current(&self, kid: Option<&str>, now: Timestamp) -> bool {
        within(self.fetched_at, TTL, now) && self.knows(kid)
    }

    /// Whether a fetch failed a moment ago, or had no new key.
    fn in_backoff(&self, now: Timestamp) -> bool {
        let one_more = within(self.fetched_at, TTL, now);
        self.is_failing(now) || (one_more && within(self.missed_at, NEGATIVE_TTL, now))
    }

    fn is_failing(&self, now: Timestamp) -> bool {
        self.failures.is_some_and(|failures| failures.in_backoff(now))
    }

    fn knows(&self, kid: Option<&str>) -> bool {
        kid.is_none_or(|kid| self.keys.iter().any(|key| key.kid.as_deref() == Some(kid)))
    }

    fn usable(&self, now: Timestamp) -> Option<Arc<Vec<PublicJwk>>> {
        within(self.fetched_at, STALE_IF_ERROR, now).then(|| Arc::clone(&self.keys))
    }
}

impl JwksCache {
    /// An empty cache of sources that customers name. Failures are shared with the other instances.
    #[must_use]
    pub fn of_customers(fetcher: Arc<Fetcher>, store: Store) -> Self {
        Self { fetcher, shared: Some(SharedFailures::new(store)), slots: Mutex::default() }
    }

    /// An empty cache of sources that the operator names.
    #[must_use]
    pub fn of_operator(fetcher: Arc<Fetcher>) -> Self {
        Self { fetcher, shared: None, slots: Mutex::default() }
    }

    /// The keys of a source; `None` if it has been unavailable for too long.
    ///
    /// They are fetched again when they are too old, or when `kid` is not among them. A caller that arrives during a
    /// fetch does not wait if the cached keys, even if they are too old, have `kid`; other callers share the fetch.
    pub async fn keys(
        &self,
        publisher: &JwksSource,
        kid: Option<&str>,
        now: Timestamp,
    ) -> Option<Arc<Vec<PublicJwk>>> {
        let slot = self.slot(publisher, now);
        let known = slot.known();
        if known.is_current(kid, now) {
            return known.usable(now);
        }
        let _asking = match slot.asking.try_lock() {
            Ok(asking) => asking,
            Err(_) if known.knows(kid) && known.usable(now).is_some() => return known.usable(now),
            Err(_) => slot.asking.lock().await,
        };
        let known = slot.known();
        if known.is_current(kid, now) || known.in_backoff(now) {
            return known.usable(now);
        }
        let (mut known, _) = self.refresh(&slot, known, publisher, now).await;
        if !known.is_failing(now) && !known.knows(kid) {
            known.missed_at = Some(now);
            slot.store(known.clone());
        }
        known.usable(now)
    }

    /// The keys of a source that were fetched in the last minutes. Nothing is fetched.
    #[must_use]
    pub fn cached(&self, publisher: &JwksSource, now: Timestamp) -> Option<Arc<Vec<PublicJwk>>> {
        let slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let known = slots.get(publisher)?.known();
        within(known.fetched_at, TTL, now).then_some(known.keys)
    }

    /// Looks at a source now, whatever is cached, unless it failed a moment ago. `None` without a key set.
    pub async fn look_up(&self, publisher: &JwksSource, now: Timestamp) -> Option<KeyLookup> {
        let slot = self.slot(publisher, now);
        let _asking = slot.asking.lock().await;
        let known = slot.known();
        if known.is_failing(now) {
            return None;
        }
        self.refresh(&slot, known, publisher, now).await.1
    }

    /// Fetches the keys of a source, unless other instances know that it failed a moment ago. The caller holds the lock of
    /// the slot. Returns the state that is cached now, and what was fetched.
    async fn refresh(
        &self,
        slot: &Slot,
        mut known: Entry,
        publisher: &JwksSource,
        now: Timestamp,
    ) -> (Entry, Option<KeyLookup>) {
        // Recorded first, so that a cancelled fetch is one that failed.
        let attempt = match &self.shared {
            None => Attempt::first(now),
            Some(shared) => shared.begin(&publisher.key(), known.failures, now).await,
        };
        known.failures = Some(attempt.failures);
        slot.store(known.clone());
        if !attempt.is_ours {
            return (known, None);
        }
        let fetched = self.fetch(publisher).await;
        if let Some(shared) = &self.shared {
            shared.end(&publisher.key(), &attempt, fetched.is_ok()).await;
        }
        match fetched {
            Ok(PublishedKeys { usable, ignored }) => {
                let lookup = KeyLookup { usable: usable.len(), ignored };
                known = Entry { keys: Arc::new(usable), fetched_at: Some(now), failures: None, ..known };
                slot.store(known.clone());
                (known, Some(lookup))
            }
            Err(error) => {
                let host = publisher.host();
                tracing::warn!(host, cause = %error, "JWKS not fetched");
                (known, None)
            }
        }
    }

    async fn fetch(&self, publisher: &JwksSource) -> Result<PublishedKeys, FetchError> {
        let fetching = async {
            match publisher {
                JwksSource::Uri(uri) => discovery::keys_at(&self.fetcher, uri).await,
                JwksSource::Issuer(issuer) => discovery::keys_of(&self.fetcher, issuer).await,
                JwksSource::Provider(uri) => discovery::keys_of_provider(&self.fetcher, uri).await,
            }
        };
        tokio::time::timeout(deadline::at_most(FETCH_TIMEOUT), fetching)
            .await
            .unwrap_or(Err(FetchError::TooSlow))
    }

    /// The slot of a source. Where there are too many, the source with the oldest keys is forgotten; one that is left
    /// alone after failures only if all are, so that a flood of broken sources does not end the pauses of others.
    fn slot(&self, publisher: &JwksSource, now: Timestamp) -> Arc<Slot> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= MAX_SOURCES && !slots.contains_key(publisher) {
            let value = |slot: &Slot| {
                let known = slot.known();
                (known.is_failing(now), known.fetched_at)
            };
            let least = slots.iter().min_by_key(|(_, slot)| value(slot));
            if let Some(least) = least.map(|(publisher, _)| publisher.clone()) {
                slots.remove(&least);
            }
        }
        Arc::clone(slots.entry(publisher.clone()).or_default())
    }
}
