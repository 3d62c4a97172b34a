//! Keys that are published outside, kept for a while.

use crate::adapters::lambda::deadline;
use crate::adapters::remote::connector::Network;
use crate::adapters::remote::discovery;
use crate::adapters::remote::fetch::{FetchError, Fetcher};
use crate::domain::jose::jwk::PublicJwk;
use crate::domain::net::provider_url::ProviderUrl;
use crate::domain::net::remote_url::{ExternalIssuer, JwksUri};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Keys are used for so long without asking again.
pub const TTL: SignedDuration = SignedDuration::from_mins(5);
/// After a host did not answer, or did not have the key that it was asked for, it is not asked again for so long.
pub const NEGATIVE_TTL: SignedDuration = SignedDuration::from_secs(30);
/// The last good keys are used for so long while their host is down.
pub const STALE_IF_ERROR: SignedDuration = SignedDuration::from_hours(24);
/// How long a whole fetch may take.
pub const FETCH_TIMEOUT: Duration = Duration::from_secs(3);
/// The most publishers that one instance remembers: with the largest sets that are kept, some 45 MB.
const MAX_SOURCES: usize = 500;

/// Who publishes keys.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum JwksSource {
    /// A URL.
    Uri(JwksUri),
    /// An issuer, who says where.
    Issuer(ExternalIssuer),
    /// The provider that people sign in at, whose URL this is.
    Provider(ProviderUrl),
}

impl JwksSource {
    /// Whose host is asked first.
    fn host(&self) -> &str {
        match self {
            Self::Uri(uri) => uri.host(),
            Self::Issuer(issuer) => issuer.host(),
            Self::Provider(uri) => uri.host(),
        }
    }
}

/// One publisher.
#[derive(Debug, Default)]
struct Slot {
    known: Mutex<Entry>,
    /// Held while they are asked, so that they are asked once.
    asking: tokio::sync::Mutex<()>,
}

/// What is known of a publisher.
#[derive(Clone, Debug, Default)]
struct Entry {
    keys: Arc<Vec<PublicJwk>>,
    fetched_at: Option<Timestamp>,
    /// When asking came to nothing.
    failed_at: Option<Timestamp>,
    /// When a key was asked for that was not there.
    missed_at: Option<Timestamp>,
}

/// All keys that are published outside, as far as this instance has needed them.
#[derive(Debug)]
pub struct JwksCache {
    fetcher: Arc<Fetcher>,
    slots: Mutex<HashMap<JwksSource, Arc<Slot>>>,
}

/// Whether less than `span` lies between. Requests are not served in the order of their instants, so `since` may
/// be the later one.
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
    /// Whether there is nothing to ask for.
    fn is_current(&self, kid: Option<&str>, now: Timestamp) -> bool {
        within(self.fetched_at, TTL, now) && self.knows(kid)
    }

    /// Whether asking has just been in vain: for anything, or for one more key.
    fn in_backoff(&self, now: Timestamp) -> bool {
        let one_more = within(self.fetched_at, TTL, now);
        within(self.failed_at, NEGATIVE_TTL, now) || (one_more && within(self.missed_at, NEGATIVE_TTL, now))
    }

    fn knows(&self, kid: Option<&str>) -> bool {
        kid.is_none_or(|kid| self.keys.iter().any(|key| key.kid.as_deref() == Some(kid)))
    }

    fn usable(&self, now: Timestamp) -> Option<Arc<Vec<PublicJwk>>> {
        within(self.fetched_at, STALE_IF_ERROR, now).then(|| Arc::clone(&self.keys))
    }
}

impl JwksCache {
    /// Knows none yet.
    #[must_use]
    pub fn new(internet: Network) -> Self {
        Self::over(Arc::new(Fetcher::new(internet)))
    }

    /// The same, fetching through a fetcher that others use too.
    #[must_use]
    pub fn over(fetcher: Arc<Fetcher>) -> Self {
        Self { fetcher, slots: Mutex::default() }
    }

