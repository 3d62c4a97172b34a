//! Accounts, in memory: what tokens depend on.

use crate::adapters::cache::TtlCache;
use crate::adapters::error::BackendError;
use crate::adapters::store::Store;
use crate::domain::account::Account;
use crate::domain::primitives::ids::AccountId;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// An account is read again after so long: the time in which a change of it takes effect. If it cannot be read then, an
/// older state is not used.
const TTL: SignedDuration = SignedDuration::from_secs(60);
/// The most accounts that one instance keeps: at most some 20 MB.
const MAX_ACCOUNTS: usize = 1_000;

type Slot = Arc<TtlCache<Option<Arc<Account>>>>;

/// The accounts that this instance has needed within a minute.
pub struct AccountCache {
    store: Store,
    slots: Mutex<HashMap<AccountId, Slot>>,
}

impl AccountCache {
    /// An empty cache of the accounts in this store.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self { store, slots: Mutex::default() }
    }

    /// The account, at most a minute old; `None` if there is none of this id. Concurrent callers share one read.
    pub async fn get(&self, id: &AccountId, now: Timestamp) -> Result<Option<Arc<Account>>, BackendError> {
        let slot = self.slot(id, now);
        let entry = slot.get(now, async || Ok(self.store.load_account(id).await?.map(Arc::new))).await?;
        if entry.value.is_none() {
            // Any caller can name accounts that do not exist.
            self.slots().remove(id);
        }
        Ok(Option::clone(&entry.value))
    }

    fn slot(&self, id: &AccountId, now: Timestamp) -> Slot {
        let mut slots = self.slots();
        if slots.len() >= MAX_ACCOUNTS && !slots.contains_key(id) {
            slots.retain(|_, slot| slot.is_fresh(now));
            // Rare: more accounts than that within a minute.
            if slots.len() >= MAX_ACCOUNTS
                && let Some(any) = slots.keys().next().cloned()
            {
                slots.remove(&any);
            }
        }
        let new = || Arc::new(TtlCache::new(TTL));
        Arc::clone(slots.entry(id.clone()).or_insert_with(new))
    }

    fn slots(&self) -> MutexGuard<'_, HashMap<AccountId, Slot>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
