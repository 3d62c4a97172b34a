//! Where the secrets of clients are kept, and how long they live.

use super::{ConfigError, EnvReader};
use crate::domain::client::secret_expiry::{MaxLifetime, SecretLimits};
use crate::domain::client::{SecretStorage, SecretStorageChoice};

pub(super) fn secret_storage(read: &EnvReader<'_>) -> Result<SecretStorage, ConfigError> {
    match read.optional("SECRET_STORAGE").as_deref() {
        None | Some("secrets_manager") => Ok(SecretStorage::SecretsManager),
        Some("digest_only") => Ok(SecretStorage::DigestOnly),
        Some(other) => Err(ConfigError {
            variable: "SECRET_STORAGE",
            expected: "secrets_manager or digest_only",
            got: other.to_owned(),
        }),
    }
}

pub(super) fn secret_storage_choice(read: &EnvReader<'_>) -> Result<SecretStorageChoice, ConfigError> {
    const VARIABLE: &str = "SECRET_STORAGE_CHOICE";
    let Some(text) = read.optional(VARIABLE) else { return Ok(SecretStorageChoice::default()) };
    text.parse().map_err(|_| ConfigError {
        variable: VARIABLE,
        expected: "fixed, operator or account",
        got: text,
    })
}

pub(super) fn secret_limits(read: &EnvReader<'_>) -> Result<SecretLimits, ConfigError> {
    const TWO_YEARS: u16 = 730;
    let days = |day: u16| (1..=TWO_YEARS).contains(&day);
    let expected = "days, from 1 to 730";
    let max_days =
        read.number("SECRET_MAX_DAYS", "days, from 1 to 730, or 0 for 24 months", 0, |d| d == 0 || days(d))?;
    let longest = if max_days == 0 { TWO_YEARS } else { max_days };
    let min_days = read.number("SECRET_MIN_DAYS", expected, 1, days)?;
    if min_days > longest {
        let got = min_days.to_string();
        return Err(ConfigError {
            variable: "SECRET_MIN_DAYS",
            expected: "no more than SECRET_MAX_DAYS",
            got,
        });
    }
    let requested =
        read.number("SECRET_DEFAULT_DAYS", "days, from 1 to 730, or 0 for 90", 0, |d| d == 0 || days(d))?;
    let default_days = if requested == 0 { 90.clamp(min_days, longest) } else { requested };
    if !(min_days..=longest).contains(&default_days) {
        let expected = "a number between SECRET_MIN_DAYS and SECRET_MAX_DAYS";
        return Err(ConfigError { variable: "SECRET_DEFAULT_DAYS", expected, got: default_days.to_string() });
    }
    let max = if max_days == 0 { MaxLifetime::TwoYears } else { MaxLifetime::Days(max_days) };
    Ok(SecretLimits { default_days, min_days, max })
}
