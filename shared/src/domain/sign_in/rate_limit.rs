//! Rate limits: counters in fixed windows of time.

use jiff::{SignedDuration, Timestamp};

/// A rate limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// The name of the limit. It is part of stored keys.
    pub kind: &'static str,
    /// The most actions in one window.
    pub times: u32,
    /// The length of a window. Windows are aligned to the clock (in UTC), so that up to twice as many actions are possible
    /// around the end of one.
    pub window: SignedDuration,
}

/// A window of a rate limit, in seconds since the epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Its first second.
    pub begin: i64,
    /// The first second after it.
    pub end: i64,
}

/// What an action is counted against: a limit, and the value whose actions it limits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counter {
    /// The limit.
    pub limit: RateLimit,
    /// The value: an address, a source, or several of them.
    pub key: String,
}

/// Whether an action is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum RateLimitDecision {
    /// It is, and was counted.
    Allowed,
    /// The limit is reached. The action may be allowed after so many seconds.
    RetryAfter(i64),
}

impl RateLimit {
    /// A limit of so many actions in each hour.
    #[must_use]
    pub const fn hourly(kind: &'static str, times: u32) -> Self {
        Self { kind, times, window: SignedDuration::from_hours(1) }
    }

    /// A limit of so many actions on each day (UTC).
    #[must_use]
    pub const fn daily(kind: &'static str, times: u32) -> Self {
        Self { kind, times, window: SignedDuration::from_hours(24) }
    }

    /// The window of an instant.
    #[must_use]
    pub fn window_at(&self, now: Timestamp) -> Window {
        let (length, second) = (self.window.as_secs().max(1), now.as_second());
        let begin = second - second.rem_euclid(length);
        Window { begin, end: begin + length }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_those_of_the_clock() {
        let at = |text: &str| text.parse::<Timestamp>().expect("an instant");
        let now = at("2027-03-01T12:10:07Z");
        let hour = RateLimit::hourly("", 1).window_at(now);
        let day = RateLimit::daily("", 1).window_at(now);
        assert_eq!(hour.begin, at("2027-03-01T12:00:00Z").as_second());
        assert_eq!((day.begin, day.end), (day.end - 86_400, at("2027-03-02T00:00:00Z").as_second()));
    }
}
