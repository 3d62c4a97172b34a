//! Pauses between attempts at something that failed for a transient reason.

use backon::{BackoffBuilder, ExponentialBuilder};
use std::time::Duration;

/// The pauses between `attempts` attempts, one fewer than that, while a request waits: from 10 ms, doubled each time up
/// to 250 ms. Jitter adds up to as much again, so that callers which met once do not meet again.
pub fn backoff(attempts: usize) -> impl Iterator<Item = Duration> + Send {
    pauses(attempts, Duration::from_millis(10), Duration::from_millis(250))
}

/// The same for work that no request waits for: from 2 s up to 8 s.
pub fn slow_backoff(attempts: usize) -> impl Iterator<Item = Duration> + Send {
    pauses(attempts, Duration::from_secs(2), Duration::from_secs(8))
}

/// The same, while another instance does the work: 400 ms each time.
pub fn polling(attempts: usize) -> impl Iterator<Item = Duration> + Send {
    pauses(attempts, Duration::from_millis(400), Duration::from_millis(400))
}

fn pauses(attempts: usize, shortest: Duration, longest: Duration) -> impl Iterator<Item = Duration> + Send {
    ExponentialBuilder::default()
        .with_min_delay(shortest)
        .with_max_delay(longest)
        .with_max_times(attempts.saturating_sub(1))
        .with_jitter()
        .build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_are_bounded_and_one_fewer_than_attempts() {
        let in_milliseconds =
            |pauses: Vec<Duration>| pauses.iter().map(Duration::as_millis).collect::<Vec<_>>();
        for (pauses, bounds) in [
            (in_milliseconds(backoff(12).collect()), 10..=500),
            (in_milliseconds(slow_backoff(12).collect()), 2_000..=16_000),
            (in_milliseconds(polling(12).collect()), 400..=800),
        ] {
            assert_eq!(pauses.len(), 11);
            assert!(pauses.iter().all(|pause| bounds.contains(pause)), "{pauses:?} in {bounds:?}");
        }
        assert_eq!(backoff(1).count() + backoff(0).count(), 0);
    }
}
