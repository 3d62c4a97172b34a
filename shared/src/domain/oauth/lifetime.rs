//! How long tokens live.

use crate::domain::primitives::validation::FieldError;
use jiff::{SignedDuration, Timestamp};

/// The shortest life of a token, in seconds.
pub const MIN_SECONDS: u32 = 60;
/// What a deployment allows an access token unless it says otherwise, in seconds: 24 hours.
pub const DEFAULT_MAX_ACCESS_SECONDS: u32 = 86_400;
/// The most that a deployment can allow an access token, in seconds: 72 hours.
pub const MAX_ACCESS_SECONDS: u32 = 259_200;
/// The longest life of a refresh token, in seconds: 365 days.
pub const MAX_REFRESH_SECONDS: u32 = 31_536_000;
/// A client's access token lifetime when nobody says otherwise, in seconds.
pub const DEFAULT_ACCESS_SECONDS: u32 = 3_600;
/// A client's refresh token lifetime when nobody says otherwise, in seconds: 14 days.
pub const DEFAULT_REFRESH_SECONDS: u32 = 1_209_600;

/// Whether something that lives for `lifetime` works until `expires_at`. An end further ahead than twice that was
/// set by a clock that has been set back since, and counts as past.
#[must_use]
pub fn is_before_end(expires_at: Timestamp, lifetime: SignedDuration, now: Timestamp) -> bool {
    now < expires_at && expires_at.duration_since(now).saturating_sub(lifetime) <= lifetime
}

/// Complains about a lifetime outside `MIN_SECONDS..=max`.
pub fn check(path: &str, seconds: u32, max: u32) -> Result<(), FieldError> {
    if (MIN_SECONDS..=max).contains(&seconds) {
        Ok(())
    } else {
        Err(FieldError::new(path, format!("must be from {MIN_SECONDS} to {max} seconds")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_too_far_ahead_has_ended() {
        let lives = |left: i64| {
            let (now, lifetime) = (Timestamp::UNIX_EPOCH, SignedDuration::from_secs(60));
            is_before_end(Timestamp::from_second(left).expect("in range"), lifetime, now)
        };
        for (left, expected) in [(-1, false), (0, false), (1, true), (60, true), (120, true), (121, false)] {
            assert_eq!(lives(left), expected, "{left}");
        }
    }
}
