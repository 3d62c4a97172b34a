//! Failed fetches, shared by all instances: one tries a broken source again, and the others keep away from it.

use crate::adapters::error::BackendError;
use crate::adapters::store::Store;
use crate::domain::net::fetch_failures::FetchFailures;
use jiff::Timestamp;
use std::time::Duration;

/// The most time for one call. What other instances know is a help, not a condition, of a fetch.
const TIMEOUT: Duration = Duration::from_millis(500);

/// Permission for a fetch.
#[derive(Debug)]
pub(super) struct Attempt {
    /// The failures if this fetch fails, or those because of which there is none.
    pub(super) failures: FetchFailures,
    /// Whether this instance may fetch now.
    pub(super) is_ours: bool,
    /// Whether the failure of this fetch is recorded already.
    is_recorded: bool,
}

impl Attempt {
    /// A fetch as if the one before had succeeded.
    pub(super) fn first(now: Timestamp) -> Self {
        Self { failures: FetchFailures::after(None, now), is_ours: true, is_recorded: false }
    }
}

/// The failures in the store.
#[derive(Debug)]
pub(super) struct SharedFailures {
    store: Store,
}

impl SharedFailures {
    pub(super) fn new(store: Store) -> Self {
        Self { store }
    }

    /// Whether a source may be fetched now. `own` are the failures that this instance knows of, whose pause is over.
    ///
    /// A source that works costs one read. For one that has failed, the failure of this attempt is recorded first, by
    /// which other instances stay away meanwhile.
    pub(super) async fn begin(&self, source: &str, own: Option<FetchFailures>, now: Timestamp) -> Attempt {
        let alone = Attempt { failures: FetchFailures::after(own, now), is_ours: true, is_recorded: false };
        let Some(found) = within(self.store.load_fetch_failures(source, now)).await else { return alone };
        let Some(found) = found else { return Attempt::first(now) };
        if found.in_backoff(now) {
            return Attempt { failures: found, is_ours: false, is_recorded: true };
        }
        let failures = FetchFailures::after(Some(found), now);
        match within(self.store.record_fetch_failure(source, Some(&found), &failures)).await {
            Some(is_ours) => Attempt { failures, is_ours, is_recorded: true },
            None => Attempt { failures, ..alone },
        }
    }

    /// Records how the fetch went.
    pub(super) async fn end(&self, source: &str, attempt: &Attempt, succeeded: bool) {
        match (succeeded, attempt.is_recorded) {
            (true, true) => {
                within(self.store.forget_fetch_failures(source)).await;
            }
            (false, false) => {
                within(self.store.record_fetch_failure(source, None, &attempt.failures)).await;
            }
            (true, false) | (false, true) => {}
        }
    }
}

/// The result of a call; `None` if it failed or took too long, which is logged.
async fn within<T>(call: impl Future<Output = Result<T, BackendError>>) -> Option<T> {
    match tokio::time::timeout(TIMEOUT, call).await {
        Ok(Ok(value)) => return Some(value),
        Ok(Err(error)) => tracing::warn!(cause = %error, "failures of hosts are not shared"),
        Err(_) => tracing::warn!("sharing failures of hosts timed out"),
    }
    None
}
