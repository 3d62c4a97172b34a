//! Keys that are published outside, kept for a while.

use super::dial::Internet;
use super::discovery;
use super::fetch::{FetchError, Fetcher};
use crate::domain::jwk::PublicJwk;
use crate::domain::outside_url::{JwksUri, OutsideIssuer};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Keys are used for so long without asking again.
pub const FRESH_FOR: SignedDuration = SignedDuration::from_mins(5);
/// After asking, whatever came of it, a host is not asked again for so long: neither for a key that it did not
/// publish, nor while it is down.
pub const COOL_DOWN: SignedDuration = SignedDuration::from_secs(30);
/// The last good keys are used for so long while their host is down.
pub const KEPT_WHILE_DOWN: SignedDuration = SignedDuration::from_hours(24);
/// How long a whole fetch may take.
const WITHIN: Duration = Duration::from_secs(3);
/// The most publishers that one instance remembers.
const MAX_PUBLISHERS: usize = 1_000;

/// Who publishes keys.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Publisher {
    /// A URL.
    At(JwksUri),
    /// An issuer, who says where.
    Of(OutsideIssuer),
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
    asked_at: Option<Timestamp>,
}

/// All keys that are published outside, as far as this instance has needed them.
#[derive(Debug)]
pub struct KeySets {
    fetcher: Fetcher,
    slots: Mutex<HashMap<Publisher, Arc<Slot>>>,
}

fn within(since: Option<Timestamp>, span: SignedDuration, now: Timestamp) -> bool {
    since.is_some_and(|since| since <= now && now.duration_since(since) < span)
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

    /// Whether there is nothing to ask for, or no asking again yet.
    fn will_do(&self, kid: Option<&str>, now: Timestamp) -> bool {
        self.is_current(kid, now) || within(self.asked_at, COOL_DOWN, now)
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
        Self { fetcher: Fetcher::new(internet), slots: Mutex::default() }
    }

    /// A publisher's keys, or `None` if it has not answered for too long.
    ///
    /// They are fetched again when they are too old, or when `kid` is not among them. Whoever comes meanwhile
    /// and has what they need does not wait; the others wait for the same fetch.
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
        let _asking = slot.asking.lock().await;
        let mut known = slot.known();
        if known.will_do(kid, now) {
            return known.usable(now);
        }
        // Written down first: whoever is given up while asking has asked.
        known.asked_at = Some(now);
        slot.learn(known.clone());
        match self.fetch(publisher).await {
            Ok(keys) => {
                known.keys = Arc::new(keys);
                known.fetched_at = Some(now);
                slot.learn(known.clone());
            }
            Err(error) => tracing::warn!(cause = %error, "keys that are published outside were not fetched"),
        }
        known.usable(now)
    }

    async fn fetch(&self, publisher: &Publisher) -> Result<Vec<PublicJwk>, FetchError> {
        let fetching = async {
            match publisher {
                Publisher::At(uri) => discovery::keys_at(&self.fetcher, uri).await,
                Publisher::Of(issuer) => discovery::keys_of(&self.fetcher, issuer).await,
            }
        };
        tokio::time::timeout(WITHIN, fetching).await.unwrap_or(Err(FetchError::TooSlow))
    }

    fn slot(&self, publisher: &Publisher) -> Arc<Slot> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= MAX_PUBLISHERS && !slots.contains_key(publisher) {
            // Rare, and harmless: the others are fetched again.
            slots.clear();
        }
        Arc::clone(slots.entry(publisher.clone()).or_default())
    }
}
