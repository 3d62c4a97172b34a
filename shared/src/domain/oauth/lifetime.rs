//! Lifetimes of tokens.

use crate::domain::primitives::validation::FieldError;
use jiff::{SignedDuration, Timestamp};

/// Minimum lifetime of a token, in seconds.
pub const MIN_SECONDS: u32 = 60;
/// Default of a deployment's maximum for access tokens, in seconds: 24 hours.
pub const DEFAULT_MAX_ACCESS_SECONDS: u32 = 86_400;
/// Highest maximum for access tokens that a deployment can set, in seconds: 72 hours.
pub const MAX_ACCESS_SECONDS: u32 = 259_200;
/// Maximum lifetime of a refresh token, in seconds: 365 days.
pub const MAX_REFRESH_SECONDS: u32 = 31_536_000;
/// Default lifetime of a client's access tokens, in seconds: one hour.
pub const DEFAULT_ACCESS_SECONDS: u32 = 3_600;
/// Default lifetime of a client's refresh tokens, in seconds: 14 days.
pub const DEFAULT_REFRESH_SECONDS: u32 = 1_209_600;

/// Whether something with this lifetime has not expired at `now`.
///
/// An `expires_at` further ahead than twice the lifetime was set by a clock that has been set back since; it is treated as
/// past.
#[must_use]
pub fn is_before_expiry(expires_at: Timestamp, lifetime: SignedDuration, now: Timestamp) -> bool {
    now < expires_at && expires_at.duration_since(now).saturating_sub(lifetime) <= lifetime
}

/// Validates that a lifetime is within `MIN_SECONDS..=max`.
pub fn validate(path: &str, seconds: u32, max: u32) -> Result<(), FieldError> {
    if (MIN_SECONDS..=max).contains(&seconds) {
        Ok(())
    } else {
        Err(FieldError::new(path, out_of_range(max, 1, "seconds")))
    }
}

/// The complaint about a lifetime that is not within `MIN_SECONDS..=max`, in a unit of so many seconds with this name.
#[must_use]
pub fn out_of_range(max: u32, unit: u32, name: &str) -> String {
    format!("must be from {} to {} {name}", MIN_SECONDS.div_ceil(unit), max / unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expiry_too_far_ahead_is_treated_as_past() {
        let is_live = |left: i64| {
            let (now, lifetime) = (Timestamp::UNIX_EPOCH, SignedDuration::from_secs(60));
            is_before_expiry(Timestamp::from_second(left).expect("in range"), lifetime, now)
        };
        for (left, expected) in [(-1, false), (0, false), (1, true), (60, true), (120, true), (121, false)] {
            assert_eq!(is_live(left), expected, "{left}");
        }
    }
}
