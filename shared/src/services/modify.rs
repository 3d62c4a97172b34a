//! The loop of every optimistic update: read, check, change, write if nothing changed meanwhile, and repeat if something did.

use crate::adapters::error::BackendError;
use crate::adapters::retry::backoff;
use crate::adapters::store::WriteOutcome;

/// How often one change is attempted.
const ATTEMPTS: usize = 12;

/// Result of one attempt at a change.
#[derive(Debug)]
pub enum Attempt<T> {
    /// The change is committed, or there was nothing to change.
    Done(T),
    /// Another change came first; the next attempt reads again.
    Conflict,
}

impl<T> Attempt<T> {
    /// `value` if the write is committed. For changes that any conflict sends back to their beginning.
    pub fn from_outcome(outcome: WriteOutcome, value: T) -> Self {
        match outcome {
            WriteOutcome::Committed => Self::Done(value),
            WriteOutcome::Rejected(_) => Self::Conflict,
        }
    }
}

/// Every attempt at a change met another change of the same item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("other requests kept changing the same item")]
pub struct Contention;

impl From<Contention> for BackendError {
    fn from(contention: Contention) -> Self {
        Self::new("changing an item", contention)
    }
}

/// The item is not at a version that the caller accepts (`If-Match`, RFC 9110 §13.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the item has another version than expected")]
pub struct VersionMismatch;

/// Which versions of an item the caller accepts to change (`If-Match`).
pub type VersionPredicate<'a> = &'a (dyn Fn(u64) -> bool + Sync);

/// Accepts every version.
pub const ANY_VERSION: VersionPredicate<'static> = &|_| true;

/// Fails if the caller does not accept this version.
pub fn ensure_version(expected: VersionPredicate<'_>, version: u64) -> Result<(), VersionMismatch> {
    if expected(version) { Ok(()) } else { Err(VersionMismatch) }
}

/// Repeats `attempt`, with growing pauses, until it is done or fails; after 12 conflicts fails with [`Contention`].
pub async fn modify<T, E, F>(mut attempt: impl FnMut() -> F) -> Result<T, E>
where
    E: From<Contention>,
    F: Future<Output = Result<Attempt<T>, E>>,
{
    let mut pauses = backoff(ATTEMPTS);
    loop {
        if let Attempt::Done(value) = attempt().await? {
            return Ok(value);
        }
        let pause = pauses.next().ok_or(Contention)?;
        tokio::time::sleep(pause).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::store::WriteConflict;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// Attempts until the outcome of number `done_at` is a commit.
    async fn attempts(done_at: usize) -> (Result<usize, Contention>, usize) {
        let made = AtomicUsize::new(0);
        let result = modify(|| async {
            let number = made.fetch_add(1, Ordering::Relaxed) + 1;
            let outcome = if number == done_at {
                WriteOutcome::Committed
            } else {
                WriteOutcome::Rejected(WriteConflict::VersionMismatch)
            };
            Ok(Attempt::from_outcome(outcome, number))
        });
        let result = result.await;
        (result, made.into_inner())
    }

    #[tokio::test]
    async fn a_conflict_is_repeated_until_committed() {
        assert_eq!(attempts(1).await, (Ok(1), 1));
        assert_eq!(attempts(3).await, (Ok(3), 3));
    }

    #[tokio::test]
    async fn twelve_conflicts_are_contention() {
        assert_eq!(attempts(13).await, (Err(Contention), 12));
    }

    #[test]
    fn a_version_must_be_accepted() {
        assert_eq!(ensure_version(ANY_VERSION, 3), Ok(()));
        assert_eq!(ensure_version(&|version| version == 2, 3), Err(VersionMismatch));
    }
}
