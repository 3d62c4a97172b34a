//! Expiry of secrets: at 23:59:00 UTC of a date, so that people can name it by its date.

use crate::domain::primitives::validation::{FieldError, FromJson, from_string};
use jiff::civil::{Date, time};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};
use serde_json::Value;
use std::collections::BTreeMap;

/// A calendar date on the wire (RFC 3339 `full-date`).
#[derive(Clone, Copy, Debug)]
pub struct FullDate(pub Date);

impl FromJson for FullDate {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        const SHAPE: &str = "must be a date such as 2027-02-18";
        from_string(value, |text| {
            let date: Date = text.parse().map_err(|_| SHAPE)?;
            // The parser also accepts other formats than full-date; only that one is written back unchanged.
            if date.to_string() == text { Ok(Self(date)) } else { Err(SHAPE) }
        })
    }
}

/// Limits of a secret's lifetime, counted from the day of its creation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecretLimits {
    /// Default lifetime, in days.
    pub default_days: u16,
    /// Minimum lifetime, in days; at least 1.
    pub min_days: u16,
    /// Maximum lifetime.
    pub max: MaxLifetime,
}

/// Maximum lifetime of a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MaxLifetime {
    /// 24 calendar months, the most that any deployment allows.
    TwoYears,
    /// A number of days, if a deployment allows less.
    Days(u16),
    /// A number of days, if the account allows less.
    OfAccount(u16),
}

impl MaxLifetime {
    /// As a number of days.
    #[must_use]
    pub const fn days(self) -> u16 {
        match self {
            Self::TwoYears => 730,
            Self::Days(days) | Self::OfAccount(days) => days,
        }
    }
}

impl Default for SecretLimits {
    fn default() -> Self {
        Self { default_days: 90, min_days: 1, max: MaxLifetime::TwoYears }
    }
}

/// Error of a requested date of expiry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidExpiry {
    /// Earlier than the deployment allows.
    #[error("must be {0} or later")]
    TooSoon(Date),
    /// Later than the deployment allows.
    #[error("must be {0} or earlier")]
    TooLate(Date),
    /// Later than the account allows.
    #[error("must be {latest} or earlier: secret_lifetime_days of the account allows {days} days")]
    TooLateForAccount {
        /// The latest date.
        latest: Date,
        /// The longest lifetime.
        days: u16,
    },
}

/// Lifetimes that people choose among, in days.
const CHOICES: [u16; 4] = [30, 90, 180, 365];

impl SecretLimits {
    /// Dates of expiry to choose among: the default, and usual lifetimes within the limits.
    #[must_use]
    pub fn choices(&self, now: Timestamp) -> BTreeMap<u16, Date> {
        let today = now.to_zoned(TimeZone::UTC).date();
        let dated = |days: u16| {
            let date = today.checked_add(i64::from(days).days()).ok()?;
            Some((days, self.expires_on(Some(date), now).ok()?))
        };
        CHOICES.into_iter().chain([self.default_days]).filter_map(dated).collect()
    }

    /// The first and the last date of expiry that a new secret may have.
    #[must_use]
    pub fn range(&self, now: Timestamp) -> (Date, Date) {
        let latest = match self.max {
            MaxLifetime::TwoYears => 24.months(),
            MaxLifetime::Days(days) | MaxLifetime::OfAccount(days) => i64::from(days).days(),
        };
        (later(now, i64::from(self.min_days).days()), later(now, latest))
    }

    /// The date of expiry of a new secret: the requested one if it is within the limits, or the default.
    pub fn expires_on(&self, requested: Option<Date>, now: Timestamp) -> Result<Date, InvalidExpiry> {
        let (earliest, latest) = self.range(now);
        let date = requested.unwrap_or_else(|| later(now, i64::from(self.default_days).days()).min(latest));
        if date < earliest {
            Err(InvalidExpiry::TooSoon(earliest))
        } else if date > latest {
            Err(match self.max {
                MaxLifetime::TwoYears | MaxLifetime::Days(_) => InvalidExpiry::TooLate(latest),
                MaxLifetime::OfAccount(days) => InvalidExpiry::TooLateForAccount { latest, days },
            })
        } else {
            Ok(date)
        }
    }
}

fn later(now: Timestamp, span: Span) -> Date {
    now.to_zoned(TimeZone::UTC).date().checked_add(span).unwrap_or(Date::MAX)
}

/// The instant of expiry of a secret with this date: it works while `now < expires_at`.
#[must_use]
pub fn expires_at(date: Date) -> Timestamp {
    date.to_datetime(time(23, 59, 0, 0))
        .to_zoned(TimeZone::UTC)
        .map_or(Timestamp::MAX, |zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a timestamp")
    }

    #[test]
    fn the_default_lifetime_is_ninety_days() {
        let now = at("2026-11-20T16:00:00Z");
        assert_eq!(SecretLimits::default().expires_on(None, now), Ok(date(2027, 2, 18)));
        assert_eq!(expires_at(date(2027, 2, 18)), at("2027-02-18T23:59:00Z"));
        assert_eq!(expires_at(date(2027, 2, 18)).as_second(), 1_802_995_140);
    }

    #[test]
    fn the_maximum_is_24_calendar_months_across_a_leap_day() {
        let limits = SecretLimits::default();
        let leap_day = at("2028-02-29T00:00:00Z");
        assert_eq!(limits.expires_on(Some(date(2030, 2, 28)), leap_day), Ok(date(2030, 2, 28)));
        let too_late = limits.expires_on(Some(date(2030, 3, 1)), leap_day);
        assert_eq!(too_late, Err(InvalidExpiry::TooLate(date(2030, 2, 28))));
    }

    #[test]
    fn the_minimum_lifetime_is_one_day() {
        let now = at("2026-12-31T23:59:59Z");
        let limits = SecretLimits::default();
        let too_soon = limits.expires_on(Some(date(2026, 12, 31)), now);
        assert_eq!(too_soon, Err(InvalidExpiry::TooSoon(date(2027, 1, 1))));
        assert_eq!(limits.expires_on(Some(date(2027, 1, 1)), now), Ok(date(2027, 1, 1)));
    }

    #[test]
    fn choices_are_within_the_limits_and_hold_the_default() {
        let now = at("2026-11-20T16:00:00Z");
        let days = |limits: SecretLimits| limits.choices(now).into_keys().collect::<Vec<_>>();
        assert_eq!(days(SecretLimits::default()), [30, 90, 180, 365]);
        let short = SecretLimits { default_days: 45, min_days: 31, max: MaxLifetime::Days(90) };
        assert_eq!(days(short), [45, 90]);
        assert_eq!(short.choices(now)[&45], date(2027, 1, 4));
    }

    proptest! {
        #[test]
        fn the_lifetime_is_within_the_limits(day in 0_i64..40_000, min in 1_u16..30, max in 30_u16..365) {
            let now = Timestamp::from_second(day * 86_400 + 12_345).expect("in range");
            let limits = SecretLimits { default_days: 90, min_days: min, max: MaxLifetime::Days(max) };
            let end = expires_at(limits.expires_on(None, now).expect("the default is legal"));
            let hours = (end.as_second() - now.as_second()) / 3600;
            prop_assert!(hours >= i64::from(min.min(90)) * 24 - 24 && hours <= i64::from(max) * 24 + 24);
        }
    }
}
