//! The deadline of the current request: every wait on another system ends by then.
//!
//! It is a task-local, as a tracing span is, so that a call at any depth knows how much time is left.

use std::time::Duration;
use tokio::time::Instant;

/// The most time that one HTTP request may take. Below the timeout of the HTTP functions (15 s in `infra/template.yaml`), so
/// that a slow store leads to a 503 with `Retry-After` and Lambda does not end the function.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

tokio::task_local! {
    static DEADLINE: Instant;
}

/// The deadline had passed before a call began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the request's deadline has passed")]
pub struct DeadlineExceeded;

/// Runs `work` with a deadline `budget` from now. An earlier deadline that is set already stays.
pub async fn within<T>(budget: Duration, work: impl Future<Output = T>) -> T {
    let own = now() + budget;
    let deadline = DEADLINE.try_with(|outer| own.min(*outer)).unwrap_or(own);
    DEADLINE.scope(deadline, work).await
}

/// The time left until the deadline, zero once it has passed; `None` where no deadline is set.
#[must_use]
pub fn remaining() -> Option<Duration> {
    DEADLINE.try_with(|deadline| deadline.saturating_duration_since(now())).ok()
}

/// The shorter of `limit` and the time left.
#[must_use]
pub fn at_most(limit: Duration) -> Duration {
    remaining().map_or(limit, |left| left.min(limit))
}

/// The machine's clock, not the deployment's, because a deadline limits how long a caller really waits.
#[expect(clippy::disallowed_methods, reason = "durations of waits are real ones")]
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn without_a_deadline_a_limit_stands() {
        assert_eq!(remaining(), None);
        assert_eq!(at_most(Duration::from_secs(3)), Duration::from_secs(3));
    }

    #[tokio::test]
    async fn the_time_left_shortens_a_limit() {
        within(Duration::from_secs(2), async {
            assert!(at_most(Duration::from_secs(3)) <= Duration::from_secs(2));
            assert_eq!(at_most(Duration::from_millis(1)), Duration::from_millis(1));
        })
        .await;
    }

    #[tokio::test]
    async fn an_inner_deadline_cannot_outlast_the_outer_one() {
        within(
            Duration::ZERO,
            within(Duration::from_secs(9), async {
                assert_eq!(remaining(), Some(Duration::ZERO));
            }),
        )
        .await;
    }
}
