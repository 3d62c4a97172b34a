//! Keys that are published outside, kept for a while.

use super::dial::Internet;
use super::discovery;
use super::fetch::{FetchError, Fetcher};
use crate::adapters::deadline;
use crate::domain::jwk::PublicJwk;
use crate::domain::outside_url::{JwksUri, OutsideIssuer};
use crate::domain::provider_url::ProviderUrl;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Keys are used for so long without asking again.
pub const FRESH_FOR: SignedDuration = SignedDuration::from_mins(5);
/// After a host did not answer, or did not have the key that it was asked for, it is not asked again for so long.
pub const COOL_DOWN: SignedDuration = SignedDuration::from_secs(30);
/// The last good keys are used for so long while their host is down.
pub const KEPT_WHILE_DOWN: SignedDuration = SignedDuration::from_hours(24);
/// How long a whole fetch may take.
pub const WITHIN: Duration = Duration::from_secs(3);
/// The most publishers that one instance remembers: with the largest sets that are kept, some 45 MB.
const MAX_PUBLISHERS: usize = 500;

/// Who publishes keys.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Publisher {
    /// A URL.
    At(JwksUri),
    /// An issuer, who says where.
    Of(OutsideIssuer),
    /// The provider that people sign in at, whose URL this is.
    Provider(ProviderUrl),
}

impl Publisher {
    /// Whose host is asked first.
    fn host(&self) -> &str {
        match self {
            Self::At(uri) => uri.host(),
            Self::Of(issuer) => issuer.host(),
            Self::Provider(uri) => uri.host(),
        }
    }
}

/// One publisher.
#[derive(Debug, Default)]
struct Slot {
    known: Mutex<Known>,
    /// Held while they are asked, so that they are asked once.
    asking: tokio::sync::Mutex<()>,
}

/// What is known of a publisher.
#[derive(Clone, Debug, Default)]
struct Known {
    keys: Arc<Vec<PublicJwk>>,
    fetched_at: Option<Timestamp>,
    /// When asking came to nothing.
    failed_at: Option<Timestamp>,
    /// When a key was asked for that was not there.
    missed_at: Option<Timestamp>,
}

/// All keys that are published outside, as far as this instance has needed them.
#[derive(Debug)]
pub struct KeySets {
    fetcher: Arc<Fetcher>,
    slots: Mutex<HashMap<Publisher, Arc<Slot>>>,
}

/// Whether less than `span` lies between. Requests are not served in the order of their instants, so `since` may
/// be the later one.
fn within(since: Option<Timestamp>, span: SignedDuration, now: Timestamp) -> bool {
    since.is_some_and(|since| now.duration_since(since).abs() < span)
}

impl Slot {
    fn known(&self) -> Known {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn learn(&self, known: Known) {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = known;
    }
}

impl Known {
    /// Whether there is nothing to ask for.
    fn is_current(&self, kid: Option<&str>, now: Timestamp) -> bool {
        within(self.fetched_at, FRESH_FOR, now) && self.knows(kid)
    }

    /// Whether asking has just been in vain: for anything, or for one more key.
    fn is_resting(&self, now: Timestamp) -> bool {
        let one_more = within(self.fetched_at, FRESH_FOR, now);
        within(self.failed_at, COOL_DOWN, now) || (one_more && within(self.missed_at, COOL_DOWN, now))
    }

    fn knows(&self, kid: Option<&str>) -> bool {
        kid.is_none_or(|kid| self.keys.iter().any(|key| key.kid.as_deref() == Some(kid)))
    }

    fn usable(&self, now: Timestamp) -> Option<Arc<Vec<PublicJwk>>> {
        within(self.fetched_at, KEPT_WHILE_DOWN, now).then(|| Arc::clone(&self.keys))
    }
}

impl KeySets {
    /// Knows none yet.
    #[must_use]
    pub fn new(internet: Internet) -> Self {
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
        publisher: &Publisher,
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
        if known.is_current(kid, now) || known.is_resting(now) {
            return known.usable(now);
        }
        // Written down first: whoever is given up while asking has asked in vain.
        known.failed_at = Some(now);
        slot.learn(known.clone());
        match self.fetch(publisher).await {
            Ok(keys) => {
                known = Known { keys: Arc::new(keys), fetched_at: Some(now), failed_at: None, ..known };
                if !known.knows(kid) {
                    known.missed_at = Some(now);
                }
                slot.learn(known.clone());
            }
            Err(error) => {
                let host = publisher.host();
                tracing::warn!(host, cause = %error, "keys that are published outside were not fetched");
            }
        }
        known.usable(now)
    }

    async fn fetch(&self, publisher: &Publisher) -> Result<Vec<PublicJwk>, FetchError> {
        let fetching = async {
            match publisher {
                Publisher::At(uri) => discovery::keys_at(&self.fetcher, uri).await,
                Publisher::Of(issuer) => discovery::keys_of(&self.fetcher, issuer).await,
                Publisher::Provider(uri) => discovery::keys_of_provider(&self.fetcher, uri).await,
            }
        };
        tokio::time::timeout(deadline::at_most(WITHIN), fetching).await.unwrap_or(Err(FetchError::TooSlow))
    }

    fn slot(&self, publisher: &Publisher) -> Arc<Slot> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= MAX_PUBLISHERS && !slots.contains_key(publisher) {
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

    fn publisher(number: usize) -> Publisher {
        let uri = format!("https://client{number}.example.com/keys");
        Publisher::At(JwksUri::parse(&uri).expect("legal"))
    }

    #[test]
    fn who_has_the_oldest_keys_makes_room_for_one_more() {
        let sets = KeySets::new(Internet::Real);
        let at = |second: usize| Timestamp::from_second(i64::try_from(second).expect("small")).ok();
        for number in 0..MAX_PUBLISHERS {
            // All but one have keys; number 7 has the oldest of these.
            let fetched_at = at(if number == 7 { 1 } else { 1_000 + number });
            let fetched_at = fetched_at.filter(|_| number != 3);
            sets.slot(&publisher(number)).learn(Known { fetched_at, ..Known::default() });
        }
        let remembers = |number| sets.slots.lock().expect("sound").contains_key(&publisher(number));
        for (newcomer, gone) in [(MAX_PUBLISHERS, 3), (MAX_PUBLISHERS + 1, 7)] {
            sets.slot(&publisher(newcomer)).learn(Known { fetched_at: at(9_000), ..Known::default() });
            assert!(remembers(newcomer) && !remembers(gone) && remembers(0));
            assert_eq!(sets.slots.lock().expect("sound").len(), MAX_PUBLISHERS);
        }
        sets.slot(&publisher(0));
        assert!(remembers(1), "who is known needs no room");
    }

    #[test]
    fn instants_count_in_either_order() {
        let now = Timestamp::UNIX_EPOCH;
        for (seconds, expected) in [(-30, false), (-29, true), (0, true), (29, true), (30, false)] {
            let since = now.checked_add(SignedDuration::from_secs(seconds)).ok();
            assert_eq!(within(since, COOL_DOWN, now), expected, "{seconds}");
        }
        assert!(!within(None, COOL_DOWN, now));
    }
}
