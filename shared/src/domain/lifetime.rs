//! How long tokens live.

use super::validation::FieldError;

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

/// Complains about a lifetime outside `MIN_SECONDS..=max`.
pub fn check(path: &str, seconds: u32, max: u32) -> Result<(), FieldError> {
    if (MIN_SECONDS..=max).contains(&seconds) {
        Ok(())
    } else {
        Err(FieldError::new(path, format!("must be from {MIN_SECONDS} to {max} seconds")))
    }
}
