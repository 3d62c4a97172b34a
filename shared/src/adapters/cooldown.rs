//! Limits on how often an instance repeats an action.

use jiff::{SignedDuration, Timestamp};
use std::sync::atomic::{AtomicI64, Ordering};

/// Limits an action to once per period.
#[derive(Debug)]
pub struct Cooldown {
    length: SignedDuration,
    last_millis: AtomicI64,
}

impl Cooldown {
    /// At most one action in `length`.
    #[must_use]
    pub fn new(length: SignedDuration) -> Self {
        Self { length, last_millis: AtomicI64::new(i64::MIN) }
    }

    /// Whether a period has passed since the last action. Starts none.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.is_over_since(self.last_millis.load(Ordering::Relaxed), now)
    }

    /// Whether the action is allowed now; if so, the period starts. Of concurrent calls, one is allowed.
    pub fn try_acquire(&self, now: Timestamp) -> bool {
        let last = self.last_millis.load(Ordering::Relaxed);
        let exchange =
            |now| self.last_millis.compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed);
        self.is_over_since(last, now) && exchange(now.as_millisecond()).is_ok()
    }

    fn is_over_since(&self, last: i64, now: Timestamp) -> bool {
        let elapsed = now.as_millisecond().saturating_sub(last);
        // A clock that was set back does not block the action for longer than a period.
        elapsed < 0 || i128::from(elapsed) >= self.length.as_millis()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cooldown_allows_once_per_period() {
        let (cooldown, at) =
            (Cooldown::new(SignedDuration::from_secs(10)), |s| Timestamp::from_second(s).expect("in range"));
        let permitted: Vec<i64> = [100, 100, 109, 110, 111, 50, 51, 60]
            .into_iter()
            .filter(|s| cooldown.try_acquire(at(*s)))
            .collect();
        assert_eq!(permitted, [100, 110, 50, 60]);
    }
}
