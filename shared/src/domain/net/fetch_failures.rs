//! Failures in a row of fetching a document from one source, and how long the source is then left alone.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// The pause after the first failure. Each further one doubles it.
pub const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(30);
/// The longest pause.
pub const LONGEST_PAUSE: SignedDuration = SignedDuration::from_mins(5);

/// Failures since the last success.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FetchFailures {
    /// Their number, at least 1.
    pub failures: u32,
    /// The last of them.
    pub failed_at: Timestamp,
}

impl FetchFailures {
    /// One more failure at `now`, after `previous` ones.
    #[must_use]
    pub fn after(previous: Option<Self>, now: Timestamp) -> Self {
        let failures = previous.map_or(1, |previous| previous.failures.saturating_add(1));
        Self { failures, failed_at: now }
    }

    /// Whether the source is left alone at `now`.
    ///
    /// Requests are not served in the order of their instants, so that the failure may be later than `now`.
    #[must_use]
    pub fn in_backoff(&self, now: Timestamp) -> bool {
        now.duration_since(self.failed_at).abs() < self.pause()
    }

    fn pause(&self) -> SignedDuration {
        let doublings = self.failures.saturating_sub(1).min(16);
        FIRST_PAUSE.checked_mul(1 << doublings).map_or(LONGEST_PAUSE, |pause| pause.min(LONGEST_PAUSE))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_doubles_up_to_five_minutes() {
        let now = Timestamp::UNIX_EPOCH;
        let mut failures = None;
        for seconds in [30, 60, 120, 240, 300, 300] {
            let next = FetchFailures::after(failures, now);
            assert_eq!(next.pause(), SignedDuration::from_secs(seconds));
            failures = Some(next);
        }
        let many = FetchFailures { failures: u32::MAX, failed_at: now };
        assert_eq!(FetchFailures::after(Some(many), now).pause(), LONGEST_PAUSE);
    }

    #[test]
    fn instants_may_be_in_either_order() {
        let failed = FetchFailures::after(None, Timestamp::UNIX_EPOCH);
        for (seconds, expected) in [(-30, false), (-29, true), (0, true), (29, true), (30, false)] {
            let now = Timestamp::from_second(seconds).expect("in range");
            assert_eq!(failed.in_backoff(now), expected, "{seconds}");
        }
    }
}
