//! The source of time. All other code takes `now` as an argument.

use jiff::{SignedDuration, Timestamp, Unit};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// A clock.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The system's clock.
    #[default]
    System,
    /// A clock that can be set, for the local runner and for tests.
    Adjustable(Arc<AdjustableClock>),
}

/// A clock that runs like the system's, from the instant that it was set to.
#[derive(Debug, Default)]
pub struct AdjustableClock {
    ahead_millis: AtomicI64,
}

#[expect(clippy::disallowed_methods, reason = "this is the one place where time enters")]
fn system_now() -> Timestamp {
    let now = Timestamp::now();
    // Stored and shown instants have milliseconds: finer ones would differ after a round trip.
    now.round(Unit::Millisecond).unwrap_or(now)
}

impl Clock {
    /// The instant now, in whole milliseconds.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => system_now(),
            Self::Adjustable(clock) => clock.now(),
        }
    }
}

impl AdjustableClock {
    /// The instant now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let ahead = SignedDuration::from_millis(self.ahead_millis.load(Ordering::Relaxed));
        system_now().saturating_add(ahead).unwrap_or(Timestamp::MAX)
    }

    /// Sets the clock to `instant`, from which it runs on.
    pub fn set(&self, instant: Timestamp) {
        let ahead = instant.duration_since(system_now());
        self.ahead_millis.store(i64::try_from(ahead.as_millis()).unwrap_or(i64::MAX), Ordering::Relaxed);
    }

    /// Sets the clock back to the system's time.
    pub fn reset(&self) {
        self.ahead_millis.store(0, Ordering::Relaxed);
    }
}