    /// A publisher's keys, or `None` if it has not answered for too long.
    ///
    /// They are fetched again when they are too old, or when `kid` is not among them. Whoever comes meanwhile
    /// and knows `kid`, be it from a set that is too old, does not wait; the others wait for the same fetch.
    pub async fn keys(
        &self,
        publisher: &JwksSource,
        kid: Option<&str>,
        now: Timestamp,
    ) -> Option<Arc<Vec<PublicJwk>>> {
        let slot = self.slot(publisher);
        let known = slot.known();
        if known.is_current(kid, now) {
            return known.usable(now);
        }
        let _asking = match slot.asking.try_lock() {
            Ok(asking) => asking,
            Err(_) if known.knows(kid) && known.usable(now).is_some() => return known.usable(now),
            Err(_) => slot.asking.lock().await,
        };
        let mut known = slot.known();
        if known.is_current(kid, now) || known.in_backoff(now) {
            return known.usable(now);
        }
        // Written down first: whoever is given up while asking has asked in vain.
        known.failed_at = Some(now);
        slot.store(known.clone());
        match self.fetch(publisher).await {
            Ok(keys) => {
                known = Entry { keys: Arc::new(keys), fetched_at: Some(now), failed_at: None, ..known };
                if !known.knows(kid) {
                    known.missed_at = Some(now);
                }
                slot.store(known.clone());
            }
            Err(error) => {
                let host = publisher.host();
                tracing::warn!(host, cause = %error, "keys that are published outside were not fetched");
            }
        }
        known.usable(now)
    }

    async fn fetch(&self, publisher: &JwksSource) -> Result<Vec<PublicJwk>, FetchError> {
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

    fn slot(&self, publisher: &JwksSource) -> Arc<Slot> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= MAX_SOURCES && !slots.contains_key(publisher) {
            // Rare: whose keys are the oldest is asked again when they are needed.
            let oldest = slots.iter().min_by_key(|(_, slot)| slot.known().fetched_at);
            if let Some(oldest) = oldest.map(|(publisher, _)| publisher.clone()) {
                slots.remove(&oldest);
            }
        }
        Arc::clone(slots.entry(publisher.clone()).or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn publisher(number: usize) -> JwksSource {
        let uri = format!("https://client{number}.example.com/keys");
        JwksSource::Uri(JwksUri::parse(&uri).expect("legal"))
    }

    #[test]
    fn who_has_the_oldest_keys_makes_room_for_one_more() {
        let sets = JwksCache::new(Network::System);
        let at = |second: usize| Timestamp::from_second(i64::try_from(second).expect("small")).ok();
        for number in 0..MAX_SOURCES {
            // All but one have keys; number 7 has the oldest of these.
            let fetched_at = at(if number == 7 { 1 } else { 1_000 + number });
            let fetched_at = fetched_at.filter(|_| number != 3);
            sets.slot(&publisher(number)).store(Entry { fetched_at, ..Entry::default() });
        }
        let remembers = |number| sets.slots.lock().expect("sound").contains_key(&publisher(number));
        for (newcomer, gone) in [(MAX_SOURCES, 3), (MAX_SOURCES + 1, 7)] {
            sets.slot(&publisher(newcomer)).store(Entry { fetched_at: at(9_000), ..Entry::default() });
            assert!(remembers(newcomer) && !remembers(gone) && remembers(0));
            assert_eq!(sets.slots.lock().expect("sound").len(), MAX_SOURCES);
        }
        sets.slot(&publisher(0));
        assert!(remembers(1), "who is known needs no room");
    }

    #[test]
    fn instants_count_in_either_order() {
        let now = Timestamp::UNIX_EPOCH;
        for (seconds, expected) in [(-30, false), (-29, true), (0, true), (29, true), (30, false)] {
            let since = now.checked_add(SignedDuration::from_secs(seconds)).ok();
            assert_eq!(within(since, NEGATIVE_TTL, now), expected, "{seconds}");
        }
        assert!(!within(None, NEGATIVE_TTL, now));
    }
}
