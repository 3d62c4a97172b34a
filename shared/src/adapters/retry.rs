//! Pauses between attempts at something that failed for a transient reason.

use backon::{BackoffBuilder, ExponentialBuilder};
use std::time::Duration;

const MIN_DELAY: Duration = Duration::from_millis(10);
const MAX_DELAY: Duration = Duration::from_millis(250);

/// The pauses between `attempts` attempts, one fewer than that: from 10 ms, doubled each time up to 250 ms, with
/// jitter that adds up to as much again, so that callers which met once do not meet again.
pub fn backoff(attempts: usize) -> impl Iterator<Item = Duration> + Send {
    ExponentialBuilder::default()
        .with_min_delay(MIN_DELAY)
        .with_max_delay(MAX_DELAY)
        .with_max_times(attempts.saturating_sub(1))
        .with_jitter()
        .build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_are_bounded_and_one_fewer_than_attempts() {
        let pauses: Vec<Duration> = backoff(12).collect();
        assert_eq!(pauses.len(), 11);
        assert!(pauses.iter().all(|pause| (MIN_DELAY..=2 * MAX_DELAY).contains(pause)), "{pauses:?}");
        assert_eq!(backoff(1).count() + backoff(0).count(), 0);
    }
}
